"""Take a session into the browser, for as long as it may be heard without asking again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from matwise.measures.day import NIGHT_ENDS_H, day_of
from matwise.practice import guide, screen
from matwise.sentence import Sentence
from matwise.settings import Settings
from matwise.store import sessions
from matwise.store.database import Database
from matwise.store.sessions import KeptSession

OF_ITS_DAY = Sentence("A session is kept for its day, and that day is over. Open Matwise again for the next one.")
OF_THE_CHECK = Sentence(
    "The safety check behind this session has run out. Please go through it again before you use the mat."
)


@dataclass(frozen=True, slots=True)
class KeptUntil:
    """Until when a copy of a session may be played without the app, and what to say to somebody who comes later."""

    at: datetime
    because: str


def kept_until(db: Database, session_id: str, now: datetime, settings: Settings | None = None) -> KeptUntil:
    """Until when a copy of this session may be heard: to the end of the day, and never longer than the safety check.

    Raises:
        NoSuchSessionError, NotAllowedError: see `guide.playable`.
    """
    guide.playable(db, session_id, now, settings)
    ends = [KeptUntil(_midnight_after(day_of(now), now) + timedelta(hours=NIGHT_ENDS_H), OF_ITS_DAY)]
    verdict = screen.verdict(db)
    if verdict is not None:
        ends.append(KeptUntil(_midnight_after(verdict.valid_until, now), OF_THE_CHECK))
    return min(ends, key=lambda end: end.at)


def end(
    db: Database,
    session_id: str,
    *,
    reason: str | None,
    minutes: float | None,
    said_at: datetime,
    awake_at_s: float | None = None,
) -> KeptSession:
    """Keep how a session ended that may have ended without a connection, a while before the app hears of it.

    `awake_at_s`: when in the sound somebody answered its alarm, so they were awake then.

    Raises:
        NoSuchSessionError: there is none of this id.
        InvalidInputError: the reason is not one of those on offer, or the minutes are none.
    """
    kept = guide.find(db, session_id)
    # A browser whose clock was put forward meanwhile tells an age that reaches back behind the beginning.
    at = max(said_at, kept.started_at)
    if reason is not None:
        return guide.stop(db, session_id, reason, minutes, at)
    if awake_at_s is not None:
        db.write(lambda c: sessions.report(c, session_id, at, awake_at_s=awake_at_s))
    return guide.finish(db, session_id, minutes, at)


def _midnight_after(day: date, now: datetime) -> datetime:
    return datetime.combine(day + timedelta(days=1), time(), tzinfo=now.tzinfo)
