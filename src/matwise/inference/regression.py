"""The difference between two arms of one person's days, as an exact posterior.

y_t = α + Σ τ_k·e_(k,t)(λ) + δ·s_t + u_t, with u_t AR(1) from a stationary start and s_t = (day − centre)/T. Missing
days are integrated out through the powers of ρ over their gap, coefficients analytically, (atanh ρ, log σ) by
quadrature.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from matwise.errors import InvalidInputError, Problem
from matwise.inference.mixture import Floats, NormalMixture
from matwise.inference.moments import Moments, moments
from matwise.inference.priors import Priors
from matwise.inference.quadrature import Nodes, integrate, log_density, nodes, residual, rows

# Nodes lighter than this share of the heaviest are dropped: together they hold less than 1e-4 of the mass.
_LIGHTEST = np.exp(-14.0)


@dataclass(frozen=True, slots=True)
class Carryover:
    """How an arm may linger: the λ considered, their prior weights, and the days left out after each switch."""

    keeps: tuple[float, ...] = (0.0,)
    weights: tuple[float, ...] = (1.0,)
    days_left_out: int = 0


NONE = Carryover()
# Keeps coverage at 0.935 or more for half-lives up to three days, where ignoring carry-over falls to 0.31–0.86.
AVERAGE = Carryover((0.0, 0.3, 0.5, 0.7, 0.85), (0.4, 0.2, 0.2, 0.1, 0.1))


@dataclass(frozen=True, slots=True, eq=False)
class Posterior:
    """What is known of the difference (arm 1 minus arm 0) after the days were seen.

    `effect` is its posterior; `rho` and `sigma` are posterior means, `keep_weight` the posterior weight of each λ,
    `n_used` the rated days used. `exact_fit` marks a series without any scatter around its arms and trend, for which
    the posterior of σ does not exist. Leading axes are people.
    """

    effect: NormalMixture
    rho: Floats
    sigma: Floats
    log_evidence: Floats
    keep_weight: Floats
    n_used: Floats
    exact_fit: np.ndarray


def compare(
    y: ArrayLike,
    arm: ArrayLike,
    day: ArrayLike,
    *,
    priors: Priors,
    carryover: Carryover = AVERAGE,
    rounding: float | None = None,
) -> Posterior:
    """Posterior of the difference between arm 1 and arm 0 in `y`.

    Args:
        y: ratings, NaN where missing, shape (n_days,) or (n_people, n_days).
        arm: 0 the arm compared with, 1 the arm asked about, 2 and up further arms (each has its own effect); any
            shape that broadcasts to that of `y`.
        day: day numbers, ascending; days may be skipped (the last known arm goes on). Broadcasts like `arm`.
        priors: see `Priors`.
        carryover: `NONE`, `AVERAGE` or one with days left out.
        rounding: the step to which ratings are rounded. Used only for a series without any scatter: σ is then taken
            as the error of rounding and ρ as 0; without it such a person's answer is NaN.

    Raises:
        InvalidInputError: shapes do not match, a rating is infinite, or days do not ascend.
    """
    ratings = np.asarray(y, dtype=np.float64)
    _check(ratings, np.asarray(arm), np.asarray(day))
    people = np.atleast_2d(ratings)
    arms, days = (np.broadcast_to(np.asarray(one, dtype=np.int64), people.shape) for one in (arm, day))
    each = [_person(Days.of(*one), priors, carryover, rounding) for one in zip(people, arms, days, strict=True)]
    return _stack(each) if ratings.ndim > 1 else each[0]


@dataclass(frozen=True, slots=True, eq=False)
class Days:
    """One person's calendar from first to last day: `day`, `arm`, `y` of shape (n_days,), NaN where not rated."""

    day: np.ndarray
    arm: np.ndarray
    y: Floats

    @classmethod
    def of(cls, y: Floats, arm: np.ndarray, day: np.ndarray) -> Days:
        """Fill the days that were skipped: not rated, on the last known arm."""
        if not day.size:
            return cls(day, arm, y)
        calendar = np.arange(day[0], day[-1] + 1)
        last_known = np.searchsorted(day, calendar, side="right") - 1
        rated = np.full(calendar.size, np.nan)
        rated[day - day[0]] = y
        return cls(calendar, arm[last_known], rated)

    def received(self) -> Floats:
        """1 on the days of an arm, shape (n_days, n_effects); arm 1 last, arm 0 without a column."""
        others = [k for k in range(2, int(self.arm.max(initial=1)) + 1) if (self.arm == k).any()]
        return np.column_stack([self.arm == k for k in (*others, 1)]).astype(np.float64)

    def without_switches(self, days_left_out: int) -> Days:
        """The same days, with ratings of the first `days_left_out` days after each switch of arm taken out."""
        y = self.y.copy()
        for at in np.flatnonzero(np.diff(self.arm)) + 1:
            y[at : at + days_left_out] = np.nan
        return Days(self.day, self.arm, y)


