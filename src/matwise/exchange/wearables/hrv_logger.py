"""HRV Logger: `date,rr,since start`, with the moment of each beat."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from matwise.exchange.wearables.beats import recorded
from matwise.exchange.wearables.clock import DayFirst, later, moment
from matwise.exchange.wearables.lines import first_lines, lines, number_of
from matwise.exchange.wearables.maker import Found, Told
from matwise.exchange.wearables.opened import Opened

ID = "hrv_logger"
NAME = "HRV Logger"

_ISO = DayFirst(day_first=True, known=True)
_HEAD = ("date", "rr", "since start")


def recognises(opened: Opened) -> bool:
    """Whether its first line names the columns of HRV Logger."""
    return any(_cells(line)[:3] == _HEAD for line in first_lines(opened, 1))


def read(opened: Opened, told: Told) -> Iterator[Found]:
    """One recording; the date of its first line is that of the end of its first interval.

    Raises:
        ImportRejectedError: it is no text, or there is no end to it.
    """
    rows = [(number, line) for number, line in lines(opened)][1:]
    begun = next((at for _, line in rows if (at := _begun(line, told)) is not None), None)
    intervals = ((number, line, _interval(line)) for number, line in rows)
    yield from recorded(opened, NAME, begun or told.at, intervals)


def _cells(line: str) -> tuple[str, ...]:
    return tuple(cell.strip().strip('"').lower() for cell in line.split(","))


def _interval(line: str) -> float | None:
    cells = line.split(",")
    return number_of(cells[1]) if len(cells) > 1 else None


def _begun(line: str, told: Told) -> datetime | None:
    written = line.partition(",")[0].strip().strip('"').replace(" +", "+").replace(" -", "-")
    ended = moment(written, told.zone, _ISO)
    return None if ended is None else later(ended, -(_interval(line) or 0.0) / 1000)
