"""The difference between two arms where ratings come in steps and end at both ends of their scale."""

from __future__ import annotations

import itertools
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats
from scipy.special import log_ndtr

from matwise.errors import InvalidInputError
from matwise.inference import ordinal_many
from matwise.inference.expectation_propagation import first_sites, propagate
from matwise.inference.interval import cdf, cut, log_cdf, mills
from matwise.inference.mixture import Floats, NormalMixture
from matwise.inference.observed import Steps, better_days
from matwise.inference.ordinal import (
    OrdinalPosterior,
    Reason,
    compare_ordinal,
    intervals,
    needs_ordinal,
    ordinal_reason,
)
from matwise.inference.ordinal_many import compare_ordinal_many
from matwise.inference.priors import Normal, Priors
from matwise.inference.regression import AVERAGE, NONE, Carryover, Days, compare
from tests.inference.series import SomeDays, some_days

RATING = Priors.for_rating()
ENDS = (0.025, 0.5, 0.975)


def rated(days: SomeDays, shift: float = 0.0) -> SomeDays:
    """The same days as ratings from 0 to 10."""
    return replace(days, y=np.clip(np.round(days.y + shift), 0, 10) + 0.0)


def weigh(days: SomeDays, carryover: Carryover = NONE, priors: Priors = RATING) -> OrdinalPosterior:
    return compare_ordinal(days.y, days.arm, days.day, priors=priors, carryover=carryover)


def test_the_normal_distribution_function_meets_scipy_from_tail_to_tail() -> None:
    z = np.linspace(-38, 38, 7601)

    np.testing.assert_allclose(log_cdf(z), log_ndtr(z), rtol=1e-9, atol=1e-300)
    np.testing.assert_allclose(cdf(z)[z > -37], stats.norm.cdf(z)[z > -37], rtol=1e-11)
    np.testing.assert_allclose(mills(np.array([0.0, 1e8])), [np.sqrt(np.pi / 2), 1e-8], rtol=1e-11)


@pytest.mark.parametrize(
    ("below", "above"), [(-0.3, 0.4), (1.0, 1.7), (-9.0, -8.0), (-2.0, 3.0), (4.0, 4.02), (-20.0, 25.0), (0.5, 0.504)]
)
def test_a_normal_cut_to_an_interval_meets_quadrature(below: float, above: float) -> None:
    found = cut(np.array([below]), np.array([above]), np.array([True]))
    z, weight = np.polynomial.legendre.leggauss(200)
    z = below + 0.5 * (above - below) * (z + 1)
    mass = 0.5 * (above - below) * weight * stats.norm.pdf(z)
    mean = (mass * z).sum() / mass.sum()

    assert found.log_share[0] == pytest.approx(np.log(mass.sum()), abs=1e-9)
    assert found.shift[0] == pytest.approx(mean, abs=1e-8)
    assert 1 - found.narrowing[0] == pytest.approx((mass * (z - mean) ** 2).sum() / mass.sum(), rel=1e-5)


@pytest.mark.parametrize("edge", [-30.0, -3.0, 0.0, 2.0, 15.0, 35.0])
def test_a_normal_cut_at_one_end_meets_mills_ratio(edge: float) -> None:
    upper = cut(np.array([edge]), np.array([1e9]), np.array([False]))
    lower = cut(np.array([-1e9]), np.array([-edge]), np.array([False]))
    expected = np.exp(stats.norm.logpdf(edge) - stats.norm.logsf(edge))

    assert upper.shift[0] == pytest.approx(expected, rel=1e-9, abs=1e-12)
    assert lower.shift[0] == -upper.shift[0]
    assert upper.log_share[0] == lower.log_share[0] == pytest.approx(stats.norm.logsf(edge), rel=1e-9, abs=1e-12)


def brute_force(y: Floats, days: SomeDays, rho: float, sigma: float) -> tuple[float, float, float]:
    """Log probability of three ratings, mean and sd of the effect given them, by a tensor of Gauss points."""
    x = np.column_stack([np.ones(3), (days.day - days.day.mean()) / (np.ptp(days.day) + 1), days.arm])
    prior = np.diag([9.0, 4.0, 4.0])
    apart = np.abs(np.subtract.outer(days.day, days.day))
    covariance = sigma**2 / (1 - rho**2) * rho**apart + x @ prior @ x.T
    mean = np.full(3, 5.0)
    edges = [(-15.0 if one == 0 else one - 0.5, 25.0 if one == 10 else one + 0.5) for one in y]
    nodes, weights = np.polynomial.legendre.leggauss(40)
    axes = [low + 0.5 * (high - low) * (nodes + 1) for low, high in edges]
    latent = np.array(list(itertools.product(*axes)))
    volume = np.prod([0.5 * (high - low) for low, high in edges])
    mass = stats.multivariate_normal.pdf(latent, mean, covariance) * volume
    mass *= np.multiply.outer(np.multiply.outer(weights, weights), weights).ravel()
    gain = np.linalg.solve(covariance, x @ prior[:, 2])
    effect = (latent - mean) @ gain
    average = float((mass * effect).sum() / mass.sum())
    variance = float((mass * (effect - average) ** 2).sum() / mass.sum() + prior[2, 2] - gain @ (x @ prior[:, 2]))
    return float(np.log(mass.sum())), average, variance**0.5


