"""Tables as CSV and JSON: for a spreadsheet, a statistician, or another program."""

from __future__ import annotations

import csv
import io
import json
import math
from collections.abc import Iterable, Sequence

from matwise.errors import InvalidInputError, Problem

Cell = str | int | float | None

# A spreadsheet runs a cell that begins so as a formula, whatever the quotes around it (OWASP: CSV Injection).
_RUNS_AS_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
_SHOWN_AS_TEXT = "'"


def csv_bytes(columns: Sequence[str], rows: Iterable[Sequence[Cell]]) -> bytes:
    """A table as CSV in UTF-8: a header, commas, one line each; nothing is an empty cell.

    A text that a spreadsheet would run as a formula gets an apostrophe in front; numbers stay as they are.

    Raises:
        InvalidInputError: a row is not as wide as the header, or a number is not finite.
    """
    out = io.StringIO(newline="")
    # RFC 4180. With \n alone, csv would leave a \r inside a text unquoted, and readers would break the line there.
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow([_cell("header", column) for column in columns])
    for number, row in enumerate(rows, start=2):
        if len(row) != len(columns):
            raise InvalidInputError(Problem(f"line {number}", f"{len(row)} cells", f"{len(columns)} cells"))
        writer.writerow([_cell(f"line {number}, {column}", cell) for column, cell in zip(columns, row, strict=True)])
    return out.getvalue().encode()


def json_bytes(value: object) -> bytes:
    """Anything made of mappings, lists, texts and numbers as readable JSON in UTF-8, exact to the last character.

    Raises:
        InvalidInputError: a number is not finite, which JSON can't say.
    """
    try:
        return (json.dumps(value, ensure_ascii=False, allow_nan=False, indent=1) + "\n").encode()
    except ValueError as problem:
        raise InvalidInputError(Problem("JSON", str(problem), "finite numbers")) from None


def _cell(where: str, cell: Cell) -> str:
    if cell is None:
        return ""
    if isinstance(cell, float) and not math.isfinite(cell):
        raise InvalidInputError(Problem(where, str(cell), "a finite number"))
    if isinstance(cell, str) and cell.startswith(_RUNS_AS_FORMULA):
        return _SHOWN_AS_TEXT + cell
    return str(cell)
