"""Rain, waves, brown noise and a low chord, made of noise and sines; without a seam, however long."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from matwise.session.cue import Bed
from matwise.session.loudness import STEP_S, k_weight, power_at, step_power
from matwise.session.sound import RATE_HZ, Samples

BED_LUFS = -24.0  # well under the voice (−20 LUFS), and the mix lets it step back further while somebody speaks
CONTROL = RATE_HZ // 100  # samples between two points of a swell, which is slow and needs no more
_WEIGHT_POINTS = 4410  # every 5 Hz: the ear's weight changes slowly
LEVELLED_S = 1800.0  # a swell is levelled over half an hour

_RAMP = (np.arange(CONTROL) / CONTROL).astype(np.float32)

Floats = NDArray[np.float64]
Spectrum = NDArray[np.complex64]  # of a loop, from 0 Hz to half the rate; single precision is far below what is heard
Swell = Callable[[Floats], Floats]  # seconds of the session in, factor out

# Drops: pitch in Hz, s until a drop has lost 60 dB, drops a second, strength.
_DROPS = ((1150.0, 0.060, 1.2, 1.0), (1900.0, 0.035, 5.0, 0.7), (3100.0, 0.018, 40.0, 0.4), (5200.0, 0.009, 150.0, 0.3))
# An open chord, root, fifth and octaves: (Hz, strength). Each is a pair a little apart, so that it breathes.
_CHORD = (
    ((110.0, 1.0), (220.0, 0.45), (330.0, 0.15)),
    ((165.0, 0.7), (330.0, 0.30), (495.0, 0.10)),
    ((220.0, 0.5), (440.0, 0.20), (660.0, 0.06)),
)
_APART_HZ = 0.2


@dataclass(frozen=True, slots=True)
class _Layer:
    """A loop whose end meets its start, and how it swells. Loops of different lengths never repeat together."""

    loop: Samples
    swell: Swell

    def block(self, start: int, count: int, course: Swell) -> Samples:
        first = start // CONTROL
        at_s = (CONTROL / RATE_HZ) * np.arange(first, (start + count) // CONTROL + 2, dtype=np.float64)
        points = (self.swell(at_s) * course(at_s)).astype(np.float32)
        # From point to point in straight lines. By sample of the session, not of the block, so that blocks don't show.
        lines = points[:-1, np.newaxis] + np.diff(points)[:, np.newaxis] * _RAMP
        factor = lines.ravel()[start - first * CONTROL :][:count]
        at = start % self.loop.size
        piece = self.loop[at : at + count]
        while piece.size < count:
            piece = np.concatenate((piece, self.loop[: count - piece.size]))
        return np.asarray(piece * factor)

    def step_power(self, at_s: Floats) -> Floats:
        power = step_power(self.loop, RATE_HZ)
        steps = np.round(at_s / STEP_S).astype(int) % power.size
        return np.asarray(power[steps] * self.swell(at_s) ** 2)


@dataclass(frozen=True, slots=True)
class BedSound:
    """A bed of one seed. The same samples come whatever blocks they are asked in."""

    layers: tuple[_Layer, ...]

    def block(self, start: int, count: int, course: Swell = np.ones_like) -> Samples:
        """Samples from `start` on, shape (count,), at `RATE_HZ`, `BED_LUFS` loud over some minutes.

        `course` gives a factor at moments in s of the session; it may change within some ms, not faster.
        """
        heard = self.layers[0].block(start, count, course)
        for layer in self.layers[1:]:
            heard += layer.block(start, count, course)
        return heard

    def step_power(self, at_s: Floats) -> Floats:
        """K-weighted power at moments in s of the session, shape (n,), 0.1 s by 0.1 s."""
        return np.asarray(np.sum([layer.step_power(at_s) for layer in self.layers], axis=0))


def bed_sound(bed: Bed, rng: np.random.Generator) -> BedSound:
    """Make a bed."""
    makers = {Bed.RAIN: _rain, Bed.WAVES: _waves, Bed.BROWN: _brown, Bed.DRONE: _drone}
    return BedSound(makers[bed](rng))


def _rain(rng: np.random.Generator) -> tuple[_Layer, ...]:
    def body(hertz: Floats) -> Floats:
        return _pass(hertz, 250, 8000) / np.maximum(hertz, 250) ** 0.35

    gust = _swing((0.16, 23.7, 0.3), (0.10, 41.3, 1.1))
    patter = _swing((0.20, 17.9, 2.0), (0.15, 53.9, 0.7))
    return (_layer(_noise(rng, 27, body), gust, 0.72), _layer(_drops(rng, 32), patter, 0.28))


def _waves(rng: np.random.Generator) -> tuple[_Layer, ...]:
    def wash(hertz: Floats) -> Floats:
        return _pass(hertz, 90, 900) / np.maximum(hertz, 90)

    def foam(hertz: Floats) -> Floats:
        return _pass(hertz, 600, 5500) / np.maximum(hertz, 600) ** 0.6

    def far(hertz: Floats) -> Floats:
        return _pass(hertz, 70, 1800) / np.maximum(hertz, 70) ** 0.8

    return (
        _layer(_noise(rng, 36, wash), _surge(0.0, 2), 0.40),
        _layer(_noise(rng, 25, foam), _surge(1.3, 3), 0.45),
        _layer(_noise(rng, 32, far), _swing((0.2, 31.7, 0.0)), 0.15),
    )


def _brown(rng: np.random.Generator) -> tuple[_Layer, ...]:
    def shape(hertz: Floats) -> Floats:
        return _pass(hertz, 40, 7000) / np.maximum(hertz, 40)

    slow = _swing((0.06, 37.1, 0.0))
    return (_layer(_noise(rng, 40, shape), slow, 0.5), _layer(_noise(rng, 27, shape), slow, 0.5))


def _drone(rng: np.random.Generator) -> tuple[_Layer, ...]:
    swells = (_swing((0.2, 29.3, 0.0)), _swing((0.4, 43.7, 2.0)), _swing((0.5, 61.9, 4.0)))
    powers = (0.5, 0.3, 0.2)
    voices = (_chord(rng, partials, 30) for partials in _CHORD)
    return tuple(_layer(one, swell, power) for one, swell, power in zip(voices, swells, powers, strict=True))


def _layer(spectrum: Spectrum, swell: Swell, share: float) -> _Layer:
    """The loop of a spectrum, levelled to this share of the loudness of the bed, whatever its swell."""
    count = 2 * (spectrum.size - 1)
    grid_hz = np.linspace(0, RATE_HZ / 2, _WEIGHT_POINTS)
    weight = np.interp(_hertz(count), grid_hz, k_weight(grid_hz) ** 2)
    loud = 2 * np.dot(weight, spectrum.real**2 + spectrum.imag**2) / count**2
    swelling = np.mean(swell(np.arange(0.0, LEVELLED_S, 0.05)) ** 2)
    factor = np.sqrt(share * power_at(BED_LUFS) / (loud * swelling))
    return _Layer(np.asarray(np.fft.irfft(spectrum * np.complex64(factor), count), dtype=np.float32), swell)


def _noise(rng: np.random.Generator, seconds: int, shape: Callable[[Floats], Floats]) -> Spectrum:
    count = seconds * RATE_HZ
    parts = rng.standard_normal((count // 2 + 1, 2), dtype=np.float32)  # real and imaginary, side by side
    return parts.view(np.complex64)[:, 0] * shape(_hertz(count)).astype(np.float32)


def _drops(rng: np.random.Generator, seconds: int) -> Spectrum:
    count = seconds * RATE_HZ
    drops = np.zeros(count)
    for pitch_hz, lost_60_db_s, per_s, strength in _DROPS:
        t = np.arange(round(lost_60_db_s * RATE_HZ)) / RATE_HZ
        rise = np.minimum(1.0, t * 2000)
        one = strength * rise * 10 ** (-3 * t / lost_60_db_s) * np.sin(2 * np.pi * pitch_hz * t)
        fallen = round(per_s * seconds)
        falls = rng.integers(count, size=fallen)[:, np.newaxis] + np.arange(t.size)
        heights = rng.lognormal(-0.5, 0.5, fallen)[:, np.newaxis] * one
        drops += np.bincount(falls.ravel() % count, heights.ravel(), count)  # past the end is the start again
    four = 4 * np.sqrt(np.mean(drops**2))
    softened = four * np.tanh(drops / four)  # where several fall together, nothing sticks out
    return np.asarray(np.fft.rfft(softened.astype(np.float32)), dtype=np.complex64)


def _chord(rng: np.random.Generator, partials: tuple[tuple[float, float], ...], seconds: int) -> Spectrum:
    spectrum = np.zeros(seconds * RATE_HZ // 2 + 1, dtype=np.complex64)
    for hertz, strength in partials:
        for number in (round(hertz * seconds), round((hertz + _APART_HZ) * seconds)):  # whole waves in the loop
            spectrum[number] += np.complex64(strength * np.exp(2j * np.pi * rng.random()))
    return spectrum


def _hertz(count: int) -> Floats:
    return np.asarray(np.fft.rfftfreq(count, 1 / RATE_HZ), dtype=np.float64)


def _pass(hertz: Floats, low_hz: float, high_hz: float) -> Floats:
    """Lets through what lies between, with soft edges of two octaves or so."""
    squared = hertz**2  # squares of squares: a fourth power takes numpy ten times as long
    passed: Floats = 1 / ((1 + (low_hz**2 / np.maximum(squared, 1e-6)) ** 2) * (1 + (squared / high_hz**2) ** 2))
    return passed


def _swing(*sways: tuple[float, float, float]) -> Swell:
    """Around 1, by several slow sines: depth, period in s, phase."""

    def swell(at_s: Floats) -> Floats:
        factor = np.ones_like(at_s)
        for depth, period_s, phase in sways:
            factor += depth * np.sin(2 * np.pi * at_s / period_s + phase)
        return factor

    return swell


def _surge(late_s: float, steepness: int) -> Swell:
    """One wave after the other, every 11 s or so, none like the last."""

    def swell(at_s: Floats) -> Floats:
        t = at_s - late_s
        turn = t / 11.3 + 0.18 * np.sin(2 * np.pi * t / 47.1) + 0.11 * np.sin(2 * np.pi * t / 29.7 + 1)
        height = 0.75 + 0.25 * np.sin(2 * np.pi * t / 61.3 + 2)
        surge: Floats = 0.12 + height * (0.5 - 0.5 * np.cos(2 * np.pi * turn)) ** steepness
        return surge

    return swell
