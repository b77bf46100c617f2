"""How far studies differ beyond chance: estimates of τ², the variance of their true effects, and its interval."""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from matwise.inference.distributions import chi2_quantile

Floats = NDArray[np.float64]

_STEPS = 500
_HALVINGS = 2000


class Tau2(StrEnum):
    """How τ² is estimated; NONE is one true effect for all studies."""

    NONE = "none"
    DL = "DL"  # DerSimonian and Laird 1986, doi:10.1016/0197-2456(86)90046-2
    PM = "PM"  # Paule and Mandel 1982, doi:10.6028/jres.087.022
    REML = "REML"  # restricted maximum likelihood, Viechtbauer 2005, doi:10.3102/10769986030003261


def estimate(how: Tau2, y: Floats, v: Floats) -> float:
    """τ² by one of the estimators, 0 or more.

    Args:
        how: which.
        y: effects, shape (k,), k at least 2.
        v: their sampling variances, shape (k,), all above 0.
    """
    return {Tau2.NONE: lambda *_: 0.0, Tau2.DL: _dl, Tau2.PM: _pm, Tau2.REML: _reml}[how](y, v)


def generalised_q(tau2: float, y: Floats, v: Floats) -> float:
    """Σ wᵢ(yᵢ − μ̂)² with wᵢ = 1/(vᵢ + τ²): Cochran's Q where τ² is 0; falls as τ² rises."""
    w = 1 / (v + tau2)
    return float((w * (y - (w * y).sum() / w.sum()) ** 2).sum())


def q_profile(y: Floats, v: Floats, level: float = 0.95) -> tuple[float, float]:
    """The interval of τ² by the Q-profile method (Viechtbauer 2007, doi:10.1002/sim.2514); both 0 where it is empty."""
    df, tail = y.size - 1, 0.5 * (1 - level)
    low, high = (_where_q_is(chi2_quantile(p, df), y, v) for p in (1 - tail, tail))
    return low, high


def _dl(y: Floats, v: Floats) -> float:
    w = 1 / v
    return max(0.0, (generalised_q(0.0, y, v) - (y.size - 1)) / float(w.sum() - (w**2).sum() / w.sum()))


def _pm(y: Floats, v: Floats) -> float:
    return _where_q_is(y.size - 1, y, v)


def _reml(y: Floats, v: Floats) -> float:
    """Fisher scoring from several starts; of what they end at, the most likely."""
    starts = {0.0, _dl(y, v), _pm(y, v), float(np.var(y, ddof=1))}
    ends = {_scored(start, y, v) for start in starts}
    return max(ends, key=lambda tau2: _restricted_log_likelihood(tau2, y, v))


def _scored(tau2: float, y: Floats, v: Floats) -> float:
    for _ in range(_STEPS):
        w = 1 / (v + tau2)
        total = w.sum()
        trace = total - (w**2).sum() / total
        information = (w**2).sum() - 2 * (w**3).sum() / total + ((w**2).sum() / total) ** 2
        score = (w**2 * (y - (w * y).sum() / total) ** 2).sum() - trace
        ahead = max(0.0, tau2 + float(score / information))
        if abs(ahead - tau2) <= 1e-15 * max(ahead, float(v.min())):
            return ahead
        tau2 = ahead
    return tau2


def _restricted_log_likelihood(tau2: float, y: Floats, v: Floats) -> float:
    w = 1 / (v + tau2)
    return 0.5 * float(np.log(w).sum() - np.log(w.sum())) - 0.5 * generalised_q(tau2, y, v)


def _where_q_is(wanted: float, y: Floats, v: Floats) -> float:
    """The τ² at which the generalised Q has come down to a value; 0 where it is below it from the start."""

    def above(tau2: float) -> bool:
        return generalised_q(tau2, y, v) > wanted

    return _last(above, float(v.max())) if above(0.0) else 0.0


def _last(holds: Callable[[float], bool], step: float) -> float:
    """The last point from 0 on where something holds that holds up to it and nowhere behind it."""
    low, high = 0.0, step
    while holds(high):
        low, high = high, 2 * high
    for _ in range(_HALVINGS):
        middle = 0.5 * (low + high)
        if middle in {low, high}:
            break
        low, high = (middle, high) if holds(middle) else (low, middle)
    return 0.5 * (low + high)
