"""What was measured: numbers with their moment and source, and beats as a strap recorded them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np
from numpy.typing import NDArray

from matwise.errors import InvalidInputError, Problem
from matwise.sentence import Sentence


@dataclass(frozen=True, slots=True)
class Measure:
    """A quantity that can be measured: its unit (UCUM), and between which values a slip is likely or certain.

    Outside `usual` a value is kept and marked as doubtful, outside `possible` it is rejected. Neither says what is
    healthy.
    """

    id: str
    name: str
    unit: str
    unit_shown: str
    decimals: int
    usual: tuple[float, float]
    possible: tuple[float, float]
    loinc: str | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Readings:
    """Numbers of one measure from one source, one for each moment; in any order.

    `at_ms` are instants in ms since 1970 UTC (int64), `offset_min` what the clock on the wall was ahead of UTC then
    (int16), `values` in the unit of the measure (float64); all of shape (n_readings,).
    """

    measure: str
    source: str
    at_ms: NDArray[np.int64]
    offset_min: NDArray[np.int16]
    values: NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Recording:
    """The intervals between successive beats, in ms, shape (n_beats,), and when the first of them began.

    `at` is None where the file does not say: then the person has to.
    """

    source: str
    at: datetime | None
    rr_ms: NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Rejected:
    """Something in a file that can't be kept: where it stands, what it is (ASCII, at most 80 characters), and why."""

    where: str
    what: str
    why: Sentence


@dataclass(frozen=True, slots=True, eq=False)
class Sorted:
    """Readings by whether they can be meant: shape (n_readings,) each. Every reading is in exactly one of the three."""

    kept: NDArray[np.bool_]
    doubtful: NDArray[np.bool_]
    rejected: NDArray[np.bool_]


FIRST_MS = 631_152_000_000  # 1990: before it nobody wore anything that exports files


def sort(measure: Measure, readings: Readings, now: datetime) -> Sorted:
    """Which readings are kept, which are kept but doubtful, and which can't be meant: by value and by moment.

    Args:
        measure: of the readings.
        readings: any.
        now: later than a day from it nothing can have been measured; a clock may be that far off.
    """
    latest_ms = (now + timedelta(days=1)).timestamp() * 1000
    in_time = (readings.at_ms >= FIRST_MS) & (readings.at_ms <= latest_ms)
    rejected = ~(in_time & _within(readings.values, measure.possible))
    doubtful = ~rejected & ~_within(readings.values, measure.usual)
    return Sorted(~rejected & ~doubtful, doubtful, rejected)


def _within(values: NDArray[np.float64], band: tuple[float, float]) -> NDArray[np.bool_]:
    return (values >= band[0]) & (values <= band[1])


class Gathered:
    """Readings told one at a time, gathered into columns by measure and source."""

    def __init__(self) -> None:
        self._rows: dict[tuple[str, str], tuple[list[int], list[int], list[float]]] = {}

    def add(self, measure: str, source: str, at: datetime, value: float) -> None:
        """One reading.

        Raises:
            InvalidInputError: the moment has no time zone.
        """
        offset = at.utcoffset()
        if offset is None:
            want = Sentence("a moment with its time zone")
            raise InvalidInputError(Problem("at", at.isoformat(), want))
        at_ms, offset_min, values = self._rows.setdefault((measure, source), ([], [], []))
        at_ms.append(round(at.timestamp() * 1000))
        offset_min.append(offset // timedelta(minutes=1))
        values.append(value)

    def columns(self) -> Iterable[Readings]:
        """What was gathered since the last call, by measure and source."""
        rows, self._rows = self._rows, {}
        for (measure, source), (at_ms, offset_min, values) in rows.items():
            yield Readings(
                measure,
                source,
                np.array(at_ms, dtype=np.int64),
                np.array(offset_min, dtype=np.int16),
                np.array(values, dtype=np.float64),
            )
