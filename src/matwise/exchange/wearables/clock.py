"""Moments as people and programs write them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo

# Nothing was measured outside; far beyond, a moment can't be told in another zone, or moved.
POSSIBLE_YEARS = (1900, 2200)
_FARTHEST_S = 366 * 86_400.0
_EPOCH = re.compile(r"\d{9,13}")
_LEAP = re.compile(r"(\d\d:\d\d):60")
_PARTS = re.compile(
    r"(\d{1,4})([./-])(\d{1,2})\2(\d{1,4})(?:[ T,]+(\d{1,2}):(\d{2})(?::(\d{2}))?(?:\.\d+)?\s*(am|pm|AM|PM)?)?"
)


@dataclass(frozen=True, slots=True)
class DayFirst:
    """Whether a day stands before its month in the dates of a file; `known` False where none of them tells."""

    day_first: bool
    known: bool


def day_first(written: Iterable[str]) -> DayFirst:
    """By all dates of a file: a number above twelve is no month; with points between, the day always comes first."""
    doubted = False
    for one in written:
        parts = _PARTS.match(one.strip())
        if parts is None or len(parts[1]) == 4:
            continue
        if parts[2] == "." or int(parts[1]) > 12:
            return DayFirst(day_first=True, known=True)
        if int(parts[3]) > 12:
            return DayFirst(day_first=False, known=True)
        doubted = True
    return DayFirst(day_first=True, known=not doubted)


def moment(written: str, zone: tzinfo, order: DayFirst) -> datetime | None:
    """A moment with its zone; None for what is none, or for a time that the clock in this zone skipped.

    Of an hour that came twice the first is taken. A leap second is the second after it.
    """
    said = written.strip().strip('"')
    if _EPOCH.fullmatch(said):
        seconds = int(said) / (1000 if len(said) > 10 else 1)
        return datetime.fromtimestamp(seconds, UTC).astimezone(zone)
    leap = _LEAP.search(said)
    at: datetime | None
    try:
        at = datetime.fromisoformat(_LEAP.sub(r"\g<1>:59", said))
    except ValueError:
        at = _parts(said, order)
    if at is None or not POSSIBLE_YEARS[0] <= at.year <= POSSIBLE_YEARS[1]:
        return None
    at += timedelta(seconds=1 if leap else 0)
    if at.tzinfo is not None:
        return at
    there = at.replace(tzinfo=zone)
    # Through universal time and back a time that never was comes out as another one.
    return there if there.astimezone(UTC).astimezone(zone).replace(tzinfo=None) == at else None


def later(at: datetime, by_s: float) -> datetime | None:
    """The instant so many seconds later, or earlier if below 0, in the same zone; None where that is over a year."""
    # On the wall an hour may be missing in between.
    return (at.astimezone(UTC) + timedelta(seconds=by_s)).astimezone(at.tzinfo) if abs(by_s) <= _FARTHEST_S else None


def noon(written: str, zone: tzinfo) -> datetime | None:
    """The middle of a day such as 2026-03-01, for what is known of the day alone; None for what is none."""
    try:
        day = date.fromisoformat(written[:10])
    except ValueError:
        return None
    possible = POSSIBLE_YEARS[0] <= day.year <= POSSIBLE_YEARS[1]
    return datetime.combine(day, time(12), zone) if possible else None


def _parts(said: str, order: DayFirst) -> datetime | None:
    parts = _PARTS.fullmatch(said)
    if parts is None:
        return None
    first, _, second, third, hour, minute, seconds, half = parts.groups()
    if len(first) == 4:
        year, month, day = int(first), int(second), int(third)
    else:
        day, month = (int(first), int(second)) if order.day_first else (int(second), int(first))
        year = int(third)
    hours = int(hour or 0)
    if half:
        hours = hours % 12 + (12 if half.lower() == "pm" else 0)
    try:
        return datetime(year, month, day, hours, int(minute or 0), int(seconds or 0)) if year > 99 else None  # noqa: DTZ001 – its zone comes later
    except ValueError:
        return None
