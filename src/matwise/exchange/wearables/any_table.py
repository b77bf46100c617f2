"""Any table with a column of moments: the person says what stands in which column."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice

from matwise.errors import Problem
from matwise.exchange.wearables.beats import LINE
from matwise.exchange.wearables.clock import DayFirst, day_first, moment
from matwise.exchange.wearables.lines import first_lines, lines, number_of
from matwise.exchange.wearables.maker import Column, Found, ImportRejectedError, Told
from matwise.exchange.wearables.opened import Opened
from matwise.measures.reading import Gathered, Rejected
from matwise.sentence import Sentence

ID = "any_table"
NAME: str = Sentence("Any table with a column for the moment")

AT = "at"
MOST_COLUMNS = 100
BATCH = 50_000
_EXAMPLES = 3
_MOSTLY = 0.8
# What the name of a column may say; the first that fits is the guess.
_GUESSES: tuple[tuple[str, str], ...] = (
    (r"rmssd", "rmssd"),
    (r"sdnn", "sdnn"),
    (r"resting.*(heart|pulse)|(heart|pulse).*rest|ruhepuls", "resting_heart_rate"),
    (r"systol|^sys\b", "systolic"),
    (r"diastol|^dia\b", "diastolic"),
    (r"skin.*temp|haut.*temp", "skin_temperature"),
    (r"respirat|breath|atem", "respiratory_rate"),
    (r"sleep.*(dur|time|min)|schlaf.*(dauer|zeit)", "sleep_duration"),
    (r"heart|pulse|puls|\bhr\b|\bbpm\b", "heart_rate"),
)

NO_MOMENT = Sentence("It has no moment.")
NO_VALUE = Sentence("It has no value that is a number.")


def recognises(opened: Opened) -> bool:
    """Whether its first lines have equally many cells, and a number and a moment are among them."""
    rows = _first_rows(opened)
    return len(rows) > 1 and any(one.guess == AT for one in _columns(rows)) and _has_number(rows[1:])


def columns_of(opened: Opened) -> tuple[Column, ...]:
    """The columns, with what stands in their first rows and what they seem to hold."""
    return _columns(_first_rows(opened))


def read(opened: Opened, told: Told) -> Iterator[Found]:
    """Each value of the columns that hold a measure; an empty cell is none, and a row without a moment is rejected.

    Raises:
        ImportRejectedError: nobody said what stands where, there are no such columns, or its dates can be read twice.
    """
    rows = _first_rows(opened)
    between, head = _between(opened), rows[0] if rows else ()
    where = _where(opened, head, told.columns)
    at = where.pop(AT)
    order = day_first(cells[at] for _, _, cells in _rows(opened, between) if at < len(cells))
    if not order.known:
        got = Sentence("dates such as {date}", date=rows[1][at])
        want = Sentence("dates that tell days from months, such as 2026-04-03")
        raise ImportRejectedError(Problem(opened.name, got, want))
    gathered = Gathered()
    for count, (number, line, cells) in enumerate(_rows(opened, between), 1):
        for why in _take(gathered, cells, at, where, head, told, order):
            yield Rejected(LINE.format(number=number), ascii(line)[1:-1][:80], why)
        if count % BATCH == 0:
            yield from gathered.columns()
    yield from gathered.columns()


def _take(
    gathered: Gathered,
    cells: Sequence[str],
    at: int,
    where: Mapping[str, int],
    head: Sequence[str],
    told: Told,
    order: DayFirst,
) -> Iterator[Sentence]:
    found = moment(cells[at], told.zone, order) if at < len(cells) else None
    if found is None:
        yield NO_MOMENT
        return
    for measure, column in where.items():
        cell = cells[column].strip() if column < len(cells) else ""
        value = number_of(cell)
        if value is not None:
            gathered.add(measure, head[column][:200] or ID, found, value)
        elif cell:
            yield NO_VALUE


def _where(opened: Opened, head: Sequence[str], said: Mapping[str, str]) -> dict[str, int]:
    missing = [name for name in said.values() if name not in head]
    if AT not in said or len(said) < 2 or missing:
        got = ", ".join(missing) or Sentence("a table that nobody has explained")
        want = Sentence("which column holds the moment, and which a measure; columns are {known}")
        raise ImportRejectedError(Problem(opened.name, got, want.format(known=", ".join(head))))
    return {measure: head.index(name) for measure, name in said.items()}


def _first_rows(opened: Opened) -> list[tuple[str, ...]]:
    between = _between(opened)
    rows = [tuple(cell.strip() for cell in _cells(line, between)) for line in first_lines(opened)]
    return rows if rows and 2 <= len(rows[0]) <= MOST_COLUMNS else []


def _between(opened: Opened) -> str:
    head = next(iter(first_lines(opened, 1)), "")
    return max("\t;,", key=lambda one: len(_cells(head, one)))


def _cells(line: str, between: str) -> list[str]:
    try:
        return next(csv.reader([line], delimiter=between))
    except (csv.Error, StopIteration):
        return [line]


def _rows(opened: Opened, between: str) -> Iterator[tuple[int, str, list[str]]]:
    for number, line in islice(lines(opened), 1, None):
        yield number, line, _cells(line, between)


def _columns(rows: Sequence[Sequence[str]]) -> tuple[Column, ...]:
    if len(rows) < 2:
        return ()
    found: list[Column] = []
    for at, name in enumerate(rows[0]):
        values = [row[at] for row in rows[1:] if at < len(row) and row[at]]
        guess = _guess(name, values)
        taken = guess in {one.guess for one in found}
        found.append(Column(name, tuple(values[:_EXAMPLES]), "" if taken else guess))
    return tuple(found)


def _guess(name: str, values: Sequence[str]) -> str:
    order = DayFirst(day_first=True, known=True)
    moments = sum(_is_moment(value, order) for value in values)
    if values and moments >= _MOSTLY * len(values):
        return AT
    numbers = sum(number_of(value) is not None for value in values)
    if not values or numbers < _MOSTLY * len(values):
        return ""
    return next((measure for said, measure in _GUESSES if re.search(said, name.lower())), "")


def _is_moment(value: str, order: DayFirst) -> bool:
    if number_of(value) is not None and len(value) < 9:
        return False
    month_first = DayFirst(day_first=False, known=True)
    return any(moment(value, Told().zone, one) is not None for one in (order, month_first))


def _has_number(rows: Sequence[Sequence[str]]) -> bool:
    return any(number_of(cell) is not None for row in rows for cell in row)
