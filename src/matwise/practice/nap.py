"""What a chest strap says of a nap in a session; the person knows better and has the last word."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from matwise.errors import InvalidInputError, Problem
from matwise.practice import guide
from matwise.practice.person import ME
from matwise.sentence import Sentence
from matwise.store.database import Database

# What calculates is imported where it is needed: the first page does not wait for it.
if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from matwise.inference.asleep import Nap as Nap  # noqa: PLC0414 – told to the doors
    from matwise.store.recordings import KeptRecording
    from matwise.store.sessions import KeptSession

LEAST_S = 300.0  # what an estimate needs of a session
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
    from matwise.exchange.wearables.rr_text import read_pasted

    kept = _ended(db, session_id)
    if not abs(begins_at_s) <= LONGEST_LEAD_S:
        raise InvalidInputError(
            Problem("begins", f"{begins_at_s:g} s", Sentence("at most four hours from the beginning"))
        )
    return _weigh(kept, read_pasted(recording), begins_at_s)


def recordings_of(db: Database, session_id: str) -> tuple[KeptRecording, ...]:
    """Kept recordings of the heartbeat that cover five minutes or more of a session, the one that covers most first.

    Raises:
        NoSuchSessionError: there is none of this id.
    """
    from matwise.store import recordings

    kept = guide.find(db, session_id)
    if kept.ended_at is None:
        return ()
    started_at, ended_at = kept.started_at, kept.ended_at

    def covered_s(one: KeptRecording) -> float:
        until = min(ended_at, one.at + timedelta(seconds=one.duration_s))
        return (until - max(started_at, one.at)).total_seconds()

    with db.read() as c:
        found = [one for one in recordings.all_of(c, ME) if covered_s(one) >= LEAST_S]
    return tuple(sorted(found, key=covered_s, reverse=True))


def estimate_from(db: Database, session_id: str, recording_id: str) -> Nap:
    """Weigh a recording that is kept.

    Raises:
        NoSuchSessionError: there is no such session.
        InvalidInputError: it is not one of `recordings_of` the session, or too little of it can be used.
    """
    kept = _ended(db, session_id)
    for one in recordings_of(db, session_id):
        if one.id == recording_id:
            return _weigh(kept, one.rr_ms, (one.at - kept.started_at).total_seconds())
    raise InvalidInputError(
        Problem("recording", ascii(recording_id)[:40], Sentence("a recording that covers five minutes of the session"))
    )


def _ended(db: Database, session_id: str) -> KeptSession:
    kept = guide.find(db, session_id)
    if kept.ended_at is None:
        raise InvalidInputError(Problem("session", Sentence("one that is not over"), Sentence("one that has ended")))
    return kept


def _weigh(kept: KeptSession, rr_ms: NDArray[np.float64], begins_at_s: float) -> Nap:
    from matwise.inference.asleep import EPOCH_S, nap
    from matwise.measures.heart_rate import heart_rate

    until_s = ((kept.ended_at or kept.started_at) - kept.started_at).total_seconds()
    rate = heart_rate(rr_ms, EPOCH_S, begins_at_s, until_s)
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
