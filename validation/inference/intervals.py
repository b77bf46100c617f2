"""How often the 95 % interval holds the truth, for one truth at a time; Welch's t-test beside it on the same ratings.

    python validation/inference/intervals.py [--people 10000] [--pin]

13 scenarios without carry-over (goal: 94–96 %, the t-test is shown, not judged) and seven in which the arm lingers with
a half-life of one or three days, weighed as if nothing lingered and with the usual average over λ.
"""

from __future__ import annotations

import argparse
import sys
from typing import NamedTuple

import numpy as np
from scipy.stats import t as student
from series import errors, lingering, schedules, settle, unrated

from matwise.inference.many import compare_many
from matwise.inference.priors import Priors
from matwise.inference.regression import AVERAGE, NONE

SPREAD, MISSING = 1.5, 0.1


class Scenario(NamedTuple):
    """Days, days a block, ρ, true effect, half-life of carry-over in days."""

    days: int
    block: int
    rho: float
    effect: float
    half_life: float = 0.0

    @property
    def name(self) -> str:
        """As it is printed."""
        lingers = f", half-life {self.half_life:g} days" if self.half_life else ""
        return f"{self.days} days, {self.block}-day blocks, ρ {self.rho:g}, effect {self.effect:g}{lingers}"


SCENARIOS = (
    Scenario(56, 7, 0.0, -1), Scenario(56, 7, 0.3, 0), Scenario(56, 7, 0.3, -1), Scenario(56, 7, 0.6, 0),
    Scenario(56, 7, 0.6, -1), Scenario(56, 4, 0.3, 0), Scenario(56, 4, 0.3, -1), Scenario(56, 4, 0.6, -1),
    Scenario(56, 1, 0.3, -1), Scenario(28, 7, 0.3, -1), Scenario(28, 4, 0.3, -1), Scenario(112, 7, 0.3, -1),
    Scenario(112, 4, 0.3, -1),
)  # fmt: skip
LINGERING = tuple(Scenario(56, block, 0.3, -1, half) for block in (1, 4, 7) for half in (0.0, 1.0, 3.0))
WANTED = (0.94, 0.96)


def ratings(scenario: Scenario, n: int, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Ratings, arms, days of `n` people with the same truth."""
    arm = schedules(n, scenario.days, scenario.block, rng)
    keep = np.full(n, 0.5 ** (1 / scenario.half_life) if scenario.half_life else 0.0)
    rho = np.full(n, scenario.rho)
    y = 5 + scenario.effect * lingering(arm, keep)
    y = y + errors(rho, SPREAD * np.sqrt(1 - rho**2), scenario.days, rng)
    return unrated(y, MISSING, rng), arm, np.arange(1, scenario.days + 1)


def welch(y: np.ndarray, arm: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The interval that takes every day as independent and knows no drift."""
    mean, squared, freedom = [], [], []
    for which in (1, 0):
        of_arm = np.where(arm == which, y, np.nan)
        n = (~np.isnan(of_arm)).sum(1)
        mean.append(np.nanmean(of_arm, 1))
        squared.append(np.nanvar(of_arm, 1, ddof=1) / n)
        freedom.append(squared[-1] ** 2 / (n - 1))
    total = squared[0] + squared[1]
    half = student.ppf(0.975, total**2 / (freedom[0] + freedom[1])) * np.sqrt(total)
    off = mean[0] - mean[1]
    return off - half, off + half


def shares(low: np.ndarray, high: np.ndarray, truth: float) -> tuple[float, float, float]:
    """Coverage, share that excludes 0, mean width."""
    covered = (low <= truth) & (truth <= high)
    return float(covered.mean()), float(((low > 0) | (high < 0)).mean()), float((high - low).mean())


def figures_of(scenario: Scenario, n: int, seed: int, *, average: bool) -> dict[str, float]:
    """Coverage, alarms and width of every way to weigh the same ratings."""
    rng = np.random.default_rng(seed)  # noqa: TID251 (a validation makes its own chance)
    y, arm, day = ratings(scenario, n, rng)
    ways = {"exact": NONE} | ({"average": AVERAGE} if average else {})
    out: dict[str, float] = {}
    for way, carryover in ways.items():
        found = compare_many(y, arm, day, priors=Priors.for_rating(), carryover=carryover, probabilities=(0.025, 0.975))
        out |= _named(way, shares(found.quantiles[:, 0], found.quantiles[:, 1], scenario.effect))
        out[f"{way}: bias"] = float(found.mean.mean() - scenario.effect)
    return out | _named("Welch", shares(*welch(y, arm), scenario.effect))


def _named(way: str, found: tuple[float, float, float]) -> dict[str, float]:
    return {f"{way}: {what}": one for what, one in zip(("coverage", "excludes 0", "width"), found, strict=True)}


def main() -> int:
    """Every scenario; 0 if every goal is met and nothing moved."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--people", type=int, default=10_000)
    parser.add_argument("--pin", action="store_true")
    asked = parser.parse_args()
    figures: dict[str, float] = {}
    missed = []
    slack = 2 * (0.95 * 0.05 / asked.people) ** 0.5
    for seed, scenario in enumerate((*SCENARIOS, *LINGERING), 50):
        lingers = seed - 50 >= len(SCENARIOS)
        name = ("carry-over averaged too: " if lingers else "") + scenario.name
        found = figures_of(scenario, asked.people, seed, average=lingers)
        print(name, {what: round(value, 3) for what, value in found.items()}, flush=True)
        figures |= {f"{name}: {what}": value for what, value in found.items()}
        low, high = WANTED
        if not lingers and not low - slack <= found["exact: coverage"] <= high + slack:
            missed.append(f"{name}: coverage {found['exact: coverage']:.4f}, want {low}–{high}")
        if lingers and found["average: coverage"] < 0.935 - slack:
            missed.append(f"{name}: coverage {found['average: coverage']:.4f}, want 0.935 or more")
    return settle("intervals", figures, missed, pin=asked.pin, tolerance=5e-3)


if __name__ == "__main__":
    sys.exit(main())
