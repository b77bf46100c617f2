"""Ratings from 0 to 10, and what the skin and the senses reported."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Moment(StrEnum):
    """When a rating is given."""

    BEFORE = "before"
    AFTER = "after"
    EVENING = "evening"


class Better(StrEnum):
    """Which way is good."""

    LOWER = "lower"
    HIGHER = "higher"


@dataclass(frozen=True, slots=True)
class Scale:
    """A 0–10 rating: the question asked, the words at both ends, which way is good and the smallest change that matters."""

    id: str
    question: str
    low: str
    high: str
    better: Better
    smallest_worthwhile_change: float
    moments: tuple[Moment, ...]


@dataclass(frozen=True, slots=True)
class Rating:
    """One rating as given. `client_id` is made by the client, so that sending it twice keeps it once."""

    client_id: str
    scale: str
    moment: Moment
    value_0_10: int
    at: datetime
    session_id: str | None = None
