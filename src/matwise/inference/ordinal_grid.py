"""The posterior over (atanh ρ, log σ) of a person whose days are intervals, on a lattice that follows it.

A coarse lattice finds the mode, a stencil there its spread and tilt; the final lattice is laid along them and grows
from node to node until its rim holds nothing more. Sites are handed on from node to node, so few sweeps are needed.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from matwise.inference.expectation_propagation import Intervals, Propagated, Sites, first_sites, propagate
from matwise.inference.mixture import Floats
from matwise.inference.priors import Priors
from matwise.inference.quadrature import log_prior_u, log_prior_v

STEP_SD = 1.2  # step of the final lattice in posterior spreads: the trapezoid rule is then right to 1e-8 of a normal
LARGEST_U_SD, LARGEST_V_SD = 0.5, 0.4  # flatter posteriors are prior or skew, and their tails need the finer step
CUT = 8.0  # log density below the peak where the lattice ends
_FIRST_REACH = 4.2  # spreads covered before anything is known about the rim
_AT_ONCE = 6  # rings
_WIDER = 8  # cells, beyond the rings and what they are foretold from
_DIRECTIONS = ((1, 0), (-1, 0), (1, 1), (-1, 1))
_REACH_OF_STENCIL = 1.5
_FARTHEST_U = 6.0  # |ρ| = 0.99999: a flat prior has 1e-5 of its mass beyond
_LEAST_SIGMA = 0.003  # interval widths
_HALF = 40  # nodes of the largest lattice to each side
_COARSE_U, _COARSE_V = 0.4, 0.35  # steps of the search: twice the usual posterior spreads after 56 days
_SQUARE = np.array([(i, j) for i in (-1, 0, 1) for j in (-1, 0, 1)])
_COARSE = np.array([(i, j) for i in range(-2, 3) for j in range(-2, 3)])
_SCAN_SWEEPS, _STENCIL_SWEEPS, _FINAL_SWEEPS, _RIM_SWEEPS = 4, 2, 3, 2
_LONGEST_SEARCH = 12

Cells = NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class OrdinalNodes:
    """`log_mass`, `rho`, `sigma` (n_λ, n_nodes); of the coefficients `mean` (…, p) and `root` (…, p, p)."""

    log_mass: Floats
    rho: Floats
    sigma: Floats
    mean: Floats
    root: Floats


@dataclass(frozen=True, slots=True, eq=False)
class _Frame:
    """Where the lattice lies: (u, v) = `origin` + `axes`·cell."""

    origin: Floats
    axes: Floats

    def at(self, cells: Floats | Cells) -> Floats:
        return np.asarray(self.origin + cells @ self.axes.T)


@dataclass(frozen=True, slots=True, eq=False)
class _Seen:
    """What is known at some points (u, v) of shape (n, 2): log density (n,) and sites, one λ."""

    points: Floats
    height: Floats
    sites: Sites


def integrate_intervals(days: Intervals, priors: Priors) -> OrdinalNodes:
    """Nodes that carry the whole posterior down to e^-CUT of its peak."""
    seen = _search(days, priors)
    frame, near = _stencil(days, priors, seen)
    return _fill(days, priors, frame, near)


def _heights(
    days: Intervals,
    priors: Priors,
    points: Floats,
    start: Sites,
    sweeps: int,
    keeps: Cells,
    peak: float = np.inf,
) -> Propagated:
    """Log posterior density and coefficients at `points` for each λ of `keeps`, λ by λ; all but `keeps` as there."""
    u, v = (np.tile(points[:, axis], keeps.size) for axis in (0, 1))
    log_prior = log_prior_u(priors.rho, u) + log_prior_v(v, priors.sigma)
    return propagate(days, np.repeat(keeps, len(points)), np.tanh(u), np.exp(v), log_prior, start, sweeps, peak)


_FIRST = np.zeros(1, dtype=np.int64)


def _search(days: Intervals, priors: Priors) -> _Seen:
    """A coarse lattice whose best point is not on its rim."""
    spread = float(np.std(days.middle[0])) if days.n > 1 else priors.sigma
    origin = np.array([0.3, math.log(max(spread, 0.4 * days.width))])
    least = math.log(0.05 * days.width)
    axes = np.diag([_COARSE_U, _COARSE_V])
    start = first_sites(days, len(_COARSE))
    for _ in range(_LONGEST_SEARCH):
        points = _Frame(origin, axes).at(_COARSE)
        points[:, 0] = np.clip(points[:, 0], -_FARTHEST_U, _FARTHEST_U)
        found = _heights(days, priors, points, start, _SCAN_SWEEPS, _FIRST)
        best = int(found.log_density.argmax())
        seen = _Seen(points, found.log_density, found.sites)
        if np.abs(_COARSE[best]).max() < 2 or points[best, 1] < least:
            break
        origin, start = points[best], found.sites.at(np.full(len(_COARSE), best))
    return seen


def _stencil(days: Intervals, priors: Priors, seen: _Seen) -> tuple[_Frame, _Seen]:
    """The final lattice's frame: mode, spread and tilt, by parabolas through ever closer points."""
    best = int(seen.height.argmax())
    frame = _Frame(seen.points[best], np.diag([_COARSE_U, _COARSE_V]))
    cells = (seen.points - frame.origin) / [_COARSE_U, _COARSE_V]
    inner = np.abs(cells).max(-1) < 1.5
    frame = _paraboloid(frame, cells[inner], seen.height[inner])
    points = frame.at(_REACH_OF_STENCIL * _SQUARE)
    found = _heights(days, priors, points, _nearest(seen, frame, points), _STENCIL_SWEEPS, _FIRST, -np.inf)
    near = _Seen(points, found.log_density, found.sites)
    return _paraboloid(frame, _REACH_OF_STENCIL * _SQUARE, found.log_density), near


