"""Beats as a strap or a wearable recorded them."""

from __future__ import annotations

import hashlib
import zlib
from dataclasses import dataclass
from datetime import date, datetime

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection, RowMapping, insert, select, update

from matwise.errors import InvalidInputError, Problem
from matwise.measures.day import day_of
from matwise.measures.rating import Moment
from matwise.measures.reading import Recording
from matwise.sentence import Sentence
from matwise.store.entry import check_ids, check_text
from matwise.store.instant import instant, instant_columns
from matwise.store.readings import LONGEST_SOURCE
from matwise.store.refusal import NotKeptError
from matwise.store.tables import recordings

DURING = "during"
MOMENTS = (Moment.BEFORE.value, DURING, Moment.AFTER.value)
LONGEST_S = 1_000_000.0  # eleven days
_TENTHS = 10  # straps tell 1/1024 s, and nobody's beats are known to a hundredth of a ms


@dataclass(frozen=True, slots=True, eq=False)
class KeptRecording:
    """One recording: `rr_ms` in ms, shape (n_beats,), and where it belongs if that was said."""

    id: str
    import_id: str
    source: str
    at: datetime
    day: date
    duration_s: float
    rr_ms: NDArray[np.float64]
    session_id: str | None = None
    moment: str | None = None


def keep(
    c: Connection,
    person: str,
    import_id: str,
    recording: Recording,
    session_id: str | None = None,
    moment: str | None = None,
) -> str | None:
    """Keep a recording and give its id; None where the very same beats of the same moment are kept already.

    Raises:
        InvalidInputError: it has no moment, no beats, or something that can't be kept.
    """
    check_ids(person=person, import_id=import_id)
    at = _checked(recording, moment)
    recording_id = identity(person, recording)
    if is_known(c, person, recording):
        return None
    c.execute(
        insert(recordings).values(
            id=recording_id,
            person=person,
            import_id=import_id,
            source=recording.source,
            day=day_of(at).isoformat(),
            duration_s=float(recording.rr_ms.sum()) / 1000,
            beats=int(recording.rr_ms.size),
            packed=zlib.compress(_tenths(recording.rr_ms)),
            sha256=recording_id,
            session_id=session_id,
            moment=moment,
            **instant_columns("at", at),
        )
    )
    return recording_id


def is_known(c: Connection, person: str, recording: Recording) -> bool:
    """Whether the very same beats of the same moment are kept."""
    return c.execute(select(recordings.c.id).where(recordings.c.id == identity(person, recording))).first() is not None


def belongs_to(c: Connection, person: str, recording_id: str, session_id: str | None, moment: str | None) -> None:
    """Say which session a recording belongs to, and whether it was made before, during or after it.

    Raises:
        NotKeptError: there is no such recording.
    """
    where = (recordings.c.person == person, recordings.c.id == recording_id)
    if c.execute(update(recordings).where(*where).values(session_id=session_id, moment=moment)).rowcount == 0:
        raise NotKeptError("recording", recording_id)


def all_of(c: Connection, person: str, session_id: str | None = None) -> tuple[KeptRecording, ...]:
    """Every recording of a person, oldest first; of one session if it is named."""
    wanted = select(recordings).where(recordings.c.person == person)
    if session_id is not None:
        wanted = wanted.where(recordings.c.session_id == session_id)
    return tuple(_kept(row) for row in c.execute(wanted.order_by(recordings.c.at_utc, recordings.c.seq)).mappings())


def identity(person: str, recording: Recording) -> str:
    """What a recording is known by: its person, the instant its first beat began, and its beats."""
    at = 0 if recording.at is None else round(recording.at.timestamp() * 1000)
    return hashlib.sha256(f"{person}\n{at}\n".encode() + _tenths(recording.rr_ms)).hexdigest()


def rr_of(pack: bytes) -> NDArray[np.float64]:
    """The intervals of a packed recording, in ms."""
    return np.frombuffer(zlib.decompress(pack), "<u4") / _TENTHS


def _checked(recording: Recording, moment: str | None) -> datetime:
    """When it began, of a recording that can be kept."""
    check_text("source", recording.source, LONGEST_SOURCE)
    rr = recording.rr_ms
    duration_s = float(rr.sum()) / 1000
    if recording.at is None or not rr.size or not np.isfinite(rr).all() or not 0 < duration_s <= LONGEST_S:
        got = Sentence("{beats} beats", beats=int(rr.size))
        raise InvalidInputError(
            Problem("recording", got, Sentence("beats of at most eleven days with the moment of the first one"))
        )
    if moment is not None and moment not in MOMENTS:
        raise InvalidInputError(Problem("moment", repr(moment), Sentence("one of {known}", known=", ".join(MOMENTS))))
    return recording.at


def _tenths(rr_ms: NDArray[np.float64]) -> bytes:
    return np.rint(np.clip(rr_ms, 0, 4e8) * _TENTHS).astype("<u4").tobytes()


def _kept(row: RowMapping) -> KeptRecording:
    return KeptRecording(
        id=row["id"],
        import_id=row["import_id"],
        source=row["source"],
        at=instant(row, "at"),
        day=date.fromisoformat(row["day"]),
        duration_s=row["duration_s"],
        rr_ms=rr_of(row["packed"]),
        session_id=row["session_id"],
        moment=row["moment"],
    )
