"""What a chest strap says of a nap in a session; the person knows better and has the last word."""

from __future__ import annotations

from typing import TYPE_CHECKING

from matwise.errors import InvalidInputError, Problem
from matwise.practice import guide
from matwise.sentence import Sentence
from matwise.store.database import Database

# What calculates is imported where it is needed: the first page does not wait for it.
if TYPE_CHECKING:
    from matwise.inference.asleep import Nap as Nap  # noqa: PLC0414 – told to the doors

LONGEST_LEAD_S = 4 * 3600.0  # a recording that began earlier belongs to something else
UNLIKELY, LIKELY = 0.25, 0.75


def estimate(db: Database, session_id: str, recording: str, begins_at_s: float = 0.0) -> Nap:
    """Weigh a recording of the heartbeat; nothing of it is kept.

    Args:
        db: the person's database.
        session_id: of a session that has ended.
        recording: intervals between beats, one to a line.
        begins_at_s: when it began, in s from the beginning of the session; negative if before it.

    Raises:
        NoSuchSessionError: there is none of this id.
        InvalidInputError: the recording can't be read, or covers less than five minutes of the session.
    """
    from matwise.inference.asleep import EPOCH_S, nap
    from matwise.measures.heart_rate import heart_rate, read_rr

    kept = guide.find(db, session_id)
    if kept.ended_at is None:
        raise InvalidInputError(Problem("session", Sentence("one that is not over"), Sentence("one that has ended")))
    if not abs(begins_at_s) <= LONGEST_LEAD_S:
        raise InvalidInputError(
            Problem("begins", f"{begins_at_s:g} s", Sentence("at most four hours from the beginning"))
        )
    until_s = (kept.ended_at - kept.started_at).total_seconds()
    rate = heart_rate(read_rr(recording), EPOCH_S, begins_at_s, until_s)
    found = nap(rate, () if kept.awake_at_s is None else (kept.awake_at_s,))
    if found is None:
        raise InvalidInputError(
            Problem("recording", Sentence("less than five minutes of the session"), Sentence("more of the session"))
        )
    return found


def told(found: Nap) -> Sentence:
    """The estimate in a sentence."""
    minutes, low, high = (round(one) for one in (found.minutes, *found.minutes_80))
    if found.p_nap < UNLIKELY:
        said = Sentence("Your heartbeat speaks against a nap: the chance of one is {p} %.")
    elif found.p_nap < LIKELY:
        said = Sentence("Your heartbeat can't tell whether you slept: the chance of a nap is {p} %.")
    elif low == high:
        said = Sentence(
            "Your heartbeat speaks for a nap of about {minutes} minutes; the chance that you slept at all is {p} %."
        )
    else:
        said = Sentence(
            "Your heartbeat speaks for a nap of about {minutes} minutes (with 80 % chance between {low} and {high});"
            " the chance that you slept at all is {p} %."
        )
    return said.format(p=min(99, max(1, round(100 * found.p_nap))), minutes=minutes, low=low, high=high)
