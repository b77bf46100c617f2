"""A question on a page that is kept the moment it is answered."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import msgspec

from matwise.errors import InvalidInputError, Problem
from matwise.measures.rating import Moment, Scale

SOON = timedelta(minutes=1)
LONGEST_WAIT = timedelta(days=7)  # an answer that waited longer in a browser is dated when it arrives
YES_NO = (("yes", "Yes"), ("no", "No"))
SHORT = {"pain": "Pain", "stress": "Tension", "sleep": "Sleep", "relaxation": "Relaxation"}


@dataclass(frozen=True, slots=True)
class Field:
    """One question.

    `url`, `body` and `key` say where and as what an answer is sent; `options` are pairs of value and words (none: a
    0–10 scale with `low` and `high` at its ends); `value` is what was answered, as it was entered; `problem` is what
    is wrong with it.
    """

    name: str
    question: str
    url: str
    body: Mapping[str, str]
    key: str = "value"
    low: str = ""
    high: str = ""
    options: tuple[tuple[str, str], ...] = ()
    value: str | None = None
    saved: bool = False
    problem: str | None = None


def rating_field(scale: Scale, moment: Moment, *, session_id: str | None = None, given: int | None = None) -> Field:
    """A 0–10 rating."""
    body = {"scale": scale.id, "moment": moment.value} | ({"session_id": session_id} if session_id else {})
    return Field(
        name=f"{moment.value}-{scale.id}",
        question=scale.question,
        url="/measure/ratings",
        body=body,
        low=scale.low,
        high=scale.high,
        value=None if given is None else str(given),
        saved=given is not None,
    )


def with_problem(field: Field, entered: str, error: InvalidInputError) -> Field:
    """The same question with what was entered and what would be right."""
    return replace(field, value=entered, saved=False, problem=in_words(error))


def in_words(error: InvalidInputError) -> str:
    """Problems as sentences beside a field."""
    return " ".join(f"You entered {problem.got}. Please give {problem.want}." for problem in error.problems)


def answered_at(age_s: float, now: datetime) -> datetime:
    """When an answer was given that arrives `age_s` seconds later: it belongs to the evening on which it was tapped.

    Within a minute it counts as given now: answers arrive in the order they were tapped, and the travel time of each
    would blur that order, so that a changed mind could come before what it changed.

    Raises:
        InvalidInputError: the age is not a number of seconds.
    """
    if not age_s >= 0:
        raise InvalidInputError(Problem("age_s", repr(age_s), "seconds since it was answered, 0 or more"))
    age = timedelta(seconds=min(age_s, LONGEST_WAIT.total_seconds() + 1))
    return now if age < SOON or age > LONGEST_WAIT else now - age


def short_name(scale: Scale, complaints: Mapping[int, str]) -> str:
    """A scale's name for the head of a column; a complaint is called what the person called it."""
    if scale.id.startswith("complaint_"):
        return complaints[int(scale.id.removeprefix("complaint_"))]
    return SHORT.get(scale.id, scale.id.capitalize())


class Sent(msgspec.Struct):
    """What every answer that a browser keeps and sends carries: an id made there, and its age in seconds."""

    client_id: str
    age_s: float = 0.0
