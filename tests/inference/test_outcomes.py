"""Several outcomes of one person at once."""

from __future__ import annotations

import numpy as np
import pytest

from matwise.errors import InvalidInputError
from matwise.inference.mixture import Floats, NormalMixture
from matwise.inference.outcomes import Estimate, one_factor, pool, residual_correlation
from matwise.inference.priors import Normal, Priors
from matwise.inference.regression import compare
from tests.inference.series import ar1, some_days

PRIOR = Normal(0.0, 2.0)


def an_estimate(measured: float, sd: float = 0.6, prior: Normal = PRIOR, unit: float = 1.0) -> Estimate:
    """The posterior after an effect was measured as `measured` ± `sd`."""
    precision = sd**-2 + prior.sd**-2
    mean = (measured * sd**-2 + prior.mean * prior.sd**-2) / precision
    return Estimate(NormalMixture(np.ones(1), np.array([mean]), np.array([precision**-0.5])), prior, unit)


def alike(n: int, correlation: float) -> Floats:
    return np.asarray(np.full((n, n), correlation) + (1 - correlation) * np.eye(n))


def measured(rng: np.random.Generator, truth: float, correlation: float, n: int = 4, sd: float = 0.6) -> Floats:
    return truth + sd * np.linalg.cholesky(alike(n, correlation)) @ rng.standard_normal(n)


def by_brute_force(at: Floats, sd: float, correlation: Floats, spread: float) -> tuple[Floats, Floats]:
    """Means and sds of the θ_k from one normal posterior for each ω, the whole covariance inverted."""
    n, each = at.size, []
    for omega in np.linspace(0.005, 5 * spread, 600):
        prior = omega**2 * np.eye(n) + spread**2
        total = prior + sd**2 * correlation
        gain = prior @ np.linalg.inv(total)
        mean, variance = gain @ at, np.diag(prior - gain @ prior)
        log_mass = -0.5 * at @ np.linalg.solve(total, at) - 0.5 * np.linalg.slogdet(total)[1]
        each.append((log_mass - 0.5 * (omega / spread) ** 2, mean, variance))
    log_mass, means, variances = (np.array(part) for part in zip(*each, strict=True))
    weight = np.exp(log_mass - log_mass.max())
    weight /= weight.sum()
    mean = weight @ means
    return mean, np.sqrt(weight @ (variances + (means - mean) ** 2))


@pytest.mark.parametrize("correlation", [0.0, 0.5, 0.8])
def test_pooling_equals_the_dense_normal_computation(correlation: float) -> None:
    at = np.array([2.0, 0.3, -0.4, 1.0])
    mean, sd = by_brute_force(at, 0.6, alike(4, correlation), PRIOR.sd / np.sqrt(2))

    found = pool([an_estimate(one) for one in at], alike(4, correlation))

    assert np.array([float(one.mean) for one in found.effects]) == pytest.approx(mean, abs=0.01 * sd.mean())
    assert np.array([float(one.sd) for one in found.effects]) == pytest.approx(sd, rel=0.01)


def test_one_outcome_alone_keeps_its_posterior_where_it_is_clear() -> None:
    (found,) = pool([an_estimate(1.0, 0.3)]).effects

    assert float(found.mean) == pytest.approx(float(an_estimate(1.0, 0.3).effect.mean), abs=0.02)
    assert float(found.sd) == pytest.approx(float(an_estimate(1.0, 0.3).effect.sd), rel=0.03)


@pytest.mark.parametrize("correlation", [0.0, 0.8])
def test_a_useless_mat_is_called_helpful_less_often_than_without_pooling(correlation: float) -> None:
    rng = np.random.Generator(np.random.PCG64(3))
    alone, pooled, as_if_independent = 0, 0, 0
    for _ in range(180):
        estimates = [an_estimate(one) for one in measured(rng, 0.0, correlation)]
        alone += any(float(one.effect.below(0)) < 0.025 for one in estimates)
        pooled += any(float(one.below(0)) < 0.025 for one in pool(estimates, alike(4, correlation)).effects)
        if correlation:
            as_if_independent += any(float(one.below(0)) < 0.025 for one in pool(estimates).effects)

    assert pooled < alone
    assert pooled / 180 < 0.05
    assert correlation == 0 or as_if_independent > alone  # why the shared good and bad days must be allowed for


