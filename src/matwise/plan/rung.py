"""One rung of the ladder, and what a person reported after standing on it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import IntEnum, StrEnum

from matwise.screening.limits import Base, Layer, Placement


@dataclass(frozen=True, slots=True)
class Rung:
    """Placement × layer × base × minutes, numbered from 0, the gentlest.

    `sessions_to_climb`: finished sessions without a warning sign that lead to the next rung.
    `support`: something firm to hold on to is part of it (standing).
    """

    number: int
    id: str
    placement: Placement
    layer: Layer
    base: Base
    minutes: int
    sessions_to_climb: int
    title: str
    how: str
    support: bool = False


@dataclass(frozen=True, slots=True)
class Routine:
    """A session for one moment of the day: opens once a rung has been finished, never where the screening closes it."""

    id: str
    title: str
    when: str
    how: str
    caution: str
    opens_after_rung: int
    rung: Rung


class SkinNextDay(IntEnum):
    """The skin on the day after; a larger one is worse."""

    FINE = 0
    RED = 1
    BRUISED_OR_BROKEN = 2


@dataclass(frozen=True, slots=True)
class Effort:
    """One session as the person reported it. None means "not answered", never "fine".

    `skin_later`: how the skin looked when they looked again, after a next day that was not fine. `interrupted`: it
    ended early for a reason that has nothing to do with the mat. `shortened`: the person wished for fewer minutes than
    the rung has. `nap_minutes`: how long they slept in it.
    """

    on: date
    rung: int
    completed: bool
    minutes: float
    worst_pain_0_10: int | None = None
    dizzy: bool | None = None
    skin_next_day: SkinNextDay | None = None
    skin_later: SkinNextDay | None = None
    interrupted: bool = False
    shortened: bool = False
    nap_minutes: float | None = None


class Move(StrEnum):
    """What happens on the ladder today."""

    START = "start"
    UP = "up"
    STAY = "stay"
    BACK = "back"
    REST = "rest"


@dataclass(frozen=True, slots=True)
class Step:
    """Where a person stands today: the rung (None: no session today), the move that led there and why, in sentences.

    `up_if`, `keep_if`, `back_if` say what would move them next.
    """

    rung: Rung | None
    move: Move
    because: tuple[str, ...]
    up_if: str
    keep_if: str
    back_if: str
