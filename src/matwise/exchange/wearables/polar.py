"""Polar: beats as Sensor Logger and Flow write them, and the JSON of an account of Flow.

The JSON has no zone: continuous rates stand in seconds since midnight on the wall, single pulses at their moment there;
only a training session says how far the wall was ahead of UTC.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime, timedelta, timezone
from itertools import pairwise

import numpy as np

from matwise.exchange.wearables.beats import OUTSIDE, POSSIBLE_MS, recorded
from matwise.exchange.wearables.clock import DayFirst, moment, noon
from matwise.exchange.wearables.json_file import inside, items, number, parsed, shown, text
from matwise.exchange.wearables.lines import first_lines, lines, number_of
from matwise.exchange.wearables.maker import Found, Told
from matwise.exchange.wearables.members import Read, read_each
from matwise.exchange.wearables.opened import Member, Opened
from matwise.measures.reading import Gathered, Recording, Rejected
from matwise.sentence import Sentence

ID = "polar"
NAME = "Polar"

_MOMENT, _INTERVAL = "phone timestamp", "rr-interval [ms]"
_HEAD_BYTES = 4096
_ISO = DayFirst(day_first=True, known=True)
_NOON_S = 12 * 3600.0
_GAP_S = 3.0  # pulses that lie further apart than they are long by so much don't belong to one recording
_DURATION = re.compile(r"PT(\d{1,2}(?:\.\d{1,6})?)S")

NO_MOMENT = Sentence("It has no moment or no number.")


def recognises(opened: Opened) -> bool:
    """Whether it has the head of Sensor Logger, two columns of which one is the sum of the other, or Flow's JSON."""
    if any(_json_reader(opened, member) is not None for member in opened.members):
        return True
    said = first_lines(opened)
    return bool(said) and (_columns(said[0]) is not None or _is_flow(said))


def read(opened: Opened, told: Told) -> Iterator[Found]:
    """Recordings of beats, and rates; a list of Flow does not say when it began.

    Raises:
        ImportRejectedError: it is no text, damaged, or there is no end to it.
    """
    if any(_json_reader(opened, member) is not None for member in opened.members):
        return read_each(opened, told, _json_reader)
    return _read_list(opened, told)


def _read_list(opened: Opened, told: Told) -> Iterator[Found]:
    rows = list(lines(opened))
    columns = _columns(rows[0][1]) if rows else None
    if columns is None:
        yield from recorded(opened, NAME, told.at, ((n, line, _cell(line, "\t", 1)) for n, line in rows))
        return
    between, at, interval = columns
    begun = next((found for _, line in rows[1:] if (found := _moment(line, between, at, told)) is not None), told.at)
    yield from recorded(opened, NAME, begun, ((n, line, _cell(line, between, interval)) for n, line in rows[1:]))


def _columns(head: str) -> tuple[str, int, int] | None:
    for between in (";", ",", "\t"):
        names = [name.strip().strip('"').lower() for name in head.split(between)]
        if _MOMENT in names and _INTERVAL in names:
            return between, names.index(_MOMENT), names.index(_INTERVAL)
    return None


def _is_flow(said: list[str]) -> bool:
    rows = [(_cell(line, "\t", 0), _cell(line, "\t", 1)) for line in said]
    good = [(at, rr) for at, rr in rows if at is not None and rr is not None and 200 <= rr <= 3000]
    if len(good) < 5 or len(good) < 0.8 * len(rows):
        return False
    steps = [abs((b[0] - a[0]) - b[1] / 1000) for a, b in pairwise(good)]
    return sum(step < 0.05 for step in steps) >= 0.8 * len(steps)


def _cell(line: str, between: str, column: int) -> float | None:
    cells = line.split(between)
    return number_of(cells[column]) if len(cells) > column else None


def _moment(line: str, between: str, column: int, told: Told) -> datetime | None:
    cells = line.split(between)
    return moment(cells[column], told.zone, _ISO) if len(cells) > column else None