def test_where_all_share_an_effect_intervals_are_narrower_and_hold_it() -> None:
    rng = np.random.Generator(np.random.PCG64(5))
    ratios, held = [], []
    for _ in range(80):
        estimates = [an_estimate(one) for one in measured(rng, 1.0, 0.5)]
        found = pool(estimates, alike(4, 0.5))
        ends = np.array([one.quantile([0.025, 0.975]) for one in found.effects])
        own = np.array([one.effect.quantile([0.025, 0.975]) for one in estimates])
        ratios.append(np.mean(np.diff(ends) / np.diff(own)))
        held.append(np.mean((ends[:, 0] <= 1.0) & (ends[:, 1] >= 1.0)))

    assert np.mean(ratios) < 0.95
    assert np.mean(held) > 0.94


def test_an_outcome_that_disagrees_keeps_more_of_its_own_than_one_that_agrees() -> None:
    agree = pool([an_estimate(one) for one in (1.0, 1.1, 0.9, 1.0)])
    apart = pool([an_estimate(one) for one in (1.0, 1.1, 0.9, -3.0)])

    assert agree.spread < apart.spread
    assert float(apart.effects[3].mean) < -1.5


def test_units_and_directions_are_taken_out() -> None:
    plain = pool([an_estimate(one) for one in (1.0, 0.5)])
    lower_is_better = an_estimate(-5.0, 3.0, Normal(0.0, 10.0), unit=-5.0)
    other = pool([lower_is_better, an_estimate(0.5)])

    assert float(other.effects[0].mean) == pytest.approx(float(plain.effects[0].mean), abs=1e-9)


def test_a_prior_off_zero_is_divided_out() -> None:
    hopeful = pool([an_estimate(1.0, prior=Normal(-3.0, 2.0)), an_estimate(0.5)])
    plain = pool([an_estimate(1.0), an_estimate(0.5)])

    assert float(hopeful.effects[0].mean) == pytest.approx(float(plain.effects[0].mean), abs=1e-6)


def test_posteriors_of_days_can_be_pooled() -> None:
    priors = Priors.for_rating()
    each = [some_days(seed) for seed in range(3)]
    posteriors = [compare(one.y, one.arm, one.day, priors=priors) for one in each]
    found = pool([Estimate(one.effect, priors.effect, -1.0) for one in posteriors])

    own = [-float(one.effect.mean) for one in posteriors]
    assert min(own) < min(float(one.mean) for one in found.effects)
    assert max(float(one.mean) for one in found.effects) < max(own)
    assert all(float(one.sd) < float(post.effect.sd) for one, post in zip(found.effects, posteriors, strict=True))


def test_the_correlation_of_the_days_is_found_beside_arms_and_trend() -> None:
    rng = np.random.Generator(np.random.PCG64(2))
    n = 4000
    day, arm = np.arange(n), np.arange(n) // 4 % 2
    mood = ar1(n, 0.4, 1.0, rng)
    y = np.stack([mood + 3 * arm + day / 500, -mood - 2 * arm + 0.75 * rng.standard_normal(n), ar1(n, 0.4, 1.0, rng)])
    y[1, :1000] = np.nan

    found = residual_correlation(y, arm, day)

    assert found[0, 1] == pytest.approx(-0.8 * np.sqrt(0.75), abs=0.03)
    assert found[0, 2] == pytest.approx(0.0, abs=0.08)
    assert (np.diag(found) == 1).all()


def test_outcomes_rated_on_no_common_day_are_not_correlated() -> None:
    y = np.full((2, 20), np.nan)
    y[0, :10], y[1, 10:] = np.arange(10) % 3, np.arange(10) % 4

    assert residual_correlation(y, np.arange(20) % 2, np.arange(20))[0, 1] == 0


def test_loadings_make_the_correlations_of_one_factor_again() -> None:
    loadings = np.array([0.9, 0.6, 0.3, 0.5])
    made = np.outer(loadings, loadings)

    assert one_factor(made + np.diag(1 - loadings**2)) == pytest.approx(loadings, abs=1e-6)
    assert one_factor(np.array([[1.0, -0.49], [-0.49, 1.0]])).prod() == pytest.approx(-0.49, abs=1e-6)
    assert one_factor(np.eye(3)) == pytest.approx(np.zeros(3))


def test_what_cannot_be_pooled_is_named_at_once() -> None:
    with pytest.raises(InvalidInputError) as caught:
        pool([an_estimate(1.0, unit=0.0), an_estimate(np.nan)], np.eye(3))

    assert [problem.where for problem in caught.value.problems] == [
        "estimate 0, unit",
        "estimate 1, effect",
        "correlation",
    ]
