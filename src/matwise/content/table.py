"""Reads a table of a content file (CSV); what is wrong is told with file, line and column."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from matwise.content.reader import ContentError
from matwise.errors import Problem


@dataclass(frozen=True, slots=True)
class Row:
    """A row as text by column, which still knows on which line it stands."""

    path: Path
    line: int
    cells: Mapping[str, str]

    def problem(self, column: str, want: str) -> Problem:
        """A problem with one of its cells."""
        return Problem(f"{self.path.name} line {self.line}, {column}", f"{self.cells[column]!r}", want)

    def figure(self, column: str) -> float | None:
        """A cell as a number; None where it is empty.

        Raises:
            ContentError: it is neither.
        """
        text = self.cells[column]
        if not text:
            return None
        try:
            return float(text)
        except ValueError:
            raise ContentError(self.problem(column, "a number, or nothing")) from None


def table(path: Path, columns: Sequence[str]) -> tuple[Row, ...]:
    """The rows of a CSV file in UTF-8 with exactly these columns.

    Raises:
        ContentError: the file can't be read, has other columns, or a row with more or fewer cells.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise ContentError(Problem(path.name, str(error), "a content file in UTF-8")) from None
    reader = csv.reader(io.StringIO(text), strict=True)
    try:
        header = next(reader, [])
        if header != list(columns):
            raise ContentError(Problem(f"{path.name} line 1", ", ".join(header), ", ".join(columns)))
        rows = []
        for cells in reader:
            if len(cells) != len(columns):
                got = f"{len(cells)} cells"
                raise ContentError(Problem(f"{path.name} line {reader.line_num}", got, f"{len(columns)} cells"))
            rows.append(Row(path, reader.line_num, dict(zip(columns, cells, strict=True))))
    except csv.Error as error:
        raise ContentError(Problem(f"{path.name} line {reader.line_num}", str(error), "a row of a table")) from None
    return tuple(rows)