@pytest.mark.parametrize("y", [(4.0, 6.0, 5.0), (0.0, 2.0, 0.0), (0.0, 0.0, 0.0), (10.0, 8.0, 10.0)])
@pytest.mark.parametrize(("rho", "sigma"), [(0.3, 1.5), (0.8, 0.6), (-0.5, 1.0)])
def test_propagation_meets_brute_force_over_three_days(y: tuple[float, ...], rho: float, sigma: float) -> None:
    days = SomeDays(np.array(y), np.array([0, 1, 1]), np.array([1, 2, 4]))
    known = intervals(Days.of(days.y, days.arm, days.day), Steps(), RATING, NONE)
    node = np.zeros(1, dtype=np.int64), np.array([rho]), np.array([sigma])
    found = propagate(known, *node, np.zeros(1), first_sites(known, 1), 30)
    log_probability, mean, sd = brute_force(days.y, days, rho, sigma)
    found_sd = float(np.sqrt((found.root[0, -1] ** 2).sum()))

    assert found.log_density[0] == pytest.approx(log_probability, abs=0.06)
    assert found.mean[0, -1] == pytest.approx(mean, abs=0.025 * sd)
    assert found_sd == pytest.approx(sd, rel=0.015)


@pytest.mark.parametrize("carryover", [NONE, AVERAGE])
def test_fine_steps_far_from_the_ends_meet_the_plain_model(carryover: Carryover) -> None:
    days = some_days()
    fine = np.round(days.y, 2)
    found = compare_ordinal(fine, days.arm, days.day, priors=RATING, low=-50, high=60, step=0.01, carryover=carryover)
    plain = compare(fine, days.arm, days.day, priors=RATING, carryover=carryover)
    sd = float(plain.effect.sd)

    assert np.abs(found.effect.quantile(ENDS) - plain.effect.quantile(ENDS)).max() < 0.01 * sd
    assert float(found.log_evidence) == pytest.approx(
        float(plain.log_evidence) + float(plain.n_used) * np.log(0.01), abs=0.02
    )
    assert float(found.rho) == pytest.approx(float(plain.rho), abs=0.005)
    np.testing.assert_allclose(found.keep_weight, plain.keep_weight, atol=0.005)


@given(st.integers(0, 30), st.sampled_from([-4.0, -2.0, 0.0, 3.0]))
@settings(max_examples=6)
def test_turning_the_scale_round_always_turns_the_difference(seed: int, shift: float) -> None:
    days = rated(some_days(seed, n=28), shift)
    there, back = weigh(days), weigh(replace(days, y=10 - days.y))

    np.testing.assert_allclose(back.effect.quantile(ENDS), -there.effect.quantile(ENDS)[::-1], atol=1e-5)
    assert back.points().mean == pytest.approx(-there.points().mean, abs=0.02)
    assert back.better_days("higher").q50 == pytest.approx(there.better_days("lower").q50, abs=0.05)


@given(st.integers(0, 30), st.integers(0, 27))
@settings(max_examples=6)
def test_a_higher_rating_on_the_arm_never_lowers_its_effect_when_days_are_independent(seed: int, at: int) -> None:
    days = rated(some_days(seed, n=28, missing=0.0), -1.0)
    days.arm[at] = 1
    independent = replace(RATING, rho=Normal(0, 1e-3), trend=Normal(0, 1e-3))
    fixed = replace(independent, sigma=1.5)
    raised = days.y.copy()
    raised[at] = min(raised[at] + 1, 10.0)
    given_spread = [_at_one_node(replace(days, y=y), fixed) for y in (days.y, raised)]

    assert given_spread[1] >= given_spread[0] - 1e-4


def _at_one_node(days: SomeDays, priors: Priors) -> float:
    known = intervals(Days.of(days.y, days.arm, days.day), Steps(), priors, NONE)
    node = np.zeros(1, dtype=np.int64), np.zeros(1), np.array([1.5])
    return float(propagate(known, *node, np.zeros(1), first_sites(known, 1), 30).mean[0, -1])


def test_on_the_floor_the_latent_effect_goes_beyond_that_of_the_ratings_given() -> None:
    days = rated(some_days(3, effect=-1.5), -4.0)
    found, plain = weigh(days), compare(days.y, days.arm, days.day, priors=RATING, carryover=NONE)

    assert (days.y == 0).sum() / np.isfinite(days.y).sum() > 0.4
    assert float(found.effect.mean) < 1.3 * float(plain.effect.mean) < 0
    assert found.points().mean == pytest.approx(float(plain.effect.mean), abs=0.3 * float(plain.effect.sd))


