"""How quick are the figures of heart-rate variability, beside NeuroKit2 in one run?

python bench/hrv/run.py [--rounds 7]

Five minutes and one hour of real beats (validation/hrv/recordings). NeuroKit2 always works out all of its some twenty
figures of time; ours are four of them and the mean rate. Best of some rounds each; fails when the goal is missed.
"""

from __future__ import annotations

import argparse
import sys
import time
import warnings
from collections.abc import Callable
from pathlib import Path

import neurokit2
import numpy as np

from matwise.measures.heart_rate_variability import time_domain, variability
from matwise.measures.rr_intervals import mend

RECORDINGS = Path(__file__).parents[2] / "validation" / "hrv" / "recordings"
GOAL_FOR, GOAL = "time domain", 20.0
ENOUGH_S = 0.2


def best_s(work: Callable[[], object], rounds: int) -> float:
    once = time.perf_counter()
    work()
    repeats = max(1, round(ENOUGH_S / max(1e-9, time.perf_counter() - once)))
    best = float("inf")
    for _ in range(rounds):
        began = time.perf_counter()
        for _ in range(repeats):
            work()
        best = min(best, (time.perf_counter() - began) / repeats)
    return best


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=7)
    rounds = parser.parse_args().rounds
    warnings.filterwarnings("ignore")  # of theirs, about what they import
    missed = False
    for name in ("short", "long"):
        rr = np.loadtxt(RECORDINGS / f"{name}.txt")
        beats = np.concatenate(([0], np.cumsum(rr))).astype(np.int64)

        def mended(beats: np.ndarray = beats) -> object:
            _, clean = neurokit2.signal_fixpeaks(beats, sampling_rate=1000, method="kubios", iterative=True)
            return neurokit2.hrv_time(clean, sampling_rate=1000)

        pairs = {
            GOAL_FOR: (
                lambda rr=rr: time_domain(rr),
                lambda beats=beats: neurokit2.hrv_time(beats, sampling_rate=1000),
            ),
            "artefacts mended, then time domain": (lambda rr=rr: time_domain(mend(rr).rr_ms), mended),
        }
        print(f"{name}: {rr.size} beats, {rr.sum() / 60_000:.1f} minutes")
        for what, (ours, theirs) in pairs.items():
            us, them = best_s(ours, rounds), best_s(theirs, rounds)
            missed |= what == GOAL_FOR and them / us < GOAL
            print(f"  {what}: {1e6 * us:.0f} µs, NeuroKit2 {1e6 * them:.0f} µs, {them / us:.0f} times")
        print(f"  all that is shown, with the spectrum: {1e6 * best_s(lambda rr=rr: variability(rr), rounds):.0f} µs")
    return int(missed)


if __name__ == "__main__":
    sys.exit(main())
