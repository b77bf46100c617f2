"""A published trial of one, as matwise answers it and under models ever closer to its authors'.

python validation/inference/published.py [headache_sms_n_of_1.csv] [--pin]

Change in headache severity under "SMS" against placebo, 24 ratings. Data and the authors' estimate, −0.450 (−0.676 to
−0.226): Defelippe, Bartos, Wagenmakers, Braun, Jansen, Otte, repository wmotte/cont_out_est_nof1trials (Apache-2.0).
The data are not part of this project: without an argument they are looked for in ../shared/data beside its folder.
Goal: with their assumptions the mean is theirs to 0.005, and the ends to 0.02.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

import numpy as np
from series import settle

from matwise.inference.priors import Normal, Priors
from matwise.inference.regression import NONE, compare
from matwise.trial.from_table import answer_table

HERE = Path(__file__).resolve().parent
QUANTILES = (0.025, 0.5, 0.975)
AUTHORS = {"mean": -0.450, "q025": -0.676, "q975": -0.226}
THEIRS = "wide, no trend, independent days"

Figures = dict[str, float]


def headache(path: Path) -> Figures:
    """The published trial, as matwise answers it and under models ever closer to its authors'."""
    text = path.read_text(encoding="utf-8")
    answer = answer_table(
        text, "headache_change", compare=("sms", "placebo"), scale="free", carryover="none", better="lower"
    )
    assert answer.effect is not None, "24 rated days have an effect"
    figures = {"usual mean": answer.effect.mean, "usual q025": answer.effect.q025, "usual q975": answer.effect.q975}
    figures["usual P(helps)"] = answer.p_benefit or 0.0
    wide, tight = Normal(0, 10), Normal(0, 1e-6)
    models = {
        "wide priors": Priors(wide, wide, wide, 10),
        "wide, no trend": Priors(wide, wide, tight, 10),
        "wide, no trend, independent days": Priors(wide, wide, tight, 10, Normal(0, 1e-3)),
    }
    days = [(one.y, int(one.arm == "sms"), one.day) for one in answer.days]
    y, arm, day = (np.array(column) for column in zip(*days, strict=True))
    for name, priors in models.items():
        effect = compare(y, arm, day, priors=priors, carryover=NONE).effect
        low, _, high = effect.quantile(QUANTILES)
        figures |= {f"{name} mean": float(effect.mean), f"{name} q025": float(low), f"{name} q975": float(high)}
    return figures


def main() -> int:
    """Print every figure; 0 if the authors' are met and nothing moved."""
    parser = argparse.ArgumentParser()
    parser.add_argument("data", nargs="?", type=Path, default=HERE.parents[2] / "shared/data/headache_sms_n_of_1.csv")
    parser.add_argument("--pin", action="store_true")
    asked = parser.parse_args()
    if not asked.data.is_file():
        print(f"{asked.data}: not there. Give the path of headache_sms_n_of_1.csv (24 ratings).")
        return 2
    figures = headache(asked.data)
    for name, value in figures.items():
        print(f"{name:45} {value:+.4f}")
    missed = [
        f"{what} {figures[f'{THEIRS} {what}']:+.3f}, the authors' {theirs:+.3f}"
        for what, theirs in AUTHORS.items()
        if abs(figures[f"{THEIRS} {what}"] - theirs) > (0.005 if what == "mean" else 0.02)
    ]
    return settle("published", figures, missed, pin=asked.pin, tolerance=1e-3)


if __name__ == "__main__":
    sys.exit(main())
