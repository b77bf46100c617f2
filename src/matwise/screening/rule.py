"""One rule of the safety check: a plain question, and what follows from its answer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import IntEnum, StrEnum

from matwise.screening.limits import NO_LIMITS, Area, Limits


class Reply(StrEnum):
    """What a person can answer to every question of the safety check."""

    NO = "no"
    YES = "yes"
    UNKNOWN = "unknown"


class Outcome(IntEnum):
    """What the safety check comes to; a larger one is more careful, so `max` decides."""

    GO = 0
    GO_WITH_LIMITS = 1
    ASK_A_CLINICIAN = 2
    DO_NOT_USE = 3
    GET_HELP_NOW = 4


class Group(StrEnum):
    """The parts of the safety check, in the order they are asked."""

    RED_FLAGS = "red_flags"
    ABOUT_YOU = "about_you"
    HEALTH = "health"
    MEDICINES = "medicines"
    SKIN = "skin"
    TODAY = "today"


@dataclass(frozen=True, slots=True)
class Source:
    """Who says so, where, and when it was last read."""

    title: str
    address: str
    read_on: date


@dataclass(frozen=True, slots=True)
class Consequence:
    """What one answer leads to.

    `reason` is the sentence the person reads; `limits` say what stays allowed where the outcome is GO_WITH_LIMITS.
    """

    outcome: Outcome
    reason: str
    limits: Limits = NO_LIMITS


@dataclass(frozen=True, slots=True)
class Rule:
    """A question of the safety check with its consequences, sources and review date.

    `asks_where`: a yes names the areas of skin it concerns; these areas are then closed (no named area = all areas).
    `valid_days`: for how long a verdict stands in which this rule fired (28 unless its reason can change sooner).
    `hazards`: ids of the hazard log this rule controls.
    """

    id: str
    group: Group
    question: str
    help: str
    yes: Consequence
    unknown: Consequence
    sources: tuple[Source, ...]
    reviewed_on: date
    asks_where: bool = False
    valid_days: int = 28
    hazards: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Answer:
    """A person's answer to one rule; `areas` only where the rule asks where."""

    reply: Reply
    areas: frozenset[Area] = field(default_factory=frozenset)


# By rule id. A rule that is missing here was not answered, which counts as unknown.
Answers = Mapping[str, Answer]
