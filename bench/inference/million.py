"""A million people of 56 days on two threads: `python bench/inference/million.py [people] [threads]`.

Goals: 15 s (stretch: 6 s), at most 1 GiB beyond the data.
"""

from __future__ import annotations

import resource
import sys
import time

import numpy as np
from model import simulated

from matwise.inference.many import compare_many
from matwise.inference.priors import Priors

KIB_PER_UNIT = 1024 if sys.platform == "darwin" else 1  # macOS tells bytes
GOAL_S, GOAL_MIB = 15.0, 1024.0


def peak_mib() -> float:
    """Most memory held so far."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / KIB_PER_UNIT / 1024


def main() -> int:
    """Print seconds and memory; 0 if both goals are met."""
    people, threads = (int(sys.argv[i]) if len(sys.argv) > i else usual for i, usual in ((1, 1_000_000), (2, 2)))
    day, priors = np.arange(1, 57), Priors.for_rating()
    y, arm = simulated(people, 56, np.random.default_rng(12))  # noqa: TID251 (a bench makes its own chance)
    began = time.perf_counter()
    compare_many(y[:64], arm[:64], day, priors=priors, engine="compiled")
    print(f"compiled, or read from disk, in {time.perf_counter() - began:.1f} s")
    before_mib, began = peak_mib(), time.perf_counter()
    found = compare_many(y, arm, day, priors=priors, threads=threads, engine="compiled")
    took_s, beyond_mib = time.perf_counter() - began, peak_mib() - before_mib
    each_us = took_s / people * threads * 1e6
    print(f"{people:,} people × 56 days, {threads} threads: {took_s:.1f} s, {each_us:.1f} µs of one core each")
    print(f"peak memory beyond data and program: {beyond_mib:.0f} MiB; data {(y.nbytes + arm.nbytes) / 2**20:.0f} MiB")
    covered = (found.quantiles[:, 0] <= found.mean) & (found.mean <= found.quantiles[:, 2])
    print(f"mean effect {found.mean.mean():.3f}, mean inside its interval for {covered.mean():.4f} of people")
    met = took_s <= GOAL_S * people / 1e6 and beyond_mib <= GOAL_MIB
    print("Both goals are met." if met else "A GOAL IS MISSED.")
    return 0 if met else 1


if __name__ == "__main__":
    sys.exit(main())
