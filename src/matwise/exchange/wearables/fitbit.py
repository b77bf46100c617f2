"""Fitbit: what Google Takeout hands out, in the files of Fitbit and in those of Google Health.

Three traps. The JSON of heart rates is in UTC without saying so, while sleep and the tables of Fitbit are in the time
of the wall. The daily tables of Google Health stand at midnight UTC, which only names the day. And where the watch felt
no pulse, the JSON has a rate with a confidence of 0.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import UTC, datetime, time
from itertools import pairwise
from typing import Any

from matwise.exchange.wearables.beats import LINE
from matwise.exchange.wearables.clock import DayFirst, moment
from matwise.exchange.wearables.json_file import inside, items, number, parsed, shown, text
from matwise.exchange.wearables.lines import number_of
from matwise.exchange.wearables.maker import Found, Told
from matwise.exchange.wearables.members import Read, read_each
from matwise.exchange.wearables.opened import Member, Opened
from matwise.exchange.wearables.table import head_of, rows
from matwise.measures.reading import Gathered, Rejected
from matwise.sentence import Sentence

ID = "fitbit"
NAME: str = Sentence("Fitbit (Google Takeout)")

# A value of a whole night is another thing than one of five minutes in it: they never stand in one row.
SOURCE, NIGHTLY = "Fitbit", "Fitbit, whole night"
_HEAD_BYTES = 2048
_MONTH_FIRST = DayFirst(day_first=False, known=True)
_HALF_A_DAY_S = 12 * 3600
_AMERICAN = re.compile(r"(\d\d)/(\d\d)/(\d\d) (\d\d):(\d\d):(\d\d)")

NO_ROW = Sentence("It has no moment or no number.")
NO_PULSE = Sentence("The watch did not feel a pulse: its confidence is 0.")

# By the names of its columns: which holds the moment, which the value, the measure, and its source.
_TABLES: tuple[tuple[frozenset[str], str, str, str, str], ...] = tuple(
    (frozenset({at, value, *more}), at, value, measure, source)
    for at, value, measure, source, more in (
        ("timestamp", "rmssd", "rmssd", SOURCE, ("coverage",)),
        ("timestamp", "rmssd", "rmssd", NIGHTLY, ("nremhr",)),
        ("timestamp", "average heart rate variability milliseconds", "rmssd", NIGHTLY, ()),
        ("timestamp", "beats per minute", "heart_rate", SOURCE, ()),
        ("timestamp", "daily_respiratory_rate", "respiratory_rate", NIGHTLY, ()),
        ("timestamp", "breaths per minute", "respiratory_rate", NIGHTLY, ()),
        ("timestamp", "full_sleep_breathing_rate", "respiratory_rate", NIGHTLY, ()),
        ("sleep_end", "nightly_temperature", "skin_temperature", NIGHTLY, ()),
        ("timestamp", "nightly temperature celsius", "skin_temperature", NIGHTLY, ()),
    )
)


def recognises(opened: Opened) -> bool:
    """Whether any file in it is one that is read here."""
    return any(_reader_of(opened, member) is not None for member in opened.members)


def read(opened: Opened, told: Told) -> Iterator[Found]:
    """Heart rate, variability, breaths, skin temperature and sleep, from every file that holds them.

    Raises:
        ImportRejectedError: it is one file, and damaged.
    """
    return read_each(opened, told, _reader_of)


def _reader_of(opened: Opened, member: Member) -> Read | None:
    begins = opened.head(member, _HEAD_BYTES).lstrip(b"\xef\xbb\xbf \t\r\n")
    if begins.startswith(b"["):
        return _json_reader(begins)
    names, first = head_of(opened, member)
    for known, at, value, measure, source in _TABLES:
        if known <= set(names):
            if measure == "heart_rate" and _is_by_day(member, [row.partition(",")[0] for row in first]):
                return _table_reader(at, value, "resting_heart_rate", source, by_day=True)
            return _table_reader(at, value, measure, source, by_day=source == NIGHTLY)
    return None


def _json_reader(begins: bytes) -> Read | None:
    if b'"dateOfSleep"' in begins and b'"logId"' in begins:
        return _sleep
    if b'"dateTime"' in begins and b'"bpm"' in begins and b'"confidence"' in begins:
        return _rates
    if b'"dateTime"' in begins and b'"error"' in begins and b'"value"' in begins:
        return _resting
    return None


def _rates(opened: Opened, member: Member, told: Told) -> Iterable[Found]:
    def take(gathered: Gathered, one: dict[str, Any]) -> Sentence | None:
        value = inside(one, "value")
        at, rate = _american(text(one.get("dateTime"))), number(inside(value, "bpm"))
        if at is None or rate is None:
            return NO_ROW
        if inside(value, "confidence") == 0:
            return NO_PULSE
        gathered.add("heart_rate", SOURCE, at.replace(tzinfo=UTC).astimezone(told.zone), rate)
        return None

    return _each(opened, member, take)


def _resting(opened: Opened, member: Member, told: Told) -> Iterable[Found]:
    def take(gathered: Gathered, one: dict[str, Any]) -> Sentence | None:
        value = inside(one, "value")
        at, rate = _american(text(one.get("dateTime"))), number(inside(value, "value"))
        if inside(value, "date") is None and rate == 0:
            return None  # a day without a value
        if at is None or rate is None:
            return NO_ROW
        gathered.add("resting_heart_rate", SOURCE, datetime.combine(at, time(12), told.zone), rate)
        return None

    return _each(opened, member, take)


def _sleep(opened: Opened, member: Member, told: Told) -> Iterable[Found]:
    def take(gathered: Gathered, one: dict[str, Any]) -> Sentence | None:
        if one.get("mainSleep") is False:
            return None  # a nap
        at = moment(text(one.get("endTime")), told.zone, _MONTH_FIRST)
        minutes = number(one.get("minutesAsleep"))
        if at is None or minutes is None:
            return NO_ROW
        gathered.add("sleep_duration", SOURCE, at, minutes)
        return None

    return _each(opened, member, take)


def _each(
    opened: Opened, member: Member, take: Callable[[Gathered, dict[str, Any]], Sentence | None]
) -> Iterator[Found]:
    gathered = Gathered()
    for place, one in enumerate(items(parsed(opened, member)), 1):
        why = take(gathered, one)
        if why is not None:
            where = Sentence("{file}, entry {number}", file=ascii(member.name)[1:-1][:60], number=place)
            yield Rejected(where, shown(one), why)
    yield from gathered.columns()


def _table_reader(at: str, value: str, measure: str, source: str, *, by_day: bool) -> Read:
    def read_table(opened: Opened, member: Member, told: Told) -> Iterator[Found]:
        gathered = Gathered()
        for row in rows(opened, member):
            when = moment(row.cells.get(at, ""), told.zone, _MONTH_FIRST)
            figure = number_of(row.cells.get(value, ""))
            if when is None or figure is None:
                yield Rejected(LINE.format(number=row.number), ascii(row.line)[1:-1][:80], NO_ROW)
            elif figure != 0:  # that is a day without a value
                if by_day and when.time() == time(0):
                    when = datetime.combine(when, time(12), told.zone)
                gathered.add(measure, row.cells.get("data source") or source, when.astimezone(told.zone), figure)
        yield from gathered.columns()

    return read_table


def _is_by_day(member: Member, moments: Sequence[str]) -> bool:
    """Whether a table of rates holds one for each day, which its columns don't tell."""
    told = [at for one in moments if (at := moment(one, UTC, _MONTH_FIRST)) is not None]
    apart_s = [abs((b - a).total_seconds()) for a, b in pairwise(told)]
    return "resting" in member.name.lower() or (bool(apart_s) and min(apart_s) >= _HALF_A_DAY_S)


def _american(written: str) -> datetime | None:
    """`03/01/26 04:00:05`, of which nobody says the zone."""
    parts = _AMERICAN.fullmatch(written)
    if parts is None:
        return None
    month, day, year, hour, minute, second = map(int, parts.groups())
    try:
        return datetime(2000 + year, month, day, hour, minute, second)  # noqa: DTZ001 – its zone comes later
    except ValueError:
        return None
