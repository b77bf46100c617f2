from __future__ import annotations

import math

import pytest

from matwise.errors import InvalidInputError
from matwise.session.breathing import Breathing


def test_the_default_is_six_breaths_a_minute_with_the_longer_way_out() -> None:
    breathing = Breathing()

    assert 60 / breathing.breath_s == 6
    assert breathing.exhale_s > breathing.inhale_s


@pytest.mark.parametrize(("inhale_s", "exhale_s"), [(5.0, 5.0), (6.0, 4.0), (math.nan, 6.0), (4.0, math.nan)])
def test_an_out_breath_that_is_not_longer_is_refused(inhale_s: float, exhale_s: float) -> None:
    with pytest.raises(InvalidInputError, match=r"exhale_s|inhale_s"):
        Breathing(inhale_s=inhale_s, exhale_s=exhale_s)


def test_every_wrong_part_is_named_at_once() -> None:
    with pytest.raises(InvalidInputError) as refused:
        Breathing(inhale_s=1.0, hold_s=9.0, exhale_s=0.5, rest_s=-1.0)

    assert [problem.where for problem in refused.value.problems] == [
        "inhale_s",
        "hold_s",
        "exhale_s",
        "rest_s",
        "exhale_s",
    ]


def test_a_breath_slower_than_four_a_minute_is_refused() -> None:
    with pytest.raises(InvalidInputError, match="at most 15 s"):
        Breathing(inhale_s=6.0, exhale_s=10.0)
