"""What a browser or a program sends when something is answered: one shape for both."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Generic, TypeVar

import msgspec

from matwise.errors import InvalidInputError, Problem
from matwise.sentence import Sentence

Value = TypeVar("Value", int, str)

SOON = timedelta(minutes=1)
LONGEST_WAIT = timedelta(days=7)  # an answer that waited longer in a browser is dated when it arrives


class Sent(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """What every answer carries: an id made where it was given, and its age in seconds."""

    client_id: str = ""
    age_s: float = 0.0


class GivenAnswer(Sent, kw_only=True, forbid_unknown_fields=True):
    """One answer to the safety check, the moment it is given; without `screening` to the check under way."""

    question: str
    reply: str
    areas: list[str] = []
    screening: str | None = None


class GivenRating(Sent, Generic[Value], kw_only=True, forbid_unknown_fields=True):
    """One rating; a page sends its value as the text of its field, a program as a number."""

    scale: str
    moment: str
    value: Value
    session_id: str | None = None


class GivenSkin(Sent, kw_only=True, forbid_unknown_fields=True):
    """How the skin looks on the day after a session, or when it is looked at again."""

    session_id: str
    value: str


def answered_at(age_s: float, now: datetime) -> datetime:
    """When an answer was given that arrives `age_s` seconds later: it belongs to the evening on which it was tapped.

    Within a minute it counts as given now: answers arrive in the order they were tapped, and the travel time of each
    would blur that order, so that a changed mind could come before what it changed.

    Raises:
        InvalidInputError: the age is not a number of seconds.
    """
    if not age_s >= 0:
        raise InvalidInputError(Problem("age_s", repr(age_s), Sentence("seconds since it was answered, 0 or more")))
    age = timedelta(seconds=min(age_s, LONGEST_WAIT.total_seconds() + 1))
    return now if age < SOON or age > LONGEST_WAIT else now - age
