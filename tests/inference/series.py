"""Simulated days with defaults."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from matwise.inference.mixture import Floats


@dataclass(frozen=True)
class SomeDays:
    """Ratings, arms and day numbers of one person."""

    y: Floats
    arm: np.ndarray
    day: np.ndarray


def ar1(n: int, rho: float, spread: float, rng: np.random.Generator) -> Floats:
    u = np.empty(n)
    u[0] = rng.normal(0, spread)
    for t in range(1, n):
        u[t] = rho * u[t - 1] + rng.normal(0, spread * (1 - rho**2) ** 0.5)
    return u


def some_days(
    seed: int = 1,
    *,
    n: int = 56,
    block: int = 4,
    effect: float = -1.0,
    rho: float = 0.3,
    spread: float = 1.5,
    missing: float = 0.1,
) -> SomeDays:
    rng = np.random.Generator(np.random.PCG64(seed))
    pairs = -(-n // (2 * block))
    arm = np.concatenate([np.repeat(rng.permutation([0, 1]), block) for _ in range(pairs)])[:n]
    y = 5 + effect * arm + ar1(n, rho, spread, rng)
    y[rng.random(n) < missing] = np.nan
    return SomeDays(y, arm, np.arange(1, n + 1))
