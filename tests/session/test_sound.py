from __future__ import annotations

import numpy as np
import pytest

from matwise.session.loudness import loudness_lufs
from matwise.session.sound import QUIET_DBFS, RATE_HZ, Samples, bell, quiet, resampled, strike, tone

SOUNDS = {
    "bell": bell(9),
    "strike": strike(3),
    "in": tone(4, rising=True),
    "out": tone(6, rising=False),
    "shortest in": tone(2, rising=True),
}


def a_sine(hertz: float, rate_hz: int, seconds: float = 1.0, peak: float = 0.5) -> Samples:
    return (peak * np.sin(2 * np.pi * hertz * np.arange(round(seconds * rate_hz)) / rate_hz)).astype(np.float32)


def pitch_hz(samples: Samples) -> float:
    spectrum = np.abs(np.fft.rfft(samples * np.hanning(samples.size)))
    return float(np.argmax(spectrum) * RATE_HZ / samples.size)


@pytest.mark.parametrize("name", SOUNDS)
def test_every_sound_begins_and_ends_in_silence_and_has_no_corner(name: str) -> None:
    sound = SOUNDS[name]

    assert abs(sound[0]) < 1e-4
    assert abs(sound[-1]) < 1e-4
    assert np.abs(np.diff(sound)).max() < 0.15


def test_in_rises_and_out_falls() -> None:
    fifth = RATE_HZ // 2

    assert pitch_hz(SOUNDS["in"][fifth : 2 * fifth]) < pitch_hz(SOUNDS["in"][-2 * fifth : -fifth]) - 40
    assert pitch_hz(SOUNDS["out"][fifth : 2 * fifth]) > pitch_hz(SOUNDS["out"][-3 * fifth : -2 * fifth]) + 40


def test_a_bell_rings_out_slowly() -> None:
    loud = [float(np.sqrt(np.mean(third**2))) for third in np.split(SOUNDS["bell"], 3)]

    assert loud[0] > 2 * loud[1] > 4 * loud[2]
    assert loud[1] > loud[0] / 20


def test_the_quiet_is_soft_seamless_noise_that_the_same_seed_gives_again() -> None:
    first, again = (quiet(np.random.Generator(np.random.PCG64(3))) for _ in range(2))

    assert np.array_equal(first, again)
    assert 20 * np.log10(np.sqrt(np.mean(first**2))) == pytest.approx(QUIET_DBFS, abs=0.1)
    assert abs(first[0] - first[-1]) < 5 * np.abs(np.diff(first)).mean()


def test_a_resampled_sine_is_the_same_sine() -> None:
    faster = resampled(a_sine(997, 24_000), 24_000)
    middle = slice(RATE_HZ // 10, RATE_HZ * 9 // 10)  # a cut sine has edges, and edges ring

    assert faster.size == RATE_HZ
    assert np.abs(faster - a_sine(997, RATE_HZ))[middle].max() < 0.003


@pytest.mark.parametrize("rate_hz", [24_000, 44_100, 48_000])
def test_loudness_meets_the_reference_of_the_recommendation(rate_hz: int) -> None:
    # BS.1770: a sine of 997 Hz at 0 dBFS in one channel reads −3.01 LUFS.
    assert loudness_lufs(a_sine(997, rate_hz, seconds=3, peak=1.0), rate_hz) == pytest.approx(-3.01, abs=0.02)


def test_pauses_do_not_count_as_loudness_and_silence_has_none() -> None:
    sine = a_sine(997, 24_000, seconds=3)
    with_pause = np.concatenate((sine, np.zeros(24_000 * 5, np.float32), sine))

    assert loudness_lufs(with_pause, 24_000) == pytest.approx(loudness_lufs(sine, 24_000), abs=0.3)
    assert loudness_lufs(np.zeros(24_000, np.float32), 24_000) == float("-inf")
