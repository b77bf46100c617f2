"""Heart rate from the intervals between beats."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

SHORTEST_MS, LONGEST_MS = 300.0, 2000.0  # 200 to 30 beats a minute; outside, a beat was missed or made up
COVERED = 0.5  # of an epoch that its beats must cover, so that its mean says something


def heart_rate(
    rr_ms: ArrayLike, epoch_s: float, begins_at_s: float = 0.0, until_s: float | None = None
) -> NDArray[np.float64]:
    """Mean heart rate of each epoch, in beats a minute.

    Args:
        rr_ms: intervals between beats, in ms, shape (n_beats,); those that no heart has are left
            out, but not the time they take.
        epoch_s: length of an epoch.
        begins_at_s: when the recording began, from the beginning of the first epoch; before it if negative.
        until_s: where the last epoch ends; where the recording ends if None.

    Returns:
        Shape (n_epochs,); NaN where the beats cover less than half of an epoch.
    """
    rr = np.asarray(rr_ms, dtype=np.float64)
    ends_s = begins_at_s + np.cumsum(rr) / 1000
    last_s = (float(ends_s[-1]) if rr.size else 0.0) if until_s is None else until_s
    epochs = max(0, int(np.ceil(last_s / epoch_s - 1e-9)))
    good = (rr >= SHORTEST_MS) & (rr <= LONGEST_MS) & (ends_s > 0) & (ends_s <= epochs * epoch_s)
    which = np.minimum((ends_s[good] // epoch_s).astype(int), max(epochs - 1, 0))
    beats = np.bincount(which, minlength=epochs)[:epochs]
    covered_ms = np.bincount(which, weights=rr[good], minlength=epochs)[:epochs]
    enough = covered_ms >= 1000 * COVERED * epoch_s
    return np.where(enough, 60_000 * beats / np.where(enough, covered_ms, 1.0), np.nan)
