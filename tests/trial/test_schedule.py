"""Days dealt out."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matwise.errors import InvalidInputError
from matwise.trial.design import Arm, Design
from matwise.trial.schedule import dealt_arms, group_days, schedule
from tests.trial.builders import MONDAY, a_design, a_schedule

DESIGNS = st.builds(
    a_design,
    days=st.integers(14, 84),
    block_days=st.integers(1, 7),
    washin_days=st.just(0),
    seed=st.integers(0, 2**63),
    versus=st.sampled_from([Arm.REST, Arm.NOTHING]),
)


@given(DESIGNS)
def test_every_whole_group_always_deals_each_arm_for_one_block(design: Design) -> None:
    days, size = schedule(design).days, group_days(design)

    for start in range(0, design.days - size + 1, size):
        blocks = [{one.arm for one in days[at : at + design.block_days]} for at in (start, start + design.block_days)]
        assert blocks in ([{Arm.MAT}, {design.question.versus}], [{design.question.versus}, {Arm.MAT}])


@given(DESIGNS)
def test_days_left_over_are_always_shared_evenly(design: Design) -> None:
    counts = Counter(one.arm for one in schedule(design).days)

    assert sum(counts.values()) == design.days
    assert abs(counts[Arm.MAT] - counts[design.question.versus]) == design.days % 2


@given(DESIGNS)
def test_the_same_seed_always_deals_the_same_days(design: Design) -> None:
    assert schedule(design) == schedule(design)


def test_the_deal_of_a_seed_never_changes() -> None:
    """Pinned: a schedule that was told to somebody must be found again from its seed."""
    dealt = "".join(arm.value[0] for arm in dealt_arms(a_design(seed=7), 48))

    assert dealt == "mmmmrrrrrrrrmmmmmmmmrrrrmmmmrrrrrrrrmmmmrrrrmmmm"


def test_either_arm_comes_first_about_equally_often() -> None:
    first = [dealt_arms(a_design(seed=seed), 1)[0] for seed in range(1000)]
    second = [dealt_arms(a_design(seed=seed), 9)[8] for seed in range(1000)]

    assert 450 < first.count(Arm.MAT) < 550
    assert 450 < second.count(Arm.MAT) < 550


def test_a_longer_trial_of_the_same_seed_begins_with_the_same_groups() -> None:
    short, long = a_schedule(days=24).days, a_schedule(days=84).days

    assert short == long[:24]


def test_days_are_numbered_and_dated_without_a_hole() -> None:
    days = a_schedule().days

    assert [one.day for one in days] == list(range(1, 57))
    assert [one.on for one in days] == [MONDAY + timedelta(days=at) for at in range(56)]


@given(st.integers(0, 1000), st.integers(0, 3))
def test_washin_is_always_the_first_days_after_a_switch_and_no_other(seed: int, washin_days: int) -> None:
    days = a_schedule(washin_days=washin_days, seed=seed).days
    switched = [at for at in range(1, 56) if days[at].arm is not days[at - 1].arm]
    wanted = {at + nth for at in switched for nth in range(washin_days)}

    assert {at for at, one in enumerate(days) if one.washin} == wanted


@pytest.mark.parametrize(
    ("design", "where"),
    [
        (a_design(days=13), "days"),
        (a_design(days=85), "days"),
        (a_design(block_days=0, washin_days=0), "block days"),
        (a_design(block_days=15), "block days"),
        (a_design(days=14, block_days=8), "block days"),
        (a_design(washin_days=4), "wash-in days"),
        (a_design(washin_days=-1), "wash-in days"),
        (a_design(block_days=1, washin_days=1), "wash-in days"),
        (a_design(versus=Arm.MAT), "compared with"),
        (a_design(seed=-1), "seed"),
    ],
)
def test_a_design_that_cannot_be_dealt_is_refused(design: Design, where: str) -> None:
    with pytest.raises(InvalidInputError) as caught:
        schedule(design)

    assert [problem.where for problem in caught.value.problems] == [where]


def test_everything_wrong_with_a_design_is_named_at_once() -> None:
    with pytest.raises(InvalidInputError) as caught:
        schedule(a_design(days=5, block_days=0, washin_days=9, seed=-1, versus=Arm.MAT))

    assert len(caught.value.problems) == 5
