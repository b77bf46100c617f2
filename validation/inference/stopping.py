"""How often is a useless mat called helpful over a whole trial, when it is looked at many times?

python validation/inference/stopping.py [--people N] [--pin]

Every look is a full fit by `many.compare_many` of days dealt to each person alone; ratings know of no mat. Nothing is
allowed for carry-over, which is where false alarms are most frequent. The rule that is offered must stay at 5 % or
below (two standard errors allowed for); looking after whole rounds only, and daily as if it were once, are shown too.
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
from matwise.inference.regression import NONE
from matwise.trial.design import Arm, Design, Question
from matwise.trial.forecast import FEWEST_RATED, FEWEST_RATED_PER_ARM
from matwise.trial.schedule import dealt_arms, group_days
from matwise.trial.stopping import AS_IF_ONCE, OFFERED, ROUNDS, StoppingRule

PINNED = Path(__file__).parent / "pinned" / "stopping.json"
GOAL = 0.05
RATING = Priors.for_rating()
LENGTHS = (28, 56, 84, 112)
RHOS = (0.0, 0.3, 0.6)
RULES = {"offered": OFFERED, "rounds only": ROUNDS, "as if once": AS_IF_ONCE}


def certainties(block: int, rho: float, people: int, rng: np.random.Generator) -> np.ndarray:
    """P(effect < 0) of each person after each day up to the longest length; 0.5 where there are too few days."""
    longest = max(LENGTHS)
    design = Design(Question("pain", Arm.REST), longest, block, 0, date(2027, 1, 4), 0)
    arm = np.array(
        [[one is Arm.MAT for one in dealt_arms(replace(design, seed=20_000 + nth), longest)] for nth in range(people)]
    ).astype(np.int64)
    u = np.empty((people, longest))
    u[:, 0] = rng.normal(0, 1.5, people)
    for t in range(1, longest):
        u[:, t] = rho * u[:, t - 1] + rng.normal(0, 1.5 * (1 - rho**2) ** 0.5, people)
    y = np.where(rng.random(u.shape) < 0.1, np.nan, 5 + u)
    rated = ~np.isnan(y)
    out = np.full((people, longest + 1), 0.5)
    for end in range(FEWEST_RATED, longest + 1):
        seen = rated[:, :end]
        enough = seen.sum(1) >= FEWEST_RATED
        for one in (0, 1):
            enough &= (seen & (arm[:, :end] == one)).sum(1) >= FEWEST_RATED_PER_ARM
        if enough.any():
            day = np.arange(1, end + 1)
            some = compare_many(
                y[enough, :end], arm[enough, :end], day, priors=RATING, carryover=NONE, engine="compiled", threads=1
            )
            out[enough, end] = some.p_below_zero
    return out


def called_helpful(p: np.ndarray, rule: StoppingRule, block: int, length: int) -> float:
    """Share of trials in which the rule is met on either side, halved: the mat and the rest are alike here."""
    design = Design(Question("pain", Arm.REST), length, block, 0, date(2027, 1, 4), 0)
    step = group_days(design)
    looks = [day for day in range(FEWEST_RATED, length + 1) if rule.side_between or day % step == 0 or day == length]
    sides = np.array([rule.side(day, step, length) for day in looks])
    ever = [(one[:, looks] >= sides).any(1) for one in (p, 1 - p)]
    return float(np.mean(ever))


def main() -> int:
    read = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    read.add_argument("--people", type=int, default=4000)
    read.add_argument("--pin", action="store_true")
    asked = read.parse_args()
    found, missed = {}, 0
    allowed = GOAL + 2 * (GOAL * (1 - GOAL) / (2 * asked.people)) ** 0.5  # two sides of each person
    for block in (1, 2, 4, 7):
        for rho in RHOS:
            p = certainties(block, rho, asked.people, np.random.Generator(np.random.PCG64([block, int(10 * rho)])))
            for length in LENGTHS:
                rates = {name: called_helpful(p, rule, block, length) for name, rule in RULES.items()}
                missed += rates["offered"] > allowed
                found[f"{block}-day blocks, rho {rho:g}, {length} days"] = rates
                told = "  ".join(f"{name} {rate:.3f}" for name, rate in rates.items())
                print(f"{block}-day blocks, rho {rho:g}, {length:3} days: {told}", flush=True)
    worst = {name: max(one[name] for one in found.values()) for name in RULES}
    print("at worst: " + "  ".join(f"{name} {rate:.3f}" for name, rate in worst.items()))
    if asked.pin:
        PINNED.parent.mkdir(exist_ok=True)
        PINNED.write_text(json.dumps({"people": asked.people, "worst": worst, "cells": found}, indent=2) + "\n")
    return int(missed > 0)


if __name__ == "__main__":
    sys.exit(main())
