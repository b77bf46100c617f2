"""The test that belongs to the schedule actually drawn."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matwise.errors import InvalidInputError
from matwise.trial.design import Arm, Design, Order, Versus
from matwise.trial.randomisation import RandomisationTest, randomisation_test
from matwise.trial.schedule import redeal, schedule
from tests.trial.builders import MONDAY, a_design, a_schedule, some_ratings

MAT_REST = (Arm.MAT, Arm.REST)


def rng(seed: int = 0) -> np.random.Generator:
    return np.random.Generator(np.random.PCG64(seed))


def noise(seed: int = 1, missed: float = 0.0) -> dict[date, float]:
    """Ratings that know of no arm."""
    chance = rng(seed)
    return {MONDAY + timedelta(days=nth): chance.normal() for nth in range(150) if chance.random() >= missed}


def found_in(design: Design, ratings: dict[date, float]) -> RandomisationTest:
    found = randomisation_test(schedule(design), ratings, MAT_REST, rng())
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("design", "deals"),
    [
        (a_design(16, 2, 1), 2**4),
        (a_design(18, 2, 0), 2**5),
        (a_design(48, 4, 1, order=Order.ABBA), 2**3),
        (a_design(20, 2, 0, cannot=frozenset({MONDAY + timedelta(days=3)})), 2**5),
        (a_design(15, 3, 0), 2**3),
    ],
)
def test_over_every_schedule_that_could_have_been_dealt_p_is_exactly_uniform(design: Design, deals: int) -> None:
    ratings, p_of = noise(), {}
    for seed in range(40 * deals):
        dealt = redeal(design, seed)
        if tuple(one.arm for one in dealt.days) not in p_of:
            found = randomisation_test(dealt, ratings, MAT_REST, rng())
            assert found is not None
            p_of[tuple(one.arm for one in dealt.days)] = found.p

    steps = np.arange(2, deals + 1, 2) / deals  # each difference comes with its mirror image
    assert len(p_of) == deals
    np.testing.assert_allclose(sorted(p_of.values()), np.repeat(steps, 2))


@pytest.mark.parametrize(("order", "days", "size"), [(Order.RANDOM, 18, 2**3), (Order.LATIN_SQUARE, 36, 2)])
def test_with_the_third_arm_where_it_is_p_is_exactly_uniform_too(order: Order, days: int, size: int) -> None:
    design = a_design(days, 2, 1, versus=Versus.BOTH, order=order)
    ratings = noise()
    by_third: dict[tuple[bool, ...], dict[tuple[Arm, ...], float]] = defaultdict(dict)
    for seed in range(1500):
        dealt = redeal(design, seed)
        arms = tuple(one.arm for one in dealt.days)
        found = randomisation_test(dealt, ratings, MAT_REST, rng())
        assert found is not None
        by_third[tuple(arm is Arm.NOTHING for arm in arms)][arms] = found.p

    for ones in by_third.values():
        np.testing.assert_allclose(sorted(ones.values()), np.repeat(np.arange(2, size + 1, 2) / size, 2))


@given(seed=st.integers(0, 10_000), missed=st.sampled_from([0.0, 0.2]))
@settings(max_examples=25)
def test_p_is_never_below_the_smallest_possible_one(seed: int, missed: float) -> None:
    found = randomisation_test(a_schedule(28, 2, 1, seed), noise(seed, missed), MAT_REST, rng())

    assert found is not None
    assert found.smallest_possible_p <= found.p <= 1


def test_four_pairs_of_weeks_can_not_reach_five_percent_and_say_so() -> None:
    found = found_in(a_design(56, 7, 1), noise())

    assert (found.smallest_possible_p, found.deals, found.exact) == (0.125, 16, True)
    assert not found.can_reach_5_percent


def test_a_clear_difference_has_the_smallest_p_and_its_size() -> None:
    design = a_design(56, 4, 1)
    found = found_in(design, some_ratings(schedule(design), mat=-5.0, spread=0.5))

    assert found.p == found.smallest_possible_p == 2 / 2**7
    assert found.statistic == pytest.approx(-5.0, abs=0.5)
    assert found.can_reach_5_percent


def test_a_straight_drift_is_taken_off() -> None:
    design = a_design(28, 7, 0)
    days = schedule(design).days
    rising = {one.on: 0.3 * one.day - 2.0 * (one.arm is Arm.MAT) for one in days}

    assert found_in(design, rising).statistic == pytest.approx(-2.0, abs=1e-6)


def test_many_deals_are_drawn_and_the_same_draws_give_the_same_p() -> None:
    dealt = a_schedule(56, 1, 0)
    ratings = some_ratings(dealt, mat=-0.5)
    first, again, other = (randomisation_test(dealt, ratings, MAT_REST, rng(seed)) for seed in (1, 1, 2))

    assert first is not None
    assert other is not None
    assert first == again
    assert (first.exact, first.deals) == (False, 10_000)
    assert first.p == pytest.approx(other.p, abs=0.03)


def test_without_a_rated_day_in_one_arm_there_is_no_test() -> None:
    dealt = a_schedule()
    only_mat = {one.on: 5.0 for one in dealt.days if one.arm is Arm.MAT}

    assert randomisation_test(dealt, only_mat, MAT_REST, rng()) is None
    assert randomisation_test(dealt, {}, MAT_REST, rng()) is None


@pytest.mark.parametrize("contrast", [(Arm.MAT, Arm.NOTHING), (Arm.MAT, Arm.MAT)])
def test_only_two_arms_of_the_trial_are_compared(contrast: tuple[Arm, Arm]) -> None:
    with pytest.raises(InvalidInputError, match="contrast"):
        randomisation_test(a_schedule(), noise(), contrast, rng())
