"""Empatica IBI.csv: the start as seconds since 1970, then for each beat its offset and interval, in s."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

import numpy as np

from matwise.errors import Problem
from matwise.exchange.wearables.beats import LINE, NO_INTERVAL, OUTSIDE, POSSIBLE_MS
from matwise.exchange.wearables.clock import later
from matwise.exchange.wearables.lines import first_lines, lines, number_of
from matwise.exchange.wearables.maker import Found, ImportRejectedError, Told
from matwise.exchange.wearables.opened import Opened
from matwise.measures.reading import Recording, Rejected
from matwise.sentence import Sentence

ID = "empatica"
NAME = "Empatica"

_LATEST_S = 7e9  # in the year 2191
GAP_S = 3.0  # beats that were lost; what follows is a recording of its own


def recognises(opened: Opened) -> bool:
    """Whether its first line is a moment and the name of the table."""
    return any(_start(line) is not None for line in first_lines(opened, 1))


def read(opened: Opened, told: Told) -> Iterator[Found]:
    """A recording for each stretch of beats without a gap: Empatica leaves out what it could not see.

    Raises:
        ImportRejectedError: it is no text, or has no start.
    """
    rows = list(lines(opened))
    start_s = _start(rows[0][1]) if rows else None
    if start_s is None:
        raise ImportRejectedError(Problem(opened.name, Sentence("no start"), Sentence("IBI.csv of Empatica")))
    stretch: list[float] = []
    ended_s = 0.0
    for number, line in rows[1:]:
        cells = line.split(",")
        offset, interval = (number_of(cells[0]), number_of(cells[1])) if len(cells) == 2 else (None, None)
        if offset is None or interval is None:
            yield Rejected(LINE.format(number=number), ascii(line)[1:-1][:80], NO_INTERVAL)
        elif not POSSIBLE_MS[0] <= 1000 * interval <= POSSIBLE_MS[1]:
            yield Rejected(LINE.format(number=number), ascii(line)[1:-1][:80], OUTSIDE)
        else:
            if stretch and offset - interval > ended_s + GAP_S:
                yield _recording(start_s, ended_s, stretch, told)
                stretch = []
            stretch.append(1000 * interval)
            ended_s = offset
    if stretch:
        yield _recording(start_s, ended_s, stretch, told)


def _start(line: str) -> float | None:
    cells = [cell.strip() for cell in line.split(",")]
    known = len(cells) == 2 and cells[1] == "IBI"
    at = number_of(cells[0]) if known else None
    return at if at is not None and 0 <= at < _LATEST_S else None


def _recording(start_s: float, ended_s: float, stretch: list[float], told: Told) -> Recording:
    begun = later(datetime.fromtimestamp(start_s, told.zone), ended_s - sum(stretch) / 1000)
    return Recording(NAME, begun, np.array(stretch))
