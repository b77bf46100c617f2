"""A mixture of normals' mean, spread, probabilities and quantiles, compiled; needs numba (`matwise[many]`)."""

from __future__ import annotations

import math

from numba import njit

from matwise.inference.kernel_rows import FAST, Model, Work, exponential
from matwise.inference.mixture import Floats

MEAN, SD, BELOW_ZERO, BELOW_MINUS, ABOVE, RHO, SIGMA, LOG_EVIDENCE, N_USED, STATUS, COLUMNS = range(11)


@njit(fastmath=FAST, error_model="numpy")
def _cdf_pdf(x: float, work: Work, n: int) -> tuple[float, float]:
    """Σ mass·Φ and Σ mass·density at `x`; Φ within 8e-8 (Abramowitz and Stegun 1964, 26.2.17)."""
    below = density = 0.0
    for j in range(n):
        z = (x - work.centre[j]) * work.precision[j]
        far = min(abs(z), 8.0)
        bell = 0.3989422804014327 * exponential(-0.5 * far * far)
        t = 1 / (1 + 0.2316419 * far)
        tail = 1.781477937 + t * (-1.821255978 + t * 1.330274429)
        tail = bell * t * (0.319381530 + t * (-0.356563782 + t * tail))
        below += work.mass[j] * (tail if z < 0 else 1 - tail)
        density += work.mass[j] * work.precision[j] * bell
    return below, density


@njit(fastmath=FAST, error_model="numpy")
def _quantile(probability: float, mean: float, sd: float, bent: float, work: Work, n: int) -> float:
    """Where the mixture reaches `probability`, by Newton from `bent`, kept between bounds that close in.

    The step allows for the fall of the density as in a normal of the same spread (Halley's correction).
    """
    low, high = -math.inf, math.inf
    x = bent
    for _ in range(100):
        below, density = _cdf_pdf(x, work, n)
        if below < probability:
            low = x
        else:
            high = x
        off = (below - probability) / max(density, 1e-300)
        bend = min(max(0.5 * off * (x - mean) / (sd * sd), -0.5), 0.5)
        following = x - off * (1 - bend)
        if abs(following - x) < 0.02 * sd:
            return following
        if not low < following < high or abs(following - x) > 3 * sd:
            following = 0.5 * (max(low, x - 6 * sd) + min(high, x + 6 * sd))
        if abs(following - x) < 1e-9 * sd:
            return following
        x = following
    return math.nan


@njit(fastmath=FAST, error_model="numpy")
def _moments(work: Work, n: int) -> tuple[float, float, float, float]:
    """Mean, sd, skewness and excess kurtosis of the mixture, whose masses sum to 1."""
    mean = 0.0
    for j in range(n):
        mean += work.mass[j] * work.centre[j]
    second = third = fourth = 0.0
    for j in range(n):
        off = work.centre[j] - mean
        variance = 1 / (work.precision[j] * work.precision[j])
        squared = off * off
        second += work.mass[j] * (variance + squared)
        third += work.mass[j] * off * (squared + 3 * variance)
        fourth += work.mass[j] * (squared * squared + 6 * squared * variance + 3 * variance * variance)
    sd = math.sqrt(second)
    return mean, sd, third / (second * sd), fourth / (second * second) - 3


@njit(fastmath=FAST, error_model="numpy")
def summarise(n: int, normal: Floats, model: Model, work: Work, out: Floats) -> None:
    """Mean, sd, probabilities and quantiles of the contrast into `out`."""
    mean, sd, skew, tails = _moments(work, n)
    out[MEAN], out[SD] = model.shift + model.scale * mean, model.scale * sd
    out[BELOW_ZERO] = _cdf_pdf(-model.shift / model.scale, work, n)[0]
    out[BELOW_MINUS] = _cdf_pdf((-model.smallest_change - model.shift) / model.scale, work, n)[0]
    out[ABOVE] = 1 - _cdf_pdf((model.smallest_change - model.shift) / model.scale, work, n)[0]
    for i in range(normal.size):
        z = normal[i]
        bent = skew * (z * z - 1) / 6 + tails * z * (z * z - 3) / 24 - skew * skew * z * (2 * z * z - 5) / 36
        start = mean + sd * (z + min(max(bent, -1.0), 1.0))  # Cornish and Fisher 1938, doi:10.2307/1400905
        x = _quantile(model.probabilities[i], mean, sd, start, work, n)
        out[COLUMNS + model.keeps.size + i] = model.shift + model.scale * x
