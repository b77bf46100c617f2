"""How quick is the pressure map of a body, with its interval, and what it means for the points?

python bench/body_map/run.py [--rounds 15]

CPU time of one thread, the best of some rounds. "again" keeps the body and changes what it lies on, as a slider for the
base does; "another body" changes the weight every time. Fails when a map takes longer than the goal.
"""

from __future__ import annotations

import argparse
import os
import sys
import time
from collections.abc import Callable
from itertools import count

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # before numpy is loaded: one thread, whatever the machine

from matwise.contact.acupoint import placed, selectivity
from matwise.contact.body import body
from matwise.contact.interface_pressure import interface_pressure
from matwise.contact.placement import Placement
from matwise.contact.support import BED, FLOOR, Support
from matwise.content.acupoints import acupoints

GOAL_MS = 20.0


def best_ms(work: Callable[[], object], rounds: int) -> float:
    best = float("inf")
    for _ in range(rounds):
        began = time.process_time()
        work()
        best = min(best, 1e3 * (time.process_time() - began))
    return best


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=15)
    rounds = parser.parse_args().rounds
    person, weights = body(1.75, 75.0), count(60)
    worst = 0.0
    for placement in Placement:
        for name, support in (("floor", FLOOR), ("bed", BED)):
            again = best_ms(lambda p=placement, s=support: interface_pressure(p, person, s), rounds)
            worst = max(worst, again)
            print(f"{placement.value:14s} {name:6s} {again:6.1f} ms")

    def another(support: Support = FLOOR) -> object:
        return interface_pressure(Placement.WHOLE_BACK, body(1.75, next(weights) * 0.5 + 40), support)

    points = acupoints()
    on_body = placed(points, person)
    field = interface_pressure(Placement.WHOLE_BACK, person, FLOOR)
    print(f"whole back, another body     {best_ms(another, rounds):6.1f} ms")
    print(f"670 points on a body         {best_ms(lambda: placed(points, person), rounds):6.1f} ms")
    print(f"points against skin          {best_ms(lambda: selectivity(on_body, person, field), rounds):6.1f} ms")
    print(f"slowest map {worst:.1f} ms, goal {GOAL_MS:g} ms")
    return 0 if worst <= GOAL_MS else 1


if __name__ == "__main__":
    sys.exit(main())
