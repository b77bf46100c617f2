"""Oura: the JSON of an account, and what its interface (version 2, and the first) answers.

Where the ring knows nothing, a series has null (version 2) or 0 (the first): neither is a value.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

from matwise.exchange.wearables.clock import DayFirst, later, moment, noon
from matwise.exchange.wearables.json_file import inside, items, number, parsed, shown, text
from matwise.exchange.wearables.maker import Found, Told
from matwise.exchange.wearables.members import Read, read_each
from matwise.exchange.wearables.opened import Member, Opened
from matwise.measures.reading import Gathered, Rejected
from matwise.sentence import Sentence

ID = "oura"
NAME = "Oura"

SOURCE, NIGHTLY = "Oura", "Oura, whole night"
_HEAD_BYTES = 16 << 10
_ISO = DayFirst(day_first=True, known=True)
_STEP_S = 300.0  # of the series of the first version
_NAPS = frozenset({"late_nap", "rest", "deleted"})
_MOST_FALLS = 5  # lists within objects within lists

NO_MOMENT = Sentence("It has no moment.")

_Take = Callable[[Gathered, Mapping[str, Any], Told], Sentence | None]


def recognises(opened: Opened) -> bool:
    """Whether a file in it holds what only Oura calls so."""
    return any(_reader_of(opened, member) is not None for member in opened.members)


def read(opened: Opened, told: Told) -> Iterator[Found]:
    """Nights, heart rates and skin temperature.

    Raises:
        ImportRejectedError: it is one file, and damaged.
    """
    return read_each(opened, told, _reader_of)


def _reader_of(opened: Opened, member: Member) -> Read | None:
    begins = opened.head(member, _HEAD_BYTES).lstrip(b"\xef\xbb\xbf \t\r\n")
    if not begins.startswith((b"{", b"[")):
        return None
    nights = b'"bedtime_start"' in begins and any(
        name in begins for name in (b'"average_hrv"', b'"rmssd_5min"', b'"lowest_heart_rate"', b'"hr_lowest"')
    )
    rates = b'"bpm"' in begins and b'"source"' in begins and b'"timestamp"' in begins
    days = b'"temperature_deviation"' in begins and b'"day"' in begins
    return _read if nights or rates or days else None


def _read(opened: Opened, member: Member, told: Told) -> Iterator[Found]:
    gathered = Gathered()
    for name, one in _records(parsed(opened, member)):
        take = _taker(one)
        why = None if take is None else take(gathered, one, told)
        if why is not None:
            yield Rejected(name, shown(dict(one)), why)
    yield from gathered.columns()


def _records(value: object, name: str = "", falls: int = 0) -> Iterator[tuple[str, dict[str, Any]]]:
    """Every object of every list, with where it stands."""
    if falls > _MOST_FALLS:
        return
    if isinstance(value, list):
        for place, one in enumerate(items(value), 1):
            yield f"{name or 'data'} {place}", one
    elif isinstance(value, dict):
        for key, below in value.items():
            yield from _records(below, shown(key), falls + 1)


def _taker(one: Mapping[str, Any]) -> _Take | None:
    if "bedtime_start" in one:
        return _first_version if "rmssd_5min" in one or "hr_5min" in one else _night
    if "bpm" in one and "timestamp" in one:
        return _rate
    return _day if "temperature_deviation" in one and "day" in one else None


def _rate(gathered: Gathered, one: Mapping[str, Any], told: Told) -> Sentence | None:
    at, rate = _moment(one.get("timestamp"), told), number(one.get("bpm"))
    if at is None or rate is None:
        return NO_MOMENT
    gathered.add("heart_rate", SOURCE, at, rate)
    return None


def _day(gathered: Gathered, one: Mapping[str, Any], told: Told) -> Sentence | None:
    warmer = number(one.get("temperature_deviation"))
    if warmer is None:
        return None
    at = noon(text(one.get("day")), told.zone)
    if at is None:
        return NO_MOMENT
    gathered.add("skin_temperature_change", SOURCE, at, warmer)
    return None


def _night(gathered: Gathered, one: Mapping[str, Any], told: Told) -> Sentence | None:
    ended = _moment(one.get("bedtime_end"), told)
    if ended is None:
        return NO_MOMENT
    if text(one.get("type")) not in _NAPS:
        whole = (("rmssd", "average_hrv", 1.0), ("respiratory_rate", "average_breath", 1.0))
        _take_whole(gathered, one, ended, (*whole, ("sleep_duration", "total_sleep_duration", 60.0)))
    for measure, name in (("heart_rate", "heart_rate"), ("rmssd", "hrv")):
        series = one.get(name)
        begun, step_s = _moment(inside(series, "timestamp"), told), number(inside(series, "interval"))
        values = inside(series, "items")
        if begun is not None and step_s and isinstance(values, list):
            _take_series(gathered, measure, begun, step_s, values)
    return None


def _first_version(gathered: Gathered, one: Mapping[str, Any], told: Told) -> Sentence | None:
    begun, ended = _moment(one.get("bedtime_start"), told), _moment(one.get("bedtime_end"), told)
    if begun is None or ended is None:
        return NO_MOMENT
    _take_whole(
        gathered,
        one,
        ended,
        (
            ("rmssd", "rmssd", 1.0),
            ("respiratory_rate", "breath_average", 1.0),
            ("sleep_duration", "total", 60.0),
        ),
    )
    warmer = number(one.get("temperature_delta"))
    if warmer is not None:
        gathered.add("skin_temperature_change", SOURCE, ended, warmer)
    for measure, name in (("heart_rate", "hr_5min"), ("rmssd", "rmssd_5min")):
        values = one.get(name)
        if isinstance(values, list):
            _take_series(gathered, measure, begun, _STEP_S, values)
    return None


def _take_whole(
    gathered: Gathered, one: Mapping[str, Any], ended: datetime, whole: tuple[tuple[str, str, float], ...]
) -> None:
    for measure, name, divided_by in whole:
        value = number(one.get(name))
        if value:
            gathered.add(measure, NIGHTLY, ended, value / divided_by)


def _take_series(gathered: Gathered, measure: str, begun: datetime, step_s: float, values: list[Any]) -> None:
    for place, value in enumerate(map(number, values)):
        at = later(begun, place * step_s)
        if value and at is not None:
            gathered.add(measure, SOURCE, at, value)


def _moment(written: object, told: Told) -> datetime | None:
    at = moment(text(written), told.zone, _ISO)
    return None if at is None else at.astimezone(at.tzinfo or UTC)
