"""Blood pressure as a table whose columns have names: Withings, Omron, Blood Pressure Monitor and many others."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from matwise.errors import Problem
from matwise.exchange.wearables.beats import LINE
from matwise.exchange.wearables.clock import DayFirst, day_first, moment
from matwise.exchange.wearables.lines import first_lines, lines, number_of
from matwise.exchange.wearables.maker import Found, ImportRejectedError, Told
from matwise.exchange.wearables.opened import Member, Opened
from matwise.measures.reading import Gathered, Rejected
from matwise.sentence import Sentence

ID = "blood_pressure_csv"
NAME: str = Sentence("Blood pressure as a table (Withings, Omron and others)")

SOURCE = "Blood-pressure cuff"
MOST_ROWS = 1_000_000
# What columns are called, without units and in small letters.
NAMES: Mapping[str, frozenset[str]] = {
    "systolic": frozenset({"systolic", "sys", "systole", "systolisch", "systolischer wert", "oberer wert", "sistólica",
                           "sistolica", "systoliskt", "systolique"}),
    "diastolic": frozenset({"diastolic", "dia", "diastole", "diastolisch", "diastolischer wert", "unterer wert",
                            "diastólica", "diastolica", "diastoliskt", "diastolique"}),
    "pulse": frozenset({"pulse", "heart rate", "puls", "pulso", "pulse rate", "heartrate", "pouls"}),
    "at": frozenset({"date", "datum", "fecha", "datetime", "timestamp", "timestampunixms", "measured at", "date/time",
                     "date time", "measurement date", "datum/uhrzeit"}),
    "time": frozenset({"time", "zeit", "uhrzeit", "tid", "hora", "measurement time"}),
}  # fmt: skip
_UNIT = re.compile(r"\s*[(\[].*?[)\]]")

NO_ROW = Sentence("It has no upper and lower value with a moment.")
TURNED = Sentence("Its upper value is not above its lower one.")


@dataclass(frozen=True, slots=True)
class _Layout:
    """What stands between cells, and in which column is what."""

    between: str
    columns: Mapping[str, int]


def recognises(opened: Opened) -> bool:
    """Whether its first line names a moment and both values."""
    return is_table(opened, opened.members[0])


def read(opened: Opened, told: Told) -> Iterator[Found]:
    """Every row: upper and lower value, and the pulse where there is one.

    Raises:
        ImportRejectedError: it is no such table, or nobody can tell days from months in it.
    """
    return read_table(opened, opened.members[0], told)


def is_table(opened: Opened, member: Member) -> bool:
    """Whether the first line of a file names a moment and both values."""
    return any(_layout(line) is not None for line in first_lines(opened, 1, member))


def read_table(opened: Opened, member: Member, told: Told) -> Iterator[Found]:
    """As `read`, of one file of an archive."""
    rows = list(_rows(opened, member))
    layout = _layout(rows[0][1]) if rows else None
    if layout is None:
        want = Sentence("a table with columns for the date and both values")
        raise ImportRejectedError(Problem(opened.name, Sentence("another table"), want))
    cells = [(number, line, next(csv.reader([line], delimiter=layout.between))) for number, line in rows[1:]]
    order = day_first(_written(one, layout) for _, _, one in cells)
    if not order.known:
        got = Sentence("dates such as {date}", date=next((_written(one, layout) for _, _, one in cells), ""))
        want = Sentence("dates that tell days from months, such as 2026-04-03")
        raise ImportRejectedError(Problem(opened.name, got, want))
    gathered = Gathered()
    for number, line, one in cells:
        why = _take(gathered, one, layout, told, order)
        if why is not None:
            yield Rejected(LINE.format(number=number), ascii(line)[1:-1][:80], why)
    yield from gathered.columns()


def _rows(opened: Opened, member: Member) -> Iterator[tuple[int, str]]:
    for count, row in enumerate(lines(opened, member)):
        if count > MOST_ROWS:
            got = Sentence("more than {most} rows", most=MOST_ROWS)
            raise ImportRejectedError(Problem(opened.name, got, Sentence("the readings of one cuff")))
        yield row


def _layout(head: str) -> _Layout | None:
    for between in (",", ";", "\t"):
        names = [_UNIT.sub("", name).strip().lower() for name in next(csv.reader([head], delimiter=between))]
        columns = {
            what: next(at for at, name in enumerate(names) if name in known)
            for what, known in NAMES.items()
            if known & set(names)
        }
        if {"systolic", "diastolic", "at"} <= columns.keys():
            return _Layout(between, columns)
    return None


def _written(cells: Sequence[str], layout: _Layout) -> str:
    """The moment of a row: one cell, or a date and a time."""
    said = [_cell(cells, layout, what) for what in ("at", "time")]
    return " ".join(one for one in said if one)


def _cell(cells: Sequence[str], layout: _Layout, what: str) -> str:
    at = layout.columns.get(what)
    return cells[at].strip() if at is not None and at < len(cells) else ""


def _take(gathered: Gathered, cells: Sequence[str], layout: _Layout, told: Told, order: DayFirst) -> Sentence | None:
    at = moment(_written(cells, layout), told.zone, order)
    upper, lower = (number_of(_cell(cells, layout, what)) for what in ("systolic", "diastolic"))
    if at is None or upper is None or lower is None:
        return NO_ROW
    if upper <= lower:
        return TURNED
    gathered.add("systolic", SOURCE, at, upper)
    gathered.add("diastolic", SOURCE, at, lower)
    pulse = number_of(_cell(cells, layout, "pulse"))
    if pulse:
        gathered.add("heart_rate", SOURCE, at, pulse)
    return None
