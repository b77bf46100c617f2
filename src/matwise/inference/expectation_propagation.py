"""Days known only to lie in an interval each, around a latent AR(1) path: expectation propagation.

Given (ρ, σ), the latent path of the rated days is Gaussian with a tridiagonal precision, the coefficients border it.
Each rated day adds an interval, for which one Gaussian factor stands in (its site). A sweep takes every day's site out
of the joint Gaussian, cuts what is left to the interval, and refits the site to the mean and variance of that (Minka
2001; Rasmussen and Williams 2006, section 3.6). The intervals are log-concave, so every site has a precision ≥ 0. The
log evidence does not move, to first order, with the sites (Seeger 2005): a few sweeps are enough.

Everything is done for many nodes (λ, ρ, σ) at once; only the recursion along the days is a loop.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from matwise.inference.interval import cut
from matwise.inference.mixture import Floats

_LEAST = 1e-12  # a cavity's precision never falls to it but by rounding
_MOST_SWEEPS = 40
_AT_REST = 0.01  # spreads; sweeps shrink what is left by a factor of three or more
_EVIDENCE_AT_REST = 0.01
_WEIGHTY = 5.0
_SWING, _SLOWEST = 0.3, 0.25


@dataclass(frozen=True, slots=True, eq=False)
class Intervals:
    """One person's rated days: all that is known of the latent path, measured from what the priors expect.

    Shapes: `below`, `above`, `middle` (n_λ, n); `closed` (n,), False where an end is at infinity; `width` of the closed
    ones; `gap` (n,), the days since the one before, 0 for the first; `design` (n_λ, n, p), the coefficients' rows;
    `prior_precision` (p, p) and the log of its determinant.
    """

    below: Floats
    above: Floats
    closed: np.ndarray
    middle: Floats
    width: float
    gap: Floats
    design: Floats
    prior_precision: Floats
    log_prior_determinant: float

    @property
    def n(self) -> int:
        """Rated days."""
        return self.closed.size


@dataclass(frozen=True, slots=True, eq=False)
class Sites:
    """Stand-ins of the intervals: precision and precision × mean, each (n, n_nodes)."""

    precision: Floats
    score: Floats

    def at(self, nodes: np.ndarray) -> Sites:
        """Those of the nodes chosen by index or mask."""
        return Sites(self.precision[:, nodes], self.score[:, nodes])

    def towards(self, other: Sites, share: Floats) -> Sites:
        """Part of the way to other sites; `share` has shape (n_nodes,)."""
        if (share == 1).all():
            return other
        return Sites(
            self.precision + share * (other.precision - self.precision), self.score + share * (other.score - self.score)
        )


@dataclass(frozen=True, slots=True, eq=False)
class Propagated:
    """`log_density` (n_nodes,), evidence × prior; coefficients' `mean` (n_nodes, p) and `root` (n_nodes, p, p).

    `root` times its transpose is their covariance.
    """

    log_density: Floats
    mean: Floats
    root: Floats
    sites: Sites


def first_sites(days: Intervals, n_nodes: int) -> Sites:
    """Where to begin, under the first λ: a closed interval as a reading with about the error of rounding."""
    precision = np.where(days.closed, 6 / days.width**2, 0.0)
    each = np.ones(n_nodes)
    return Sites(precision[:, None] * each, (precision * days.middle[0])[:, None] * each)


def propagate(
    days: Intervals,
    which: np.ndarray,
    rho: Floats,
    sigma: Floats,
    log_prior: Floats,
    start: Sites,
    sweeps: int,
    peak: float = np.inf,
) -> Propagated:
    """Log density and coefficients at each node after `sweeps` sweeps from the sites `start`.

    Args:
        days: the person's.
        which: index of each node's λ, shape (n_nodes,).
        rho: shape (n_nodes,).
        sigma: shape (n_nodes,).
        log_prior: that of (ρ, σ), shape (n_nodes,).
        start: sites to begin from.
        sweeps: at least 1.
        peak: sweeps go on until every node rests whose log density comes near it, or near the best of them.
    """
    path, ends = _path(days, rho, sigma), (days.below.T[:, which], days.above.T[:, which])
    design = np.ascontiguousarray(days.design.transpose(1, 2, 0)[..., which])
    sites, done, progress = start, 0, _Progress.none(rho.size, design.shape[1])
    while True:
        joint = _joint(days, path, design, sites)
        fresh, log_evidence = _refit(days, ends, path, joint, sites)
        progress, done = progress.after(joint, log_evidence + log_prior), done + 1
        sites = sites.towards(fresh, progress.pace)
        if done >= sweeps and (done >= _MOST_SWEEPS or progress.rests(peak)):
            return Propagated(progress.log_density, joint.mean, joint.root, sites)


@dataclass(frozen=True, slots=True, eq=False)
class _Progress:
    """What the last sweep moved at each node: coefficients `step` (n_nodes, p) in spreads, and log density.

    Where many days lie on an end of the scale, sweeps may overshoot and swing for ever: a node whose step turns back
    without getting much shorter goes on at half `pace`.
    """

    mean: Floats
    log_density: Floats
    step: Floats
    change: Floats
    pace: Floats

    @classmethod
    def none(cls, n_nodes: int, p: int) -> _Progress:
        nothing, far = np.zeros((n_nodes, p)), np.full(n_nodes, np.inf)
        return cls(nothing, np.zeros(n_nodes), nothing, far, np.ones(n_nodes))

    def after(self, joint: _Joint, log_density: Floats) -> _Progress:
        step = (joint.mean - self.mean) / np.sqrt((joint.root**2).sum(-1))
        along, before = (step * self.step).sum(-1), (self.step**2).sum(-1)
        swings = along < -_SWING * before
        if not np.isfinite(self.change).all():  # the first step comes from nowhere
            swings = np.zeros_like(swings)
        pace = np.where(swings, np.maximum(0.5 * self.pace, _SLOWEST), self.pace)
        return _Progress(joint.mean, log_density, step, np.abs(log_density - self.log_density), pace)

    def rests(self, peak: float) -> bool:
        """Whether density and coefficients hardly moved where the density is within e^-_WEIGHTY of the best."""
        still = (np.abs(self.step).max(-1) < _AT_REST) & (self.change < _EVIDENCE_AT_REST)
        return bool(still[self.log_density > max(peak, self.log_density.max()) - _WEIGHTY].all())


@dataclass(frozen=True, slots=True, eq=False)
class _Path:
    """Precision of the latent errors: diagonal and minus the coupling to the day before, (n, n_nodes)."""

    diagonal: Floats
    coupling: Floats
    log_determinant: Floats


def _path(days: Intervals, rho: Floats, sigma: Floats) -> _Path:
    power = rho ** days.gap[:, None]
    power[:1] = 0.0  # the first day starts from the stationary spread
    precision = (1 - rho**2) / (sigma**2 * (1 - power**2))
    diagonal = precision.copy()
    diagonal[:-1] += (power**2 * precision)[1:]
    return _Path(diagonal, power * precision, np.log(precision).sum(0))


@dataclass(frozen=True, slots=True, eq=False)
class _Joint:
    """The joint Gaussian of latent days and coefficients under the sites.

    `centre`, `variance` of each latent day (n, n_nodes); `mean`, `root` of the coefficients (n_nodes, p), (n_nodes,
    p, p); `log_integral` of its unnormalised density (n_nodes,), but for powers of 2π.
    """

    centre: Floats
    variance: Floats
    mean: Floats
    root: Floats
    log_integral: Floats


def _joint(days: Intervals, path: _Path, design: Floats, sites: Sites) -> _Joint:
    """Solve path and border.

    With A = path + sites and W = X − A⁻¹·T·X (T the sites' precisions), the coefficients' precision is P + W'TX.
    """
    right = np.empty((design.shape[0], design.shape[1] + 1, design.shape[2]))
    right[:, 0] = sites.score
    np.multiply(design, sites.precision[:, None], out=right[:, 1:])
    solved, spread, log_determinant = _solve(path.diagonal + sites.precision, path.coupling, right)
    left = design - solved[:, 1:]
    products = np.einsum("tpk,tqk->pqk", left, right).transpose(2, 0, 1)
    lower = np.linalg.cholesky(days.prior_precision + products[..., 1:])
    inverse = np.linalg.inv(lower)
    along = np.matmul(inverse, products[..., :1])
    root = inverse.swapaxes(-1, -2)
    mean = np.matmul(root, along)[..., 0]
    centre = solved[:, 0] + np.einsum("tpk,pk->tk", left, np.ascontiguousarray(mean.T))
    whitened = np.einsum("tpk,qpk->tqk", left, np.ascontiguousarray(inverse.transpose(1, 2, 0)))
    variance = spread + np.einsum("tqk,tqk->tk", whitened, whitened)
    log_integral = 0.5 * (
        np.einsum("tk,tk->k", sites.score, solved[:, 0]) + (along[..., 0] ** 2).sum(-1) - log_determinant
    )
    log_integral -= np.log(np.diagonal(lower, axis1=-2, axis2=-1)).sum(-1)
    return _Joint(centre, variance, mean, root, log_integral)


def _solve(diagonal: Floats, coupling: Floats, right: Floats) -> tuple[Floats, Floats, Floats]:
    """Solutions, diagonal of the inverse and log determinant of the tridiagonal systems of all nodes.

    Elimination runs from both ends at once; where the two meet, a day's solution and variance can be read off.
    """
    pivot = np.stack([diagonal, diagonal[::-1]], axis=1)
    value = np.stack([right, right[::-1]], axis=1)
    link = np.zeros_like(pivot)
    link[1:, 0], link[1:, 1] = coupling[1:], coupling[:0:-1]
    squared, taken = link * link, np.empty(pivot.shape[1:])
    for before, now, one in zip(pivot[:-1], pivot[1:], squared[1:], strict=True):
        np.divide(one, before, out=taken)
        np.subtract(now, taken, out=now)
    share, carried = (link[1:] / pivot[:-1])[:, :, None], np.empty(value.shape[1:])
    for before, now, one in zip(value[:-1], value[1:], share, strict=True):
        np.multiply(before, one, out=carried)
        np.add(now, carried, out=now)
    spread = 1 / (pivot[:, 0] + pivot[::-1, 1] - diagonal)
    solved = (value[:, 0] + value[::-1, 1] - right) * spread[:, None]
    return solved, spread, np.log(pivot[:, 0]).sum(0)


def _refit(
    days: Intervals, ends: tuple[Floats, Floats], path: _Path, joint: _Joint, sites: Sites
) -> tuple[Sites, Floats]:
    """Sites refitted to their intervals, and the log evidence under the sites as they were."""
    marginal = 1 / joint.variance
    precision = np.maximum(marginal - sites.precision, _LEAST)
    score = joint.centre * marginal - sites.score
    root, mean = np.sqrt(precision), score / precision
    found = cut((ends[0] - mean) * root, (ends[1] - mean) * root, days.closed[:, None])
    kept = np.maximum(1 - found.narrowing, _LEAST)
    narrowing = np.maximum(found.narrowing, 0.0)
    fresh = Sites(precision * narrowing / kept, (score * narrowing + root * found.shift) / kept)
    per_day = found.log_share + 0.5 * (mean * score - joint.centre**2 * marginal - np.log(precision * joint.variance))
    prior = 0.5 * (path.log_determinant + days.log_prior_determinant)
    return fresh, joint.log_integral + prior + per_day.sum(0)
