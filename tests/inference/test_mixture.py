"""Mixtures of normals."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from matwise.inference.mixture import NormalMixture, normal_cdf


def a_mixture(*components: tuple[float, float, float]) -> NormalMixture:
    weight, mean, sd = np.array(components or [(0.7, 0.0, 1.0), (0.3, 4.0, 0.5)]).T
    return NormalMixture(weight, mean, sd)


def test_the_normal_cdf_meets_scipy_everywhere_and_passes_on_what_is_not_a_number() -> None:
    z = np.concatenate([np.linspace(-40, 40, 4001), np.random.Generator(np.random.PCG64(1)).normal(0, 3, 4000)])

    np.testing.assert_allclose(normal_cdf(z), stats.norm.cdf(z), rtol=0, atol=1e-11)
    np.testing.assert_array_equal(normal_cdf([-np.inf, np.inf, np.nan]).round(15), [0, 1, np.nan])


def test_one_component_is_its_own_normal() -> None:
    mixture = a_mixture((1.0, -2.0, 3.0))

    assert float(mixture.mean) == -2.0
    assert float(mixture.sd) == 3.0
    np.testing.assert_allclose(mixture.quantile([0.001, 0.3]), stats.norm.ppf([0.001, 0.3], -2, 3), rtol=1e-9)
    assert float(mixture.within(1.0)) == pytest.approx(stats.norm.cdf(1, -2, 3) - stats.norm.cdf(-1, -2, 3))


@given(
    st.lists(st.tuples(st.floats(0.01, 1), st.floats(-50, 50), st.floats(0.01, 20)), min_size=1, max_size=6),
    st.floats(0.001, 0.999),
)
def test_the_quantile_always_has_its_probability_below_it(
    components: list[tuple[float, float, float]], p: float
) -> None:
    total = sum(weight for weight, _, _ in components)
    mixture = a_mixture(*((weight / total, mean, sd) for weight, mean, sd in components))

    assert float(mixture.below(mixture.quantile([p])[0])) == pytest.approx(p, abs=1e-7)


def test_the_density_integrates_to_the_probability() -> None:
    mixture, x = a_mixture(), np.linspace(-12, 2, 20_001)

    assert np.trapezoid(mixture.density(x), x) == pytest.approx(float(mixture.below(2.0)), abs=1e-7)


def test_padding_of_weight_zero_changes_nothing() -> None:
    plain, padded = a_mixture((1.0, 1.0, 2.0)), a_mixture((1.0, 1.0, 2.0), (0.0, 99.0, 1.0))

    np.testing.assert_allclose(padded.quantile([0.025, 0.975]), plain.quantile([0.025, 0.975]))


def test_what_is_not_known_stays_not_known() -> None:
    one = np.array([np.nan])
    unknown = NormalMixture(one, one, one)

    assert np.isnan([unknown.mean, unknown.sd, unknown.below(0.0), *unknown.quantile([0.5])]).all()
