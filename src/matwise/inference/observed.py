"""What a latent difference means on the scale people see: points of the rating given, and days out of ten."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import ArrayLike

from matwise.errors import InvalidInputError, Problem
from matwise.inference.interval import cdf
from matwise.inference.mixture import Floats, NormalMixture
from matwise.inference.regression import Posterior

PAIRS_OF_DAYS = 10  # "on 7 of 10 days"
ENDS = (0.025, 0.5, 0.975)
_POINTS = 4096  # of the joint posterior; moves a quantile by less than 0.01 posterior spreads
_GROUPS, _SOFTENED = 256, 0.06  # softening moves the 95 % ends by less than 0.005 spreads
_PLASTIC = 1.32471795724474602596  # the root of x³ = x + 1: its powers fill the square evenly (Roberts 2018)


@dataclass(frozen=True, slots=True)
class Estimate:
    """A posterior in figures: mean, median and the ends of the 95 % interval."""

    mean: float
    q025: float
    q50: float
    q975: float


@dataclass(frozen=True, slots=True)
class Steps:
    """A rating that goes from `low` to `high` in equal steps.

    Raises:
        InvalidInputError: the ends are not a whole number of steps apart.
    """

    low: float = 0.0
    high: float = 10.0
    step: float = 1.0

    def __post_init__(self) -> None:
        sound = all(map(math.isfinite, (self.low, self.high, self.step))) and self.step > 0 and self.high > self.low
        if not sound or abs(self.count - round(self.count)) > 1e-6:
            got = f"{self.low:g} to {self.high:g} in steps of {self.step:g}"
            raise InvalidInputError(Problem("rating", got, "two ends a whole number of steps apart"))

    @property
    def count(self) -> float:
        """Steps from end to end; one less than there are levels."""
        return (self.high - self.low) / self.step

    @property
    def cuts(self) -> Floats:
        """Where the latent rating turns from one level to the next, shape (n_levels − 1,)."""
        return np.asarray(self.low + self.step * (np.arange(round(self.count)) + 0.5), dtype=np.float64)

    def on(self, y: Floats) -> np.ndarray:
        """Whether each rating is one of the levels; NaN is not."""
        at = (np.where(np.isfinite(y), y, self.low - self.step) - self.low) / self.step
        return np.asarray((np.abs(at - np.round(at)) < 1e-6) & (at > -0.5) & (at < self.count + 0.5))


def better_days(effect: NormalMixture, spread: ArrayLike, better: str) -> Estimate:
    """Of ten pairs of days, one on each arm, on how many the first arm is better. Exact.

    Args:
        effect: first arm minus second, one person's.
        spread: of a day around what its arm leads to expect, σ/√(1−ρ²), shape (n_components,) of `effect`.
        better: "lower" or "higher".

    Raises:
        InvalidInputError: `better` is neither.
    """
    sign = sign_of(better)
    unit = sign / (np.asarray(spread, dtype=np.float64) * math.sqrt(2))  # the difference of two days has twice σ²
    mean, sd = effect.component_mean * unit, effect.component_sd * np.abs(unit)
    share = float(effect.weight @ cdf(mean / np.sqrt(1 + sd**2)))
    return Estimate(
        *(PAIRS_OF_DAYS * np.array([share, *cdf(NormalMixture(effect.weight, mean, sd).quantile(ENDS))])).tolist()
    )


def sign_of(better: str) -> float:
    """1 where higher is better, −1 where lower is."""
    if better not in ("lower", "higher"):
        raise InvalidInputError(Problem("better", repr(better), '"lower" or "higher"'))
    return 1.0 if better == "higher" else -1.0


@dataclass(frozen=True, slots=True, eq=False)
class Levels:
    """Where two arms lie on the latent scale, and how days spread around them: points of the joint posterior, (n,)."""

    first: Floats
    second: Floats
    spread: Floats


def levels(posterior: Posterior, first: int, second: int) -> Levels:
    """Points that stand for the joint posterior of two arms' levels, at the middle of the trend, without any chance."""
    along = np.stack([_row(posterior, first), _row(posterior, second)])
    place, noise = _even_points()
    at = np.minimum(np.searchsorted(posterior.weight.cumsum(), place), posterior.weight.size - 1)
    mean = posterior.mean @ along.T
    root = along @ posterior.root
    covariance = root @ root.swapaxes(-1, -2)
    sd = np.sqrt(covariance[:, 1, 1])
    tilt = covariance[:, 0, 1] / sd
    rest = np.sqrt(np.maximum(covariance[:, 0, 0] - tilt**2, 0.0))
    spread = posterior.sigma_at / np.sqrt(1 - posterior.rho_at**2)
    return Levels(
        first=mean[at, 0] + tilt[at] * noise[0] + rest[at] * noise[1],
        second=mean[at, 1] + sd[at] * noise[0],
        spread=spread[at],
    )


