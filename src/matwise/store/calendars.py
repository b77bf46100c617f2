"""The calendar of a person: its identity, when their day has room, and what subscribed calendars know already."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import Connection, RowMapping, delete, insert, select
from sqlalchemy.dialects.sqlite import insert as insert_or_update

from matwise.store.entry import check_ids, check_text
from matwise.store.instant import instant, instant_columns
from matwise.store.tables import calendar_entries, calendars

LONGEST_TITLE = 1000  # characters
_TIME = "%H:%M"


@dataclass(frozen=True, slots=True)
class KeptCalendar:
    """The identity of a calendar, the zone its person lives in (IANA), and the time of sessions and of ratings."""

    id: str
    zone: str
    session_at: time
    evening_at: time


@dataclass(frozen=True, slots=True)
class KeptEntry:
    """One entry as calendars know it. `time` None: a whole day; else the clock of `zone`."""

    uid: str
    day: date
    time: time | None
    zone: str | None
    minutes: int | None
    title: str
    description: str
    remind_after: timedelta | None
    changed_at: datetime
    sequence: int
    cancelled: bool


def keep(c: Connection, person: str, calendar: KeptCalendar, at: datetime) -> KeptCalendar:
    """Keep zone and times; the identity that is there first stays for ever. Gives the calendar as it is kept.

    Raises:
        InvalidInputError: names every id that can't be kept.
    """
    check_ids(person=person, calendar=calendar.id)
    check_text("zone", calendar.zone, 64)
    told = {
        "zone": calendar.zone,
        "session_at": calendar.session_at.strftime(_TIME),
        "evening_at": calendar.evening_at.strftime(_TIME),
    }
    new = insert_or_update(calendars).values(person=person, id=calendar.id, **told, **instant_columns("made", at))
    c.execute(new.on_conflict_do_update(index_elements=["person"], set_=told))
    return _kept(c.execute(select(calendars).where(calendars.c.person == person)).mappings().one())


def find(c: Connection, person: str) -> KeptCalendar | None:
    """The calendar of a person, or None."""
    row = c.execute(select(calendars).where(calendars.c.person == person)).mappings().first()
    return None if row is None else _kept(row)


def entries(c: Connection, person: str) -> tuple[KeptEntry, ...]:
    """What calendars that subscribed know, in order of their names."""
    wanted = select(calendar_entries).where(calendar_entries.c.person == person).order_by(calendar_entries.c.uid)
    return tuple(_entry(row) for row in c.execute(wanted).mappings())


def replace_entries(c: Connection, person: str, told: Iterable[KeptEntry]) -> None:
    """Keep what calendars are told from now on, in place of what they were told before.

    Raises:
        InvalidInputError: a title or a description can't be kept.
    """
    rows = []
    for entry in told:
        check_text("title", entry.title, LONGEST_TITLE)
        check_text("description", entry.description)
        rows.append({"person": person, **_columns(entry)})
    c.execute(delete(calendar_entries).where(calendar_entries.c.person == person))
    if rows:
        c.execute(insert(calendar_entries), rows)


def _kept(row: RowMapping) -> KeptCalendar:
    return KeptCalendar(row["id"], row["zone"], _time(row["session_at"]), _time(row["evening_at"]))


def _columns(entry: KeptEntry) -> dict[str, Any]:
    return {
        "uid": entry.uid,
        "day": entry.day.isoformat(),
        "time": None if entry.time is None else entry.time.strftime(_TIME),
        "zone": entry.zone,
        "minutes": entry.minutes,
        "title": entry.title,
        "description": entry.description,
        "remind_after_s": None if entry.remind_after is None else round(entry.remind_after.total_seconds()),
        "sequence": entry.sequence,
        "cancelled": int(entry.cancelled),
        **instant_columns("changed", entry.changed_at),
    }


def _entry(row: RowMapping) -> KeptEntry:
    after_s = row["remind_after_s"]
    return KeptEntry(
        uid=row["uid"],
        day=date.fromisoformat(row["day"]),
        time=None if row["time"] is None else _time(row["time"]),
        zone=row["zone"],
        minutes=row["minutes"],
        title=row["title"],
        description=row["description"],
        remind_after=None if after_s is None else timedelta(seconds=after_s),
        changed_at=instant(row, "changed"),
        sequence=row["sequence"],
        cancelled=bool(row["cancelled"]),
    )


def _time(told: str) -> time:
    return time.fromisoformat(told)
