"""Does pooling say what metafor says, on metafor's own public data sets?

python validation/meta_analysis/run.py

Compares every estimate, interval, test and check with pinned/metafor.json, which make.R writes. Fails beyond 1e-6.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from matwise.inference.heterogeneity import Tau2
from matwise.inference.meta_analysis import Interval, leave_one_out, pool
from matwise.inference.small_study import egger, trim_and_fill

PINNED = Path(__file__).parent / "pinned" / "metafor.json"
ESTIMATORS = {"FE": Tau2.NONE, "DL": Tau2.DL, "PM": Tau2.PM, "REML": Tau2.REML}
INTERVALS = {"z": Interval.WALD, "knha": Interval.HARTUNG_KNAPP, "adhoc": Interval.FLOORED}
MOST_OFF = 1e-6


def differences(theirs: dict[str, object]) -> Iterator[tuple[str, float]]:
    """What was compared, and by how much it is off: relative to 1 or to the value, whichever is more."""
    y, v = np.array(theirs["effects"]), np.array(theirs["variances"])
    for name, said in theirs.items():
        how, _, interval = name.partition(" ")
        if how in ESTIMATORS:
            ours = pool(y, v, ESTIMATORS[how], INTERVALS[interval])
            yield from ((f"{how} {figure}", off(getattr(ours, figure), value)) for figure, value in said.items())
    ours = pool(y, v, Tau2.REML, Interval.WALD)
    pairs = {
        "tau2 interval": ([ours.tau2_low, ours.tau2_high], theirs["tau2_interval"]),
        "prediction": ([ours.predicted_low, ours.predicted_high], theirs["predicted"]),
        "leave one out": ([one.mean for one in leave_one_out(y, v) if one is not None], theirs["leave_one_out"]),
    }
    slope = egger(y, v)
    pairs["egger"] = ([slope.slope, slope.slope_se, slope.p, slope.effect_without_error], theirs["egger"])
    filled, said = trim_and_fill(y, v), theirs["trim_and_fill"]
    pairs["trim and fill"] = ([filled.missing, filled.pooled.mean], [said["missing"], said["mean"]])
    for name, (own, their) in pairs.items():
        yield name, max(off(a, b) for a, b in zip(own, their, strict=True))


def off(ours: float, theirs: float | None) -> float:
    return 0.0 if theirs is None else abs(ours - theirs) / max(1.0, abs(theirs))


def main() -> int:
    pinned = json.loads(PINNED.read_text())
    print(", ".join(f"{name} {version}" for name, version in pinned["versions"].items()))
    worst = 0.0
    for name, theirs in pinned["sets"].items():
        found = list(differences(theirs))
        what, most = max(found, key=lambda one: one[1])
        worst = max(worst, most)
        k = len(theirs["effects"])
        print(f"{name:22s} {k:4d} studies, {len(found):3d} figures, at most {most:.0e} off ({what})")
    return int(worst > MOST_OFF)


if __name__ == "__main__":
    sys.exit(main())
