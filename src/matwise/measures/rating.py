"""Ratings from 0 to 10, and what the skin and the senses reported."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from matwise.errors import ONE_OF, InvalidInputError, Problem
from matwise.sentence import AND, Sentence

WANTED = Sentence("a whole number from 0 to 10")
NOT_RATED = Sentence("another scale: this one is not rated")
BEFORE_WITHIN = timedelta(hours=2)  # a rating that old still tells how it was before a session
ARRIVES_WITHIN = timedelta(minutes=1)  # a tap just before the start can arrive just after it
_LONGEST_ID = 64  # room for a UUID with a prefix


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
    """A 0–10 rating: the question, the words at both ends, which way is good, the smallest change that matters.

    `own_words` are what the person calls it; empty for a scale that everybody has.
    """

    id: str
    question: str
    low: str
    high: str
    better: Better
    smallest_worthwhile_change: float
    moments: tuple[Moment, ...]
    own_words: str = ""


@dataclass(frozen=True, slots=True)
class Rating:
    """One rating as given. `client_id` is made by the client, so that sending it twice keeps it once."""

    client_id: str
    scale: str
    moment: Moment
    value_0_10: int
    at: datetime
    session_id: str | None = None


def check_rating(
    client_id: str, scale: Scale, moment: str, value: str, at: datetime, session_id: str | None = None
) -> Rating:
    """A rating from what was typed or sent: `value` is a whole number from 0 to 10 as text, blanks around it allowed.

    Raises:
        InvalidInputError: names everything that can't be used, and what would be right.
    """
    problems = []
    if not 1 <= len(client_id.strip()) <= _LONGEST_ID:
        problems.append(
            Problem(
                "client_id",
                Sentence("{number} characters").format(number=len(client_id)),
                Sentence("1 to {most} characters").format(most=_LONGEST_ID),
            )
        )
    if moment not in scale.moments:
        wanted = ONE_OF.format(known=", ".join(scale.moments)) if scale.moments else NOT_RATED
        problems.append(Problem(f"{scale.id}, moment", repr(moment), wanted))
    said = value.strip()
    # 0 to 10 in plain digits; "07" is more likely a slip than a seven.
    if not re.fullmatch(r"[0-9]|10", said):
        problems.append(Problem(scale.id, repr(said) if said else Sentence("nothing"), WANTED))
    if problems:
        raise InvalidInputError(*problems)
    return Rating(client_id.strip(), scale.id, Moment(moment), int(said), at, session_id)


def ratings_before(
    given: Iterable[Rating], session_id: str, started_at: datetime, earlier_at: datetime | None = None
) -> dict[str, Rating]:
    """The rating of each scale that tells how it was before a session, by scale, as one of that session.

    A rating before is given when there is no session yet. It belongs to the session that was started next, within two
    hours; one that names its session belongs to that. The latest counts.

    Args:
        given: ratings before sessions, oldest first.
        session_id: the session.
        started_at: when it was started.
        earlier_at: when the session before it was started; what was given by then belongs to that one.
    """
    latest = started_at + ARRIVES_WITHIN
    earliest = started_at - BEFORE_WITHIN
    if earlier_at is not None:
        earliest = max(earliest, earlier_at + ARRIVES_WITHIN)
    found: dict[str, Rating] = {}
    for rating in given:
        unnamed = rating.session_id is None and earliest < rating.at <= latest
        if rating.moment is Moment.BEFORE and (unnamed or rating.session_id == session_id):
            found[rating.scale] = replace(rating, session_id=session_id)
    return found


def change(before: Rating, after: Rating) -> int:
    """Points by which one scale moved over a session: after minus before, negative where it fell.

    Raises:
        InvalidInputError: the two are not the before and the after of one session on one scale.
    """
    problems = []
    if before.scale != after.scale:
        problems.append(
            Problem(
                "scale",
                _both(before.scale, after.scale),
                Sentence("the same scale before and after"),
            )
        )
    if before.session_id is None or before.session_id != after.session_id:
        problems.append(
            Problem(
                "session",
                _both(before.session_id, after.session_id),
                Sentence("one and the same session"),
            )
        )
    if (before.moment, after.moment) != (Moment.BEFORE, Moment.AFTER):
        problems.append(
            Problem(
                "moment",
                _both(before.moment, after.moment),
                Sentence("before, then after"),
            )
        )
    if problems:
        raise InvalidInputError(*problems)
    return after.value_0_10 - before.value_0_10


def _both(before: object, after: object) -> str:
    return AND.format(words=f"{before}", last=f"{after}")
