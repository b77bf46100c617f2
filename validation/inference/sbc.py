"""Simulation-based calibration: truths from the priors, ratings from the truths, and where each falls in its posterior.

    python validation/inference/sbc.py [--people 40000] [--pin]

For each of three designs: the shares of truths below the 2.5, 50 and 97.5 % points (goal: tails 0.025 ± 0.0025, three
standard errors at 40,000), and χ² of the truths' ranks among 39 quantiles (40 equal bins; goal: p > 0.001).
"""

from __future__ import annotations

import argparse
import sys

import numpy as np
from scipy.stats import chi2
from series import errors, lingering, schedules, settle, unrated

from matwise.inference.many import compare_many
from matwise.inference.priors import Priors
from matwise.inference.regression import AVERAGE, NONE, Carryover

BINS = 40
DESIGNS = (  # days, days a block, share unrated
    (56, 7, 0.10, NONE),
    (28, 4, 0.25, NONE),
    (14, 7, 0.00, NONE),
    (56, 4, 0.10, AVERAGE),
)


def calibration(n: int, days: int, block: int, missing: float, carryover: Carryover, seed: int) -> dict[str, float]:
    """Shares of truths below their posterior's points, and p of the ranks' χ²."""
    rng = np.random.default_rng(seed)  # noqa: TID251 (a validation makes its own chance)
    priors = Priors.for_rating()
    alpha, tau, delta = (rng.normal(one.mean, one.sd, n) for one in (priors.level, priors.effect, priors.trend))
    rho, sigma = rng.uniform(-1, 1, n), np.abs(rng.normal(0, priors.sigma, n))
    arm, day = schedules(n, days, block, rng), np.arange(1, days + 1)
    keep = rng.choice(carryover.keeps, p=carryover.weights, size=n)
    drift = (day - day.mean()) / days
    y = alpha[:, None] + tau[:, None] * lingering(arm, keep) + delta[:, None] * drift + errors(rho, sigma, days, rng)
    probabilities = (0.025, 0.975, *(np.arange(1, BINS) / BINS))
    found = compare_many(
        unrated(y, missing, rng), arm, day, priors=priors, carryover=carryover, probabilities=probabilities
    )
    below = tau[:, None] < found.quantiles
    ranks = np.bincount((tau[:, None] > found.quantiles[:, 2:]).sum(1), minlength=BINS)
    p = chi2.sf(((ranks - n / BINS) ** 2).sum() / (n / BINS), BINS - 1)
    middle = 2 + BINS // 2 - 1
    return {
        "P(truth < q025)": below[:, 0].mean(), "P(truth < q50)": below[:, middle].mean(),
        "P(truth > q975)": 1 - below[:, 1].mean(), "ranks, p of χ²": float(p),
        "not answered": float(np.isnan(found.mean).mean()),
    }  # fmt: skip


def main() -> int:
    """Every design; 0 if every goal is met and nothing moved."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--people", type=int, default=40_000)
    parser.add_argument("--pin", action="store_true")
    asked = parser.parse_args()
    figures, missed = {}, []
    for seed, (days, block, missing, carryover) in enumerate(DESIGNS, 30):
        name = f"{days} days, {block}-day blocks, {missing:.0%} unrated"
        name += ", carry-over drawn and averaged" if len(carryover.keeps) > 1 else ""
        found = calibration(asked.people, days, block, missing, carryover, seed)
        print(name, {what: round(float(value), 4) for what, value in found.items()}, flush=True)
        figures |= {f"{name}: {what}": float(value) for what, value in found.items()}
        within = 3 * (0.025 * 0.975 / asked.people) ** 0.5 + 2e-4
        tails = (found["P(truth < q025)"], found["P(truth > q975)"])
        if any(abs(tail - 0.025) > within for tail in tails) or found["ranks, p of χ²"] < 0.001:
            missed.append(f"{name}: tails {tails}, want 0.025 ± {within:.4f}; p {found['ranks, p of χ²']:.2g}")
    return settle("sbc", figures, missed, pin=asked.pin, tolerance=2e-3)


if __name__ == "__main__":
    sys.exit(main())
