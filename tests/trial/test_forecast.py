"""How many days an answer may take."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import numpy as np
import pytest

from matwise.inference.power import Rule
from matwise.inference.priors import Priors
from matwise.inference.regression import AVERAGE, NONE, Carryover, Days, Posterior, compare
from matwise.trial.baseline import Spread
from matwise.trial.design import Order, Versus
from matwise.trial.forecast import LENGTHS, Chance, Future, chances, days_for, days_needed, deals_on, goes_on
from tests.trial.builders import MONDAY, a_design

RATING = Priors.for_rating()
# Share of 4,000 simulated people a cell whose interval excluded 0 for an effect of one point, a tenth of days missing,
# ρ and σ estimated, by a study of its own: standard error 0.008 there, 0.01 here. validation/inference/power.py holds
# the chances to 0.02.
SIMULATED = {
    (1.5, 0.3, 1): (0.41, 0.63, 0.77, 0.92, 0.97),
    (1.5, 0.3, 4): (0.25, 0.41, 0.52, 0.72, 0.83),
    (1.5, 0.3, 7): (0.19, 0.31, 0.43, 0.63, 0.77),
    (1.5, 0.5, 4): (0.28, 0.43, 0.55, 0.73, 0.86),
    (2.0, 0.3, 4): (0.14, 0.23, 0.31, 0.44, 0.59),
    (2.0, 0.5, 7): (0.12, 0.18, 0.25, 0.38, 0.49),
}


def days_of(arm: np.ndarray, y: np.ndarray) -> Days:
    return Days(np.arange(1, arm.size + 1), arm, y)


def weigh(days: Days, carryover: Carryover = NONE) -> Posterior:
    return compare(
        days.y, days.arm, days.day, priors=RATING, carryover=carryover, rounding=1.0, covariates=days.covariates
    )


def some_days(n: int = 24, effect: float = -0.7, spread: float = 1.3, seed: int = 1) -> Days:
    arm = np.resize([1, 1, 0, 0], n)
    return days_of(arm, 5 + effect * arm + spread * np.random.Generator(np.random.PCG64(seed)).normal(size=n))


@pytest.mark.parametrize(("spread", "rho", "block"), SIMULATED)
def test_the_chances_reproduce_those_of_whole_simulated_trials(spread: float, rho: float, block: int) -> None:
    told = chances(a_design(block_days=block, washin_days=0), spread=Spread(spread, rho), carryover=NONE)

    assert tuple(one.days for one in told) == LENGTHS
    assert [one.chance for one in told] == pytest.approx(SIMULATED[spread, rho, block], abs=0.035)


def test_chances_grow_with_days_and_fall_with_what_is_allowed_for() -> None:
    plain = chances(a_design(washin_days=0), carryover=NONE, draws=800)
    usual = chances(a_design(washin_days=1), draws=800)

    assert [one.chance for one in plain] == sorted(one.chance for one in plain)
    assert all(fewer.chance < more.chance for fewer, more in zip(usual, plain, strict=True))


def test_a_harm_is_seen_as_often_as_a_help() -> None:
    design = a_design(washin_days=0)
    helps, harms = (chances(design, (28,), effect=effect, carryover=NONE, draws=800) for effect in (-1.0, 1.0))

    assert helps == harms


def test_with_figures_in_doubt_chances_lie_between_those_of_the_figures() -> None:
    design = a_design(washin_days=0)
    calm, wild, either = (
        chances(design, (56,), spread=spread, carryover=NONE, draws=1600)[0].chance
        for spread in (Spread(1.0, 0.3), Spread(2.0, 0.3), Spread(1.5, 0.3, 14, ((1.0, 0.3), (2.0, 0.3))))
    )

    assert either == pytest.approx((calm + wild) / 2, abs=0.04)


@pytest.mark.parametrize("order", [Order.ABBA, Order.LATIN_SQUARE])
def test_every_order_has_its_chances(order: Order) -> None:
    versus = Versus.BOTH
    found = chances(a_design(versus=versus, order=order, washin_days=0), (54,), carryover=NONE, draws=800)[0].chance
    two_arms = chances(a_design(washin_days=0), (54,), carryover=NONE, draws=800)[0].chance

    assert 0.15 < found < two_arms


def test_days_off_leave_the_length_as_it_is() -> None:
    off = frozenset(MONDAY + timedelta(days=7 * nth + 5) for nth in range(16))
    with_off, without = (
        chances(replace(a_design(washin_days=0), cannot=cannot), (56,), carryover=NONE, draws=1600)[0].chance
        for cannot in (off, frozenset())
    )

    assert with_off == pytest.approx(without, abs=0.06)


@pytest.mark.parametrize(("share", "days"), [(0.2, 28), (0.5, 56), (0.65, 70), (0.8, 84), (0.81, None)], ids=str)
def test_the_days_for_a_chance_are_read_between_the_lengths(share: float, days: int | None) -> None:
    told = (Chance(28, 0.3), Chance(56, 0.5), Chance(84, 0.8))
    found = days_for(told, share)

    assert found == days if days is None else found == pytest.approx(days, abs=2)


def test_the_days_needed_are_those_after_which_answers_drawn_from_the_posterior_are_clear() -> None:
    past = some_days()
    posterior, rule = weigh(past), Rule(1.0)
    needed = days_needed(past, goes_on(past), posterior, RATING, NONE, rule)
    assert needed is not None

    rng, clear = np.random.Generator(np.random.PCG64(5)), []
    drawn = posterior.draws(rng, 150)
    arm = np.resize([1, 1, 0, 0], past.day.size + needed)
    for rho, sigma, level, effect in zip(
        drawn.rho, drawn.sigma, drawn.coefficients[:, 0], drawn.effects[:, 0], strict=True
    ):
        more = np.concatenate([past.y, np.empty(needed)])
        for t in range(past.day.size, arm.size):
            more[t] = level + effect * arm[t] + rho * (more[t - 1] - level - effect * arm[t - 1])
            more[t] += sigma * rng.normal()
        found = weigh(days_of(arm, more)).effect
        clear.append(abs(float(found.below(0.0)) - 0.5) >= 0.475 or float(found.within(1.0)) >= 0.95)
    assert np.mean(clear) == pytest.approx(0.83, abs=0.12)


def test_days_needed_come_in_whole_groups_and_never_before_fourteen_are_rated() -> None:
    past = some_days(6, effect=-6.0, spread=0.3)
    needed = days_needed(past, goes_on(past), weigh(past), RATING, NONE, Rule(1.0))

    assert needed == 8  # groups of two blocks of two days


def test_an_answer_that_would_take_more_than_a_year_has_no_number() -> None:
    past = some_days(24, effect=-1.0, spread=6.0, seed=2)

    assert days_needed(past, goes_on(past), weigh(past), RATING, NONE, Rule(0.05)) is None


def test_who_rates_half_the_days_needs_more_of_them() -> None:
    past = some_days(36, effect=-0.5)
    half = replace(past, y=np.where(np.arange(36) % 2, past.y, np.nan))
    often, seldom = (days_needed(days, goes_on(days), weigh(days), RATING, NONE, Rule(1.0)) for days in (past, half))

    assert often is not None
    assert seldom is None or seldom > often


def test_covariates_and_equal_ratings_are_taken_as_they_come() -> None:
    past = some_days()
    known = replace(past, covariates=np.sin(np.arange(24.0))[:, None])
    equal = replace(past, y=np.full(24, 3.0))

    for days in (known, equal):
        needed = days_needed(days, goes_on(days), weigh(days), RATING, NONE, Rule(1.0))
        assert needed is None or needed % 4 == 0


def test_without_a_posterior_only_the_fewest_rated_days_are_counted() -> None:
    past = replace(some_days(4), y=np.full(4, np.nan))

    assert days_needed(past, goes_on(past), None, None, NONE, Rule(1.0)) == 16


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
    assert whole.planned_end == 56
    assert whole.ends[:3].tolist() == [8, 16, 24]


def test_days_off_move_the_ends_of_a_trial_that_goes_on() -> None:
    future = deals_on(a_design(cannot=frozenset({MONDAY + timedelta(days=2), MONDAY + timedelta(days=20)})), 9)

    assert future.planned_end == 58
    assert future.past_off == 1
    assert future.ends[:3].tolist() == [8, 17, 25]


def test_before_the_planned_end_more_certainty_is_asked() -> None:
    past = some_days()
    arm = goes_on(past).arm
    finished, running = (
        days_needed(past, Future(arm, 4, end, 0.999), weigh(past), RATING, NONE, Rule(1.0)) for end in (0, 300)
    )

    assert finished is not None
    assert running is None or running > finished


def test_allowing_for_carry_over_asks_for_more_days() -> None:
    past, rule = some_days(effect=-1.0, seed=2), Rule(1.0)
    plain = days_needed(past, goes_on(past), weigh(past), RATING, NONE, rule)
    careful = days_needed(past, goes_on(past), weigh(past, AVERAGE), RATING, AVERAGE, rule)

    assert plain is not None
    assert careful is None or careful > plain
