"""A nap from the heart rate."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from matwise.inference.asleep import DRIFT_SD, DROP, DROP_SD, LEVEL, PRIOR_NAP, nap

EPOCHS = 40


def a_session(
    rng: np.random.Generator,
    asleep: tuple[int, int] | None = None,
    *,
    drop: float = 0.06,
    drift: float = -0.02,
    sigma: float = 0.02,
    rho: float = 0.5,
) -> NDArray[np.float64]:
    """Heart rate of half minutes, with a nap from one of them up to another."""
    noise = rng.normal(size=EPOCHS)
    for n in range(1, EPOCHS):
        noise[n] = rho * noise[n - 1] + np.sqrt(1 - rho**2) * noise[n]
    log_rate = LEVEL + drift * np.linspace(-0.5, 0.5, EPOCHS) + sigma * noise
    if asleep is not None:
        log_rate[slice(*asleep)] -= drop
    return np.asarray(np.exp(log_rate))


def test_a_clear_nap_is_found_where_it_was() -> None:
    found = nap(a_session(np.random.Generator(np.random.PCG64(1)), (12, 30), drop=0.1))

    assert found is not None
    assert found.p_nap > 0.95
    assert found.minutes == pytest.approx(9, abs=1)
    assert found.minutes_80[0] <= 9 <= found.minutes_80[1]
    assert min(found.p_asleep[14:28]) > 0.9
    assert max(*found.p_asleep[:10], *found.p_asleep[32:]) < 0.1


def test_lying_quietly_is_not_called_a_nap() -> None:
    """A heart that slows evenly through the whole session is at rest."""
    naps = [nap(a_session(np.random.Generator(np.random.PCG64(seed)), drift=-0.06)) for seed in range(40)]

    assert np.mean([one.p_nap for one in naps if one]) < PRIOR_NAP


def test_chances_are_kept_over_many_sessions_drawn_from_what_is_assumed() -> None:
    """Of sessions called a nap with 20 to 40 % chance, 20 to 40 % hold one, and so on."""
    rng = np.random.Generator(np.random.PCG64(8))
    said, slept, covered = [], [], []
    for _ in range(250):
        asleep = None
        if rng.random() < PRIOR_NAP:
            first, last = np.triu_indices(EPOCHS, 1)
            chosen = rng.integers(first.size)
            asleep = (int(first[chosen]), int(last[chosen]) + 1)
        drop, drift = rng.normal(DROP, DROP_SD), rng.normal(0, DRIFT_SD)
        found = nap(a_session(rng, asleep, drop=drop, drift=drift, sigma=0.03, rho=0.5))
        assert found is not None
        minutes = 0 if asleep is None else (asleep[1] - asleep[0]) / 2
        said.append(found.p_nap)
        slept.append(asleep is not None)
        covered.append(found.minutes_80[0] <= minutes <= found.minutes_80[1])
    chance, truth = np.array(said), np.array(slept)

    assert chance.mean() == pytest.approx(truth.mean(), abs=3 * np.sqrt(0.3 * 0.7 / 250))
    for low, high in ((0, 0.2), (0.2, 0.5), (0.5, 1.01)):
        those = (chance >= low) & (chance < high)
        spread = 3 * np.sqrt(chance[those].mean() * (1 - chance[those].mean()) / those.sum())
        assert truth[those].mean() == pytest.approx(chance[those].mean(), abs=spread + 0.02)
    assert np.mean(covered) > 0.74  # of 0.8, and more where "none" has its whole chance at one place


def test_nobody_sleeps_at_the_moment_they_say_they_are_awake() -> None:
    rate = a_session(np.random.Generator(np.random.PCG64(1)), (12, 30), drop=0.1)
    found = nap(rate, [20.5 * 30])

    assert found is not None
    assert found.p_asleep[20] == 0


def test_too_short_a_recording_says_nothing() -> None:
    rate = a_session(np.random.Generator(np.random.PCG64(1)))
    rate[9:] = np.nan

    assert nap(rate) is None


@settings(max_examples=25)
@given(st.lists(st.one_of(st.floats(30, 200), st.just(float("nan"))), min_size=0, max_size=40))
def test_whatever_comes_in_chances_are_chances(rate: list[float]) -> None:
    found = nap(rate)

    assert (found is None) is (int(np.isfinite(rate).sum()) < 10)
    if found is not None:
        assert 0 <= found.p_nap <= 1
        assert len(found.p_asleep) == len(rate)
        assert 0 <= found.minutes_80[0] <= found.minutes_80[1] <= len(rate) / 2
        assert all(0 <= p <= found.p_nap + 1e-9 for p in found.p_asleep)
