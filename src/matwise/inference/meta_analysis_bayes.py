"""Studies pooled by Bayes: what is believed of their mean and of how far they differ, and of a study still to come.

Given τ everything is normal, so that only τ is summed over (Röver 2020, doi:10.18637/jss.v093.i06). The sum runs over
log τ by the trapezoidal rule, which is exact to many digits for what falls off smoothly at both ends.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import ArrayLike, NDArray

from matwise.errors import InvalidInputError, Problem
from matwise.inference.meta_analysis import checked
from matwise.inference.mixture import NormalMixture
from matwise.inference.priors import Normal
from matwise.sentence import Sentence

Floats = NDArray[np.float64]

_POINTS = 3000
_FROM, _TO = math.log(1e-7), math.log(1e5)  # times the scale of its prior


class TauPrior(StrEnum):
    """What is believed of τ before any study is seen: below its scale with 68 %, or with 50 %."""

    HALF_NORMAL = "half-normal"
    HALF_CAUCHY = "half-Cauchy"


@dataclass(frozen=True, slots=True, eq=False)
class PooledByBayes:
    """What is believed once the studies are seen.

    Attributes:
        used: which of the studies it is about, shape (k,).
        mean: of μ.
        next_study: of the true effect of a study still to come, from the same kind of people and comparison.
        studies: of the true effect of each study used, drawn to the others; a mixture of shape (n_used, n_points).
        tau: points of τ, shape (n_points,).
        tau_weight: what each is believed, shape (n_points,), sum 1.
    """

    used: NDArray[np.bool_]
    mean: NormalMixture
    next_study: NormalMixture
    studies: NormalMixture
    tau: Floats
    tau_weight: Floats

    def tau_quantile(self, p: ArrayLike) -> Floats:
        """The τ below which it is believed to lie with probability `p`; same shape as `p`."""
        return np.interp(np.asarray(p, dtype=np.float64), np.cumsum(self.tau_weight) - 0.5 * self.tau_weight, self.tau)


def pool_by_bayes(
    effects: ArrayLike,
    variances: ArrayLike,
    tau_scale: float,
    tau_prior: TauPrior = TauPrior.HALF_NORMAL,
    mean_prior: Normal | None = None,
) -> PooledByBayes:
    """Pool studies by Bayes.

    Args:
        effects: shape (k,); NaN where a study did not report it.
        variances: their sampling variances, shape (k,).
        tau_scale: of the prior of τ, in the unit of the effects: 0.5 is weakly informative for standardised differences
            (Röver and others 2021, doi:10.1002/jrsm.1475).
        tau_prior: its form.
        mean_prior: of μ; None is flat, which needs two studies.

    Raises:
        InvalidInputError: as `meta_analysis.pool`, or a prior can't be meant.
    """
    y, v, used = checked(effects, variances)
    if not (tau_scale > 0 and math.isfinite(tau_scale)):
        raise InvalidInputError(Problem("tau_scale", f"{tau_scale:g}", Sentence("a finite scale above 0")))
    if mean_prior is None and y.size == 1:
        raise InvalidInputError(Problem("mean_prior", "None", Sentence("a prior of the mean, for one study alone")))
    at, precision = (0.0, 0.0) if mean_prior is None else (mean_prior.mean, mean_prior.sd**-2)
    log_tau = math.log(tau_scale) + np.linspace(_FROM, _TO, _POINTS)
    tau = np.exp(log_tau)
    w = 1 / (v + tau[:, None] ** 2)
    total = w.sum(-1) + precision
    middle = float(y.mean())  # sums of squares lose digits far from zero
    centre = ((w * (y - middle)).sum(-1) + precision * (at - middle)) / total
    left = (w * (y - middle - centre[:, None]) ** 2).sum(-1) + precision * (at - middle - centre) ** 2
    log_likelihood = 0.5 * (np.log(w).sum(-1) - np.log(total) - left)
    log_weight = log_likelihood + log_tau + _log_prior(tau_prior, tau, tau_scale)
    weight = np.exp(log_weight - log_weight.max())
    weight /= weight.sum()
    mean, sd = middle + centre, total**-0.5
    own = tau[:, None] ** 2 * w  # how much of a study's own effect is believed
    studies = NormalMixture(
        np.broadcast_to(weight, (y.size, _POINTS)),
        (own * y + (1 - own) * mean[:, None]).T,
        np.sqrt(own * v + (1 - own) ** 2 / total[:, None]).T,
    )
    return PooledByBayes(
        used,
        NormalMixture(weight, mean, sd),
        NormalMixture(weight, mean, np.hypot(sd, tau)),
        studies,
        tau,
        weight,
    )


def _log_prior(prior: TauPrior, tau: Floats, scale: float) -> Floats:
    if prior is TauPrior.HALF_NORMAL:
        return np.asarray(-0.5 * (tau / scale) ** 2)
    return np.asarray(-np.log1p((tau / scale) ** 2))
