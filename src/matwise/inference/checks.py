"""Whether the model fits the days: what is left over should look like chance, and like nothing else.

Given a draw of (coefficients, ρ, σ) from the posterior, every rated day has an innovation: how far it lies from what
the days before and the model lead one to expect, in units of its own spread. If the model is right these are
independent standard normals, whatever the draw. Each check is a figure of the innovations, held against the same figure
of as many true standard normals (realised discrepancies; Gelman, Meng and Stern 1996, Statistica Sinica 6, 733–807).

A slow bend that no straight drift follows is not among them: the day-to-day resemblance takes it up, and the
innovations stay innocent.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from matwise.inference.mixture import Floats
from matwise.inference.moments import design_rows, drift, exposure
from matwise.inference.priors import Priors
from matwise.inference.regression import Carryover, Days, Draws, Posterior

FEWEST_DAYS = 14  # below them nothing can be said about the fit
RARE = 0.005  # six checks at this level raise a false alarm in about one series of forty
DRAWS = 400


class Check(StrEnum):
    """What is looked for."""

    OUTLIER = "outlier"
    NEXT_DAY = "next_day"
    SAME_WEEKDAY = "same_weekday"
    SPREAD_BY_ARM = "spread_by_arm"
    SPREAD_OVER_TIME = "spread_over_time"
    SKEW = "skew"
    LOW_END = "low_end"
    HIGH_END = "high_end"
    NEAR_END = "near_end"


@dataclass(frozen=True, slots=True)
class Found:
    """One check: its figure (posterior mean), and how often chance alone goes as far (two-sided)."""

    check: Check
    figure: float
    p: float

    @property
    def fits(self) -> bool:
        """Whether chance alone explains it."""
        return self.p >= RARE


@dataclass(frozen=True, slots=True, eq=False)
class Fit:
    """All checks, and the innovations (posterior means) of the rated days `day`, both of shape (n_rated,)."""

    checks: tuple[Found, ...]
    day: np.ndarray
    innovation: Floats

    @property
    def misfits(self) -> tuple[Check, ...]:
        """What the model does not explain."""
        return tuple(one.check for one in self.checks if not one.fits)


def check_fit(
    days: Days,
    posterior: Posterior,
    priors: Priors,
    carryover: Carryover,
    rng: np.random.Generator,
    draws: int = DRAWS,
) -> Fit:
    """Hold what the model leaves over against chance.

    Args:
        days: the calendar that `posterior` was computed from.
        posterior: of one person.
        priors: those of the posterior.
        carryover: that of the posterior.
        rng: of the draws.
        draws: how many; p-values come in steps of 1/(draws + 1).

    Returns:
        No checks where there are fewer than 14 rated days, no posterior, or no scatter at all.
    """
    used = days.without_switches(carryover.days_left_out)
    seen = np.flatnonzero(~np.isnan(used.y))
    if len(seen) < FEWEST_DAYS or posterior.exact_fit or not np.isfinite(posterior.weight).all():
        return Fit((), used.day[seen], np.empty(0))
    left = _innovations(used, posterior, priors, rng, draws)
    chance = rng.standard_normal(left.shape)
    context = _Context(used.day[seen], used.arm[seen], drift(used.day.astype(np.float64))[seen])
    checks = tuple(_held_against_chance(one, context, left, chance) for one in _FIGURES if _can_be_asked(one, context))
    return Fit(checks, used.day[seen], left.mean(0))


@dataclass(frozen=True, slots=True, eq=False)
class _Context:
    day: np.ndarray
    arm: np.ndarray
    s: Floats


def _innovations(days: Days, posterior: Posterior, priors: Priors, rng: np.random.Generator, draws: int) -> Floats:
    """Standardised one-step errors under `draws` draws of the posterior, shape (draws, n_rated)."""
    drawn, fitted = drawn_levels(days, posterior, priors, rng, draws)
    seen = np.flatnonzero(~np.isnan(days.y))
    left = days.y[seen] - fitted
    power = drawn.rho[:, None] ** np.diff(seen)
    stationary = 1 - drawn.rho[:, None] ** 2
    first = left[:, :1] * np.sqrt(stationary)
    later = (left[:, 1:] - power * left[:, :-1]) * np.sqrt(stationary / (1 - power**2))
    return np.asarray(np.concatenate([first, later], axis=1) / drawn.sigma[:, None])


def drawn_levels(
    days: Days, posterior: Posterior, priors: Priors, rng: np.random.Generator, draws: int
) -> tuple[Draws, Floats]:
    """Draws of the posterior, and what each expects of the rated days before any chance: (draws, n_rated)."""
    drawn = posterior.draws(rng, draws)
    keeps, which = np.unique(drawn.keep, return_inverse=True)
    exposures = exposure(days.received(posterior.arms), keeps)
    rows = design_rows(days.day.astype(np.float64), exposures, np.zeros(days.day.size), priors, days.standardised())
    seen = np.flatnonzero(~np.isnan(days.y))
    return drawn, (rows[which][:, seen, :-1] @ drawn.coefficients[..., None])[..., 0]


def _can_be_asked(check: Check, context: _Context) -> bool:
    if check is Check.SPREAD_BY_ARM:
        return all((context.arm == arm).sum() >= 5 for arm in (0, 1))
    if check is Check.SAME_WEEKDAY:
        return _week_apart(context.day)[0].size >= 10
    return True


def _held_against_chance(check: Check, context: _Context, left: Floats, chance: Floats) -> Found:
    figure = _FIGURES[check]
    seen, by_chance = figure(left, context), figure(chance, context)
    return Found(check, float(seen.mean()), two_sided(seen, by_chance))


def two_sided(seen: Floats, by_chance: Floats) -> float:
    """How often chance goes as far as what was seen, either way; both (draws,)."""
    above = (1 + (by_chance >= seen).sum()) / (len(seen) + 1)
    below = (1 + (by_chance <= seen).sum()) / (len(seen) + 1)
    return float(min(1.0, 2 * min(above, below)))


def _correlation(a: Floats, b: Floats) -> Floats:
    a, b = a - a.mean(-1, keepdims=True), b - b.mean(-1, keepdims=True)
    return np.asarray((a * b).sum(-1) / np.sqrt((a**2).sum(-1) * (b**2).sum(-1)))


def _week_apart(day: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Positions of the rated days that have one a week earlier, and of those a week earlier."""
    earlier = np.searchsorted(day, day - 7)
    found = np.flatnonzero((earlier < day.size) & (day[np.minimum(earlier, day.size - 1)] == day - 7))
    return found, earlier[found]