def test_far_from_the_ends_points_and_days_are_those_of_the_plain_model() -> None:
    days = rated(some_days(4))
    found, plain = weigh(days), compare(days.y, days.arm, days.day, priors=RATING, carryover=NONE)
    expected = better_days(plain.effect, plain.sigma_at / np.sqrt(1 - plain.rho_at**2), "lower")

    assert found.points().mean == pytest.approx(float(plain.effect.mean), abs=0.05)
    assert found.points().q975 == pytest.approx(float(plain.effect.quantile([0.975])[0]), abs=0.08)
    assert found.better_days("lower").mean == pytest.approx(expected.mean, abs=0.15)
    assert found.better_days("lower").mean == pytest.approx(10 - found.better_days("higher").mean)


def test_better_days_of_a_known_effect_meet_the_normal_distribution() -> None:
    certain = NormalMixture(np.ones(1), np.array([-1.0]), np.array([1e-9]))
    found = better_days(certain, np.array([1.5]), "lower")

    assert found.mean == pytest.approx(10 * stats.norm.cdf(1 / (1.5 * 2**0.5)))
    assert found.q025 == pytest.approx(found.q975, abs=1e-6)
    assert better_days(certain, np.array([1.5]), "higher").mean == pytest.approx(10 - found.mean)


def test_points_given_meet_quadrature_over_level_and_effect() -> None:
    days = rated(some_days(5, n=28), -3.0)
    found = weigh(days)
    latent, cuts = found.latent, np.arange(0.5, 10)
    z, weight = np.polynomial.hermite_e.hermegauss(16)
    z = np.array(list(itertools.product(z, z, z)))[:, :, None]
    heaviness = np.prod(np.array(list(itertools.product(weight, repeat=3))), axis=1) / weight.sum() ** 3
    heavy = np.argsort(-latent.weight)[:4]
    total = 0.0
    for at in heavy:
        level, _, effect = latent.mean[at][:, None] + (latent.root[at] @ z)[..., 0].T
        spread = latent.sigma_at[at] / np.sqrt(1 - latent.rho_at[at] ** 2)
        given_on = [stats.norm.sf((cuts - one[:, None]) / spread).sum(1) for one in (level + effect, level)]
        total += latent.weight[at] * float(heaviness @ (given_on[0] - given_on[1]))
    only_heavy = replace(
        latent,
        weight=latent.weight[heavy] / latent.weight[heavy].sum(),
        **{name: getattr(latent, name)[heavy] for name in ("mean", "root", "rho_at", "sigma_at", "keep_at")},
    )

    assert replace(found, latent=only_heavy).points().mean == pytest.approx(
        total / latent.weight[heavy].sum(), abs=0.004
    )


def test_three_arms_and_their_contrasts_come_from_one_posterior() -> None:
    days = rated(some_days(6))
    days.arm[::5] = 2
    found = weigh(days)

    assert float(found.contrast(1, 2).mean) == pytest.approx(
        float(found.effect.mean) - float(found.contrast(2, 0).mean), abs=1e-9
    )
    with pytest.raises(InvalidInputError, match="arm: got 3"):
        found.points(3)


@pytest.mark.parametrize(
    ("ratings", "reason"),
    [
        ([0, 0, 1, 3, 4, 5, 6], Reason.ENDS),
        ([4, 5, 4, 5, 5, 4], Reason.FEW_LEVELS),
        ([3, 4, 5, 6, 7, 8], None),
        ([], None),
    ],
)
def test_ratings_on_an_end_or_of_few_levels_need_the_ordinal_model(ratings: list[float], reason: Reason | None) -> None:
    assert ordinal_reason([*ratings, np.nan]) is reason
    assert needs_ordinal([*ratings, np.nan]) is (reason is not None)


@given(st.lists(st.one_of(st.none(), st.integers(0, 10)), min_size=1, max_size=14), st.integers(0, 2**14 - 1))
@settings(max_examples=15)
def test_any_ratings_whatever_always_have_an_answer(ratings: list[int | None], arms: int) -> None:
    y = np.array([np.nan if one is None else float(one) for one in ratings])
    arm = np.array([arms >> at & 1 for at in range(y.size)])
    found = weigh(SomeDays(y, arm, np.arange(y.size)))

    assert np.isfinite([found.effect.mean, found.effect.sd, found.log_evidence]).all()
    assert float(found.log_evidence) < 0.01
    assert 0 <= found.better_days("lower").q025 <= found.better_days("lower").q975 <= 10
    assert float(found.n_used) == np.isfinite(y).sum()


