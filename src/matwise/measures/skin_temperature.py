"""Skin temperature as change from one's own: what a thermometer on skin shows hangs on room, clothes and place."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from matwise.errors import InvalidInputError, Problem
from matwise.sentence import Sentence

Floats = NDArray[np.float64]

BASELINE_DAYS, FEWEST_DAYS = 28, 7  # our choice: long enough for a cycle of a month, short enough for the season


def by_day(day: ArrayLike, celsius: ArrayLike) -> tuple[NDArray[np.int64], Floats]:
    """The median of each day that has readings.

    Args:
        day: the number of the day of each reading, shape (n_readings,).
        celsius: the readings, in °C, shape (n_readings,).

    Returns:
        The days in order and their medians, each of shape (n_days,).

    Raises:
        InvalidInputError: the shapes differ.
    """
    days, values = np.asarray(day, dtype=np.int64), np.asarray(celsius, dtype=np.float64)
    if days.shape != values.shape or days.ndim != 1:
        got = f"{days.shape}, {values.shape}"
        raise InvalidInputError(Problem("skin temperature", got, Sentence("two arrays of one shape (n_readings,)")))
    known = np.unique(days)
    return known, np.array([np.median(values[days == one]) for one in known], dtype=np.float64)


def change(day: ArrayLike, celsius: ArrayLike) -> Floats:
    """Each day's temperature less the median of the four weeks before it.

    Args:
        day: the number of each day, in order and each once, shape (n_days,).
        celsius: its temperature, in °C, shape (n_days,).

    Returns:
        Shape (n_days,), in °C; NaN where fewer than seven of the 28 days before have a value.

    Raises:
        InvalidInputError: the shapes differ, or the days are not in order.
    """
    days, values = np.asarray(day, dtype=np.int64), np.asarray(celsius, dtype=np.float64)
    if days.shape != values.shape or days.ndim != 1 or (np.diff(days) <= 0).any():
        got = f"{days.shape}, {values.shape}"
        raise InvalidInputError(
            Problem("skin temperature", got, Sentence("days in order, each once, and a value for each"))
        )
    changes = np.full(values.size, np.nan)
    for here in range(values.size):
        first = int(np.searchsorted(days, days[here] - BASELINE_DAYS))
        if here - first >= FEWEST_DAYS:
            changes[here] = values[here] - np.median(values[first:here])
    return changes
