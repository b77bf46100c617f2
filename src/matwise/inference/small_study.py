"""Do small studies say something else than large ones? What was never published leaves such a trace, among others."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from matwise.errors import InvalidInputError, Problem
from matwise.inference.distributions import student_t_cdf
from matwise.inference.heterogeneity import Tau2
from matwise.inference.meta_analysis import Interval, Pooled, checked, pool
from matwise.sentence import Sentence

Floats = NDArray[np.float64]

FEWEST = 3
ENOUGH = 10  # studies from which on such a test says anything (Sterne and others 2011, doi:10.1136/bmj.d4002)
_ROUNDS = 100


@dataclass(frozen=True, slots=True)
class Egger:
    """By how much the effect changes with the standard error, and what it would be without any.

    `enough` is False for fewer than ten studies: then it hardly ever finds what is there.
    """

    slope: float
    slope_se: float
    p: float
    effect_without_error: float
    enough: bool


@dataclass(frozen=True, slots=True, eq=False)
class Filled:
    """Studies that would make the funnel even, and the pooled effect with them. `side` is where they are missing."""

    missing: int
    side: str
    effects: Floats
    variances: Floats
    pooled: Pooled


def egger(effects: ArrayLike, variances: ArrayLike) -> Egger:
    """Egger's regression of the effect on its standard error (Egger and others 1997, doi:10.1136/bmj.315.7109.629).

    Raises:
        InvalidInputError: there are fewer than three studies, or all have the same standard error.
    """
    y, v, _ = checked(effects, variances)
    x = np.sqrt(v)
    w = 1 / v
    centre = float((w * x).sum() / w.sum())
    spread = float((w * (x - centre) ** 2).sum())
    if y.size < FEWEST or spread <= 1e-12 * float((w * x**2).sum()):
        got = Sentence("{number} studies of {kinds} sizes", number=y.size, kinds=np.unique(v).size)
        raise InvalidInputError(Problem("variances", got, Sentence("at least three studies of different size")))
    slope = float((w * (x - centre) * y).sum()) / spread
    level = float((w * y).sum() / w.sum()) - slope * centre
    left = float((w * (y - level - slope * x) ** 2).sum()) / (y.size - 2)
    se = (left / spread) ** 0.5
    p = 2 * student_t_cdf(-abs(slope) / se, y.size - 2) if se > 0 else float(slope == 0)
    return Egger(slope, se, p, level, enough=y.size >= ENOUGH)


def trim_and_fill(effects: ArrayLike, variances: ArrayLike, tau2: Tau2 = Tau2.REML) -> Filled:
    """Trim and fill with the estimator L0 (Duval and Tweedie 2000, doi:10.1111/j.0006-341X.2000.00455.x).

    Raises:
        InvalidInputError: as `egger`.
    """
    y, v, _ = checked(effects, variances)
    right = _slope(y, v, tau2) < 0  # small studies say less, so those that say more are missing
    turned = -y if right else y
    order = np.argsort(turned, kind="stable")
    turned, own_v = turned[order], v[order]
    k, missing, before, mean = y.size, 0, -1, 0.0
    for _ in range(_ROUNDS):
        if missing == before:
            break
        before = missing
        mean = pool(turned[: k - missing], own_v[: k - missing], tau2, Interval.WALD).mean
        off = turned - mean
        ranks = np.empty(k)
        ranks[np.argsort(np.abs(off), kind="stable")] = np.arange(1, k + 1)
        above = float(ranks[off > 0].sum())
        missing = min(max(0, round((4 * above - k * (k + 1)) / (2 * k - 1))), k - 2)
    mirrored = 2 * mean - turned[k - missing :]
    all_y = np.concatenate([y, -mirrored if right else mirrored])
    all_v = np.concatenate([v, own_v[k - missing :]])
    return Filled(missing, "right" if right else "left", all_y, all_v, pool(all_y, all_v, tau2, Interval.WALD))


def _slope(y: Floats, v: Floats, tau2: Tau2) -> float:
    """How the effect changes with the standard error, weighed as the pooled effect is."""
    egger(y, v)  # refuses what has no slope
    w, x = 1 / (v + pool(y, v, tau2, Interval.WALD).tau2), np.sqrt(v)
    centre = (w * x).sum() / w.sum()
    return float((w * (x - centre) * y).sum() / (w * (x - centre) ** 2).sum())
