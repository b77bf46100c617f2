"""What a day says that was measured more than once."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from matwise.measures.reading import Readings

_MS_PER_MIN, _MS_PER_DAY = 60_000, 86_400_000


@dataclass(frozen=True, slots=True, eq=False)
class Days:
    """Days with readings, in order; shape (n_days,) each.

    `day` counts from 1970-01-01 by the clock on the wall; `median`, `lowest` and `highest` are in the unit of the
    readings, `count` is how many there were.
    """

    day: NDArray[np.int64]
    median: NDArray[np.float64]
    lowest: NDArray[np.float64]
    highest: NDArray[np.float64]
    count: NDArray[np.int64]


def day_numbers(readings: Readings) -> NDArray[np.int64]:
    """The day of each reading by the clock on the wall, counted from 1970-01-01; shape (n_readings,)."""
    return (readings.at_ms + readings.offset_min.astype(np.int64) * _MS_PER_MIN) // _MS_PER_DAY


def daily(readings: Readings) -> Days:
    """The median, the lowest and the highest reading of each day that has any."""
    days = day_numbers(readings)
    order = np.lexsort((readings.values, days))
    days, values = days[order], readings.values[order]
    starts = np.flatnonzero(np.diff(days, prepend=days[:1] - 1))
    ends = np.append(starts[1:], days.size)[: starts.size]
    count = ends - starts
    middle = (values[starts + (count - 1) // 2] + values[starts + count // 2]) / 2
    return Days(days[starts], middle, values[starts], values[ends - 1], count)