def _paraboloid(frame: _Frame, cells: Floats, height: Floats) -> _Frame:
    """A frame at the top of the paraboloid through heights at `cells`, its axes one spread long."""
    terms = _quadratic(cells)
    weight = np.exp(0.25 * np.maximum(height - height.max(), -12.0))
    _, gi, gj, hii, hij, hjj = np.linalg.lstsq(terms * weight[:, None], height * weight)[0]
    back = np.linalg.inv(frame.axes)
    bend = back.T @ -np.array([[hii, hij], [hij, hjj]]) @ back
    bend = _at_least(bend)
    slope = back.T @ np.array([gi, gj])
    step = np.linalg.solve(bend, slope)
    moved = back @ step
    longest = max(1.0, float(np.abs(moved).max()) / 1.5)
    return _Frame(frame.origin + step / longest, np.linalg.cholesky(np.linalg.inv(bend)))


def _at_least(bend: Floats) -> Floats:
    """The curvature, made no flatter than the largest spreads that the lattice may step by."""
    scale = np.diag([LARGEST_U_SD, LARGEST_V_SD])
    value, vector = np.linalg.eigh(scale @ bend @ scale)
    back = np.linalg.inv(scale)
    return np.asarray(back @ (vector * np.maximum(value, 1.0)) @ vector.T @ back)


def _nearest(seen: _Seen, frame: _Frame, points: Floats) -> Sites:
    """Sites of the nearest point seen, in units of the frame."""
    off = (points[:, None] - seen.points[None]) @ np.linalg.inv(frame.axes).T
    return seen.sites.at((off**2).sum(-1).argmin(-1))


def _fill(days: Intervals, priors: Priors, frame: _Frame, near: _Seen) -> OrdinalNodes:
    """Lay the lattice, let it grow until its rim is below the cut."""
    keeps = np.arange(len(days.design))
    frame = _Frame(frame.origin, STEP_SD * frame.axes)
    lattice = np.full((2 * _HALF + 1, 2 * _HALF + 1), -np.inf)
    index = np.arange(-_HALF, _HALF + 1)
    fresh = STEP_SD**2 * (index[:, None] ** 2 + index[None, :] ** 2) <= _FIRST_REACH**2
    allowed = _allowed(days, frame)
    parts: list[tuple[Floats, Propagated]] = []
    sweeps, source = _FINAL_SWEEPS, near
    while fresh.any():
        points = frame.at(np.argwhere(fresh) - _HALF)
        start = _nearest(source, frame, points)
        start = start.at(np.tile(np.arange(len(points)), keeps.size))
        found = _heights(days, priors, points, start, sweeps, keeps, float(lattice.max()))
        parts.append((points, found))
        heights = found.log_density.reshape(keeps.size, -1)
        lattice[fresh] = heights.max(0)
        source = _joined(source, points, heights[0], found.sites.at(np.arange(len(points))))
        fresh = _beyond(lattice, allowed)
        sweeps = _RIM_SWEEPS
    return _together(parts, keeps.size, frame)


