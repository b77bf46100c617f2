"""Simulated people by the million: schedules, ratings from the model, and a file of pinned figures."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np

PINNED = Path(__file__).resolve().parent / "pinned"


def schedules(n_people: int, n_days: int, block: int, rng: np.random.Generator) -> np.ndarray:
    """Arms 0 and 1 in pairs of blocks, each pair in its own random order; (n_people, n_days)."""
    pairs = -(-n_days // (2 * block))
    first = rng.integers(0, 2, (n_people, pairs, 1))
    return np.concatenate([first, 1 - first], -1).reshape(n_people, -1).repeat(block, 1)[:, :n_days]


def lingering(arm: np.ndarray, keep: np.ndarray) -> np.ndarray:
    """Exposure to arm 1 where a share `keep` (n_people,) of it is still there the next day."""
    out = np.empty(arm.shape)
    before = np.zeros(len(arm))
    for t in range(arm.shape[1]):
        before = keep * before + (1 - keep) * (arm[:, t] == 1)
        out[:, t] = before
    return out


def errors(rho: np.ndarray, sigma: np.ndarray, n_days: int, rng: np.random.Generator) -> np.ndarray:
    """Stationary AR(1) errors with innovation sd `sigma`; `rho` and `sigma` (n_people,)."""
    out = np.empty((len(rho), n_days))
    out[:, 0] = rng.standard_normal(len(rho)) * sigma / np.sqrt(1 - rho**2)
    for t in range(1, n_days):
        out[:, t] = rho * out[:, t - 1] + sigma * rng.standard_normal(len(rho))
    return out


def unrated(y: np.ndarray, share: float, rng: np.random.Generator) -> np.ndarray:
    """The same with a share of days left out by chance."""
    return np.where(rng.random(y.shape) < share, np.nan, y)


def settle(name: str, figures: dict[str, float], missed: list[str], *, pin: bool, tolerance: float) -> int:
    """Print what missed its goal and what moved against the pinned figures; 0 if neither. `pin` writes them anew."""
    for one in missed:
        print("GOAL MISSED:", one)
    file = PINNED / f"{name}.json"
    rounded = {what: float(f"{value:.5g}") for what, value in figures.items()}
    if pin:
        PINNED.mkdir(exist_ok=True)
        file.write_text(json.dumps(rounded, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
        return bool(missed)
    pinned = json.loads(file.read_text(encoding="utf-8")) if file.is_file() else {}
    moved = [
        f"{what}: {value:.5g}, pinned {pinned.get(what)}"
        for what, value in rounded.items()
        if what not in pinned or abs(value - pinned[what]) > tolerance
    ]
    print("\n".join(moved) or "Every figure is the pinned one.")
    return bool(missed or moved or pinned.keys() != rounded.keys())
