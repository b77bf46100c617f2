"""A table of days as people keep it: CSV with `day`, `arm` and one column a rating."""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from matwise.errors import InvalidInputError, Problem
from matwise.sentence import Sentence
from matwise.trial.options import FREE, RatingRange
from matwise.trial.series import Series, SeriesDay

ONE_COLUMN = Sentence("one of the columns {columns}")
OR_NOTHING = Sentence("{number}, or nothing for a day without a rating")
OWN_COLUMN = Sentence("a column beside day and arm")
A_DATE = Sentence("a date such as 2026-03-01")
A_DAY = Sentence("a whole number (or a date such as 2026-03-01 on every line)")
LONGEST_SPAN_DAYS = 3660  # ten years: beyond it a day is a slip of the pen
LARGEST_READING = 1e12  # beyond it sums of squares lose the difference that is looked for


@dataclass(frozen=True, slots=True)
class Row:
    """One line: where it stood, its day from 1, its arm, and its cells by column."""

    line: int
    day: int
    arm: str
    cells: dict[str, str]


@dataclass(frozen=True, slots=True)
class Table:
    """Rows in the order of their days; `ratings` are the columns besides day and arm."""

    ratings: tuple[str, ...]
    rows: tuple[Row, ...]
    warnings: tuple[str, ...]

    @property
    def arms(self) -> tuple[str, ...]:
        """The arms that occur, in the order they first occur."""
        return tuple(dict.fromkeys(row.arm for row in self.rows))


def read_table(text: str) -> Table:
    """Read a table of days.

    The first line names the columns; `day` (whole numbers, or dates such as 2026-03-01) and `arm` must be among them.
    Columns may be separated by commas, semicolons or tabs. Days may be skipped and in any order.

    Raises:
        InvalidInputError: names every line and column that can't be used.
    """
    table, problems = parse_table(text)
    if problems:
        raise InvalidInputError(*problems)
    return table


def parse_table(text: str) -> tuple[Table, list[Problem]]:
    """What could be read of a table, and what could not."""
    try:
        lines = [(at, [cell.strip() for cell in cells]) for at, cells in _lines(text) if any(map(str.strip, cells))]
    except csv.Error as error:
        return Table((), (), ()), [
            Problem(
                "table",
                Sentence("text that is no table ({error})").format(error=error),
                Sentence("lines such as 1,mat,5"),
            )
        ]
    if not lines:
        return Table((), (), ()), [
            Problem("table", Sentence("nothing"), Sentence("a first line such as day,arm,pain and a line a day"))
        ]
    header = [name.lower() if name.lower() in ("day", "arm") else name for name in lines[0][1]]
    problems = _header_problems(header, lines[0][0])
    if problems:
        return Table((), (), ()), problems
    if len(lines) == 1:
        problems.append(Problem("table", Sentence("no days"), Sentence("a line a day below the first line")))
    unsorted, row_problems = _rows(header, lines[1:])
    rows, warnings = _sorted(unsorted)
    problems += row_problems + _day_problems(rows)
    ratings = tuple(name for name in header if name not in ("day", "arm"))
    return Table(ratings, rows, warnings), problems


def parse_series(
    table: Table, outcome: str, range_: RatingRange, covariates: tuple[str, ...] = ()
) -> tuple[Series, list[Problem]]:
    """The days with the ratings of one column and the covariates of others, and what is wrong with those columns."""
    known = ONE_COLUMN.format(columns=", ".join(table.ratings)) if table.ratings else OWN_COLUMN
    asked = {"outcome": (outcome,), "adjust": covariates}
    problems = [
        Problem(what, repr(name), known) for what, names in asked.items() for name in names if name not in table.ratings
    ]
    if problems:
        return Series(()), problems
    days = []
    for row in table.rows:
        before = len(problems)
        y = _read(row, outcome, range_, problems)
        others = tuple(_read(row, name, FREE, problems) for name in covariates)
        missing = [name for name, value in zip(covariates, others, strict=True) if value is None and y is not None]
        problems += [
            Problem(f"line {row.line}, {name}", Sentence("nothing"), Sentence("a number on every rated day"))
            for name in missing
        ]
        if len(problems) == before:
            days.append(SeriesDay(row.day, row.arm, y, known=others))
    return Series(tuple(days)), problems


