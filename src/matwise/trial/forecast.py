"""How many days an answer may take: before the first one, and while the days come in."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

from matwise.inference.mixture import Floats
from matwise.inference.power import Rule, clear
from matwise.inference.priors import Priors
from matwise.inference.regression import AVERAGE, Carryover, Days, Posterior
from matwise.inference.simulation import weigh
from matwise.trial.baseline import TYPICAL, Spread
from matwise.trial.design import Design
from matwise.trial.schedule import dealt_calendar, group_days
from matwise.trial.simulated import codes_of, coming_days, dealt_days, trial_ratings

FEWEST_RATED, FEWEST_RATED_PER_ARM = 14, 3  # below them no answer is given, however clear it looks
LONGEST_WAIT_DAYS = 365
LENGTHS = (28, 42, 56, 84, 112)  # days that are asked about before a trial begins
PROBABLY = 0.8  # a clear answer counts as probable from here
# What a verdict asks of one side: on the last day, after a whole group of blocks, on any other day (stopping.OFFERED).
SIDE_FINISHED, SIDE_RUNNING, SIDE_BETWEEN = 0.975, 0.995, 0.9975
_DEALS = 80  # random schedules averaged over: their chances differ by a few hundredths
_DRAWS = 3200  # standard error of a chance: a hundredth at most
_PREDICTED = 128  # ways the coming days may go: standard error 0.035 at a chance of 0.8
_TRIED_DAYS = (8, 14, 21, 28, 42, 56, 84, 112, 160, 240)  # further days that are tried first
_SOON_DAYS = 60  # looked at before those beyond: most answers come within them
_BETWEEN = 4  # ends tried at once between two others …
_FINE = 0.08  # … unless they are so close already: what is foretold is no surer than that


@dataclass(frozen=True, slots=True)
class Chance:
    """How likely a trial of `days` days shows a change that matters, if there is one."""

    days: int
    chance: float


@dataclass(frozen=True, slots=True, eq=False)
class Future:
    """How a trial would go on: the arm of each coming day (0, 1, 2, …), and how many days one group of blocks has.

    `planned_end` is the day after which the trial counts as finished (0: it is finished already); before it the
    stricter `running_side` is asked of a verdict, which guards against looking many times. `off` marks coming days
    that belong to no arm (None: no day does), and `past_off` counts those that are over.
    """

    arm: NDArray[np.int64]
    group_days: int
    planned_end: int = 0
    running_side: float = SIDE_RUNNING
    off: NDArray[np.bool_] | None = None
    past_off: int = 0

    @property
    def ends(self) -> NDArray[np.int64]:
        """The coming days on which a whole group of blocks is over, counted from 1."""
        on = np.ones(self.arm.size, dtype=np.bool_) if self.off is None else ~self.off
        return np.flatnonzero(on & (on.cumsum() % self.group_days == 0)) + 1

    def first(self, days: int) -> Future:
        """The same future, seen only so far."""
        return replace(self, arm=self.arm[:days], off=None if self.off is None else self.off[:days])


def chances(
    design: Design,
    lengths: Sequence[int] = LENGTHS,
    *,
    spread: Spread = TYPICAL,
    effect: float = 1.0,
    missing: float = 0.1,
    carryover: Carryover | None = None,
    draws: int = _DRAWS,
) -> tuple[Chance, ...]:
    """Before day 1: the chance that the answer will be clear, if the true difference is `effect` points.

    Whole trials are simulated and weighed as the answer will weigh them, ρ and σ unknown.

    Args:
        design: arms, order, blocks, wash-in days and days off; its length and seed play no part. Of three arms the
            first two are compared, and the third is taken to do what the second does.
        lengths: the lengths in days, those off not counted, that are asked about.
        spread: how such a person's ratings differ from day to day; what is uncertain of it is averaged over.
        effect: true difference on a 0–10 rating, either way.
        missing: share of days that will not be rated.
        carryover: how the answer will allow for it; None as `answer_trial` does. Nothing truly lingers.
        draws: simulated trials.

    Returns:
        One chance per length, ascending, averaged over ways to deal the blocks and days to miss.
    """
    wanted = tuple(sorted(set(lengths)))
    allowed = replace(AVERAGE if carryover is None else carryover, days_left_out=design.washin_days)
    asked = replace(design, days=max(wanted), seed=0)
    found = _chances(asked, wanted, spread, -abs(effect), missing, allowed, draws)
    return tuple(Chance(days, chance) for days, chance in zip(wanted, found, strict=True))


def days_for(told: Sequence[Chance], share: float = PROBABLY) -> int | None:
    """About how many days give the chance `share`; None where no length that was asked about does.

    Between two lengths the chance is taken to follow a normal curve of the root of the days, as an effect's certainty
    does.
    """
    normal, before = NormalDist(), None
    for one in sorted(told, key=lambda chance: chance.days):
        if one.chance >= share:
            if before is None:
                return one.days
            low, high, aim = (normal.inv_cdf(min(max(p, 1e-4), 1 - 1e-4)) for p in (before.chance, one.chance, share))
            root = math.sqrt(before.days) + (math.sqrt(one.days) - math.sqrt(before.days)) * (aim - low) / (high - low)
            return min(math.ceil(root**2), one.days)
        before = one
    return None


def days_needed(
    past: Days, future: Future, posterior: Posterior | None, priors: Priors | None, carryover: Carryover, rule: Rule
) -> int | None:
    """Fewest further days, in whole groups of blocks, after which the answer is probably clear; None: over a year.

    The coming days are simulated from what the posterior holds possible, rated as often as those before, and weighed
    with them as the answer will be. Without a posterior only the fewest rated days that an answer needs are counted.
    """
    if posterior is None or priors is None:
        days = _with_coming(past, future, np.ones(future.arm.size, dtype=np.bool_))
        enough = future.ends[enough_rated(days, past.day.size + future.ends, carryover)]
        return int(enough[0]) if enough.size else None
    rng = np.random.Generator(np.random.PCG64(0))  # the same days always need the same number of further ones
    rated = rng.random(future.arm.size) < _rated_share(past, future, carryover)
    y = coming_days(past, future.arm, posterior, carryover, rng, _PREDICTED)
    days = _with_coming(past, future, rated)
    return _first_clear(days, y, past.day.size, future, _Asked(priors, carryover, rule))


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
    """How a trial would go on after `done` days of the calendar: dealt by its own seed."""
    dealt = dealt_calendar(design, done + LONGEST_WAIT_DAYS)
    off = np.array([one.off for one in dealt])
    planned_end = int(np.searchsorted((~off).cumsum(), design.days)) + 1
    return Future(
        codes_of(design, dealt)[done:],
        group_days(design),
        planned_end=planned_end,
        off=off[done:],
        past_off=int(off[:done].sum()),
    )


@lru_cache(maxsize=64)
def _chances(
    design: Design,
    lengths: tuple[int, ...],
    spread: Spread,
    effect: float,
    missing: float,
    carryover: Carryover,
    draws: int,
) -> tuple[float, ...]:
    rng = np.random.Generator(np.random.PCG64(0))
    seen = np.zeros(len(lengths))
    for seed in range(_DEALS):
        days, ends = dealt_days(replace(design, seed=seed), lengths, missing, rng)
        y = trial_ratings(days.arm, spread, effect, draws // _DEALS, rng)
        found = weigh(days, y, ends, Priors.for_rating(), carryover)
        seen += (found.below_zero >= SIDE_FINISHED).mean(0)
    return tuple((seen / _DEALS).tolist())


@dataclass(frozen=True, slots=True, eq=False)
class _Asked:
    """How the answer will be weighed, and what makes it clear."""

    priors: Priors
    carryover: Carryover
    rule: Rule


def _first_clear(days: Days, y: Floats, now: int, future: Future, asked: _Asked) -> int | None:
    """The first end whose answer is probably clear, looked for in ever longer steps, then between two of them."""
    ends = future.ends[enough_rated(days, now + future.ends, asked.carryover)]
    if not ends.size:
        return None
    low, high = -1, None
    for tried in _steps(ends, future.planned_end - now):
        good = np.flatnonzero(_clear_chance(days, y, now, ends[tried], future, asked) >= PROBABLY)
        if good.size:
            high = int(tried[good[0]])
            low = int(tried[good[0] - 1]) if good[0] else low
            break
        low = int(tried[-1])
    while high is not None and high - low > 1 and ends[high] - ends[max(low, 0)] > _FINE * ends[high]:
        tried = np.unique(np.linspace(low + 1, high - 1, _BETWEEN).astype(np.int64))
        good = np.flatnonzero(_clear_chance(days, y, now, ends[tried], future, asked) >= PROBABLY)
        at = int(good[0]) if good.size else tried.size
        low, high = int(tried[at - 1]) if at else low, int(tried[at]) if good.size else high
    return None if high is None else int(ends[high])


def _steps(ends: NDArray[np.int64], planned: int) -> list[NDArray[np.int64]]:
    """Places among `ends` that are tried first: near ones, the planned end, then ones far off."""
    places = {0, *(int(np.searchsorted(ends, wanted)) for wanted in (*_TRIED_DAYS, planned)), ends.size - 1}
    tried = np.array(sorted(one for one in places if 0 <= one < ends.size), dtype=np.int64)
    far = int(np.searchsorted(ends[tried], _SOON_DAYS, side="right"))
    return [part for part in (tried[:far], tried[far:]) if part.size]


def _clear_chance(days: Days, y: Floats, now: int, ends: NDArray[np.int64], future: Future, asked: _Asked) -> Floats:
    last = now + int(ends[-1])
    seen = Days(days.day[:last], days.arm[:last], days.y[:last])
    change = asked.rule.smallest_change
    found = weigh(
        seen, y[:, :last], (now + ends).tolist(), asked.priors, asked.carryover, smallest_change=max(change, 1e-9)
    )
    side = np.where(now + ends < future.planned_end, future.running_side, asked.rule.side)
    return np.asarray(clear(found, side, asked.rule.within).any.mean(0))


def _with_coming(past: Days, future: Future, rated: NDArray[np.bool_]) -> Days:
    """The calendar, past and coming; a coming day counts as rated where `rated` says so and it is not off."""
    on = rated if future.off is None else rated & ~future.off
    return Days(
        np.arange(1, past.day.size + future.arm.size + 1),
        np.concatenate([past.arm, future.arm]),
        np.concatenate([past.y, np.where(on, 0.0, np.nan)]),
    )


def _rated_share(past: Days, future: Future, carryover: Carryover) -> float:
    """Share of the past days that were rated, of those that were neither off nor left out after a switch."""
    due = ~np.isnan(replace(past, y=np.zeros_like(past.y)).without_switches(carryover.days_left_out).y)
    rated = (~np.isnan(past.y) & due).sum()
    return float(min(rated / max(int(due.sum()) - future.past_off, 1), 1.0))


def enough_rated(days: Days, ends: NDArray[np.int64], carryover: Carryover) -> NDArray[np.bool_]:
    """Whether the fewest rated days that an answer needs are there after the first `ends[i]` days."""
    rated = ~np.isnan(days.without_switches(carryover.days_left_out).y)
    enough = rated.cumsum()[ends - 1] >= FEWEST_RATED
    for arm in (0, 1):
        enough &= (rated & (days.arm == arm)).cumsum()[ends - 1] >= FEWEST_RATED_PER_ARM
    return np.asarray(enough)
