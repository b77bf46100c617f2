"""Tables as CSV and JSON: for a spreadsheet, a statistician, or another program."""

from __future__ import annotations

import csv
import io
import json
import math
from collections.abc import Iterable, Iterator, Mapping, Sequence

from matwise.errors import InvalidInputError, Problem

Cell = str | int | float | None

# A spreadsheet runs a cell that begins so as a formula, whatever the quotes around it (OWASP: CSV Injection).
_RUNS_AS_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
ROWS_AT_ONCE = 5000
_ENCODER = json.JSONEncoder(ensure_ascii=False, allow_nan=False)
_SHOWN_AS_TEXT = "'"


def csv_bytes(columns: Sequence[str], rows: Iterable[Sequence[Cell]]) -> bytes:
    """A table as CSV in UTF-8: a header, commas, one line each; nothing is an empty cell.

    A text that a spreadsheet would run as a formula gets an apostrophe in front; numbers stay as they are.

    Raises:
        InvalidInputError: a row is not as wide as the header, or a number is not finite.
    """
    return b"".join(csv_blocks(columns, rows))


def csv_blocks(columns: Sequence[str], rows: Iterable[Sequence[Cell]]) -> Iterator[bytes]:
    """As `csv_bytes`, block by block, so that a table of any length is written without being held in memory."""
    out = io.StringIO(newline="")
    # RFC 4180. With \n alone, csv would leave a \r inside a text unquoted, and readers would break the line there.
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow([_cell(1, column, column) for column in columns])
    for number, row in enumerate(rows, start=2):
        if len(row) != len(columns):
            raise InvalidInputError(Problem(f"line {number}", f"{len(row)} cells", f"{len(columns)} cells"))
        writer.writerow([_cell(number, column, cell) for column, cell in zip(columns, row, strict=True)])
        if number % ROWS_AT_ONCE == 0:
            yield out.getvalue().encode()
            out.seek(0)
            out.truncate()
    yield out.getvalue().encode()


def json_blocks(
    head: Mapping[str, object], tables: Iterable[tuple[str, Sequence[str], Iterable[Sequence[Cell]]]]
) -> Iterator[bytes]:
    """An object of `head` and of "tables", in which each table is a list of rows by column; block by block.

    Raises:
        InvalidInputError: a number is not finite, which JSON can't say.
    """
    told = ",\n".join(f" {_json(name)}: {_json(value)}" for name, value in head.items())
    yield f'{{\n{told},\n "tables": {{'.encode()
    for place, (name, columns, rows) in enumerate(tables):
        yield f"{',' * bool(place)}\n  {_json(name)}: [".encode()
        waiting, begun = [], False
        for row in rows:
            waiting.append(_json(dict(zip(columns, row, strict=True))))
            if len(waiting) == ROWS_AT_ONCE:
                yield _lines(waiting, begun=begun)
                waiting, begun = [], True
        yield _lines(waiting, begun=begun) + b"\n  ]"
    yield b"\n }\n}\n"


def _lines(rows: list[str], *, begun: bool) -> bytes:
    return (",".join([""] * begun + [f"\n   {row}" for row in rows]) if rows else "").encode()


def _json(value: object) -> str:
    try:
        return _ENCODER.encode(value)
    except ValueError as problem:
        raise InvalidInputError(Problem("JSON", str(problem), "finite numbers")) from None


def json_bytes(value: object) -> bytes:
    """Anything made of mappings, lists, texts and numbers as readable JSON in UTF-8, exact to the last character.

    Raises:
        InvalidInputError: a number is not finite, which JSON can't say.
    """
    try:
        return (json.dumps(value, ensure_ascii=False, allow_nan=False, indent=1) + "\n").encode()
    except ValueError as problem:
        raise InvalidInputError(Problem("JSON", str(problem), "finite numbers")) from None


def _cell(line: int, column: str, cell: Cell) -> str:
    if cell is None:
        return ""
    if isinstance(cell, float) and not math.isfinite(cell):
        raise InvalidInputError(Problem(f"line {line}, {column}", str(cell), "a finite number"))
    if isinstance(cell, str) and cell.startswith(_RUNS_AS_FORMULA):
        return _SHOWN_AS_TEXT + cell
    return str(cell)