def points_given(steps: Steps, at: Levels) -> Estimate:
    """Expected rating on the first arm minus that on the second, as given: rounded, and cut at the ends."""
    return _estimate(_difference_given(steps, at))


def difference_given(steps: Steps, at: Levels) -> NormalMixture:
    """The same as a distribution: neighbouring points drawn together, mean and spread kept, edges softened a little."""
    points = np.sort(_difference_given(steps, at)).reshape(_GROUPS, -1)
    mean, sd = points.mean(), points.std()
    soft = _SOFTENED * sd
    within = points.std(1)
    centre = mean + (points.mean(1) - mean) * np.sqrt(max(1 - _SOFTENED**2, 0.0))
    return NormalMixture(np.full(_GROUPS, 1 / _GROUPS), centre, np.sqrt(within**2 + soft**2) + 1e-12)


def _difference_given(steps: Steps, at: Levels) -> Floats:
    first, second = (steps.step * (1 - _below_cuts(steps, one, at.spread)).sum(0) for one in (at.first, at.second))
    return np.asarray(first - second)


def better_days_given(steps: Steps, at: Levels, better: str) -> Estimate:
    """Of ten pairs of days, on how many the rating given on the first arm is better; a tie counts half."""
    sign = sign_of(better)
    first, second = (_below_cuts(steps, one, at.spread) for one in (at.first, at.second))
    ends = np.zeros((1, at.spread.size)), np.ones((1, at.spread.size))
    share = np.diff(first, axis=0, prepend=ends[0], append=ends[1])
    below = np.concatenate([ends[0], second]), np.concatenate([second, ends[1]])
    higher = (share * 0.5 * (below[0] + below[1])).sum(0)
    return _estimate(PAIRS_OF_DAYS * (higher if sign > 0 else 1 - higher))


def _below_cuts(steps: Steps, level: Floats, spread: Floats) -> Floats:
    """P(latent rating < cut) of days around each level, shape (n_cuts, n)."""
    return cdf((steps.cuts[:, None] - level) / spread)


def _estimate(points: Floats) -> Estimate:
    """Of equally likely points."""
    return Estimate(float(points.mean()), *np.quantile(points, ENDS, method="hazen").tolist())


def _row(posterior: Posterior, arm: int) -> Floats:
    """Coefficients that make up an arm's level at the middle of the trend."""
    known = (0, *posterior.arms)
    if arm not in known:
        raise InvalidInputError(Problem("arm", str(arm), "one of " + ", ".join(map(str, sorted(known)))))
    row = np.zeros(posterior.mean.shape[-1])
    row[0] = 1.0
    if arm:
        row[posterior.arms.index(arm) - len(posterior.arms)] = 1.0
    return row


@cache
def _even_points() -> tuple[Floats, Floats]:
    """Places in (0, 1) and two standard normals that fill their cube evenly: shapes (n,) and (2, n)."""
    index = np.arange(_POINTS)
    uniform = np.mod(0.5 + np.outer([1 / _PLASTIC, 1 / _PLASTIC**2], index + 1), 1.0)
    centres = NormalMixture(np.ones(1), np.zeros(1), np.ones(1))
    return (index + 0.5) / _POINTS, centres.quantile(uniform.ravel()).reshape(2, -1)
