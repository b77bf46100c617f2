"""The posterior over (atanh ρ, log σ) on a grid that follows it, coefficients integrated out exactly at every node.

The outer axis is u = atanh ρ: equal steps of its posterior spread, walked outwards until a row holds nothing more. The
inner axis is v = log σ: each row has its own centre and its own step, because the ridge of the posterior bends. A fixed
box would cut the exponential tail of u (an error of 0.004 sd in the mean and 0.017 sd in the quantiles).
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from matwise.inference.mixture import Floats
from matwise.inference.moments import Moments, gram
from matwise.inference.priors import Normal, Priors

STEP_SD = 0.75  # trapezoid step in spreads of the posterior: errors near 1e-6 sd (validation/inference) …
STEP_SD_OF_FEW, FEW = 0.5, 14  # … and below 14 rated days, where the posterior is far from normal
LARGEST_U_SD = 0.4  # a flat posterior of u may hide two modes half a unit apart
CUT = 12.0  # log density below the peak where the walk ends: e^-12 of the peak
_FARTHEST_U = 8.0  # |ρ| = 0.9999998
_SCAN_U = np.concatenate([[-_FARTHEST_U], np.linspace(-4.0, 4.0, 25), [_FARTHEST_U]])
_MIDDLE = _SCAN_U.size // 2  # where ρ = 0
_EXACT, _EXACT_AT_RHO_ONE = 1e-12, 1e-5  # shares of the residual below which a fit counts as exact


@dataclass(frozen=True, slots=True, eq=False)
class Rows:
    """Everything about n_rows values of u; the data enter through the eigenvalues of the prior-scaled Gram matrix.

    Shapes: `u`, `constant`, `yy` (n_λ, n_rows); `eigenvalue`, `loading` (b) (n_λ, n_rows, p); `basis`, the coefficients
    that belong to each eigenvector, (n_λ, n_rows, p, p).
    """

    n: int
    u: Floats
    constant: Floats
    yy: Floats
    eigenvalue: Floats
    loading: Floats
    basis: Floats


@dataclass(frozen=True, slots=True, eq=False)
class Nodes:
    """The grid: log of weight × density, ρ and σ, each (n_λ, n_nodes), and the coefficients there.

    `mean` (n_λ, n_nodes, p) is measured from the prior means; `root` (n_λ, n_nodes, p, p) times its transpose is the
    covariance. `coarse` marks every other node along both axes: a grid of twice the step.
    """

    log_mass: Floats
    rho: Floats
    sigma: Floats
    mean: Floats
    root: Floats
    coarse: NDArray[np.bool_]


def integrate(stats: Moments, priors: Priors, *, finer: float = 1.0) -> Nodes | None:
    """Nodes that carry the whole posterior down to e^-CUT of its peak; None where it has no peak (an exact fit).

    `finer` times as many nodes along each axis as usual.
    """
    scan = rows(stats, priors, np.broadcast_to(_SCAN_U, (len(stats.matrices), _SCAN_U.size)))
    if _fits_exactly(scan):
        return None
    centre, width, peak = _conditional_mode(scan, priors, _start(scan, priors), steps=2)
    u_mode, u_sd = _outer_mode(stats, priors, centre, peak + np.log(width))
    step_sd = (STEP_SD if stats.n >= FEW else STEP_SD_OF_FEW) / finer
    step = step_sd * u_sd
    first, last = _outer_reach(peak, u_mode, step)
    while True:
        u = u_mode[:, None] + step[:, None] * np.arange(first, last + 1)
        grid = rows(stats, priors, np.clip(u, -_FARTHEST_U, _FARTHEST_U))
        log_mass, v = _fill(grid, priors, _interpolate(grid.u, centre), step_sd)
        log_mass = np.where(np.abs(u)[..., None] > _FARTHEST_U, -np.inf, log_mass + np.log(step)[:, None, None])
        wider = _still_open(log_mass)
        if not any(wider):
            return nodes(grid, v, log_mass)
        first, last = first - 6 * wider[0], last + 6 * wider[1]


def rows(stats: Moments, priors: Priors, u: Floats) -> Rows:
    """Rows at `u` of shape (n_λ, n_rows)."""
    rho = np.tanh(u)
    g, log_weight = gram(stats, rho)
    root = prior_root(priors, stats.columns - 1, stats.effects)
    eigenvalue, vector = np.linalg.eigh(root.T @ g[..., :-1, :-1] @ root)
    loading = (vector.swapaxes(-1, -2) @ (root.T @ g[..., :-1, -1:]))[..., 0]
    constant = log_weight - 0.5 * stats.n * math.log(2 * math.pi) + log_prior_u(priors.rho, u)
    return Rows(stats.n, u, constant, g[..., -1, -1], np.maximum(eigenvalue, 0.0), loading, root @ vector)


def prior_root(priors: Priors, coefficients: int, effects: int) -> Floats:
    """The matrix (p, p) whose product with its transpose is the prior covariance of the coefficients.

    Level, trend, covariates (with the trend's spread), then the effects. Arms are exchangeable: effects measured from
    the same arm 0 share half their variance, so that every difference of two arms has the same prior spread.
    """
    spread = [priors.level.sd] + [priors.trend.sd] * (coefficients - effects - 1)
    covariance = np.diag(np.array([*spread, *[priors.effect.sd] * effects]) ** 2)
    covariance[-effects:, -effects:] = priors.effect.sd**2 * 0.5 * (np.eye(effects) + 1)
    return np.linalg.cholesky(covariance)


def log_density(grid: Rows, v: Floats, priors: Priors) -> Floats:
    """Log of likelihood × prior at each v = log σ, shape (n_λ, n_rows, n_v) like `v`."""
    x = np.exp(-2 * v)
    scaled = grid.eigenvalue[:, :, None] * x[..., None]
    explained = (grid.loading[:, :, None] ** 2 / (1 + scaled)).sum(-1)
    misfit = np.maximum(x * (grid.yy[..., None] - x * explained), 0.0)
    likelihood = -grid.n * v - 0.5 * misfit - 0.5 * np.log1p(scaled).sum(-1)
    return np.asarray(likelihood + grid.constant[..., None] + log_prior_v(v, priors.sigma))


def log_prior_u(prior: Normal | None, u: Floats) -> Floats:
    """Log density of u = atanh ρ; a prior of None is flat in ρ."""
    log_jacobian = 2 * (math.log(2) - np.logaddexp(u, -u))  # dρ/du = sech² u
    if prior is None:
        return np.asarray(log_jacobian - math.log(2))
    root = prior.sd * math.sqrt(2)
    inside = 0.5 * (math.erf((1 - prior.mean) / root) - math.erf((-1 - prior.mean) / root))
    scale = math.log(prior.sd * math.sqrt(2 * math.pi) * inside)
    return np.asarray(log_jacobian - 0.5 * ((np.tanh(u) - prior.mean) / prior.sd) ** 2 - scale)


def log_prior_v(v: Floats, scale: float) -> Floats:
    """Log density of v = log σ, where σ is half-normal of this scale."""
    constant = math.log(2 / (scale * math.sqrt(2 * math.pi)))
    return np.asarray(v - 0.5 * np.exp(2 * v) / scale**2 + constant)


def _slopes(grid: Rows, v: Floats, priors: Priors) -> tuple[Floats, Floats]:
    """First and second derivative of the log density along v; `v` has shape (n_λ, n_rows)."""
    x = np.exp(-2 * v)
    t = 1 / (1 + grid.eigenvalue * x[..., None])
    known = (grid.loading * x[..., None]) ** 2 * t
    noise = x * grid.yy
    prior = np.exp(2 * v) / priors.sigma**2
    first = 1 - grid.n + noise - prior + (1 - t - known * (1 + t)).sum(-1)
    second = 2 * ((known * (2 + 2 * t - (1 - t) * (1 + 2 * t)) - t * (1 - t)).sum(-1) - noise - prior)
    return first, second


def _conditional_mode(grid: Rows, priors: Priors, v: Floats, steps: int) -> tuple[Floats, Floats, Floats]:
    """About where each row peaks in v, its spread there and its height, by Newton from `v` of shape (n_λ, n_rows)."""
    second = v
    for _ in range(steps):
        first, second = _slopes(grid, v, priors)
        v = v + np.clip(first / np.maximum(-second, 0.5), -1.0, 1.0)
    return v, 1 / np.sqrt(np.maximum(-second, 0.5)), log_density(grid, v[..., None], priors)[..., 0]


def residual(grid: Rows) -> tuple[Floats, NDArray[np.int64]]:
    """Sum of squares that no coefficient explains, and the rank of the design; both (n_λ, n_rows)."""
    free = grid.eigenvalue > 1e-9 * grid.eigenvalue[..., -1:]
    explained = (grid.loading**2 / np.where(free, grid.eigenvalue, np.inf)).sum(-1)
    return np.maximum(grid.yy - explained, 0.0), free.sum(-1)


def _fits_exactly(scan: Rows) -> bool:
    """Whether arms and trend leave no residual under any λ, so that the posterior of σ piles up at 0.

    Asked of the days as they are (ρ = 0) and of sums and differences of neighbours (ρ → ∓1): a rating that only ever
    alternates is such a case.
    """
    left, rank = residual(scan)
    plain = left[:, _MIDDLE]
    exact = (plain <= _EXACT * scan.yy[:, _MIDDLE]) & (scan.n > rank[:, _MIDDLE])
    alternating = (left[:, [0, -1]] <= _EXACT_AT_RHO_ONE * plain[:, None]) & (scan.n > rank[:, [0, -1]] + 1)
    return bool(exact.any() or alternating.any())


def _start(grid: Rows, priors: Priors) -> Floats:
    """The likelier of two: σ as if the coefficients were free, and as if everything were noise; (n_λ, n_rows)."""
    both = np.stack([grid.yy, residual(grid)[0]], axis=-1)
    variance = np.maximum(both, 1e-12 * both[..., :1]) / max(grid.n, 1)
    v = 0.5 * np.log(np.where(variance > 0, variance, priors.sigma**2))
    height = log_density(grid, v, priors)
    return np.where(height[..., 0] > height[..., 1], v[..., 0], v[..., 1])


def _outer_mode(stats: Moments, priors: Priors, centre: Floats, log_mass: Floats) -> tuple[Floats, Floats]:
    """Mode and spread of u: the best point of the scan, then a parabola through closer points."""
    best = np.clip(log_mass.argmax(-1), 2, _SCAN_U.size - 3)  # the two ends are not equidistant
    around = best[:, None] + np.array([-1, 0, 1])
    mode, sd = _parabola(_SCAN_U[around], np.take_along_axis(log_mass, around, -1))
    u = mode[:, None] + sd[:, None] * np.array([-1.0, 0.0, 1.0])
    near = rows(stats, priors, u)
    _, width, peak = _conditional_mode(near, priors, _interpolate(u, centre), steps=1)
    return _parabola(u, peak + np.log(width))


def _parabola(u: Floats, height: Floats) -> tuple[Floats, Floats]:
    """Top and spread of the parabola through three equidistant points; never farther than two steps away."""
    step = u[:, 1] - u[:, 0]
    slope = (height[:, 2] - height[:, 0]) / (2 * step)
    bend = np.maximum((2 * height[:, 1] - height[:, 0] - height[:, 2]) / step**2, LARGEST_U_SD**-2)
    return u[:, 1] + np.clip(slope / bend, -2 * step, 2 * step), 1 / np.sqrt(bend)


def _interpolate(u: Floats, centre: Floats) -> Floats:
    return np.stack([np.interp(one, _SCAN_U, at) for one, at in zip(u, centre, strict=True)])


def _outer_reach(peak: Floats, u_mode: Floats, step: Floats) -> tuple[int, int]:
    """Rows to begin with: wherever the scan saw mass (there may be a second mode), and seven each way at least."""
    seen = peak > peak.max(-1, keepdims=True) - CUT
    seen[:, 1:-1] |= seen[:, :-2] | seen[:, 2:]
    index = (_SCAN_U - u_mode[:, None]) / step[:, None]
    first = math.floor(np.where(seen, index, 0.0).min())
    return min(-7, first), max(7, math.ceil(np.where(seen, index, 0.0).max()))


def _fill(grid: Rows, priors: Priors, start: Floats, step_sd: float) -> tuple[Floats, Floats]:
    """Log mass and v of each row's nodes, walked outwards in v until every row has ended."""
    centre, width, _ = _conditional_mode(grid, priors, start, steps=1)
    step = step_sd * width
    first, last = math.floor(-5 / step_sd), math.ceil(6.5 / step_sd)
    while True:
        v = centre[..., None] + step[..., None] * np.arange(first, last + 1)
        log_mass = log_density(grid, v, priors) + np.log(step)[..., None]
        wider = _still_open(log_mass.swapaxes(-1, -2))
        if not any(wider):
            return log_mass, v
        first, last = first - 5 * wider[0], last + 5 * wider[1]


def _still_open(log_mass: Floats) -> tuple[bool, bool]:
    """Whether the first or the last line of axis −2 still holds mass above the cut."""
    bound = log_mass.max((-1, -2)) - CUT
    lines = log_mass[:, [0, -1]].max(-1) > bound[:, None]
    return bool(lines[:, 0].any()), bool(lines[:, 1].any())


def nodes(grid: Rows, v: Floats, log_mass: Floats) -> Nodes:
    """Nodes at `v` of shape (n_λ, n_rows, n_v) that carry `log_mass`."""
    x = np.exp(-2 * v)[..., None]
    shrunk = 1 / (1 + grid.eigenvalue[:, :, None] * x)
    along = shrunk * grid.loading[:, :, None] * x
    flat, p = (len(v), -1), grid.eigenvalue.shape[-1]
    row, column = np.indices(v.shape[1:])
    coarse = np.broadcast_to((row % 2 == 0) & (column % 2 == 0), v.shape)
    return Nodes(
        log_mass=log_mass.reshape(flat),
        rho=np.broadcast_to(np.tanh(grid.u)[..., None], v.shape).reshape(flat),
        sigma=np.exp(v).reshape(flat),
        mean=(along @ grid.basis.swapaxes(-1, -2)).reshape(*flat, p),
        root=(grid.basis[:, :, None] * np.sqrt(shrunk)[..., None, :]).reshape(*flat, p, p),
        coarse=coarse.reshape(flat),
    )
