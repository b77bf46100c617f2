"""How many days an answer may take."""

from __future__ import annotations

import numpy as np
import pytest

from matwise.inference.power import Rule
from matwise.inference.priors import Priors
from matwise.inference.regression import AVERAGE, NONE, Carryover, Days, Posterior, compare
from matwise.trial.forecast import chances, days_needed, deals_on, goes_on
from tests.trial.builders import a_design

RATING = Priors.for_rating()
LENGTHS = (28, 42, 56, 84)
# Share of 4,000 simulated people whose interval excluded 0 for an effect of one point, a tenth of days missing, ρ and
# σ estimated. Here ρ and σ count as known, which flatters; most where days are few and drawn daily.
SIMULATED = {
    (1.5, 0.3, 1): (0.41, 0.63, 0.77, 0.92),
    (1.5, 0.3, 4): (0.25, 0.41, 0.52, 0.72),
    (1.5, 0.3, 7): (0.19, 0.31, 0.43, 0.63),
    (1.5, 0.5, 4): (0.28, 0.43, 0.55, 0.73),
    (2.0, 0.3, 1): (0.25, 0.38, 0.52, 0.71),
    (2.0, 0.3, 4): (0.14, 0.23, 0.31, 0.44),
    (2.0, 0.3, 7): (0.10, 0.18, 0.26, 0.40),
}


def days_of(arm: np.ndarray, y: np.ndarray) -> Days:
    return Days(np.arange(1, arm.size + 1), arm, y)


def weigh(days: Days, carryover: Carryover = NONE) -> Posterior:
    return compare(days.y, days.arm, days.day, priors=RATING, carryover=carryover)


def some_days(n: int = 24, effect: float = -0.7, spread: float = 1.3, seed: int = 1) -> Days:
    arm = np.resize([1, 1, 0, 0], n)
    return days_of(arm, 5 + effect * arm + spread * np.random.Generator(np.random.PCG64(seed)).normal(size=n))


@pytest.mark.parametrize(("spread", "rho", "block"), SIMULATED)
def test_the_chances_reproduce_those_of_whole_simulated_trials(spread: float, rho: float, block: int) -> None:
    told = chances(a_design(block_days=block, washin_days=0), LENGTHS, day_spread=spread, rho=rho, carryover=NONE)

    off = np.array([one.chance for one in told]) - SIMULATED[spread, rho, block]
    assert [one.days for one in told] == list(LENGTHS)
    assert (off > -0.03).all()
    assert (off < 0.09).all()


def test_chances_grow_with_days_and_fall_with_what_is_allowed_for() -> None:
    plain = chances(a_design(washin_days=0), LENGTHS, carryover=NONE)
    usual = chances(a_design(washin_days=1), LENGTHS)

    assert [one.chance for one in plain] == sorted(one.chance for one in plain)
    assert all(fewer.chance < more.chance for fewer, more in zip(usual, plain, strict=True))


def test_the_days_needed_are_those_after_which_simulated_answers_are_clear() -> None:
    past = some_days()
    posterior, rule = weigh(past), Rule(1.0)
    needed = days_needed(past, goes_on(past), posterior, RATING, NONE, rule)
    assert needed is not None

    rng, clear = np.random.Generator(np.random.PCG64(5)), []
    for _ in range(150):
        arm = np.resize([1, 1, 0, 0], past.day.size + needed)
        truth = rng.normal(float(posterior.effect.mean), float(posterior.effect.sd))
        more = 5 + truth * arm + float(posterior.sigma) * rng.normal(size=arm.size)
        more[: past.day.size] = past.y
        effect = weigh(days_of(arm, more)).effect
        clear.append(abs(float(effect.below(0.0)) - 0.5) >= 0.475 or float(effect.within(1.0)) >= 0.95)
    assert np.mean(clear) == pytest.approx(0.8, abs=0.13)


def test_days_needed_come_in_whole_groups_and_never_before_fourteen_are_rated() -> None:
    past = some_days(6, effect=-6.0, spread=0.3)
    needed = days_needed(past, goes_on(past), weigh(past), RATING, NONE, Rule(1.0))

    assert needed == 8  # groups of two blocks of two days


def test_an_answer_that_would_take_more_than_a_year_has_no_number() -> None:
    past = some_days(24, effect=-1.0, spread=6.0, seed=2)

    assert days_needed(past, goes_on(past), weigh(past), RATING, NONE, Rule(0.05)) is None


def test_blocks_of_a_table_go_on_at_their_usual_length() -> None:
    arm = np.repeat([1, 0, 1, 0, 1], [2, 4, 4, 4, 1])
    future = goes_on(days_of(arm, np.zeros(arm.size)))

    assert future.group_days == 8
    assert "".join(map(str, future.arm[:24])) == "000011111111000000001111"


def test_a_third_arm_goes_on_too() -> None:
    future = goes_on(days_of(np.repeat([0, 1, 2, 0, 1, 2], 3), np.zeros(18)))

    assert future.group_days == 9
    assert np.bincount(future.arm[:18]).tolist() == [6, 6, 6]


def test_a_trial_goes_on_as_its_seed_deals() -> None:
    design = a_design()
    whole = deals_on(design, 0)

    np.testing.assert_array_equal(deals_on(design, 16).arm[:300], whole.arm[16:316])
    assert whole.group_days == 8


def test_allowing_for_carry_over_asks_for_more_days() -> None:
    past, rule = some_days(effect=-1.0, seed=2), Rule(1.0)
    plain = days_needed(past, goes_on(past), weigh(past), RATING, NONE, rule)
    careful = days_needed(past, goes_on(past), weigh(past, AVERAGE), RATING, AVERAGE, rule)

    assert plain is not None
    assert careful is not None
    assert careful > plain
