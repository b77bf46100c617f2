"""Several studies of one question, pooled: one true effect for all, or true effects that differ.

y_i ~ N(θ_i, v_i), θ_i ~ N(μ, τ²), with the v_i taken as known (Higgins, Thompson and Spiegelhalter 2009,
doi:10.1111/j.1467-985X.2008.00552.x).
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from statistics import NormalDist

import numpy as np
from numpy.typing import ArrayLike, NDArray

from matwise.errors import InvalidInputError, Problem
from matwise.inference.distributions import chi2_sf, student_t_cdf, student_t_quantile
from matwise.inference.heterogeneity import Tau2, estimate, generalised_q, q_profile
from matwise.sentence import Sentence

Floats = NDArray[np.float64]


class Interval(StrEnum):
    """How the interval of the mean is made.

    Hartung and Knapp 2001 (doi:10.1002/sim.791) allow for τ² being an estimate; of few studies that agree by chance
    theirs can be narrower than Wald's, which FLOORED does not let it (Röver and others 2015,
    doi:10.1186/s12874-015-0091-1).
    """

    WALD = "wald"
    HARTUNG_KNAPP = "hartung-knapp"
    FLOORED = "hartung-knapp, never narrower"


@dataclass(frozen=True, slots=True, eq=False)
class Pooled:
    """What studies say together.

    Attributes:
        used: which of the studies it is about, shape (k,); those with a NaN are left out.
        weights: share of each in the mean, shape (k,); 0 for those left out.
        mean: the pooled effect, in the unit of the effects.
        se: its standard error.
        low: lower end of its interval.
        high: upper end of its interval.
        p: two-sided p value of no effect.
        tau2: variance of the true effects.
        tau2_low: lower end of its interval (Q-profile); None of one study.
        tau2_high: upper end.
        i2: share of the variance that is not chance (Higgins and Thompson 2002, doi:10.1002/sim.1186), 0 to 1.
        h2: how many times the variance is what chance alone makes.
        q: Cochran's Q.
        q_p: its p value.
        predicted_low: lower end of where the true effect of another study lies; None of fewer than three.
        predicted_high: upper end.
    """

    used: NDArray[np.bool_]
    weights: Floats
    mean: float
    se: float
    low: float
    high: float
    p: float
    tau2: float
    tau2_low: float | None
    tau2_high: float | None
    i2: float
    h2: float
    q: float
    q_p: float
    predicted_low: float | None
    predicted_high: float | None

    @property
    def k(self) -> int:
        """How many studies were used."""
        return int(self.used.sum())


def pool(
    effects: ArrayLike,
    variances: ArrayLike,
    tau2: Tau2 = Tau2.REML,
    interval: Interval = Interval.FLOORED,
    level: float = 0.95,
) -> Pooled:
    """Pool studies.

    Args:
        effects: shape (k,); NaN where a study did not report it.
        variances: their sampling variances, shape (k,); NaN where it can't be known, as without a standard deviation.
        tau2: how the variance of true effects is estimated.
        interval: how the interval of the mean is made; of one study always Wald's.
        level: of all intervals, in (0, 1).

    Raises:
        InvalidInputError: a variance is not above 0, shapes differ, nothing is left, or there is no such level.
    """
    y, v, used = checked(effects, variances, level)
    k, tail = y.size, 0.5 * (1 - level)
    between = estimate(tau2, y, v) if k > 1 else 0.0
    w = 1 / (v + between)
    mean, se = float((w * y).sum() / w.sum()), float(w.sum()) ** -0.5
    if k == 1 or interval is Interval.WALD:
        reach, p = NormalDist().inv_cdf(1 - tail), 2 * NormalDist().cdf(-abs(mean) / se)
    else:
        spread = float((w * (y - mean) ** 2).sum()) / (k - 1)
        se *= max(1.0, spread) ** 0.5 if interval is Interval.FLOORED else spread**0.5
        reach = student_t_quantile(1 - tail, k - 1)
        p = 2 * student_t_cdf(-abs(mean) / se, k - 1) if se > 0 else float(mean == 0)
    predicted = None if k < 3 else student_t_quantile(1 - tail, k - 2) * (between + se**2) ** 0.5
    q = generalised_q(0.0, y, v)
    i2, h2 = _share(q, y, v, between, tau2)
    low2, high2 = q_profile(y, v, level) if k > 1 else (None, None)
    weights = np.zeros(used.size)
    weights[used] = w / w.sum()
    return Pooled(
        used,
        weights,
        mean,
        se,
        mean - reach * se,
        mean + reach * se,
        p,
        between,
        low2,
        high2,
        i2,
        h2,
        q,
        chi2_sf(q, k - 1) if k > 1 else 1.0,
        None if predicted is None else mean - predicted,
        None if predicted is None else mean + predicted,
    )


def checked(effects: ArrayLike, variances: ArrayLike, level: float = 0.95) -> tuple[Floats, Floats, NDArray[np.bool_]]:
    """Effects and variances without those that have a NaN, and which were used.

    Raises:
        InvalidInputError: as `pool`.
    """
    y, v = np.asarray(effects, dtype=np.float64), np.asarray(variances, dtype=np.float64)
    if y.ndim != 1 or y.shape != v.shape:
        raise InvalidInputError(Problem("variances", f"{v.shape}", Sentence("one for each effect")))
    used = ~(np.isnan(y) | np.isnan(v))
    problems = [
        Problem(f"variances[{at}]", f"{v[at]:g}", Sentence("a finite variance above 0"))
        for at in np.flatnonzero(used & ~((v > 0) & np.isfinite(v)))
    ]
    problems += [
        Problem(f"effects[{at}]", f"{y[at]:g}", Sentence("a finite effect")) for at in np.flatnonzero(np.isinf(y))
    ]
    if not used.any():
        problems.append(Problem("effects", "0", Sentence("at least one study with an effect and its variance")))
    if not 0 < level < 1:
        problems.append(Problem("level", f"{level:g}", Sentence("above 0 and below 1")))
    if problems:
        raise InvalidInputError(*problems)
    return y[used], v[used], used


def leave_one_out(
    effects: ArrayLike, variances: ArrayLike, tau2: Tau2 = Tau2.REML, interval: Interval = Interval.FLOORED
) -> tuple[Pooled | None, ...]:
    """What the others say without each study; None for one that was left out anyway, or without which none is left.

    Raises:
        InvalidInputError: as `pool`.
    """
    y, v = np.array(effects, dtype=np.float64), np.array(variances, dtype=np.float64)
    _, _, used = checked(y, v)
    found: list[Pooled | None] = []
    for at in range(y.size):
        without = np.where(np.arange(y.size) == at, np.nan, y)
        found.append(pool(without, v, tau2, interval) if used[at] and used.sum() > 1 else None)
    return tuple(found)


def _share(q: float, y: Floats, v: Floats, between: float, tau2: Tau2) -> tuple[float, float]:
    """I² and H²: from Q where the effect is taken to be one, else from τ² and the variance a typical study has."""
    df = y.size - 1
    if df == 0:
        return 0.0, 1.0
    if tau2 is Tau2.NONE:
        return (max(0.0, (q - df) / q) if q > 0 else 0.0), q / df
    w = 1 / v
    typical = df * float(w.sum()) / float(w.sum() ** 2 - (w**2).sum())
    return between / (between + typical), between / typical + 1