def _read(row: Row, column: str, range_: RatingRange, problems: list[Problem]) -> float | None:
    value = _number(row.cells[column], range_)
    if isinstance(value, str):
        problems.append(Problem(f"line {row.line}, {column}", repr(row.cells[column]), value))
        return None
    return value


def _lines(text: str) -> Iterator[tuple[int, list[str]]]:
    plain = text.removeprefix("\ufeff")
    first = next((line for line in plain.splitlines() if line.strip()), "")
    separator = next((mark for mark in (",", ";", "\t") if mark in first), ",")
    reader = csv.reader(io.StringIO(plain, newline=""), delimiter=separator)
    for cells in reader:
        yield reader.line_num, cells


def _header_problems(header: list[str], line: int) -> list[Problem]:
    where = f"line {line}"
    problems = [
        Problem(
            where,
            Sentence("columns {names}").format(names=", ".join(header)),
            Sentence("a column named {name}").format(name=name),
        )
        for name in ("day", "arm")
        if name not in header
    ]
    twice = sorted({name for name in header if header.count(name) > 1})
    return problems + [
        Problem(where, Sentence("{name} more than once").format(name=repr(name)), Sentence("each column named once"))
        for name in twice
    ]


def _rows(header: list[str], lines: list[tuple[int, list[str]]]) -> tuple[list[Row], list[Problem]]:
    rows, problems = [], []
    dated = {_is_date(dict(zip(header, cells, strict=False)).get("day", "")) for _, cells in lines} == {True}
    for line, cells in lines:
        found: list[Problem] = []
        if len(cells) > len(header):
            found.append(
                Problem(
                    f"line {line}",
                    Sentence("{number} columns").format(number=len(cells)),
                    Sentence("{number}, as in the first line").format(number=len(header)),
                )
            )
        by_name = dict(zip(header, cells + [""] * (len(header) - len(cells)), strict=False))
        day = _day(by_name["day"], dated=dated)
        if day is None:
            found.append(Problem(f"line {line}, day", repr(by_name["day"]), A_DATE if dated else A_DAY))
        if not by_name["arm"]:
            found.append(
                Problem(f"line {line}, arm", Sentence("nothing"), Sentence("the arm of the day, such as mat or rest"))
            )
        if day is not None and not found:
            rows.append(Row(line, day, by_name["arm"].lower(), by_name))
        problems += found
    if dated and rows:
        first = min(row.day for row in rows) - 1
        rows = [Row(row.line, row.day - first, row.arm, row.cells) for row in rows]
    return rows, problems


def _sorted(rows: list[Row]) -> tuple[tuple[Row, ...], tuple[str, ...]]:
    ordered = tuple(sorted(rows, key=lambda row: row.day))
    if list(ordered) == rows:
        return ordered, ()
    return ordered, (
        Sentence("The lines were not in the order of their days; they were put in order, which changes nothing else."),
    )


def _day_problems(rows: tuple[Row, ...]) -> list[Problem]:
    problems = [
        Problem(
            f"line {row.line}, day",
            Sentence("{day}, as on line {line}").format(day=repr(row.cells["day"]), line=before.line),
            Sentence("each day once"),
        )
        for before, row in pairwise(rows)
        if row.day == before.day
    ]
    if rows and rows[-1].day - rows[0].day >= LONGEST_SPAN_DAYS:
        last = rows[-1]
        problems.append(
            Problem(
                f"line {last.line}, day",
                repr(last.cells["day"]),
                Sentence("at most {most} days from the first").format(most=LONGEST_SPAN_DAYS),
            )
        )
    return problems


def _is_date(cell: str) -> bool:
    try:
        date.fromisoformat(cell)
    except ValueError:
        return False
    return "-" in cell  # 20260301 reads as a whole number


def _day(cell: str, *, dated: bool) -> int | None:
    try:
        return date.fromisoformat(cell).toordinal() if dated else int(cell.replace("_", "?"))
    except ValueError:
        return None


def _number(cell: str, range_: RatingRange) -> float | str | None:
    """The rating, None for a blank one, or what would be right."""
    if not cell:
        return None
    try:
        value = float(cell.replace("_", "?"))
    except ValueError:
        return OR_NOTHING.format(number=range_.words)
    return value if math.isfinite(value) and abs(value) < LARGEST_READING and range_.holds(value) else range_.words
