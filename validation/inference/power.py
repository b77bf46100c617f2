"""Are the chances told before a trial those of whole trials, each fitted on its own?

python validation/inference/power.py [--people N] [--pin]

Each cell deals every simulated person days of their own and fits them by `many.compare_many`, ρ and σ unknown: nothing
is shared with `inference.simulation` but the model. Fails where a chance is off by more than two points.
"""

from __future__ import annotations

import argparse
import json
import sys
from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np

from matwise.inference.many import compare_many
from matwise.inference.priors import Priors
from matwise.inference.regression import AVERAGE, NONE, Carryover
from matwise.trial.baseline import Spread
from matwise.trial.design import Arm, Design, Order, Question
from matwise.trial.forecast import chances
from matwise.trial.schedule import dealt_arms

PINNED = Path(__file__).parent / "pinned" / "power.json"
GOAL = 0.02
RATING = Priors.for_rating()
# Name: order, days per block, spread, ρ, days, carry-over. Beside them what an earlier, separate study found.
CELLS: dict[str, tuple[Order, int, float, float, int, Carryover, float | None]] = {
    "1-day, sd 1.5, rho 0.3, 56 days": (Order.RANDOM, 1, 1.5, 0.3, 56, NONE, 0.77),
    "2-day, sd 1.5, rho 0.3, 84 days": (Order.RANDOM, 2, 1.5, 0.3, 84, NONE, 0.83),
    "4-day, sd 1.5, rho 0.3, 28 days": (Order.RANDOM, 4, 1.5, 0.3, 28, NONE, 0.25),
    "4-day, sd 1.5, rho 0.3, 56 days": (Order.RANDOM, 4, 1.5, 0.3, 56, NONE, 0.52),
    "4-day, sd 1.5, rho 0.5, 112 days": (Order.RANDOM, 4, 1.5, 0.5, 112, NONE, 0.86),
    "7-day, sd 2.0, rho 0.5, 84 days": (Order.RANDOM, 7, 2.0, 0.5, 84, NONE, 0.38),
    "7-day, sd 1.5, rho 0.3, 112 days": (Order.RANDOM, 7, 1.5, 0.3, 112, NONE, 0.77),
    "ABBA 4-day, sd 1.5, rho 0.3, 56 days": (Order.ABBA, 4, 1.5, 0.3, 56, NONE, None),
    "4-day, sd 1.5, rho 0.3, 56 days, carry-over averaged": (Order.RANDOM, 4, 1.5, 0.3, 56, AVERAGE, 0.43),
}


def a_design(order: Order, block: int, days: int) -> Design:
    return Design(Question("pain", Arm.REST), days, block, 0, date(2027, 1, 4), 0, order)


def whole_trials(
    order: Order,
    block: int,
    sd: float,
    rho: float,
    days: int,
    carryover: Carryover,
    people: int,
    rng: np.random.Generator,
) -> float:
    """Share of people whose interval lies below 0 for a true effect of −1."""
    design = a_design(order, block, days)
    every_arm, every_y = np.empty((people, days), dtype=np.int64), np.empty((people, days))
    for person in range(people):
        arms = dealt_arms(replace(design, seed=10_000 + person), days)
        arm = np.array([one is Arm.MAT for one in arms], dtype=np.int64)
        u = np.empty(days)
        u[0] = rng.normal(0, sd)
        for t in range(1, days):
            u[t] = rho * u[t - 1] + rng.normal(0, sd * (1 - rho**2) ** 0.5)
        y = 5 - arm + u
        y[rng.random(days) < 0.1] = np.nan
        every_arm[person], every_y[person] = arm, y
    fitted = compare_many(
        every_y, every_arm, np.arange(1, days + 1), priors=RATING, carryover=carryover, engine="compiled", threads=1
    )
    return float((fitted.p_below_zero >= 0.975).mean())


def main() -> int:
    read = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    read.add_argument("--people", type=int, default=10000)
    read.add_argument("--pin", action="store_true")
    asked = read.parse_args()
    found, missed = {}, 0
    print(f"{'':56}told   fitted one by one   off    earlier study")
    for nth, (name, (order, block, sd, rho, days, carryover, earlier)) in enumerate(CELLS.items()):
        (told,) = chances(a_design(order, block, days), (days,), spread=Spread(sd, rho), carryover=carryover)
        rng = np.random.Generator(np.random.PCG64(nth))
        fitted = whole_trials(order, block, sd, rho, days, carryover, asked.people, rng)
        off = told.chance - fitted
        missed += abs(off) > GOAL
        found[name] = {"told": round(told.chance, 4), "fitted": round(fitted, 4), "earlier": earlier}
        print(f"{name:56}{told.chance:.3f}  {fitted:.3f}              {off:+.3f}  {earlier or ''}", flush=True)
    if asked.pin:
        PINNED.parent.mkdir(exist_ok=True)
        PINNED.write_text(json.dumps({"people": asked.people, "cells": found}, indent=2, ensure_ascii=False) + "\n")
    print(f"{missed} of {len(CELLS)} cells off by more than {GOAL:.2f}")
    return int(missed > 0)


if __name__ == "__main__":
    sys.exit(main())
