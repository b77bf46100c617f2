"""The days of a trial, dealt out block by block."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import numpy as np

from matwise.errors import InvalidInputError, Problem
from matwise.trial.design import Arm, Design, Schedule, TrialDay

FEWEST_DAYS, MOST_DAYS = 14, 84
LONGEST_BLOCK = 14  # a longer block could not be answered by its opposite within FEWEST_DAYS


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
    return Schedule(design, tuple(_days(design, design.days)))


def arms_of(design: Design) -> tuple[Arm, ...]:
    """The arms that are dealt: the mat, then what it is compared with."""
    return (Arm.MAT, design.question.versus)


def group_days(design: Design) -> int:
    """Days of one whole group of blocks: each arm once."""
    return design.block_days * len(arms_of(design))


def dealt_arms(design: Design, days: int) -> tuple[Arm, ...]:
    """The arm of each of the first `days` days, as if the trial went on that long."""
    return tuple(day.arm for day in _days(design, days))


def _days(design: Design, days: int) -> Iterator[TrialDay]:
    number, before = 1, None
    for arm, length in _blocks(design, days):
        switched = before is not None and arm is not before
        for nth in range(length):
            on = design.starts_on + timedelta(days=number - 1)
            yield TrialDay(number, on, arm, washin=switched and nth < design.washin_days)
            number += 1
        before = arm


def _blocks(design: Design, days: int) -> Iterator[tuple[Arm, int]]:
    arms = arms_of(design)
    # Raw draws, sorted: numpy keeps a bit generator's raw stream the same in every version, its shuffles not.
    source = np.random.PCG64(design.seed)
    left = days
    while left > 0:
        draws = source.random_raw(len(arms))
        order = [arm for _, arm in sorted(zip(draws.tolist(), arms, strict=True))]
        in_group = min(left, group_days(design))
        share, over = divmod(in_group, len(arms))
        for nth, arm in enumerate(order):
            yield arm, share + (nth < over)
        left -= in_group


def _problems(design: Design) -> list[Problem]:
    problems = []
    if not FEWEST_DAYS <= design.days <= MOST_DAYS:
        problems.append(Problem("days", str(design.days), f"a whole number from {FEWEST_DAYS} to {MOST_DAYS}"))
    if not 1 <= design.block_days <= LONGEST_BLOCK:
        problems.append(Problem("block days", str(design.block_days), f"a whole number from 1 to {LONGEST_BLOCK}"))
    elif 2 * design.block_days > design.days >= FEWEST_DAYS:
        problems.append(Problem("block days", str(design.block_days), f"at most half of the {design.days} days"))
    if not 0 <= design.washin_days < max(design.block_days, 1):
        want = f"0 to {design.block_days - 1}: fewer than the days of a block" if design.block_days > 1 else "0"
        problems.append(Problem("wash-in days", str(design.washin_days), want))
    if design.question.versus not in (Arm.REST, Arm.NOTHING):
        problems.append(Problem("compared with", str(design.question.versus), "rest or nothing"))
    if design.seed < 0:
        problems.append(Problem("seed", str(design.seed), "0 or above"))
    return problems
