"""A weighted mixture of normals: its probabilities, quantiles and density."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]

_REACH_SD = 10.0  # beyond ten sd of every component nothing is left in double precision
_TABLE_REACH, _PER_UNIT = 9, 128
_NEWTON_STEPS = 60  # bisection alone would need 55 to reach the last bit


def normal_cdf(z: ArrayLike) -> Floats:
    """P(Z < z) of a standard normal, within 1e-11; same shape as `z`.

    Cubic Hermite interpolation between exact values; beyond ±9 what is left is below 1e-18.
    """
    values = np.asarray(z, dtype=np.float64)
    cdf, slope = _normal_table()
    at = np.clip((values + _TABLE_REACH) * _PER_UNIT, 0.0, cdf.size - 1.000001)
    left = np.nan_to_num(at, copy=False).astype(np.intp) if np.isnan(at).any() else at.astype(np.intp)
    t = at - left
    low, high = cdf[left], cdf[left + 1]
    rise = high - low
    bend = t * (1 - t)
    inside = low + t * rise + bend * ((1 - t) * (slope[left] - rise) - t * (slope[left + 1] - rise))
    return np.asarray(np.where(np.isnan(values), np.nan, inside))


@cache
def _normal_table() -> tuple[Floats, Floats]:
    """Φ at every 1/128 from −9 to 9, and its slope per step."""
    z = np.arange(-_TABLE_REACH * _PER_UNIT, _TABLE_REACH * _PER_UNIT + 1) / _PER_UNIT
    cdf = np.array([0.5 * math.erfc(-one * math.sqrt(0.5)) for one in z.tolist()])
    return cdf, normal_pdf(z) / _PER_UNIT


def normal_pdf(z: Floats) -> Floats:
    """Density of a standard normal; same shape as `z`."""
    return np.asarray(np.exp(-0.5 * z * z) * (1 / math.sqrt(2 * math.pi)))


@dataclass(frozen=True, slots=True, eq=False)
class NormalMixture:
    """Σ weight·N(component_mean, component_sd²).

    All three have shape (..., n_components); weights sum to 1 along the last axis, and a component of weight 0 is
    padding. Leading axes are people. A mixture that holds NaN answers NaN.
    """

    weight: Floats
    component_mean: Floats
    component_sd: Floats

    @property
    def mean(self) -> Floats:
        """Mean, shape (...)."""
        return np.asarray((self.weight * self.component_mean).sum(-1))

    @property
    def sd(self) -> Floats:
        """Standard deviation, shape (...)."""
        off = self.component_mean - self.mean[..., None]
        return np.asarray(np.sqrt((self.weight * (self.component_sd**2 + off**2)).sum(-1)))

    def below(self, x: ArrayLike) -> Floats:
        """P(X < x); `x` has shape (...) or one that broadcasts to it."""
        z = (np.asarray(x, dtype=np.float64)[..., None] - self.component_mean) / self.component_sd
        return np.asarray((self.weight * normal_cdf(z)).sum(-1))

    def within(self, half_width: float) -> Floats:
        """P(|X| < half_width), shape (...)."""
        return self.below(half_width) - self.below(-half_width)

    def density(self, x: ArrayLike) -> Floats:
        """Density at the points `x` of shape (n_points,); shape (..., n_points)."""
        points = np.asarray(x, dtype=np.float64)
        sd = self.component_sd[..., None, :]
        z = (points[:, None] - self.component_mean[..., None, :]) / sd
        return np.asarray((self.weight[..., None, :] * normal_pdf(z) / sd).sum(-1))

    def quantile(self, p: ArrayLike) -> Floats:
        """The points below which `p` of shape (n_p,) lies; shape (..., n_p)."""
        wanted = np.broadcast_to(np.asarray(p, dtype=np.float64), (*self.weight.shape[:-1], np.size(p)))
        low, high = self._bracket()
        low, high = (np.repeat(end[..., None], wanted.shape[-1], -1) for end in (low, high))
        sd = self.sd[..., None]
        x = self.mean[..., None] + sd * self._bent(_rough_normal_quantile(wanted))
        for _ in range(_NEWTON_STEPS):
            cdf, pdf = self._cdf_pdf(x)
            low, high = np.where(cdf < wanted, x, low), np.where(cdf < wanted, high, x)
            newton = x - (cdf - wanted) / np.maximum(pdf, 1e-300)
            there = np.abs(newton - x) < 1e-7 * sd  # the step after this one would be below 1e-12
            if np.all(there | np.isnan(newton)):
                return newton
            x = np.where(there | ((newton > low) & (newton < high)), newton, 0.5 * (low + high))
        return x

    def _bent(self, z: Floats) -> Floats:
        """Normal quantiles bent to the mixture's skew and tails (Cornish and Fisher 1938, doi:10.2307/1400905)."""
        off = (self.component_mean - self.mean[..., None]) / self.sd[..., None]
        spread = (self.component_sd / self.sd[..., None]) ** 2
        skew = (self.weight * off * (off**2 + 3 * spread)).sum(-1)[..., None]
        tails = (self.weight * (off**4 + 6 * off**2 * spread + 3 * spread**2)).sum(-1)[..., None] - 3
        bent = z + skew * (z**2 - 1) / 6 + tails * z * (z**2 - 3) / 24 - skew**2 * z * (2 * z**2 - 5) / 36
        return np.asarray(np.clip(bent, z - 1, z + 1))

    def _bracket(self) -> tuple[Floats, Floats]:
        reach = _REACH_SD * self.component_sd
        used = self.weight > 0
        low = np.where(used, self.component_mean - reach, np.inf).min(-1)
        return low, np.where(used, self.component_mean + reach, -np.inf).max(-1)

    def _cdf_pdf(self, x: Floats) -> tuple[Floats, Floats]:
        sd = self.component_sd[..., None, :]
        z = (x[..., None] - self.component_mean[..., None, :]) / sd
        weight = self.weight[..., None, :]
        return (weight * normal_cdf(z)).sum(-1), (weight * normal_pdf(z) / sd).sum(-1)


def _rough_normal_quantile(p: Floats) -> Floats:
    """Where Newton starts: within 0.003 of the normal quantile (Hastings 1955, Abramowitz and Stegun 26.2.22)."""
    tail = np.sqrt(-2 * np.log(np.minimum(p, 1 - p)))
    z = tail - (2.30753 + 0.27061 * tail) / (1 + tail * (0.99229 + 0.04481 * tail))
    return np.asarray(np.where(p < 0.5, -z, z))
