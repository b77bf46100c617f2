"""What can be kept, built with defaults."""

from __future__ import annotations

import hashlib
import itertools
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta, timezone
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
from sqlalchemy import Connection

from matwise.measures.rating import Moment, Rating
from matwise.measures.reading import Readings, Recording
from matwise.screening.limits import Base, Layer, Placement
from matwise.store.calendars import KeptCalendar, KeptEntry
from matwise.store.connection import raw
from matwise.store.database import Database
from matwise.store.imports import KeptImport, Kind
from matwise.store.questionnaires import KeptAnswers
from matwise.store.sessions import KeptSession
from matwise.trial.design import Arm, Design, Question, Schedule, TrialDay

ME = "me"
BERLIN = timezone(timedelta(hours=1))
EVENING = datetime(2026, 3, 2, 21, 30, tzinfo=BERLIN)
LATER = EVENING + timedelta(minutes=20)

T = TypeVar("T")

_numbers = itertools.count(1)


def a_rating(client_id: str = "r-1", value: int = 4, **changed: object) -> Rating:
    return replace(Rating(client_id, "pain", Moment.EVENING, value, EVENING), **changed)  # type: ignore[arg-type]  # as a test wants it


def a_session(session_id: str = "s-1", **changed: object) -> KeptSession:
    begun = KeptSession(
        id=session_id,
        person=ME,
        arm=Arm.MAT,
        rung=2,
        routine=None,
        placement=Placement.FEET_SEATED,
        layer=Layer.THIN_SHIRT,
        base=Base.BED,
        planned_minutes=10,
        started_at=EVENING,
        day=EVENING.date(),
    )
    return replace(begun, **changed)  # type: ignore[arg-type]  # as a test wants it


def a_schedule(days: int = 16, seed: int = 7) -> Schedule:
    starts_on = date(2026, 3, 1)
    design = Design(Question("pain", Arm.REST), days, 4, 1, starts_on, seed)
    dealt = tuple(
        TrialDay(n + 1, starts_on + timedelta(days=n), (Arm.MAT, Arm.REST)[n // 4 % 2], washin=n % 4 == 0)
        for n in range(days)
    )
    return Schedule(design, dealt)


def a_calendar(**changed: object) -> KeptCalendar:
    kept = KeptCalendar("c0ffee00-0000-4000-8000-000000000001", "Europe/Berlin", time(20), time(21, 30))
    return replace(kept, **changed)  # type: ignore[arg-type]  # as a test wants it


def an_entry(**changed: object) -> KeptEntry:
    entry = KeptEntry(
        uid="session-1@matwise",
        day=EVENING.date(),
        time=time(20, 15),
        zone="Europe/Berlin",
        minutes=14,
        title="Feet first, sitting",
        description="Ten minutes.",
        remind_after=timedelta(minutes=-10),
        changed_at=EVENING,
        sequence=2,
        cancelled=False,
    )
    return replace(entry, **changed)  # type: ignore[arg-type]  # as a test wants it


def an_import(import_id: str = "i-1", **changed: object) -> KeptImport:
    begun = KeptImport(import_id, ME, Kind.FILE, "apple_health", EVENING, file_name="export.zip", sha256="0" * 64)
    return replace(begun, **changed)  # type: ignore[arg-type]  # as a test wants it


def some_readings(
    values: Sequence[float] = (62.0, 64.0, 91.0),
    first: datetime = EVENING,
    every_s: float = 60.0,
    measure: str = "heart_rate",
    source: str = "watch",
) -> Readings:
    """Readings at even steps; their moments are told by the clock of `first`."""
    at_ms = round(first.timestamp() * 1000) + np.arange(len(values), dtype=np.int64) * round(every_s * 1000)
    offset = first.utcoffset() or timedelta(0)
    offsets = np.full(len(values), offset // timedelta(minutes=1), dtype=np.int16)
    return Readings(measure, source, at_ms, offsets, np.array(values, dtype=np.float64))


def a_recording(
    rr_ms: Sequence[float] = (812.0, 798.5, 830.0), at: datetime = EVENING, source: str = "strap"
) -> Recording:
    return Recording(source, at, np.array(rr_ms, dtype=np.float64))


def some_answers(answers_id: str = "q-1", **changed: object) -> KeptAnswers:
    return replace(KeptAnswers(answers_id, ME, "phq_4", EVENING, {"interest": 2}), **changed)  # type: ignore[arg-type]  # as a test wants it


def somebody_new() -> str:
    """A person nobody has met: examples of one property share a database."""
    return f"person-{next(_numbers)}"


def read(db: Database, look: Callable[[Connection], T]) -> T:
    with db.read() as c:
        return look(c)


def fingerprint(path: Path) -> dict[str, str]:
    """The bytes of a database and of what lies beside it, but for the index that SQLite shares between programs."""
    files = path.parent.glob(path.name + "*")
    return {f.name: hashlib.sha256(f.read_bytes()).hexdigest() for f in files if not f.name.endswith("-shm")}


def content(path: Path) -> dict[str, list[tuple[Any, ...]]]:
    """Every row of every table, straight from the file."""
    connection = raw(path)
    try:
        names = [name for (name,) in connection.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")]
        return {name: connection.execute(f"SELECT * FROM {name} ORDER BY rowid").fetchall() for name in sorted(names)}  # noqa: S608 – names of our own tables
    finally:
        connection.close()
