from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matwise.exchange.resampler import OPUS_RATE_HZ, Resampler
from matwise.session.sound import RATE_HZ, Samples


def resampled(samples: Samples, cuts: list[int] | None = None) -> Samples:
    resampler = Resampler()
    parts = np.split(samples, sorted(cuts or []))
    return np.concatenate([*(resampler.push(part) for part in parts), resampler.rest()])


def a_sine(hertz: float, rate_hz: int, n_samples: int) -> Samples:
    return np.sin(2 * np.pi * hertz * np.arange(n_samples) / rate_hz).astype(np.float32)


@pytest.mark.parametrize("hertz", [50, 440, 5_000, 12_000, 16_000])
def test_a_sine_is_the_same_sine_at_the_other_rate(hertz: float) -> None:
    after = resampled(a_sine(hertz, RATE_HZ, 2 * RATE_HZ))
    middle = slice(1000, -1000)

    assert np.abs(after - a_sine(hertz, OPUS_RATE_HZ, after.size))[middle].max() < 5e-5


@pytest.mark.parametrize("hertz", [1_000, 10_000, 17_000])
def test_no_mirror_image_comes_within_90_db_of_its_sine(hertz: float) -> None:
    after = resampled(a_sine(hertz, RATE_HZ, 2 * RATE_HZ))[1000:-1000]
    strength = np.abs(np.fft.rfft(after * np.blackman(after.size)))
    elsewhere = np.abs(np.fft.rfftfreq(after.size, 1 / OPUS_RATE_HZ) - hertz) > 30

    assert strength[elsewhere].max() < strength.max() * 10 ** (-90 / 20)


@settings(max_examples=30)
@given(n_samples=st.integers(0, 100_000), cuts=st.lists(st.integers(0, 100_000), max_size=6))
def test_cuts_change_no_bit_and_the_length_is_that_of_the_time(n_samples: int, cuts: list[int]) -> None:
    noise = np.random.Generator(np.random.PCG64(n_samples)).normal(size=n_samples).astype(np.float32)
    after = resampled(noise, [min(cut, n_samples) for cut in cuts])

    assert after.size == -(-n_samples * OPUS_RATE_HZ // RATE_HZ)
    assert np.array_equal(after, resampled(noise))


def test_what_does_not_change_keeps_its_level() -> None:
    after = resampled(np.ones(RATE_HZ, dtype=np.float32))

    assert np.abs(after[1000:-1000] - 1).max() < 1e-6
