"""Tables of makers that are known: a line of names, then a line a row, with commas between."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass

from matwise.exchange.wearables.lines import lines
from matwise.exchange.wearables.opened import Member, Opened

_HEAD_BYTES = 2048


@dataclass(frozen=True, slots=True)
class Row:
    """One row: the number of its line, the line, and its cells by the name of their column in small letters."""

    number: int
    line: str
    cells: dict[str, str]


def head_of(opened: Opened, member: Member) -> tuple[tuple[str, ...], list[str]]:
    """The names of the columns in small letters, and the first rows; empty where it is no table."""
    told = opened.head(member, _HEAD_BYTES)
    found = told.decode("utf-8-sig", errors="replace").strip().splitlines()
    if not found or b"\x00" in told:
        return (), []
    return _cells(found[0].lower()), found[1:4]


def rows(opened: Opened, member: Member) -> Iterator[Row]:
    """Every row that says something.

    Raises:
        ImportRejectedError: it is no text.
    """
    names: tuple[str, ...] = ()
    for number, line in lines(opened, member):
        if not names:
            names = _cells(line.lower())
        else:
            yield Row(number, line, dict(zip(names, _cells(line), strict=False)))


def _cells(line: str) -> tuple[str, ...]:
    if '"' not in line:
        return tuple(cell.strip() for cell in line.split(","))
    try:
        return tuple(cell.strip() for cell in next(csv.reader([line]), ()))
    except csv.Error:
        return ()
