"""Trials as they may go: the days dealt, the ratings missed, the ratings given."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from matwise.inference.mixture import Floats
from matwise.inference.moments import exposure
from matwise.inference.regression import Carryover, Days, Posterior
from matwise.trial.baseline import Spread
from matwise.trial.design import Design, TrialDay
from matwise.trial.schedule import arms_of, dealt_calendar

USUAL_LEVEL = 5.0  # where simulated ratings lie; ratings are not rounded, nor do they meet an end of the scale


def codes_of(design: Design, days: Sequence[TrialDay]) -> NDArray[np.int64]:
    """The arm of each day: 1 the mat, 0 what it is compared with first, 2 a third one.

    A day off has the code of the day before it, or of the day after where nothing came before.
    """
    arms = arms_of(design)
    code = {arms[0]: 1, arms[1]: 0} | dict.fromkeys(arms[2:], 2)
    out, before = [], next((code[one.arm] for one in days if not one.off), 0)
    for one in days:
        before = before if one.off else code[one.arm]
        out.append(before)
    return np.array(out, dtype=np.int64)


def dealt_days(
    design: Design, lengths: Sequence[int], missing: float, rng: np.random.Generator
) -> tuple[Days, tuple[int, ...]]:
    """The calendar of `design` up to the longest of `lengths`, and the day of the calendar on which each is reached.

    Days off, wash-in days and a share `missing` of the others hold NaN, the rest 0.
    """
    longest = max(lengths)
    dealt = dealt_calendar(design, longest + len(design.cannot))
    reached = np.cumsum([not one.off for one in dealt])
    ends = tuple(int(np.searchsorted(reached, length)) + 1 for length in lengths)
    dealt = dealt[: max(ends)]
    out = np.array([one.off or one.washin for one in dealt]) | (rng.random(len(dealt)) < missing)
    calendar = np.arange(1, len(dealt) + 1)
    return Days(calendar, codes_of(design, dealt), np.where(out, np.nan, 0.0)), ends


def trial_ratings(
    arm: NDArray[np.int64], spread: Spread, effect: float, draws: int, rng: np.random.Generator
) -> Floats:
    """Ratings of `draws` trials, shape (draws, n_days): `effect` on the days of arm 1, chance that resembles itself.

    Draws come in pairs that mirror each other's chance, which makes shares counted over them surer.
    """
    half = rng.standard_normal((-(-draws // 2), arm.size))
    noise = np.stack([half, -half], axis=1).reshape(-1, arm.size)[:draws]
    pairs = np.array(spread.pairs)[np.arange(draws) // 2 % len(spread.pairs)]
    y: Floats = USUAL_LEVEL + effect * (arm == 1) + pairs[:, :1] * correlated(noise, pairs[:, 1])
    return y


def correlated(noise: Floats, rho: Floats, before: Floats | None = None) -> Floats:
    """AR(1) series of variance 1 from independent normals of shape (n_draws, n_days); `rho` has shape (n_draws,).

    They go on from `before` of shape (n_draws,), or start anywhere.
    """
    out = np.empty_like(noise)
    step = np.sqrt(1 - rho**2)
    last = before
    for day in range(noise.shape[1]):
        last = noise[:, day] if last is None else rho * last + step * noise[:, day]
        out[:, day] = last
    return out


def coming_days(
    past: Days, arm: NDArray[np.int64], posterior: Posterior, carryover: Carryover, rng: np.random.Generator, draws: int
) -> Floats:
    """The past ratings with coming ones from the posterior behind them, shape (draws, n_past + n_coming).

    The drift and the covariates of the past are taken off at their posterior means and do not go on: a drift of some
    days carried on for months would lead anywhere.
    """
    drawn = posterior.draws(rng, draws)
    usual = posterior.weight @ posterior.mean
    n = past.day.size
    centred = (past.day - 0.5 * (past.day[0] + past.day[-1])) / (past.day[-1] - past.day[0] + 1)
    known = past.without_switches(carryover.days_left_out).standardised()
    off = usual[1] * centred
    if known is not None:
        off = off + known @ usual[2 : 2 + known.shape[1]]
    y = past.y - off
    arms = np.concatenate([past.arm, arm])
    level = np.empty((draws, arms.size))
    received = np.column_stack([arms == code for code in sorted(posterior.arms)]).astype(np.float64)
    for keep in np.unique(drawn.keep):
        mine = drawn.keep == keep
        level[mine] = drawn.effects[mine] @ exposure(received, np.array([keep]))[0].T
    level += drawn.coefficients[:, :1]
    rated = np.flatnonzero(~np.isnan(y))
    spread = drawn.sigma / np.sqrt(1 - drawn.rho**2)
    before, gap = None, 0
    if rated.size:
        before, gap = (y[rated[-1]] - level[:, rated[-1]]) / spread, n - 1 - int(rated[-1])
    noise = rng.standard_normal((draws, gap + arm.size))
    chance = correlated(noise, drawn.rho, before)[:, gap:]
    return np.concatenate([np.broadcast_to(y, (draws, n)), level[:, n:] + spread[:, None] * chance], axis=1)
