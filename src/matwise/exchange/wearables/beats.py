"""Intervals between beats from lines of text: which of them can be meant, and which are rejected."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime

import numpy as np

from matwise.errors import Problem
from matwise.exchange.wearables.maker import Found, ImportRejectedError
from matwise.exchange.wearables.opened import Opened
from matwise.measures.reading import Recording, Rejected
from matwise.sentence import Sentence

POSSIBLE_MS = (200.0, 3000.0)  # 300 to 20 beats a minute; what lies outside no heart made
IN_SECONDS_BELOW = 10.0  # a median of less can't be ms
MOST_BEATS = 2_000_000  # two weeks without a pause

NO_INTERVAL = Sentence("It is no interval between two beats.")
OUTSIDE = Sentence("It lies outside {low:g} to {high:g} ms.").format(low=POSSIBLE_MS[0], high=POSSIBLE_MS[1])
LINE = Sentence("line {number}")


def recorded(
    opened: Opened, source: str, at: datetime | None, told: Iterable[tuple[int, str, float | None]]
) -> Iterator[Found]:
    """One recording of the intervals that can be meant, and each of the others with its reason.

    Args:
        opened: the file, for errors.
        source: what recorded it.
        at: when its first interval began; None where nobody knows.
        told: for each interval the number of its line, what stands there, and its value in ms or s.

    Raises:
        ImportRejectedError: there are more beats than anybody records at once.
    """
    rows = []
    for row in told:
        rows.append(row)
        if len(rows) > MOST_BEATS:
            got = Sentence("more than {most} intervals", most=MOST_BEATS)
            raise ImportRejectedError(Problem(opened.name, got, Sentence("one recording")))
    values = [value for _, _, value in rows if value is not None]
    times = 1000.0 if values and float(np.median(values)) < IN_SECONDS_BELOW else 1.0
    kept = []
    for number, written, value in rows:
        if value is None:
            yield Rejected(LINE.format(number=number), ascii(written)[1:-1][:80], NO_INTERVAL)
        elif not POSSIBLE_MS[0] <= value * times <= POSSIBLE_MS[1]:
            yield Rejected(LINE.format(number=number), ascii(written)[1:-1][:80], OUTSIDE)
        else:
            kept.append(value * times)
    if kept:
        yield Recording(source, at, np.array(kept, dtype=np.float64))
