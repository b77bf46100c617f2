"""Blood pressure from single readings of a cuff: what one occasion says, and what some days say together.

At home two readings a minute apart, morning and evening, for seven days and at least three; the first day is left out
and the rest averaged: Stergiou et al. 2021 (European Society of Hypertension), doi:10.1097/HJH.0000000000002843.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from matwise.errors import InvalidInputError, Problem
from matwise.sentence import Sentence

Floats = NDArray[np.float64]

TOGETHER_S = 10 * 60.0  # our choice: readings this close to the one before are of one occasion
FEWEST_DAYS = 3


@dataclass(frozen=True, slots=True, eq=False)
class Occasions:
    """Times somebody sat down to measure; shape (n_occasions,) each, in the order of `at_s`, s since 1970.

    `systolic` and `diastolic` are the means of their `readings`, in mmHg.
    """

    at_s: Floats
    systolic: Floats
    diastolic: Floats
    readings: NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Period:
    """What some days say together, in mmHg, from so many occasions on so many days after the first."""

    systolic: float
    diastolic: float
    occasions: int
    days: int


def occasions(at_s: ArrayLike, systolic: ArrayLike, diastolic: ArrayLike) -> Occasions:
    """Readings that belong together, averaged.

    Args:
        at_s: moments, in s since 1970, shape (n_readings,), in any order.
        systolic: the upper values, in mmHg, shape (n_readings,).
        diastolic: the lower values, in mmHg, shape (n_readings,).

    Raises:
        InvalidInputError: the shapes differ, or an upper value is not above its lower one.
    """
    at, upper, lower = (np.asarray(one, dtype=np.float64) for one in (at_s, systolic, diastolic))
    if not at.shape == upper.shape == lower.shape or at.ndim != 1:
        got = f"{at.shape}, {upper.shape}, {lower.shape}"
        raise InvalidInputError(Problem("blood pressure", got, Sentence("three arrays of one shape (n_readings,)")))
    wrong = np.flatnonzero(~(upper > lower))
    if wrong.size:
        got = f"{upper[wrong[0]]:g}/{lower[wrong[0]]:g}"
        raise InvalidInputError(Problem("blood pressure", got, Sentence("an upper value above the lower one")))
    order = np.argsort(at, kind="stable")
    at, upper, lower = at[order], upper[order], lower[order]
    begins = np.diff(at, prepend=-np.inf) > TOGETHER_S
    which, number = np.cumsum(begins) - 1, int(begins.sum())
    readings = np.bincount(which, minlength=number)
    upper_sum, lower_sum = (np.bincount(which, weights=one, minlength=number) for one in (upper, lower))
    return Occasions(at[begins], upper_sum / readings, lower_sum / readings, readings)


def period(found: Occasions, day: ArrayLike) -> Period | None:
    """The mean of all occasions after the first day; None where that leaves fewer than three days.

    Args:
        found: the occasions.
        day: a number for the day each belongs to by the person's own clock, shape (n_occasions,).
    """
    days = np.asarray(day)
    if not days.size:
        return None
    later = days > days.min()
    number = int(np.unique(days[later]).size)
    if number < FEWEST_DAYS:
        return None
    upper, lower = float(found.systolic[later].mean()), float(found.diastolic[later].mean())
    return Period(upper, lower, int(later.sum()), number)
