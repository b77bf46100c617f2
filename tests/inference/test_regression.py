"""The exact posterior of the difference between two arms."""

from __future__ import annotations

import time
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats
from validation.inference.dense import Believed, dense_posterior

from matwise.errors import InvalidInputError
from matwise.inference import quadrature
from matwise.inference.mixture import Floats
from matwise.inference.priors import Normal, Priors
from matwise.inference.regression import AVERAGE, NONE, Carryover, Days, Posterior, compare
from tests.inference.series import SomeDays, some_days

RATING = Priors.for_rating()
ENDS = (0.025, 0.5, 0.975)


def weigh(days: SomeDays, carryover: Carryover = NONE, priors: Priors = RATING) -> Posterior:
    return compare(days.y, days.arm, days.day, priors=priors, carryover=carryover)


def three(posterior: Posterior) -> Floats:
    return np.array([posterior.effect.mean, posterior.effect.sd, posterior.log_evidence])


def some_awkward_days(case: int) -> SomeDays:
    """Few days, many gaps, skipped days, ρ up to 0.95, a third arm."""
    n = (14, 14, 21, 28)[case % 4]
    rho, missing = (0.95, 0.0, -0.6, 0.6, 0.9)[case % 5], (0.0, 0.2, 0.4)[case % 3]
    days = some_days(100 + case, n=n, block=(1, 2, 4, 7)[case // 2 % 4], rho=rho, missing=missing)
    rng = np.random.Generator(np.random.PCG64(case))
    if case % 3 == 0:
        days.arm[rng.random(n) < 0.3] = 2
    kept = np.ones(n, dtype=bool)
    kept[1:-1] = rng.random(n - 2) > 0.1
    return SomeDays(days.y[kept], days.arm[kept], days.day[kept])


@pytest.mark.parametrize("case", range(20))
def test_the_posterior_meets_brute_force_over_the_full_covariance(case: int) -> None:
    days, keep = some_awkward_days(case), AVERAGE.keeps[case % 5]
    mine = weigh(days, Carryover((keep,), (1.0,)))
    filled = Days.of(days.y, days.arm, days.day)
    brute = dense_posterior(filled.y.tolist(), filled.arm.tolist(), filled.day.tolist(), keep, Believed(), points=80)

    off = np.abs(mine.effect.quantile(ENDS) - np.array([brute.quantile(p) for p in ENDS]))
    assert abs(float(mine.effect.mean) - brute.mean) < 0.002 * brute.sd
    assert float(mine.effect.sd) == pytest.approx(brute.sd, rel=0.001)
    assert off.max() < 0.003 * brute.sd
    assert float(mine.log_evidence) == pytest.approx(brute.log_evidence, abs=0.001)


def test_independent_days_and_vague_priors_meet_students_t_of_classical_regression() -> None:
    days = some_days(missing=0.0, rho=0.0)
    vague = Normal(0, 1e4)
    found = weigh(days, priors=Priors(vague, vague, vague, 1e4, rho=Normal(0, 1e-4)))

    x = np.column_stack([np.ones(56), days.arm, (days.day - 28.5) / 56])
    fit, squares, *_ = np.linalg.lstsq(x, days.y)
    freedom = 56 - 3 - 1  # flat in σ, not in log σ: one less
    scale = np.sqrt(squares[0] / freedom * np.linalg.inv(x.T @ x)[1, 1])
    np.testing.assert_allclose(found.effect.quantile(ENDS), stats.t(freedom, fit[1], scale).ppf(ENDS), atol=2e-4)


def test_with_both_errors_and_level_known_the_effect_is_conjugate() -> None:
    y, arm = np.array([4.0, 6.5]), np.array([1, 0])
    nearly = 1e-5
    priors = Priors(Normal(6, nearly), Normal(0, 2), Normal(0, nearly), sigma=3.0, rho=Normal(0, 1e-4))
    found = compare(y, arm, np.array([1, 2]), priors=priors, carryover=NONE)

    # Given σ both days are independent; the second only speaks about σ. One-dimensional quadrature over σ:
    sigma = np.linspace(1e-3, 25, 400_001)
    mass = stats.norm.pdf(-2, 0, np.sqrt(4 + sigma**2)) * stats.norm.pdf(0.5, 0, sigma) * np.exp(-(sigma**2) / 18)
    mean = (mass * -2 * 4 / (4 + sigma**2)).sum() / mass.sum()
    assert float(found.effect.mean) == pytest.approx(mean, abs=1e-4)


def test_a_day_without_rating_at_the_ends_of_a_gap_is_the_same_as_a_skipped_day() -> None:
    days = some_days(missing=0.0)
    holes = [5, 6, 20]
    blank = days.y.copy()
    blank[holes] = np.nan
    skipped = SomeDays(*(np.delete(column, holes) for column in (days.y, days.arm, days.day)))

    np.testing.assert_allclose(three(weigh(replace(days, y=blank))), three(weigh(skipped)), rtol=1e-12)


@pytest.mark.parametrize("carryover", [NONE, Carryover(days_left_out=1)])
def test_swapping_the_arms_flips_the_difference(carryover: Carryover) -> None:
    """With λ = 0: whatever lingers of the first arm, the other one cannot mirror before day 1."""
    days = some_days()
    level_far = replace(RATING, level=Normal(5, 1e4))
    there = weigh(days, carryover, level_far).effect
    back = weigh(replace(days, arm=1 - days.arm), carryover, level_far).effect

    np.testing.assert_allclose(back.quantile(ENDS), -there.quantile(ENDS)[::-1], atol=1e-6)


@given(st.floats(-100, 100), st.integers(0, 50))
@settings(max_examples=25)
def test_moving_every_rating_and_the_prior_level_always_leaves_the_difference(shift: float, seed: int) -> None:
    days = some_days(seed, n=20, block=2)
    moved = replace(RATING, level=Normal(5 + shift, 3))

    np.testing.assert_allclose(
        three(weigh(replace(days, y=days.y + shift), AVERAGE, moved)), three(weigh(days, AVERAGE)), atol=1e-6
    )


@given(st.sampled_from([1e-4, 0.5, 30.0, 1e6]), st.integers(0, 50))
@settings(max_examples=25)
def test_another_unit_always_scales_the_difference(unit: float, seed: int) -> None:
    days = some_days(seed, n=20, block=2)
    level, effect, trend = (Normal(p.mean * unit, p.sd * unit) for p in (RATING.level, RATING.effect, RATING.trend))
    priors = Priors(level, effect, trend, 2.5 * unit)
    scaled = weigh(replace(days, y=days.y * unit), priors=priors).effect

    np.testing.assert_allclose(scaled.quantile(ENDS), weigh(days).effect.quantile(ENDS) * unit, rtol=1e-6, atol=1e-9)


@given(
    st.lists(st.one_of(st.none(), st.integers(0, 10)), min_size=0, max_size=20).filter(lambda y: len(y) != 1),
    st.integers(0, 2**20 - 1),
)
@settings(max_examples=60)
def test_any_ratings_whatever_always_have_an_answer(ratings: list[int | None], arms: int) -> None:
    y = np.array([np.nan if one is None else float(one) for one in [*ratings, None]])
    arm = np.array([arms >> at & 1 for at in range(y.size)])
    found = compare(y, arm, np.arange(y.size), priors=RATING, carryover=NONE, rounding=1.0)

    assert np.isfinite(three(found)).all()
    assert 0 <= float(found.effect.below(0.0)) <= 1
    assert float(found.effect.sd) < 2.01 + abs(float(found.effect.mean))
    assert float(found.n_used) == np.isfinite(y).sum()


def test_no_rating_at_all_leaves_the_prior() -> None:
    found = compare(np.full(5, np.nan), np.array([0, 1, 0, 1, 0]), np.arange(5), priors=RATING)

    np.testing.assert_allclose(found.effect.quantile(ENDS), stats.norm.ppf(ENDS, 0, 2), atol=1e-3)
    assert float(found.log_evidence) == pytest.approx(0.0, abs=1e-3)


def test_ratings_every_second_day_see_both_signs_of_rho() -> None:
    """Even gaps tell ρ² only: the posterior has two modes, and both count."""
    days = some_days(3, n=112, rho=0.95, effect=0.0, missing=0.0)
    days.y[1::2] = np.nan
    found = weigh(days)

    assert abs(float(found.rho)) < 0.05


@pytest.mark.parametrize("pattern", [[7.0] * 16, [5.0, 6.0] * 8, [6.0, 6.0, 3.0, 3.0] * 4])
def test_ratings_without_scatter_are_answered_with_the_error_of_rounding_or_not_at_all(pattern: list[float]) -> None:
    arm, day = np.tile([0, 0, 1, 1], 4), np.arange(16)
    rounded = compare(np.array(pattern), arm, day, priors=RATING, carryover=NONE, rounding=1.0)
    unknown = compare(np.array(pattern), arm, day, priors=RATING, carryover=NONE)

    assert bool(rounded.exact_fit)
    assert 0.05 < float(rounded.effect.sd) < 0.5
    assert np.isnan(unknown.effect.mean)


def test_days_left_out_after_a_switch_are_as_if_not_rated() -> None:
    days = some_days(missing=0.0)
    by_hand = days.y.copy()
    by_hand[np.flatnonzero(np.diff(days.arm)) + 1] = np.nan

    np.testing.assert_allclose(
        three(weigh(days, Carryover(days_left_out=1))), three(weigh(replace(days, y=by_hand))), rtol=1e-12
    )


def test_averaging_weighs_each_carry_over_by_its_evidence() -> None:
    days = some_days()
    alone = [weigh(days, Carryover((keep,), (1.0,))) for keep in AVERAGE.keeps]
    weight = np.array(AVERAGE.weights) * np.exp([float(one.log_evidence) for one in alone])
    weight /= weight.sum()
    together = weigh(days, AVERAGE)

    np.testing.assert_allclose(together.keep_weight, weight, atol=1e-5)
    assert float(together.effect.mean) == pytest.approx(
        sum(w * float(o.effect.mean) for w, o in zip(weight, alone, strict=True)), abs=1e-4
    )


def test_what_lingers_is_found_where_it_is_asked_for() -> None:
    lingering = some_days(5, n=112, effect=0.0, spread=0.5, missing=0.0)
    e = 0.0
    for at, one in enumerate(lingering.arm):
        e = 0.7 * e + 0.3 * one
        lingering.y[at] -= 2 * e
    found = weigh(lingering, AVERAGE)

    assert found.keep_weight.argmax() == AVERAGE.keeps.index(0.7)
    assert float(found.effect.mean) == pytest.approx(-2, abs=3 * float(found.effect.sd))


def test_people_side_by_side_are_answered_as_each_alone() -> None:
    one, other = some_days(1), some_days(2, missing=0.5)
    both = compare(
        np.stack([one.y, other.y]), np.stack([one.arm, other.arm]), one.day, priors=RATING, carryover=AVERAGE
    )

    for at, days in enumerate((one, other)):
        alone = weigh(days, AVERAGE)
        np.testing.assert_allclose(both.effect.quantile(ENDS)[at], alone.effect.quantile(ENDS), rtol=1e-7)
        assert float(both.log_evidence[at]) == pytest.approx(float(alone.log_evidence))


def test_simulated_truths_lie_in_their_intervals_as_often_as_they_should() -> None:
    rng = np.random.Generator(np.random.PCG64(9))
    inside = []
    for seed in range(200):
        truth = rng.normal(0, 2)
        low, _, high = weigh(some_days(seed, n=28, effect=truth, rho=rng.uniform(-0.8, 0.9))).effect.quantile(ENDS)
        inside.append(low <= truth <= high)

    assert 0.9 < np.mean(inside) < 0.995  # ± 3 standard errors of 200 draws around 0.95


def test_a_month_of_days_is_weighed_in_milliseconds() -> None:
    days = some_days()

    def best_of_ten(carryover: Carryover) -> float:
        took = []
        for _ in range(10):
            began = time.thread_time()
            weigh(days, carryover).effect.quantile(ENDS)
            took.append(time.thread_time() - began)
        return min(took)

    # The thread's own time, and some four times what a quiet core takes: tests share theirs with others.
    assert best_of_ten(NONE) < 0.015
    assert best_of_ten(AVERAGE) < 0.030


def test_everything_wrong_is_named_at_once() -> None:
    with pytest.raises(InvalidInputError) as caught:
        compare([1.0, np.inf], [0, 1, 1], [2, 1], priors=RATING)

    assert {problem.where for problem in caught.value.problems} == {"arm", "ratings", "day"}


def test_priors_that_are_none_are_refused() -> None:
    with pytest.raises(InvalidInputError, match="prior effect") as caught:
        Priors(Normal(0, 1), Normal(0, 0), Normal(np.nan, 1), sigma=-1)

    assert [problem.where for problem in caught.value.problems] == ["prior effect", "prior trend", "prior sigma"]


def three_arms(seed: int = 3) -> SomeDays:
    days = some_days(seed, n=84, missing=0.1)
    days.arm[:] = np.tile(np.repeat([0, 1, 2], 4), 7)
    return days


def test_every_contrast_of_three_arms_comes_from_one_joint_posterior() -> None:
    found = weigh(three_arms(), AVERAGE)
    mat_rest, rest_nothing, mat_nothing = found.contrast(1, 0), found.contrast(0, 2), found.contrast(1, 2)

    assert float(mat_nothing.mean) == pytest.approx(float(mat_rest.mean + rest_nothing.mean))
    assert float(found.contrast(2, 1).mean) == pytest.approx(-float(mat_nothing.mean))
    assert float(mat_nothing.sd) < float(np.hypot(mat_rest.sd, rest_nothing.sd))


@pytest.mark.parametrize("order", [(1, 0, 2), (2, 1, 0), (0, 2, 1)])
def test_it_makes_no_difference_which_of_three_arms_is_called_the_first(order: tuple[int, int, int]) -> None:
    days = three_arms()
    renamed = SomeDays(days.y, np.array(order)[days.arm], days.day)
    vague = Priors(Normal(0, 1e4), RATING.effect, RATING.trend, RATING.sigma)
    one = weigh(days, priors=vague).contrast(1, 2)
    other = weigh(renamed, priors=vague).contrast(order[1], order[2])

    assert float(one.mean) == pytest.approx(float(other.mean), abs=1e-5)
    assert float(one.sd) == pytest.approx(float(other.sd), rel=1e-4)


def test_a_contrast_with_an_arm_that_has_no_day_is_refused() -> None:
    with pytest.raises(InvalidInputError, match="one of 0, 1"):
        weigh(some_days()).contrast(1, 3)


def with_sleep(days: SomeDays, slope: float) -> tuple[Floats, Floats]:
    rng = np.random.Generator(np.random.PCG64(8))
    sleep = rng.normal(7, 1, days.y.size)
    return days.y + slope * sleep, sleep[:, None]


def test_a_covariate_that_explains_the_days_makes_the_effect_surer() -> None:
    days = some_days(rho=0.0)
    y, sleep = with_sleep(days, slope=2.0)
    without = compare(y, days.arm, days.day, priors=RATING, carryover=NONE)
    found = compare(y, days.arm, days.day, priors=RATING, carryover=NONE, covariates=sleep)
    undisturbed = weigh(days)

    assert float(found.effect.sd) < 0.75 * float(without.effect.sd)
    assert float(found.effect.mean) == pytest.approx(float(undisturbed.effect.mean), abs=0.15)


@given(st.floats(-1e3, 1e3), st.floats(1e-3, 1e3))
@settings(max_examples=20)
def test_the_unit_and_the_zero_of_a_covariate_make_no_difference(shift: float, scale: float) -> None:
    days = some_days(n=28)
    y, sleep = with_sleep(days, slope=1.0)
    one = compare(y, days.arm, days.day, priors=RATING, carryover=NONE, covariates=sleep)
    other = compare(y, days.arm, days.day, priors=RATING, carryover=NONE, covariates=shift + scale * sleep)

    np.testing.assert_allclose(three(one), three(other), rtol=1e-6)


def test_a_covariate_that_never_varies_changes_nothing() -> None:
    days = some_days()
    found = compare(days.y, days.arm, days.day, priors=RATING, carryover=NONE, covariates=np.full((56, 1), 3.0))

    np.testing.assert_allclose(three(found), three(weigh(days)), rtol=1e-6)


def test_a_covariate_missing_on_a_rated_day_is_refused_and_on_an_unrated_one_it_is_not() -> None:
    days = some_days(missing=0.0)
    days.y[10] = np.nan
    sleep = np.ones((56, 1))
    sleep[10] = np.nan
    assert np.isfinite(compare(days.y, days.arm, days.day, priors=RATING, covariates=sleep).effect.mean)
    sleep[11] = np.nan

    with pytest.raises(InvalidInputError, match="1 rated day"):
        compare(days.y, days.arm, days.day, priors=RATING, covariates=sleep)


def test_draws_have_the_moments_of_the_posterior_they_are_drawn_from() -> None:
    found = weigh(three_arms(), AVERAGE)
    drawn = found.draws(np.random.Generator(np.random.PCG64(1)), 40_000)

    assert drawn.effects[:, 0].mean() == pytest.approx(float(found.effect.mean), abs=0.02 * float(found.effect.sd))
    assert (drawn.effects[:, 0] - drawn.effects[:, 1]).std() == pytest.approx(float(found.contrast(1, 2).sd), rel=0.02)
    assert drawn.rho.mean() == pytest.approx(float(found.rho), abs=0.005)
    assert {*drawn.keep.tolist()} <= {*AVERAGE.keeps}


@pytest.mark.parametrize("case", range(12))
def test_the_error_of_the_grid_is_known_and_a_grid_too_coarse_is_made_finer(
    case: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    days = some_awkward_days(case)
    usual = weigh(days, AVERAGE)
    monkeypatch.setattr(quadrature, "STEP_SD", 1.5)
    monkeypatch.setattr(quadrature, "STEP_SD_OF_FEW", 1.0)
    from_coarse = weigh(days, AVERAGE)

    assert float(usual.grid_error) < 1e-3
    assert float(from_coarse.grid_error) < 1e-3
    assert abs(float(from_coarse.effect.mean - usual.effect.mean)) < 0.002 * float(usual.effect.sd)