def _largest(z: Floats, _: _Context) -> Floats:
    return np.asarray(np.abs(z).max(-1))


def _next_day(z: Floats, _: _Context) -> Floats:
    return _correlation(z[:, 1:], z[:, :-1])


def _same_weekday(z: Floats, context: _Context) -> Floats:
    later, earlier = _week_apart(context.day)
    return _correlation(z[:, later], z[:, earlier])


def _spread_by_arm(z: Floats, context: _Context) -> Floats:
    one, other = z[:, context.arm == 1], z[:, context.arm == 0]
    return np.asarray(0.5 * np.log((one**2).mean(-1) / (other**2).mean(-1)))


def _spread_over_time(z: Floats, context: _Context) -> Floats:
    return _correlation(np.abs(z), np.broadcast_to(context.s, z.shape))


def _skew(z: Floats, _: _Context) -> Floats:
    off = z - z.mean(-1, keepdims=True)
    return np.asarray((off**3).mean(-1) / (off**2).mean(-1) ** 1.5)


_FIGURES: dict[Check, Callable[[Floats, _Context], Floats]] = {
    Check.OUTLIER: _largest,
    Check.NEXT_DAY: _next_day,
    Check.SAME_WEEKDAY: _same_weekday,
    Check.SPREAD_BY_ARM: _spread_by_arm,
    Check.SPREAD_OVER_TIME: _spread_over_time,
    Check.SKEW: _skew,
}
