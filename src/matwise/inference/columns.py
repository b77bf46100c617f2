"""Columns for what else may move a day: the day of the week, the period of the trial."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from matwise.errors import InvalidInputError, Problem
from matwise.inference.mixture import Floats

MOST_PERIODS = 40  # beyond it a period is hardly longer than its own days


def weekday_columns(day: ArrayLike) -> Floats:
    """Six columns that let every day of the week have a level of its own.

    Args:
        day: day numbers, shape (n_days,); which of them is a Monday plays no part.

    Returns:
        Shape (n_days, 6): 1 on the second to the seventh day of each week.
    """
    phase = np.mod(np.asarray(day, dtype=np.int64), 7)
    return np.asarray((phase[:, None] == np.arange(1, 7)).astype(np.float64))


def period_columns(day: ArrayLike, period_days: int) -> Floats:
    """Columns that let every period have a level of its own; the first period has none.

    Args:
        day: day numbers, shape (n_days,).
        period_days: days of a period, counted from the first day.

    Returns:
        Shape (n_days, n_periods − 1).

    Raises:
        InvalidInputError: a period has no day, or there are more than 40 of them.
    """
    days = np.asarray(day, dtype=np.int64)
    if period_days < 1:
        raise InvalidInputError(Problem("period", f"{period_days} days", "a whole number of days, 1 or more"))
    period = (days - days.min(initial=days[0] if days.size else 0)) // period_days
    count = int(period.max(initial=0))
    if count >= MOST_PERIODS:
        fewest = int(-(-(days.max() - days.min() + 1) // MOST_PERIODS))
        raise InvalidInputError(Problem("period", f"{period_days} days", f"{fewest} days or more"))
    return np.asarray((period[:, None] == np.arange(1, count + 1)).astype(np.float64))
