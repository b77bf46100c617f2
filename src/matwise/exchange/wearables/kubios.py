"""Kubios HRV: the intervals between beats in the report that it saves as text."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from matwise.errors import Problem
from matwise.exchange.wearables.beats import recorded
from matwise.exchange.wearables.clock import day_first, later, moment
from matwise.exchange.wearables.lines import first_lines, lines, number_of
from matwise.exchange.wearables.maker import Found, ImportRejectedError, Told
from matwise.exchange.wearables.opened import Opened
from matwise.sentence import Sentence

ID = "kubios"
NAME = "Kubios HRV"

_SECTION = "rr interval data"
_MEASURED = "measurement date:"
_TIME, _INTERVAL = "time", "rr interval"


def recognises(opened: Opened) -> bool:
    """Whether its first lines are those of a report of Kubios."""
    return any(line.lower().startswith("kubios hrv") for line in first_lines(opened, 10))


def read(opened: Opened, told: Told) -> Iterator[Found]:
    """One recording for each sample of the report.

    Raises:
        ImportRejectedError: it is no text, or was saved without its intervals.
    """
    said = list(lines(opened))
    begins = next((at for at, (_, line) in enumerate(said) if line.lower().startswith(_SECTION)), len(said))
    names = next((at for at in range(begins, len(said)) if _INTERVAL in _cells(said[at][1], lower=True)), len(said))
    if names == len(said):
        want = Sentence("a report that was saved with its intervals (RR interval data)")
        raise ImportRejectedError(Problem(opened.name, Sentence("a report of results alone"), want))
    begun = _measured([line for _, line in said[:begins]], told) or told.at
    head = _cells(said[names][1], lower=True)
    rows = [(number, line, _cells(line)) for number, line in said[names + 2 :]]  # the line between has the units
    for column in (at for at, name in enumerate(head) if name == _INTERVAL):
        own = [(number, line, cells[column]) for number, line, cells in rows if len(cells) > column and cells[column]]
        at = _began(begun, rows, column) if head[column - 1] == _TIME else begun
        yield from recorded(opened, NAME, at, ((number, line, number_of(cell)) for number, line, cell in own))


def _cells(line: str, *, lower: bool = False) -> list[str]:
    between = next((one for one in ("\t", ";") if one in line), ",")
    return [cell.strip() for cell in (line.lower() if lower else line).split(between)]


def _measured(head: list[str], told: Told) -> datetime | None:
    for line in head:
        if line.lower().startswith(_MEASURED):
            written = line.partition(":")[2].strip()
            order = day_first([written])
            return moment(written, told.zone, order) if order.known else None
    return None


def _began(begun: datetime | None, rows: list[tuple[int, str, list[str]]], column: int) -> datetime | None:
    """When the first interval of a sample began: it ended so many seconds into the measurement."""
    if begun is None:
        return None
    for _, _, cells in rows:
        if len(cells) > column:
            ended_s, interval = number_of(cells[column - 1]), number_of(cells[column])
            if ended_s is None or interval is None:
                return begun
            return later(begun, ended_s - (interval if interval < 10 else interval / 1000))
    return begun
