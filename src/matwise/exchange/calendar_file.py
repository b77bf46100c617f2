"""Appointments as a calendar file: reminders without an account."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from matwise.errors import InvalidInputError, Problem
from matwise.exchange.appointments import Appointment
from matwise.exchange.calendar_text import folded, text, utc
from matwise.exchange.calendar_zone import time_zone

MEDIA_TYPE = "text/calendar; charset=utf-8"
LONGEST_MINUTES = 24 * 60
FIRST_YEAR, LAST_YEAR = 1970, 2199  # what calendars and zones are sure of
_REFRESH = "PT6H"  # for those who subscribe: a changed day is there before the next one
_PRODUCT = "-//Matwise//Matwise//EN"
_UNWRITABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")


def calendar_file(name: str, appointments: Sequence[Appointment]) -> bytes:
    """A calendar as iCalendar, in order of time; the same appointments give the same bytes.

    A moment in a zone of the IANA database is written in it, with the zone's rules beside it; every other in UTC.

    Raises:
        InvalidInputError: names everything that no calendar could use.

    Source:
        RFC 5545 (iCalendar), RFC 7986 (name and refresh).
    """
    problems = list(_problems(name, appointments))
    if problems:
        raise InvalidInputError(*problems)
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", f"PRODID:{_PRODUCT}", "CALSCALE:GREGORIAN"]
    # Each told twice: the property of RFC 7986, and the one that calendars knew before it.
    lines += [f"NAME:{text(name)}", f"X-WR-CALNAME:{text(name)}"]
    lines += [f"REFRESH-INTERVAL;VALUE=DURATION:{_REFRESH}", f"X-PUBLISHED-TTL:{_REFRESH}"]
    in_order = sorted(appointments, key=lambda one: (_first_instant(one), one.uid))
    for zone, moments in _moments_by_zone(in_order).values():
        lines += time_zone(zone, min(moments), max(moments))
    for one in in_order:
        lines += _event(one)
    lines.append("END:VCALENDAR")
    return b"".join(folded(line) for line in lines)


def _event(one: Appointment) -> Iterator[str]:
    yield "BEGIN:VEVENT"
    yield f"UID:{one.uid}"
    yield f"DTSTAMP:{utc(one.changed_at)}"
    yield f"LAST-MODIFIED:{utc(one.changed_at)}"
    yield f"SEQUENCE:{one.sequence}"
    yield from _times(one)
    yield f"SUMMARY:{text(one.title)}"
    if one.description:
        yield f"DESCRIPTION:{text(one.description)}"
    if one.url is not None:
        yield f"URL:{one.url}"
    yield f"STATUS:{'CANCELLED' if one.cancelled else 'CONFIRMED'}"
    # A day of a trial does not make a person busy; a session does.
    yield f"TRANSP:{'OPAQUE' if isinstance(one.starts, datetime) else 'TRANSPARENT'}"
    if one.remind_after is not None:
        yield from ("BEGIN:VALARM", "ACTION:DISPLAY", f"DESCRIPTION:{text(one.title)}")
        yield from (f"TRIGGER:{_duration(one.remind_after)}", "END:VALARM")
    yield "END:VEVENT"


def _times(one: Appointment) -> Iterator[str]:
    if not isinstance(one.starts, datetime):
        yield f"DTSTART;VALUE=DATE:{one.starts:%Y%m%d}"
        yield f"DTEND;VALUE=DATE:{one.starts + timedelta(days=1):%Y%m%d}"
        return
    ends = one.starts.astimezone(UTC) + timedelta(minutes=one.minutes or 0)
    yield f"DTSTART{_moment(one.starts)}"
    yield f"DTEND{_moment(ends.astimezone(one.starts.tzinfo))}"


def _moment(at: datetime) -> str:
    """A moment as it stands after the name of its field."""
    told = at.astimezone(UTC).astimezone(at.tzinfo)  # 2:30 in the hour that the clocks skip is 3:30
    zone = _zone_of(at)
    # The second of two hours of the same name can't be told in its zone.
    return f":{utc(at)}" if zone is None or told.fold else f";TZID={zone.key}:{told:%Y%m%dT%H%M%S}"


def _zone_of(at: datetime) -> ZoneInfo | None:
    """The zone that a moment is told in; None for UTC."""
    zone = at.tzinfo
    return zone if isinstance(zone, ZoneInfo) and zone.key not in {None, "UTC", "Etc/UTC"} else None


def _moments_by_zone(appointments: Iterable[Appointment]) -> dict[str, tuple[ZoneInfo, list[datetime]]]:
    found: dict[str, tuple[ZoneInfo, list[datetime]]] = {}
    for one in appointments:
        zone = _zone_of(one.starts) if isinstance(one.starts, datetime) else None
        if zone is not None:
            starts = _first_instant(one)
            _, moments = found.setdefault(zone.key, (zone, []))
            moments += (starts, starts + timedelta(minutes=one.minutes or 0))
    return found


def _first_instant(one: Appointment) -> datetime:
    if isinstance(one.starts, datetime):
        return one.starts.astimezone(UTC)
    return datetime.combine(one.starts, time(), UTC)


def _duration(length: timedelta) -> str:
    """A length in hours, minutes and seconds; never in days, which are an hour more or less when the clocks change."""
    sign, seconds = ("-" if length < timedelta() else ""), abs(round(length.total_seconds()))
    hours, minutes, rest = seconds // 3600, seconds // 60 % 60, seconds % 60
    told = f"{hours}H" if hours else ""
    told += f"{minutes}M" if minutes or (hours and rest) else ""  # none may be left out between two others
    told += f"{rest}S" if rest or not told else ""
    return f"{sign}PT{told}"


def _problems(name: str, appointments: Sequence[Appointment]) -> Iterator[Problem]:
    yield from _problems_of_text("name", name)
    known: set[str] = set()
    for number, one in enumerate(appointments, start=1):
        at = f"appointment {number}"
        if not re.fullmatch(r"[!-~]{1,200}", one.uid) or re.search(r"[,;\\]", one.uid):
            yield Problem(f"{at}, uid", ascii(one.uid)[:60], "printable ASCII without spaces, commas and semicolons")
        if one.uid in known:
            yield Problem(f"{at}, uid", one.uid, "an uid of its own")
        known.add(one.uid)
        yield from _problems_of_text(f"{at}, title", one.title)
        if _UNWRITABLE.search(one.description):
            yield Problem(f"{at}, description", ascii(one.description)[:60], "text without control characters")
        yield from _problems_of_times(at, one)
        if one.sequence < 0:
            yield Problem(f"{at}, sequence", str(one.sequence), "0 or more")
        if one.url is not None and not re.fullmatch(r"https?://[!-~]+", one.url):
            yield Problem(f"{at}, url", "an address no calendar can open", "http:// or https:// and printable ASCII")


def _problems_of_times(at: str, one: Appointment) -> Iterator[Problem]:
    if not FIRST_YEAR <= one.starts.year <= LAST_YEAR:
        yield Problem(f"{at}, starts", str(one.starts), f"a day from {FIRST_YEAR} to {LAST_YEAR}")
    if one.changed_at.tzinfo is None:
        yield Problem(f"{at}, changed_at", str(one.changed_at), "a time with its zone")
    if isinstance(one.starts, datetime):
        if one.starts.tzinfo is None:
            yield Problem(f"{at}, starts", str(one.starts), "a time with its zone")
        if one.minutes is None or not 0 < one.minutes <= LONGEST_MINUTES:
            yield Problem(f"{at}, minutes", str(one.minutes), f"from 1 to {LONGEST_MINUTES}")
    elif one.minutes is not None:
        yield Problem(f"{at}, minutes", str(one.minutes), "None for a whole day")


def _problems_of_text(where: str, told: str) -> Iterator[Problem]:
    if not told.strip():
        yield Problem(where, "nothing", "some text")
    elif _UNWRITABLE.search(told):
        yield Problem(where, ascii(told)[:60], "text without control characters")
