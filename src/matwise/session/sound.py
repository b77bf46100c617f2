"""The sounds of a session, made of sines: bell, breath tones, waking strikes, and the quiet between them.

Every sound is a float32 array, shape (n_samples,), full scale ±1, at `RATE_HZ`; it starts and ends at zero.
"""

from __future__ import annotations

import functools
from collections.abc import Mapping
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

Samples = NDArray[np.float32]

RATE_HZ = 44_100

# A singing bowl: partials are not harmonic, each is a pair a little apart, so that it beats slowly.
# (ratio to the lowest, strength, s until it has lost 60 dB, beat in Hz)
_BOWL = ((1.0, 1.0, 10.0, 0.35), (2.71, 0.55, 6.5, 0.8), (5.13, 0.22, 3.2, 1.3), (8.2, 0.07, 1.6, 1.9))
BELL_HZ = 262.0  # the lowest a small phone speaker still gives
STRIKE_HZ = 440.0
BELL_PEAK = 0.28
STRIKE_PEAK = 0.75
TONE_LOW_HZ, TONE_HIGH_HZ = 220.0, 330.0  # a fifth: up is in, down is out
TONE_HARMONICS = ((1, 1.0), (2, 0.30), (3, 0.10))  # the upper two are what a phone speaker gives of it
TONE_PEAK = 0.085
# Real soft noise, so that players and encoders don't take the long quiet for the end. Unheard at any usual volume.
QUIET_DBFS = -70.0
QUIET_LOOP_S = 10
ROUND_CHUNKS = 128  # lengths with small factors, which a fast Fourier transform needs to be fast


class Voice(Protocol):
    """Somebody who speaks the lines of a session."""

    @property
    def fingerprint(self) -> str:
        """Changes whenever a clip does."""

    @property
    def rate_hz(self) -> int:
        """Samples per second of the clips."""

    def speech_s(self) -> Mapping[str, float]:
        """Length of every clip by line id, in s."""

    def clip(self, line: str) -> Samples:
        """One line, spoken: shape (n_samples,), at `rate_hz`, about −20 LUFS."""


def gain(level_db: float) -> float:
    """Factor of a level in dB."""
    return float(10 ** (level_db / 20))


@functools.lru_cache(maxsize=4)
def bell(duration_s: float) -> Samples:
    """A bowl struck softly."""
    return _bowl(BELL_HZ, duration_s, attack_s=0.012, peak=BELL_PEAK)


@functools.lru_cache(maxsize=4)
def strike(duration_s: float) -> Samples:
    """The waking bell: the same bowl, smaller and struck harder."""
    return _bowl(STRIKE_HZ, duration_s, attack_s=0.004, peak=STRIKE_PEAK)


def tone(duration_s: float, *, rising: bool) -> Samples:
    """A soft tone that glides up (in) or down (out)."""
    t = _seconds(duration_s) / duration_s
    ends = (TONE_LOW_HZ, TONE_HIGH_HZ) if rising else (TONE_HIGH_HZ, TONE_LOW_HZ)
    pitch = ends[0] * (ends[1] / ends[0]) ** (0.5 - 0.5 * np.cos(np.pi * t))
    phase = 2 * np.pi * np.cumsum(pitch) / RATE_HZ
    sound = sum(strength * np.sin(n * phase) for n, strength in TONE_HARMONICS)
    # In swells until late, out starts full and thins out, as breath does.
    attack, release = (0.55, 0.3) if rising else (0.2, 0.7)
    return _scaled(np.asarray(sound) * _swell(t, attack) * _swell(1 - t, release), TONE_PEAK)


def quiet(rng: np.random.Generator) -> Samples:
    """A loop of pink noise without a seam, `QUIET_LOOP_S` long."""
    count = QUIET_LOOP_S * RATE_HZ
    spectrum = rng.normal(size=count // 2 + 1) + 1j * rng.normal(size=count // 2 + 1)
    hertz = np.fft.rfftfreq(count, 1 / RATE_HZ)
    spectrum *= (hertz > 30) / np.sqrt(np.maximum(hertz, 30))  # below 30 Hz it would only eat headroom
    noise = np.fft.irfft(spectrum, count)
    return np.asarray(noise / np.sqrt(np.mean(noise**2)) * gain(QUIET_DBFS), dtype=np.float32)


def resampled(samples: Samples, rate_hz: int) -> Samples:
    """The same sound at `RATE_HZ`, by its spectrum; exact up to the lower of both Nyquist frequencies."""
    divisor = np.gcd(rate_hz, RATE_HZ)
    up, down = RATE_HZ // divisor, rate_hz // divisor
    # Silence after the end, for the spectrum is of a circle and the start would ring into the end.
    chunks = -(-(samples.size + rate_hz // 50) // (down * ROUND_CHUNKS)) * ROUND_CHUNKS
    before = np.zeros(chunks * down)
    before[: samples.size] = samples
    after = np.fft.irfft(np.fft.rfft(before), chunks * up) * (up / down)
    return np.asarray(after[: round(samples.size * up / down)], dtype=np.float32)


def _bowl(lowest_hz: float, duration_s: float, attack_s: float, peak: float) -> Samples:
    t = _seconds(duration_s)
    sound = np.zeros_like(t)
    for ratio, strength, lost_60_db_s, beat_hz in _BOWL:
        # A smaller bowl rings shorter.
        decay = 10 ** (-3 * t / (lost_60_db_s * BELL_HZ / lowest_hz))
        pair = np.sin(2 * np.pi * lowest_hz * ratio * t) + 0.6 * np.sin(2 * np.pi * (lowest_hz * ratio + beat_hz) * t)
        sound += strength * decay * pair
    share = t / duration_s
    return _scaled(sound * _swell(share, attack_s / duration_s) * _swell(1 - share, 0.3), peak)


def _seconds(duration_s: float) -> NDArray[np.float64]:
    return np.arange(round(duration_s * RATE_HZ)) / RATE_HZ


def _swell(share: NDArray[np.float64], rise: float) -> NDArray[np.float64]:
    """From 0 to 1 within the first `rise` of a sound, without a corner."""
    swell: NDArray[np.float64] = np.sin(np.pi / 2 * np.clip(share / rise, 0, 1)) ** 2
    return swell


def _scaled(sound: NDArray[np.float64], peak: float) -> Samples:
    scaled = np.asarray(sound * (peak / np.abs(sound).max()), dtype=np.float32)
    scaled.flags.writeable = False  # a sound that is made once is heard in many places
    return scaled
