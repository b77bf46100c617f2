"""The rules of a time zone, as a calendar file has to bring them along."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

# A zone that changes its clocks does so within this; the rule before the first moment is needed too.
_LOOK_BACK = timedelta(days=400)
_DAY = timedelta(days=1)
_SECOND = timedelta(seconds=1)


@dataclass(frozen=True, slots=True)
class _Rule:
    """What holds from a moment on: how far the clocks are from UTC, before and after, and what it is called."""

    starts: datetime
    before: timedelta
    after: timedelta
    name: str
    is_summer: bool


def time_zone(zone: ZoneInfo, first: datetime, last: datetime) -> Iterator[str]:
    """The lines of a VTIMEZONE that holds from `first` to `last`, both in UTC.

    Every change of the clocks in this time is written as such: no rule is guessed for years that are not asked about.

    Source:
        RFC 5545 §3.6.5; the changes are those of the IANA time zone database.
    """
    yield "BEGIN:VTIMEZONE"
    yield f"TZID:{zone.key}"
    for rule in _rules(zone, first, last):
        kind = "DAYLIGHT" if rule.is_summer else "STANDARD"
        yield f"BEGIN:{kind}"
        # A change is told in the time that the clocks showed until then.
        yield f"DTSTART:{rule.starts.replace(tzinfo=None) + rule.before:%Y%m%dT%H%M%S}"
        yield f"TZOFFSETFROM:{_offset(rule.before)}"
        yield f"TZOFFSETTO:{_offset(rule.after)}"
        yield f"TZNAME:{rule.name}"
        yield f"END:{kind}"
    yield "END:VTIMEZONE"


def _rules(zone: ZoneInfo, first: datetime, last: datetime) -> Iterator[_Rule]:
    at = (first - _LOOK_BACK).replace(hour=0, minute=0, second=0, microsecond=0)
    changes = []
    before = _state(zone, at)
    yield _Rule(at, before[0], *before)
    while at <= last:
        after = _state(zone, at + _DAY)
        if after != before:
            changes.append(_Rule(_change(zone, at, at + _DAY), before[0], *after))
        at, before = at + _DAY, after
    yield from changes


def _state(zone: ZoneInfo, at: datetime) -> tuple[timedelta, str, bool]:
    local = at.astimezone(zone)
    return local.utcoffset() or timedelta(), local.tzname() or zone.key, bool(local.dst())


def _change(zone: ZoneInfo, start: datetime, end: datetime) -> datetime:
    """The second between these two from which on the state is that of the end."""
    after = _state(zone, end)
    while end - start > _SECOND:
        middle = start + (end - start) // 2
        middle = middle.replace(microsecond=0)
        start, end = (start, middle) if _state(zone, middle) == after else (middle, end)
    return end


def _offset(length: timedelta) -> str:
    sign, seconds = ("-" if length < timedelta() else "+"), abs(round(length.total_seconds()))
    rest = f"{seconds % 60:02}" if seconds % 60 else ""
    return f"{sign}{seconds // 3600:02}{seconds // 60 % 60:02}{rest}"