def _quadratic(at: Floats) -> Floats:
    i, j = at.T
    return np.column_stack([np.ones_like(i), i, j, 0.5 * i * i, i * j, 0.5 * j * j])


def _joined(source: _Seen, points: Floats, height: Floats, sites: Sites) -> _Seen:
    return _Seen(
        np.concatenate([source.points, points]),
        np.concatenate([source.height, height]),
        Sites(
            np.concatenate([source.sites.precision, sites.precision], axis=1),
            np.concatenate([source.sites.score, sites.score], axis=1),
        ),
    )


def _beyond(lattice: Floats, allowed: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Cells not yet known (-inf) that border on one above the cut, known or foretold.

    The log density is all but concave: on the line through the last two cells it is never underrated.
    """
    bound = lattice.max() - CUT
    wanted = np.zeros(lattice.shape, dtype=bool)
    rows, columns = (np.flatnonzero((lattice > bound).any(axis)) for axis in (1, 0))
    window = tuple(slice(max(at[0] - _WIDER, 0), at[-1] + _WIDER + 1) for at in (rows, columns))
    lattice, allowed, inside = lattice[window], allowed[window], wanted[window]
    for _ in range(_AT_ONCE):
        rim = _bordering(lattice > bound) & np.isneginf(lattice) & allowed
        if not rim.any():
            break
        inside |= rim
        lattice = np.where(rim, _foretold(lattice), lattice)
    return wanted


def _bordering(held: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Cells with a neighbour that is held, in one of four directions."""
    out = np.zeros_like(held)
    out[1:] |= held[:-1]
    out[:-1] |= held[1:]
    out[:, 1:] |= held[:, :-1]
    out[:, :-1] |= held[:, 1:]
    return out


def _foretold(lattice: Floats) -> Floats:
    """The least of the straight continuations from four sides; −inf where there is none."""
    out = np.full(lattice.shape, np.inf)
    for step, axis in _DIRECTIONS:
        last = np.roll(lattice, step, axis)
        before = np.roll(lattice, 2 * step, axis)
        there = np.isfinite(last) & np.isfinite(before)
        out[there] = np.minimum(out, 2 * last - np.where(there, before, 0.0))[there]
    return np.where(np.isinf(out), -np.inf, out)


def _allowed(days: Intervals, frame: _Frame) -> NDArray[np.bool_]:
    """Cells within the bounds of ρ and σ; below _LEAST_SIGMA of an interval, σ makes no difference any more."""
    index = np.arange(-_HALF, _HALF + 1)
    cells = np.stack(np.meshgrid(index, index, indexing="ij"), axis=-1)
    points = frame.at(cells)
    least = math.log(_LEAST_SIGMA * days.width)
    inside = np.abs(cells).max(-1) < _HALF - 1
    return np.asarray(inside & (np.abs(points[..., 0]) <= _FARTHEST_U) & (points[..., 1] >= least))


def _together(parts: list[tuple[Floats, Propagated]], n_keeps: int, frame: _Frame) -> OrdinalNodes:
    def split(values: Floats) -> Floats:
        return values.reshape(n_keeps, -1, *values.shape[1:])

    points = np.concatenate([points for points, _ in parts])
    log_cell = math.log(abs(np.linalg.det(frame.axes)))
    shape = (n_keeps, len(points))
    return OrdinalNodes(
        log_mass=np.concatenate([split(found.log_density) for _, found in parts], axis=1) + log_cell,
        rho=np.broadcast_to(np.tanh(points[:, 0]), shape),
        sigma=np.broadcast_to(np.exp(points[:, 1]), shape),
        mean=np.concatenate([split(found.mean) for _, found in parts], axis=1),
        root=np.concatenate([split(found.root) for _, found in parts], axis=1),
    )
