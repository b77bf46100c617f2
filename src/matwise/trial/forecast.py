"""How many days an answer may take: before the first one, and while the days come in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from matwise.inference.power import Rule, chance_of_clear_answer, chance_to_see, spread_after
from matwise.inference.priors import Priors
from matwise.inference.regression import AVERAGE, Carryover, Days, Posterior
from matwise.trial.design import Arm, Design
from matwise.trial.schedule import dealt_arms, group_days

FEWEST_RATED, FEWEST_RATED_PER_ARM = 14, 3  # below them no answer is given, however clear it looks
LONGEST_WAIT_DAYS = 365
PROBABLY = 0.8  # a clear answer counts as probable from here
_DEALS = 24  # random schedules averaged over: their chances differ by a few hundredths


@dataclass(frozen=True, slots=True)
class Chance:
    """How likely a trial of `days` days shows a change that matters, if there is one."""

    days: int
    chance: float


@dataclass(frozen=True, slots=True, eq=False)
class Future:
    """How a trial would go on: the arm of each coming day (0, 1, 2, …), and how many days one group of blocks has.

    `planned_end` is the day after which the trial counts as finished (0: it is finished already); before it the
    stricter `running_side` is asked of a verdict, which guards against looking many times.
    """

    arm: NDArray[np.int64]
    group_days: int
    planned_end: int = 0
    running_side: float = 0.99


def days_needed(
    past: Days, future: Future, posterior: Posterior | None, priors: Priors | None, carryover: Carryover, rule: Rule
) -> int | None:
    """Fewest further days, in whole groups of blocks, after which the answer is probably clear; None: over a year.

    Without a posterior only the fewest rated days that an answer needs are counted.
    """
    days = Days(
        np.arange(1, past.day.size + future.arm.size + 1),
        np.concatenate([past.arm, future.arm]),
        np.concatenate([past.y, np.zeros(future.arm.size)]),
    )
    ends = past.day.size + np.arange(future.group_days, future.arm.size + 1, future.group_days)
    clear = _enough(days, ends, carryover)
    if posterior is not None and priors is not None:
        clear &= _probable(days, ends, past.day.size, posterior, priors, carryover, rule, future)
    first = np.flatnonzero(clear)
    return int(ends[first[0]] - past.day.size) if first.size else None


def goes_on(past: Days) -> Future:
    """How a table of days would go on: blocks of its usual length, groups in alternating order."""
    runs = np.diff(np.concatenate([[0], np.flatnonzero(np.diff(past.arm)) + 1, [past.arm.size]]))
    inner = runs[1:-1] if runs.size > 2 else runs  # the first and the last may have been cut short
    block_days = int(np.bincount(inner).argmax())
    arms = np.unique(past.arm)
    order = np.roll(arms, -1 - int(np.flatnonzero(arms == past.arm[-1])[0]))
    both_ways = np.repeat(np.concatenate([order, order[::-1]]), block_days)
    return Future(np.resize(both_ways, LONGEST_WAIT_DAYS), block_days * arms.size)


def deals_on(design: Design, done: int) -> Future:
    """How a trial would go on after `done` days: dealt by its own seed."""
    arms = dealt_arms(design, done + LONGEST_WAIT_DAYS)[done:]
    codes = np.array([int(arm is Arm.MAT) for arm in arms], dtype=np.int64)
    return Future(codes, group_days(design), planned_end=design.days)


def chances(
    design: Design,
    lengths: Sequence[int] = (28, 42, 56, 84),
    *,
    effect: float = 1.0,
    day_spread: float = 1.5,
    rho: float = 0.3,
    missing: float = 0.1,
    carryover: Carryover | None = None,
) -> tuple[Chance, ...]:
    """Before day 1: the chance that the answer will be clear, if the true difference is `effect` points.

    Args:
        design: blocks and wash-in days; its length plays no part.
        lengths: the lengths in days that are asked about.
        effect: true difference on a 0–10 rating.
        day_spread: how much such a person's ratings differ from day to day (sd).
        rho: correlation of one day with the next.
        missing: share of days that will not be rated.
        carryover: how the answer will allow for it; None as `answer_trial` does.

    Returns:
        One chance per length, averaged over ways to deal the blocks and days to miss.
    """
    priors = Priors.for_rating()
    handling = replace(AVERAGE if carryover is None else carryover, days_left_out=design.washin_days)
    sigma = day_spread * (1 - rho**2) ** 0.5
    rng = np.random.Generator(np.random.PCG64(0))
    total = np.zeros(len(lengths))
    for seed in range(_DEALS):
        dealt = dealt_arms(replace(design, seed=seed), max(lengths))
        arm = np.array([int(one is Arm.MAT) for one in dealt], dtype=np.int64)
        y = np.where(rng.random(arm.size) < missing, np.nan, 0.0)
        days = Days(np.arange(1, arm.size + 1), arm, y)
        total += chance_to_see(days, lengths, priors, handling, effect=effect, rho=rho, sigma=sigma, rng=rng)
    return tuple(Chance(days, float(one)) for days, one in zip(lengths, total / _DEALS, strict=True))


def _enough(days: Days, ends: NDArray[np.int64], carryover: Carryover) -> NDArray[np.bool_]:
    """Whether the fewest rated days are there at each end."""
    rated = ~np.isnan(days.without_switches(carryover.days_left_out).y)
    enough = rated.cumsum()[ends - 1] >= FEWEST_RATED
    for arm in (0, 1):
        enough &= (rated & (days.arm == arm)).cumsum()[ends - 1] >= FEWEST_RATED_PER_ARM
    return enough


def _probable(
    days: Days,
    ends: NDArray[np.int64],
    now: int,
    posterior: Posterior,
    priors: Priors,
    carryover: Carryover,
    rule: Rule,
    future: Future,
) -> NDArray[np.bool_]:
    rho, sigma = float(posterior.rho), float(posterior.sigma)
    spread = spread_after(days, [now, *ends.tolist()], priors, carryover, rho=rho, sigma=sigma)
    # ρ and σ are held at their means here; the present spread, which knows they are uncertain, sets the level.
    variance = posterior.keep_weight @ spread**2
    mean, sd = float(posterior.effect.mean), float(posterior.effect.sd)
    sd_after = sd * np.sqrt(np.minimum(variance[1:] / variance[0], 1.0))
    finished = chance_of_clear_answer(mean, sd, sd_after, rule)
    running = chance_of_clear_answer(mean, sd, sd_after, replace(rule, side=future.running_side))
    return np.asarray(np.where(ends < future.planned_end, running, finished) >= PROBABLY)