def test_no_rating_at_all_leaves_the_prior() -> None:
    found = weigh(SomeDays(np.full(5, np.nan), np.array([0, 1, 0, 1, 0]), np.arange(5)))

    np.testing.assert_allclose(found.effect.quantile(ENDS), stats.norm.ppf(ENDS, 0, 2), atol=1e-3)
    assert float(found.log_evidence) == pytest.approx(0.0, abs=0.01)


def some_people(count: int = 8) -> tuple[Floats, np.ndarray, np.ndarray]:
    """People with gaps, skipped days, from the middle of the scale to its floor."""
    each = [rated(some_days(50 + one, n=42), -one * 5 / count) for one in range(count)]
    kept = np.delete(np.arange(42), [3, 17, 18, 30])
    y, arm = (np.array([getattr(one, name)[kept] for one in each]) for name in ("y", "arm"))
    return y, arm, each[0].day[kept]


@pytest.mark.parametrize(
    ("carryover", "priors"),
    [(NONE, RATING), (AVERAGE, RATING), (Carryover(days_left_out=1), replace(RATING, rho=Normal(0.3, 0.3)))],
)
def test_the_compiled_path_meets_the_plain_one(carryover: Carryover, priors: Priors) -> None:
    y, arm, day = some_people()
    many = compare_ordinal_many(y, arm, day, priors=priors, carryover=carryover, threads=2)
    each = [compare_ordinal(*one, day, priors=priors, carryover=carryover) for one in zip(y, arm, strict=True)]
    sd = np.array([float(one.effect.sd) for one in each])
    quantiles = np.array([one.effect.quantile(ENDS) for one in each]).T

    assert np.abs(many.mean - [float(one.effect.mean) for one in each]).max() < 0.02 * sd.min()
    np.testing.assert_allclose(many.sd, sd, rtol=0.01)
    assert (np.abs([many.q025, many.q50, many.q975] - quantiles) < 0.04 * sd).all()
    np.testing.assert_allclose(many.log_evidence, [float(one.log_evidence) for one in each], atol=0.02)
    np.testing.assert_allclose(many.p_below_zero, [float(one.effect.below(0.0)) for one in each], atol=0.005)
    np.testing.assert_allclose(many.rho, [float(one.rho) for one in each], atol=0.01)
    np.testing.assert_allclose(many.n_used, [float(one.n_used) for one in each])


def test_without_the_compiler_many_people_are_weighed_one_by_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ordinal_many, "_compiled", lambda: None)
    y, arm, day = some_people(2)
    many = compare_ordinal_many(y, arm, day, priors=RATING, carryover=NONE)
    alone = compare_ordinal(y[1], arm[1], day, priors=RATING, carryover=NONE)

    assert many.mean[1] == float(alone.effect.mean)
    assert many.q975[1] == float(alone.effect.quantile([0.975])[0])
    assert many.at_ends[1] == ((y[1] == 0) | (y[1] == 10)).sum() / np.isfinite(y[1]).sum()


@pytest.mark.parametrize(
    ("y", "arm", "day", "message"),
    [
        ([1.5, 2], [0, 1], [1, 2], "ratings: got 1 of another kind"),
        ([11, -1], [0, 1], [1, 2], "ratings: got 2 of another kind"),
        ([np.inf, 2], [0, 1], [1, 2], "ratings: got 1 of another kind"),
        ([1, 2], [0, 1], [1, 1], "day: got days that do not ascend"),
        ([1, 2], [0, -1], [1, 2], "arm: got -1"),
        ([1, 2], [0], [1, 2], "arm: got shape"),
        ([[1, 2]], [0, 1], [1, 2], "ratings: got shape"),
        ([], [], [], "ratings: got shape"),
    ],
)
def test_ratings_that_cannot_be_read_are_refused(y: list[float], arm: list[int], day: list[int], message: str) -> None:
    with pytest.raises(InvalidInputError, match=message.replace("[", r"\[")):
        compare_ordinal(y, arm, day, priors=RATING)


def test_everything_that_is_wrong_is_said_at_once() -> None:
    with pytest.raises(InvalidInputError) as refused:
        compare_ordinal([1.5, 2], [0, -1], [2, 1], priors=RATING)

    assert len(refused.value.problems) == 3


@pytest.mark.parametrize(("low", "high", "step"), [(0, 10, 3), (0, 0, 1), (0, 10, 0), (0, np.nan, 1)])
def test_a_scale_without_whole_steps_is_refused(low: float, high: float, step: float) -> None:
    with pytest.raises(InvalidInputError, match="want two ends a whole number of steps apart"):
        Steps(low, high, step)


def test_better_is_lower_or_higher() -> None:
    with pytest.raises(InvalidInputError, match='want "lower" or "higher"'):
        weigh(rated(some_days(n=14))).better_days("up")
