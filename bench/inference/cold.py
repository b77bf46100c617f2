"""How long a person waits for the first answer of a fresh process: `matwise answer file.csv`, median of five.

python bench/inference/cold.py
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
from model import simulated

GOAL_S = 1.5


def table() -> str:
    """56 days of one person."""
    y, arm = simulated(1, 56, np.random.default_rng(13))  # noqa: TID251 (a bench makes its own chance)
    rows = [
        f"{day},{('rest', 'mat')[code]},{'' if np.isnan(rating) else int(np.clip(round(float(rating)), 0, 10))}"
        for day, (code, rating) in enumerate(zip(arm[0], y[0], strict=True), 1)
    ]
    return "\n".join(["day,arm,pain", *rows]) + "\n"


def main() -> int:
    """Print five times and their median; 0 if the goal is met."""
    took = []
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "file.csv"
        file.write_text(table(), encoding="utf-8")
        command = [sys.executable, "-m", "matwise", "answer", str(file), "--outcome", "pain"]
        for _ in range(6):  # the first may still write Python's own bytecode
            began = time.perf_counter()
            done = subprocess.run(  # noqa: S603 (a fixed command)
                command, capture_output=True, text=True, check=False, env=os.environ | {"HOME": folder}
            )
            took.append(time.perf_counter() - began)
            if done.returncode:
                print(done.stdout, done.stderr)
                return 1
    print(done.stdout.strip().splitlines()[0])
    median = statistics.median(took[1:])
    print("  ".join(f"{one:.2f}" for one in took[1:]), f"s; median {median:.2f} s, goal {GOAL_S} s")
    return 0 if median <= GOAL_S else 1


if __name__ == "__main__":
    sys.exit(main())
