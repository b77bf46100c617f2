"""The days of a trial, dealt out block by block."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from itertools import count, islice
from typing import TypeVar

import numpy as np

from matwise.errors import InvalidInputError, Problem
from matwise.sentence import Sentence
from matwise.trial.design import Arm, Design, Order, Schedule, TrialDay, Versus

_T = TypeVar("_T")

FEWEST_DAYS, MOST_DAYS = 14, 112
LONGEST_BLOCK = 14  # a longer block could not be answered by its opposite within a month
COMPARED: dict[Arm | Versus, tuple[Arm, ...]] = {
    Arm.REST: (Arm.REST,),
    Arm.BREATH: (Arm.BREATH,),
    Arm.NOTHING: (Arm.NOTHING,),
    Versus.BOTH: (Arm.REST, Arm.NOTHING),
}
# What would be right, where a person is told so in a form.
_WHOLE = Sentence("a whole number from {fewest} to {most}")
_HALF = Sentence("at most half of the {days} days")
_A_THIRD = Sentence("at most a third of the {days} days")
_FEWER = Sentence("0 to {most}: fewer than the days of a block")
_THREE_ARMS = Sentence("random or abba; a Latin square needs three arms (compared with both)")
_ONWARDS = Sentence("a day from the first one, {first}, onwards")
_AS_MANY = Sentence("at most {days}: as many as the trial has days")
_GROUPS_PER_DRAW = {Order.RANDOM: 1, Order.ABBA: 2, Order.LATIN_SQUARE: 6}


def schedule(design: Design) -> Schedule:
    """The days of `design`, the same for ever for the same seed.

    Every group of blocks deals each arm once, in random order, the first group too. Days left over at the end are
    shared out as evenly as they go, in one last group of shorter blocks.

    Raises:
        InvalidInputError: names everything about the design that can't be used.
    """
    problems = _problems(design)
    if problems:
        raise InvalidInputError(*problems)
    return Schedule(design, tuple(_days(design, _calendar(design), design.days)))


def redeal(design: Design, seed: int) -> Schedule:
    """Another draw of the same design.

    Raises:
        InvalidInputError: names everything about the design that can't be used.
    """
    return schedule(replace(design, seed=seed))


def arms_of(design: Design) -> tuple[Arm, ...]:
    """The arms that are dealt, two or three: the mat, then what it is compared with."""
    return (Arm.MAT, *COMPARED[design.question.versus])


def group_days(design: Design) -> int:
    """Days of one whole group of blocks: each arm once. Days that are off come on top."""
    return design.block_days * len(arms_of(design))


def groups_per_draw(design: Design) -> int:
    """How many groups of blocks chance deals at one draw; the draws are independent of each other."""
    return _GROUPS_PER_DRAW[design.order]


def dealt_arms(design: Design, days: int) -> tuple[Arm, ...]:
    """The arm of each of the first `days` days that are not off, as if the trial went on that long."""
    return tuple(arm for arm, length in _blocks(design, days) for _ in range(length))


def dealt_calendar(design: Design, calendar_days: int) -> tuple[TrialDay, ...]:
    """The first `calendar_days` days, those that are off among them, as if the trial went on that long."""
    dates = tuple(islice(_calendar(design), calendar_days))
    return tuple(_days(design, iter(dates), sum(on not in design.cannot for on in dates), to_the_end=True))


def _calendar(design: Design) -> Iterator[date]:
    return (design.starts_on + timedelta(days=nth) for nth in count())


def _days(design: Design, dates: Iterator[date], days: int, *, to_the_end: bool = False) -> Iterator[TrialDay]:
    """Days dealt until `days` of them are not off; with `to_the_end` also the days off that come after."""
    number, before = 0, None
    for arm, length in _blocks(design, days):
        switched, nth = before is not None and arm is not before, 0
        while nth < length:
            on, number = next(dates), number + 1
            off = on in design.cannot
            yield _off(number, on) if off else TrialDay(number, on, arm, washin=switched and nth < design.washin_days)
            nth += not off
        before = arm
    if to_the_end:
        yield from (_off(number + nth, on) for nth, on in enumerate(dates, start=1))


def _off(number: int, on: date) -> TrialDay:
    return TrialDay(number, on, Arm.NOTHING, washin=False, off=True)


def _blocks(design: Design, days: int) -> Iterator[tuple[Arm, int]]:
    left = days
    for order in _orders(design):
        if left <= 0:
            return
        in_group = min(left, group_days(design))
        share, over = divmod(in_group, len(order))
        for nth, arm in enumerate(order):
            if share + (nth < over):
                yield arm, share + (nth < over)
        left -= in_group


def _orders(design: Design) -> Iterator[tuple[Arm, ...]]:
    """The order of the arms in each group, without end."""
    arms = arms_of(design)
    source = np.random.PCG64(design.seed)
    while True:
        if design.order is Order.LATIN_SQUARE:
            forth = tuple(arms[nth:] + arms[:nth] for nth in range(len(arms)))
            back = tuple(row[::-1] for row in forth)
            for square in _shuffled(source, (forth, back)):
                yield from _shuffled(source, square)
            continue
        order = _shuffled(source, arms)
        yield order
        if design.order is Order.ABBA:
            yield order[::-1]


def _shuffled(source: np.random.PCG64, things: tuple[_T, ...]) -> tuple[_T, ...]:
    # Raw draws, sorted: numpy keeps a bit generator's raw stream the same in every version, its shuffles not.
    draws = source.random_raw(len(things)).tolist()
    return tuple(things[at] for at in sorted(range(len(things)), key=draws.__getitem__))


def _problems(design: Design) -> list[Problem]:
    problems = []
    known = design.question.versus in COMPARED
    arms = len(arms_of(design)) if known else 2
    if not FEWEST_DAYS <= design.days <= MOST_DAYS:
        problems.append(Problem("days", str(design.days), _WHOLE.format(fewest=FEWEST_DAYS, most=MOST_DAYS)))
    if not 1 <= design.block_days <= LONGEST_BLOCK:
        problems.append(Problem("block days", str(design.block_days), _WHOLE.format(fewest=1, most=LONGEST_BLOCK)))
    elif arms * design.block_days > design.days >= FEWEST_DAYS:
        share = _HALF if arms == 2 else _A_THIRD
        problems.append(Problem("block days", str(design.block_days), share.format(days=design.days)))
    if not 0 <= design.washin_days < max(design.block_days, 1):
        want = _FEWER.format(most=design.block_days - 1) if design.block_days > 1 else "0"
        problems.append(Problem("wash-in days", str(design.washin_days), want))
    if not known:
        problems.append(
            Problem("compared with", str(design.question.versus), Sentence("rest, breath, nothing or both"))
        )
    elif design.order is Order.LATIN_SQUARE and arms != 3:
        problems.append(Problem("order", design.order.value, _THREE_ARMS))
    if design.seed < 0:
        problems.append(Problem("seed", str(design.seed), Sentence("0 or above")))
    return problems + _cannot_problems(design)


def _cannot_problems(design: Design) -> list[Problem]:
    early = sorted(on for on in design.cannot if on < design.starts_on)
    problems = [Problem("cannot", on.isoformat(), _ONWARDS.format(first=design.starts_on)) for on in early]
    if design.starts_on in design.cannot:
        problems.append(Problem("first day", design.starts_on.isoformat(), Sentence("a day that is not off")))
    if FEWEST_DAYS <= design.days <= MOST_DAYS:
        dates = islice(_calendar(design), 2 * design.days)
        off = sum(on in design.cannot for on in dates)
        if off > design.days:
            got = Sentence.counted("{number} day", "{number} days", off)
            problems.append(Problem("cannot", got, _AS_MANY.format(days=design.days)))
    return problems
