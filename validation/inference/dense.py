"""The same posterior by brute force: the full T × T covariance of the days at every node of a fine fixed grid.

Written on its own: it shares no line with matwise.inference. Nothing here is clever: exposures by a loop over days,
errors as a dense AR(1) covariance, coefficients folded into it (y ~ N(Xm, V + X·P·X')), Cholesky at every node.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

Density = Callable[[float, np.ndarray], tuple[np.ndarray, np.ndarray, np.ndarray]]

FARTHEST_U = 7.6  # |ρ| = 0.9999995: beyond it a flat prior has 5e-7 of its mass
DEEPEST = 30.0  # log units below the coarse peak that the fine grid still covers


@dataclass(frozen=True)
class Dense:
    """Nodes of a mixture of normals: weight, mean and sd of the effect; log evidence."""

    weight: np.ndarray
    mean_at: np.ndarray
    sd_at: np.ndarray
    log_evidence: float

    @property
    def mean(self) -> float:
        return float(self.weight @ self.mean_at)

    @property
    def sd(self) -> float:
        return math.sqrt(float(self.weight @ (self.sd_at**2 + (self.mean_at - self.mean) ** 2)))

    def below(self, x: float) -> float:
        z = (x - self.mean_at) / (self.sd_at * math.sqrt(2))
        return float(self.weight @ np.array([0.5 * math.erfc(-one) for one in z.tolist()]))

    def quantile(self, p: float) -> float:
        low, high = self.mean - 40 * self.sd, self.mean + 40 * self.sd
        for _ in range(60):
            middle = 0.5 * (low + high)
            low, high = (middle, high) if self.below(middle) < p else (low, middle)
        return 0.5 * (low + high)


@dataclass(frozen=True)
class Believed:
    """Prior mean and sd of level, effect and trend; scale of the half-normal of σ. ρ is flat on (−1, 1)."""

    level: tuple[float, float] = (5.0, 3.0)
    effect: tuple[float, float] = (0.0, 2.0)
    trend: tuple[float, float] = (0.0, 2.0)
    sigma: float = 2.5


def dense_posterior(
    y: Sequence[float], arm: Sequence[int], day: Sequence[int], keep: float, believed: Believed, points: int = 140
) -> Dense:
    """Posterior of arm 1 minus arm 0 for consecutive days; NaN is missing; further arms have an effect of their own."""
    design, mean, prior = _design(arm, day, keep, believed)
    seen = [t for t, value in enumerate(y) if not math.isnan(value)]
    apart = np.abs(np.subtract.outer(np.asarray(day), np.asarray(day))).astype(float)
    x = design[seen]
    left = np.asarray(y, dtype=float)[seen] - x @ mean
    folded = x @ prior @ x.T

    def at(u: float, v: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        rho = math.tanh(u)
        full = rho**apart / (1 - rho * rho)  # the whole T × T covariance of the days, for σ = 1
        v_seen = full[np.ix_(seen, seen)]
        total = np.exp(2 * v)[:, None, None] * v_seen + folded
        root = np.linalg.cholesky(total)
        right = np.column_stack([left, x @ prior[:, 1]])
        z = np.linalg.solve(root, np.broadcast_to(right, (v.size, *right.shape)))
        log_like = -np.log(np.diagonal(root, axis1=1, axis2=2)).sum(1) - 0.5 * (z[:, :, 0] ** 2).sum(1)
        log_like -= 0.5 * len(seen) * math.log(2 * math.pi)
        log_prior = math.log(0.5 / math.cosh(u) ** 2) + v - 0.5 * np.exp(2 * v) / believed.sigma**2
        log_prior += math.log(2 / (believed.sigma * math.sqrt(2 * math.pi)))
        effect = mean[1] + (z[:, :, 0] * z[:, :, 1]).sum(1)
        return log_like + log_prior, effect, np.sqrt(prior[1, 1] - (z[:, :, 1] ** 2).sum(1))

    u, v = _box(at)
    u_grid, v_grid = np.linspace(*u, points), np.linspace(*v, points)
    log_mass, effect, sd = (np.array(part) for part in zip(*(at(one, v_grid) for one in u_grid), strict=True))
    mass = np.exp(log_mass - log_mass.max())
    cell = (u_grid[1] - u_grid[0]) * (v_grid[1] - v_grid[0])
    evidence = math.log(mass.sum() * cell) + float(log_mass.max())
    return Dense((mass / mass.sum()).ravel(), effect.ravel(), sd.ravel(), evidence)


def _design(
    arm: Sequence[int], day: Sequence[int], keep: float, believed: Believed
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Columns 1, the effect, the drift, then the effects of further arms; prior means and covariance in that order.

    Arms are exchangeable: two effects measured from the same arm 0 share half their variance.
    """
    others = sorted(set(arm) - {0, 1})
    columns = [[1.0] * len(day), _exposure(arm, 1, keep)]
    middle, length = 0.5 * (day[0] + day[-1]), day[-1] - day[0] + 1
    columns.append([(one - middle) / length for one in day])
    columns += [_exposure(arm, other, keep) for other in others]
    pairs = [believed.level, believed.effect, believed.trend] + [believed.effect] * len(others)
    covariance = np.diag([pair[1] ** 2 for pair in pairs])
    of_arms = [1, *range(3, len(pairs))]
    for one in of_arms:
        for other in of_arms:
            if one != other:
                covariance[one, other] = 0.5 * believed.effect[1] ** 2
    return np.array(columns).T, np.array([pair[0] for pair in pairs]), covariance


def _exposure(arm: Sequence[int], which: int, keep: float) -> list[float]:
    out: list[float] = []
    before = 0.0
    for one in arm:
        before = keep * before + (1 - keep) * (one == which)
        out.append(before)
    return out


def _box(at: Density) -> tuple[tuple[float, float], tuple[float, float]]:
    """Where a coarse grid sees anything within DEEPEST of its peak, one coarse step wider."""
    u, v = np.linspace(-FARTHEST_U, FARTHEST_U, 77), np.linspace(-9.0, 4.0, 79)
    height = np.array([at(one, v)[0] for one in u])
    held = height > height.max() - DEEPEST
    return _ends(u, held.any(1)), _ends(v, held.any(0))


def _ends(grid: np.ndarray, held: np.ndarray) -> tuple[float, float]:
    inside = np.flatnonzero(held)
    return grid[max(inside[0] - 1, 0)], grid[min(inside[-1] + 1, grid.size - 1)]
