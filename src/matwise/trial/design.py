"""The question of a trial of one, and how its days are dealt out."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Arm(StrEnum):
    """What a day of the trial asks for."""

    MAT = "mat"
    REST = "rest"
    BREATH = "breath"  # the same session with neither mat nor towel
    NOTHING = "nothing"


class Versus(StrEnum):
    """What the mat is compared with, where that is more than one arm."""

    BOTH = "both"  # rest and nothing: three arms


COMPARABLE = (Arm.REST, Arm.BREATH, Arm.NOTHING, Versus.BOTH)  # what the mat can be compared with


class Order(StrEnum):
    """How chance deals the arms to the blocks of a group.

    `RANDOM` draws every group anew. `ABBA` draws a group and lets the next one mirror it, so that a drift over the days
    falls on every arm alike. `LATIN_SQUARE`, for three arms: three groups hold each arm once in each place, six groups
    hold each of the six orders once, so that every arm follows every other equally often (Williams 1949,
    doi:10.1071/CH9490149).
    """

    RANDOM = "random"
    ABBA = "abba"
    LATIN_SQUARE = "latin"


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked: this rating (of the evening), the mat against what."""

    scale: str
    versus: Arm | Versus


@dataclass(frozen=True, slots=True)
class Design:
    """14–112 days in randomised blocks.

    Arms are dealt in groups of one block each, every group in an order that chance draws by the rule of `order`, so no
    arm waits long. The first `washin_days` of each block after a switch are left out of the analysis.

    `cannot` are dates on which the person can do no session. They are off whichever arm would have been due, because
    such days are unlike others (a journey, a long shift): counted for one arm alone they would speak against it. The
    trial has `days` days besides them, and the block they fall into goes on after them.
    """

    question: Question
    days: int
    block_days: int
    washin_days: int
    starts_on: date
    seed: int
    order: Order = Order.RANDOM
    cannot: frozenset[date] = frozenset()


@dataclass(frozen=True, slots=True)
class TrialDay:
    """One day of the schedule, numbered from 1 along the calendar.

    A day that is `off` asks for nothing, belongs to no arm and is left out of the trial.
    """

    day: int
    on: date
    arm: Arm
    washin: bool
    off: bool = False


@dataclass(frozen=True, slots=True)
class Schedule:
    """The days of a trial in order."""

    design: Design
    days: tuple[TrialDay, ...]


def read_versus(word: str) -> Arm | Versus:
    """What the mat is compared with, from its word.

    Raises:
        ValueError: the word is none of `Arm` and `Versus`.
    """
    return Versus(word) if word in set(Versus) else Arm(word)
