from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from matwise.errors import InvalidInputError
from matwise.inference.heterogeneity import Tau2
from matwise.inference.meta_analysis import Interval, pool
from matwise.inference.meta_analysis_bayes import TauPrior, pool_by_bayes
from matwise.inference.priors import Normal

EFFECTS, VARIANCES = [0.9, 0.2, 0.55, -0.1], [0.05, 0.09, 0.04, 0.12]


@pytest.mark.parametrize("tau_prior", TauPrior)
def test_it_is_what_a_fine_grid_of_both_unknowns_says(tau_prior: TauPrior) -> None:
    y, v = np.array(EFFECTS), np.array(VARIANCES)
    mu, tau = np.linspace(-6, 6, 2401)[:, None], (np.linspace(0, 1, 4001) ** 3 * 60)[None, 1:]
    log = -0.5 * sum(np.log(b + tau**2) + (a - mu) ** 2 / (b + tau**2) for a, b in zip(y, v, strict=True))
    usual = tau_prior is TauPrior.HALF_NORMAL
    log = log - 0.5 * mu**2 + (-0.5 * (tau / 0.5) ** 2 if usual else -np.log1p((tau / 0.5) ** 2))
    both = np.exp(log - log.max()) * np.gradient(tau[0])
    both /= both.sum()
    of_mu, of_tau, at = both.sum(1), both.sum(0), mu[:, 0]
    mean = (of_mu * at).sum()
    below = of_mu[at < 0].sum() + 0.5 * of_mu[at == 0].sum()
    own = tau**2 / (tau**2 + v[0])
    found = pool_by_bayes(y, v, 0.5, tau_prior, Normal(0.0, 1.0))

    assert found.mean.mean == pytest.approx(mean, abs=1e-4)
    assert found.mean.sd == pytest.approx(np.sqrt((of_mu * at**2).sum() - mean**2), abs=1e-4)
    assert found.mean.below(0.0) == pytest.approx(below, abs=1e-4)
    quantiles = np.interp([0.5, 0.975], np.cumsum(of_tau) - 0.5 * of_tau, tau[0])
    assert found.tau_quantile([0.5, 0.975]) == pytest.approx(quantiles, rel=1e-3)
    assert found.studies.mean[0] == pytest.approx((both * (own * y[0] + (1 - own) * mu)).sum(), abs=1e-4)


def test_with_equal_errors_and_no_doubt_of_tau_it_is_the_closed_form() -> None:
    y, v = np.array([0.3, 0.5, 0.7]), np.full(3, 0.04)
    found = pool_by_bayes(y, v, 1e-6)  # τ is nothing

    assert found.mean.mean == pytest.approx(0.5)
    assert found.mean.sd == pytest.approx(0.2 / 3**0.5, rel=1e-6)
    assert found.next_study.sd == pytest.approx(found.mean.sd, rel=1e-5)


@given(st.lists(st.tuples(st.floats(-3, 3), st.floats(0.01, 2)), min_size=2, max_size=8), st.floats(0.05, 2))
def test_studies_are_drawn_to_the_others_and_the_next_is_less_sure_than_the_mean(
    told: list[tuple[float, float]], tau_scale: float
) -> None:
    y, v = np.array(told).T
    found = pool_by_bayes(y, v, tau_scale, mean_prior=Normal(0.0, 10.0))
    low, high = min(y.min(), 0.0), max(y.max(), 0.0)

    assert found.next_study.sd >= found.mean.sd
    assert ((found.studies.mean >= low - 1e-9) & (found.studies.mean <= high + 1e-9)).all()
    assert found.tau_weight.sum() == pytest.approx(1)


def test_many_studies_say_what_they_say_without_a_prior() -> None:
    rng = np.random.Generator(np.random.PCG64(4))
    v = rng.uniform(0.02, 0.1, 400)
    y = rng.normal(0.3, np.sqrt(v + 0.09))
    found, usual = pool_by_bayes(y, v, 0.5), pool(y, v, Tau2.REML, Interval.WALD)

    assert found.mean.mean == pytest.approx(usual.mean, abs=2e-3)
    assert found.mean.sd == pytest.approx(usual.se, rel=0.01)
    assert found.tau_quantile(0.5) == pytest.approx(usual.tau2**0.5, rel=0.02)


def test_one_study_needs_a_prior_of_the_mean() -> None:
    with pytest.raises(InvalidInputError, match="one study alone"):
        pool_by_bayes([0.4], [0.04], 0.5)
    alone = pool_by_bayes([0.4], [0.04], 0.5, mean_prior=Normal(0.0, 1.0))

    assert 0 < alone.mean.mean < 0.4