def statistics(days: Days, priors: Priors, carryover: Carryover) -> Moments:
    """Moments of one person's days under each λ of the carry-over."""
    used = days.without_switches(carryover.days_left_out)
    return moments(used.day.astype(np.float64), used.received(), used.y, carryover.keeps, priors)


def _person(days: Days, priors: Priors, carryover: Carryover, rounding: float | None) -> Posterior:
    stats = statistics(days, priors, carryover)
    grid = integrate(stats, priors)
    if grid is not None:
        return _posterior(stats, grid, priors, carryover, exact_fit=False)
    if rounding is None:
        return _unknown(stats, carryover)
    return _posterior(stats, _rounding_alone(stats, priors, rounding), priors, carryover, exact_fit=True)


def _rounding_alone(stats: Moments, priors: Priors, rounding: float) -> Nodes:
    """One node: independent days (ρ = 0) that scatter by the error of rounding and by what the fit leaves."""
    grid = rows(stats, priors, np.zeros((len(stats.matrices), 1)))
    left = residual(grid)[0].max() / stats.n
    v = np.full((len(stats.matrices), 1, 1), 0.5 * np.log(rounding**2 / 12 + left))
    return nodes(grid, v, log_density(grid, v, priors))


def _posterior(stats: Moments, grid: Nodes, priors: Priors, carryover: Carryover, *, exact_fit: bool) -> Posterior:
    log_mass = grid.log_mass + np.log(carryover.weights)[:, None]
    peak = log_mass.max()
    mass = np.exp(log_mass - peak)
    total = mass.sum()
    kept = mass > _LIGHTEST * mass.max()
    weight = mass[kept] / mass[kept].sum()
    return Posterior(
        effect=NormalMixture(weight, priors.effect.mean + grid.effect_mean[kept], np.sqrt(grid.effect_variance[kept])),
        rho=weight @ grid.rho[kept],
        sigma=weight @ grid.sigma[kept],
        log_evidence=peak + np.log(total),
        keep_weight=mass.sum(-1) / total,
        n_used=np.asarray(stats.n),
        exact_fit=np.asarray(exact_fit),
    )


def _unknown(stats: Moments, carryover: Carryover) -> Posterior:
    nan = np.array(np.nan)
    one = np.array([np.nan])
    weights = np.full(len(carryover.keeps), np.nan)
    return Posterior(NormalMixture(one, one, one), nan, nan, nan, weights, np.asarray(stats.n), np.asarray(True))  # noqa: FBT003 (an array of one truth)


def _stack(each: list[Posterior]) -> Posterior:
    """People side by side; shorter mixtures are padded with weight 0."""
    longest = max(one.effect.weight.size for one in each)

    def padded(values: Floats, fill: float) -> Floats:
        return np.pad(values, (0, longest - values.size), constant_values=fill)

    return Posterior(
        effect=NormalMixture(
            np.stack([padded(one.effect.weight, 0.0) for one in each]),
            np.stack([padded(one.effect.component_mean, 0.0) for one in each]),
            np.stack([padded(one.effect.component_sd, 1.0) for one in each]),
        ),
        rho=np.stack([one.rho for one in each]),
        sigma=np.stack([one.sigma for one in each]),
        log_evidence=np.stack([one.log_evidence for one in each]),
        keep_weight=np.stack([one.keep_weight for one in each]),
        n_used=np.stack([one.n_used for one in each]),
        exact_fit=np.stack([one.exact_fit for one in each]),
    )


def _check(y: Floats, arm: np.ndarray, day: np.ndarray) -> None:
    problems = []
    if y.ndim not in (1, 2) or y.size == 0:
        problems.append(Problem("ratings", f"shape {y.shape}", "(n_days,) or (n_people, n_days), not empty"))
    for name, given in (("arm", arm), ("day", day)):
        if given.ndim > y.ndim or given.shape[-1:] != y.shape[-1:]:
            problems.append(Problem(name, f"shape {given.shape}", f"one that broadcasts to {y.shape}"))
    if np.isinf(y).any():
        problems.append(Problem("ratings", "an infinite value", "finite numbers, NaN where missing"))
    if day.size and not (np.diff(day, axis=-1) > 0).all():
        problems.append(Problem("day", "days that do not ascend", "each day once, in order"))
    if arm.size and arm.min() < 0:
        problems.append(Problem("arm", str(arm.min()), "0, 1, 2, …"))
    if problems:
        raise InvalidInputError(*problems)
