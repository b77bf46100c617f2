"""The ordinal model for many people: a few figures of each, compiled where numba is there."""

from __future__ import annotations

import math
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, fields
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from matwise.inference.mixture import Floats
from matwise.inference.observed import ENDS, Steps
from matwise.inference.ordinal import check_ratings, compare_ordinal
from matwise.inference.priors import Priors
from matwise.inference.quadrature import prior_root
from matwise.inference.regression import AVERAGE, Carryover

_AT_ONCE = 256  # people a thread takes: a tenth of a second


@dataclass(frozen=True, slots=True, eq=False)
class OrdinalPeople:
    """Arm 1 minus arm 0 on the latent scale, a figure a person; every column has shape (n_people,).

    `mean`, `sd`, `q025`, `q50`, `q975` and `p_below_zero` of the effect; `rho` and `sigma` posterior means;
    `log_evidence` the log probability of the ratings given; `n_used` rated days used; `at_ends` the share of them that
    lie on an end of the scale.
    """

    mean: Floats
    sd: Floats
    q025: Floats
    q50: Floats
    q975: Floats
    p_below_zero: Floats
    rho: Floats
    sigma: Floats
    log_evidence: Floats
    n_used: Floats
    at_ends: Floats


def compare_ordinal_many(
    y: ArrayLike,
    arm: ArrayLike,
    day: ArrayLike,
    *,
    priors: Priors,
    low: float = 0.0,
    high: float = 10.0,
    step: float = 1.0,
    carryover: Carryover = AVERAGE,
    threads: int = 1,
) -> OrdinalPeople:
    """The effect of each person, as `compare_ordinal` sees it.

    With numba (`matwise[many]`) figures differ from `compare_ordinal` by less than 0.02 posterior sds; without it they
    are its own, and take thirty times as long.

    Args:
        y: ratings, NaN where missing, shape (n_people, n_days).
        arm: see `compare_ordinal`; any shape that broadcasts to that of `y`.
        day: day numbers, ascending; broadcasts like `arm`.
        priors: of the latent model.
        low: the lowest rating there is.
        high: the highest.
        step: between two ratings.
        carryover: `NONE`, `AVERAGE` or one with days left out.
        threads: how many to use at once.

    Raises:
        InvalidInputError: as `compare_ordinal`.
    """
    steps = Steps(low, high, step)
    ratings, codes, days = np.asarray(y, dtype=np.float64), np.asarray(arm), np.asarray(day)
    check_ratings(ratings, codes, days, steps, dimensions=(2,))
    codes, days = (np.ascontiguousarray(np.broadcast_to(one, ratings.shape), dtype=np.int64) for one in (codes, days))
    people = _People(ratings, codes, days, steps, priors, carryover)
    names = [one.name for one in fields(OrdinalPeople) if one.name != "at_ends"]
    figures = dict(zip(names, people.one_by_one() if _compiled() is None else people.compiled(threads), strict=True))
    rated = np.maximum((~np.isnan(ratings)).sum(1), 1)
    at_end = (ratings < low + 0.5 * step) | (ratings > high - 0.5 * step)
    return OrdinalPeople(**figures, at_ends=at_end.sum(1) / rated)


def _compiled() -> object | None:
    try:
        from matwise.inference import ordinal_kernel
    except ImportError:
        return None
    return ordinal_kernel


@dataclass(frozen=True, slots=True, eq=False)
class _People:
    y: Floats
    arm: np.ndarray
    day: np.ndarray
    steps: Steps
    priors: Priors
    carryover: Carryover

    def one_by_one(self) -> list[Floats]:
        """Columns of `OrdinalPeople`, each person by `compare_ordinal`."""
        figures = np.empty((len(self.y), 10))
        ends = {"low": self.steps.low, "high": self.steps.high, "step": self.steps.step}
        for row, y, arm, day in zip(figures, self.y, self.arm, self.day, strict=True):
            found = compare_ordinal(y, arm, day, priors=self.priors, carryover=self.carryover, **ends)
            effect = found.effect
            row[:2], row[2:5] = (effect.mean, effect.sd), effect.quantile(ENDS)
            row[5:] = effect.below(0.0), found.rho, found.sigma, found.log_evidence, found.n_used
        return list(figures.T)

    def compiled(self, threads: int) -> list[Floats]:
        """The same by the compiled kernel, a block of people at a time."""
        from matwise.inference import ordinal_kernel as kernel

        weigh: Callable[..., None] = kernel.people
        figures = np.empty((len(self.y), kernel.FIELDS))
        shared, log_determinant = self._shared()

        def block(start: int) -> None:
            part = slice(start, start + _AT_ONCE)
            weigh(self.y[part], self.arm[part], self.day[part], *shared, figures[part])

        with ThreadPoolExecutor(max(1, threads)) as pool:
            list(pool.map(block, range(0, len(self.y), _AT_ONCE)))
        figures[:, kernel.LOG_EVIDENCE] += 0.5 * log_determinant
        return list(figures.T[: kernel.USED + 1])

    def _shared(self) -> tuple[tuple[Any, ...], float]:
        """What the kernel needs to know besides the days, and the log determinant of the prior precision."""
        priors, arms = self.priors, self._arms()
        root = prior_root(priors, 2 + arms.size, arms.size)
        log_weights = np.log(self.carryover.weights)
        rho = (0.0, 0.0, 0.0)
        if priors.rho is not None:
            reach = priors.rho.sd * math.sqrt(2)
            inside = 0.5 * (math.erf((1 - priors.rho.mean) / reach) - math.erf((-1 - priors.rho.mean) / reach))
            rho = (priors.rho.mean, priors.rho.sd, math.log(priors.rho.sd * math.sqrt(2 * math.pi) * inside))
        given = (
            arms,
            np.column_stack([self.carryover.keeps, log_weights]),
            self.carryover.days_left_out,
            (float(self.steps.low), float(self.steps.high), float(self.steps.step)),
            np.array([priors.level.mean, priors.trend.mean, priors.effect.mean]),
            np.linalg.inv(root @ root.T),
            np.array([priors.sigma, *rho]),
        )
        return given, -2 * float(np.log(np.diagonal(root)).sum())

    def _arms(self) -> np.ndarray:
        """Arms with an effect, arm 1 last."""
        highest = int(self.arm.max(initial=1))
        return np.array([*(k for k in range(2, highest + 1) if (self.arm == k).any()), 1], dtype=np.int64)
