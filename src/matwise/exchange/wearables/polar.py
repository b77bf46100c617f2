"""Polar: what Sensor Logger and Flow write of the intervals between beats."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from itertools import pairwise

from matwise.exchange.wearables.beats import recorded
from matwise.exchange.wearables.lines import first_lines, lines, number_of
from matwise.exchange.wearables.maker import Found, Told
from matwise.exchange.wearables.opened import Opened

ID = "polar"
NAME = "Polar"

_MOMENT, _INTERVAL = "phone timestamp", "rr-interval [ms]"


def recognises(opened: Opened) -> bool:
    """Whether it has the head of Sensor Logger, or two columns of which the first is the sum of the second."""
    said = first_lines(opened)
    return bool(said) and (_columns(said[0]) is not None or _is_flow(said))


def read(opened: Opened, told: Told) -> Iterator[Found]:
    """One recording; Flow does not say when it began.

    Raises:
        ImportRejectedError: it is no text, or there is no end to it.
    """
    rows = list(lines(opened))
    columns = _columns(rows[0][1]) if rows else None
    if columns is None:
        yield from recorded(opened, NAME, told.at, ((n, line, _cell(line, "\t", 1)) for n, line in rows))
        return
    between, moment, interval = columns
    begun = next((at for _, line in rows[1:] if (at := _moment(line, between, moment, told)) is not None), told.at)
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
    try:
        at = datetime.fromisoformat(cells[column].strip().strip('"')) if len(cells) > column else None
    except ValueError:
        return None
    return at.replace(tzinfo=told.zone) if at is not None and at.tzinfo is None else at