def _json_reader(opened: Opened, member: Member) -> Read | None:
    begins = opened.head(member, _HEAD_BYTES).lstrip(b"\xef\xbb\xbf \t\r\n")
    if begins.startswith(b"{") and b'"deviceDays"' in begins:
        return _days
    if begins.startswith(b"[") and b'"devicePpiSamplesList"' in begins:
        return _pulses
    if begins.startswith(b"{") and b'"exportVersion"' in begins and b'"exercises"' in begins:
        return _training
    return None


def _days(opened: Opened, member: Member, told: Told) -> Iterator[Found]:
    gathered = Gathered()
    for day in items(inside(parsed(opened, member), "deviceDays")):
        middle = noon(text(day.get("date")), told.zone)
        for one in items(day.get("samples")):
            since_s, rate = number(one.get("secondsFromDayStart")), number(one.get("heartRate"))
            if middle is None or since_s is None or rate is None or not 0 <= since_s < 90_000:
                yield Rejected(shown(day.get("date")), shown(one), NO_MOMENT)
            elif rate:  # 0 is no pulse
                gathered.add("heart_rate", NAME, middle + timedelta(seconds=since_s - _NOON_S), rate)
    yield from gathered.columns()


def _pulses(opened: Opened, member: Member, told: Told) -> Iterator[Found]:
    for day in items(parsed(opened, member)):
        for device in items(day.get("devicePpiSamplesList")):
            pulses: list[tuple[datetime, float]] = []
            for one in items(device.get("ppiSamples")):
                at, length_ms = moment(text(one.get("sampleDateTime")), told.zone, _ISO), number(one.get("pulseLength"))
                if at is None or length_ms is None:
                    yield Rejected(shown(day.get("date")), shown(one), NO_MOMENT)
                elif not POSSIBLE_MS[0] <= length_ms <= POSSIBLE_MS[1]:
                    yield Rejected(shown(day.get("date")), shown(one), OUTSIDE)
                else:
                    pulses.append((at, length_ms))
            yield from _in_a_row(pulses)


def _in_a_row(pulses: list[tuple[datetime, float]]) -> Iterator[Recording]:
    """Recordings of pulses that follow on one another; each stands at its own moment."""
    run: list[float] = []
    begun, ends_s = None, 0.0
    for at, length_ms in sorted(pulses, key=lambda one: one[0]):
        if begun is None or abs(at.timestamp() - ends_s) > _GAP_S:
            if begun is not None:
                yield Recording(NAME, begun, np.array(run))
            begun, run, ends_s = at, [], at.timestamp()
        run.append(length_ms)
        ends_s += length_ms / 1000
    if begun is not None:
        yield Recording(NAME, begun, np.array(run))


def _training(opened: Opened, member: Member, told: Told) -> Iterator[Found]:
    whole, gathered = parsed(opened, member), Gathered()
    for exercise in items(inside(whole, "exercises")):
        ahead = next((o for one in (exercise, whole) if (o := number(inside(one, "timezoneOffset"))) is not None), None)
        zone = told.zone if ahead is None or abs(ahead) >= 24 * 60 else timezone(timedelta(minutes=ahead))
        samples = exercise.get("samples")
        for one in items(inside(samples, "heartRate")):
            if "value" not in one:
                continue  # a moment without a pulse
            at, rate = moment(text(one.get("dateTime")), zone, _ISO), number(one["value"])
            if at is None or rate is None:
                yield Rejected("heartRate", shown(one), NO_MOMENT)
            elif rate:
                gathered.add("heart_rate", NAME, at, rate)
        yield from _beats(items(inside(samples, "rr")), moment(text(exercise.get("startTime")), zone, _ISO), told)
    yield from gathered.columns()


def _beats(told_rr: list[dict[str, object]], begun: datetime | None, told: Told) -> Iterator[Found]:
    kept = []
    for one in told_rr:
        length = _DURATION.fullmatch(text(one.get("duration")))
        length_ms = None if length is None else 1000 * float(length[1])
        if length_ms is None or not POSSIBLE_MS[0] <= length_ms <= POSSIBLE_MS[1]:
            yield Rejected("rr", shown(one), OUTSIDE)
        else:
            kept.append(length_ms)
    if kept:
        yield Recording(NAME, begun or told.at, np.array(kept))
