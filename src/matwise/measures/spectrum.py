"""How much of the variation between beats lies at which pace: a power spectrum after Welch.

Intervals come at uneven moments, so they are first read off a natural cubic spline four times a second. Welch 1967,
doi:10.1109/TAU.1967.1161901; bands as in the Task Force 1996, doi:10.1161/01.CIR.93.5.1043.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

PER_S = 4.0  # values read off the spline; twice the quickest breath several times over
WINDOW_S = 120.0  # ten waves of 0.083 Hz and five of the slowest that LF counts
LF_HZ, HF_HZ = (0.04, 0.15), (0.15, 0.40)


@dataclass(frozen=True, slots=True, eq=False)
class Spectrum:
    """Power density in ms² per Hz at `hertz`, both of shape (n_frequencies,), from windows of `window_s`."""

    hertz: Floats
    density: Floats
    window_s: float

    def power(self, band_hz: tuple[float, float]) -> float:
        """Power within a band in ms²: the density between its ends, straight lines between its values."""
        inside = self.hertz[(self.hertz > band_hz[0]) & (self.hertz < band_hz[1])]
        at = np.concatenate(([band_hz[0]], inside, [band_hz[1]]))
        density = np.interp(at, self.hertz, self.density)
        return float(np.sum(np.diff(at) * (density[1:] + density[:-1]) / 2))


def spectrum(rr_ms: Floats) -> Spectrum:
    """The spectrum of intervals between beats.

    Args:
        rr_ms: successive intervals, in ms, shape (n_beats,), without artefacts; at least four.
    """
    return welch(even(rr_ms), PER_S, WINDOW_S)


def even(rr_ms: Floats) -> Floats:
    """Intervals at even steps of 1 / `PER_S` from the end of the first to the end of the last, in ms."""
    at_s = np.cumsum(rr_ms) / 1000
    moments_s = np.arange(at_s[0], at_s[-1], 1 / PER_S)
    return _spline(at_s, rr_ms, moments_s)


def welch(course: Floats, per_s: float, window_s: float) -> Spectrum:
    """Mean of the spectra of windows that overlap by half: each without its trend, under a Hann window.

    A course that is shorter than a window is one window.

    Args:
        course: even values, shape (n_values,), in ms.
        per_s: how many of them a second.
        window_s: length of a window.
    """
    size = min(course.size, round(window_s * per_s))
    step = max(1, size - size // 2)
    windows = np.lib.stride_tricks.sliding_window_view(course, size)[::step]
    hann = 0.5 - 0.5 * np.cos(2 * np.pi * np.arange(size) / size)
    power = np.abs(np.fft.rfft(_without_trend(windows) * hann, axis=1)) ** 2 / (per_s * np.sum(hann**2))
    power[:, 1 : -1 if size % 2 == 0 else None] *= 2  # the other half of the spectrum is its mirror
    return Spectrum(np.asarray(np.fft.rfftfreq(size, 1 / per_s), np.float64), power.mean(axis=0), size / per_s)


def _without_trend(windows: Floats) -> Floats:
    line = np.linspace(-1.0, 1.0, windows.shape[1])
    centred = windows - windows.mean(axis=1, keepdims=True)
    return np.asarray(centred - np.outer(centred @ line / (line @ line), line))


def _spline(x: Floats, y: Floats, at: Floats) -> Floats:
    """A natural cubic spline through (x, y), read off at `at`; x increases."""
    width, rise = np.diff(x), np.diff(y)
    slope = rise / width
    bend = np.zeros(x.size)  # second derivatives, nothing at both ends
    bend[1:-1] = _tridiagonal(width[:-1], 2 * (width[:-1] + width[1:]), width[1:], 6 * np.diff(slope))
    k = np.clip(np.searchsorted(x, at, side="right") - 1, 0, x.size - 2)
    h = width[k]
    left, right = (x[k + 1] - at) / h, (at - x[k]) / h
    curved = ((left**3 - left) * bend[k] + (right**3 - right) * bend[k + 1]) * h**2 / 6
    return np.asarray(left * y[k] + right * y[k + 1] + curved)


def _tridiagonal(below: Floats, diagonal: Floats, above: Floats, right: Floats) -> Floats:
    """Solve a tridiagonal system (Thomas); `below[0]` and `above[-1]` are outside of it."""
    n = diagonal.size
    factor, value = above.tolist(), right.tolist()
    low, middle = below.tolist(), diagonal.tolist()
    factor[0], value[0] = factor[0] / middle[0], value[0] / middle[0]
    for row in range(1, n):
        pivot = middle[row] - low[row] * factor[row - 1]
        factor[row] /= pivot
        value[row] = (value[row] - low[row] * value[row - 1]) / pivot
    for row in range(n - 2, -1, -1):
        value[row] -= factor[row] * value[row + 1]
    return np.array(value)
