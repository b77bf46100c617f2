"""The question of a trial of one, and how its days are dealt out."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Arm(StrEnum):
    """What a day of the trial asks for."""

    MAT = "mat"
    REST = "rest"
    NOTHING = "nothing"


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked: this rating (of the evening), the mat against what."""

    scale: str
    versus: Arm


@dataclass(frozen=True, slots=True)
class Design:
    """14–84 days in randomised blocks.

    Arms are dealt in groups of one block each, every group in a random order, so no arm waits long. The first
    `washin_days` of each block after a switch are left out of the analysis.
    """

    question: Question
    days: int
    block_days: int
    washin_days: int
    starts_on: date
    seed: int


@dataclass(frozen=True, slots=True)
class TrialDay:
    """One day of the schedule, numbered from 1."""

    day: int
    on: date
    arm: Arm
    washin: bool


@dataclass(frozen=True, slots=True)
class Schedule:
    """The days of a trial in order."""

    design: Design
    days: tuple[TrialDay, ...]
