"""What a ladder must be to be one."""

from __future__ import annotations

from dataclasses import replace

import pytest

from matwise.errors import InvalidInputError
from matwise.plan.ladder import Ladder
from tests.plan.builders import a_ladder, a_routine, a_rung


def test_a_ladder_knows_its_last_rung() -> None:
    assert a_ladder().top == 5


@pytest.mark.parametrize(
    ("ladder", "said"),
    [
        (((), (), 0), "at least one rung"),
        (((a_rung(1),), (), 0), "rungs[0].number"),
        (((a_rung(0), replace(a_rung(1), id="rung_0")), (), 0), "no other rung"),
        (((a_rung(0, minutes=1),), (), 0), "2 to 30"),
        (((a_rung(0, minutes=31),), (), 0), "2 to 30"),
        (((a_rung(0, sessions=0),), (), 0), "at least 1"),
        (((a_rung(0),), (a_routine(1),), 0), "opens_after_rung"),
        (((a_rung(0),), (replace(a_routine(0), rung=a_rung(3)),), 0), "routines[0].rung.number"),
        (((a_rung(0),), (), 1), "last_start"),
    ],
)
def test_a_ladder_that_can_not_be_meant_is_refused(ladder: tuple[tuple, tuple, int], said: str) -> None:  # type: ignore[type-arg]  # rungs, routines, last_start
    rungs, routines, last_start = ladder

    with pytest.raises(InvalidInputError) as refusal:
        Ladder(rungs, routines, last_start)
    assert said in str(refusal.value)


def test_all_problems_are_told_at_once() -> None:
    with pytest.raises(InvalidInputError) as refusal:
        Ladder((a_rung(4, minutes=99, sessions=0),))

    assert len(refusal.value.problems) == 3
