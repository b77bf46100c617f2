"""Several 95 % intervals on one common scale, one small picture each: values in, SVG coordinates out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

WIDTH, HEIGHT = 240.0, 28.0
EDGE = 8.0  # room for half of the mark of the best guess


@dataclass(frozen=True, slots=True)
class Interval:
    """A best guess and the ends that hold 95 %."""

    mean: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Whisker:
    """Where the ends and the best guess of one interval are drawn."""

    low_x: float
    mean_x: float
    high_x: float


@dataclass(frozen=True, slots=True)
class Whiskers:
    """The intervals, and what all of them share: where nothing differs, and the zone where it would not matter."""

    width: float
    height: float
    zero_x: float
    zone_x: float
    zone_width: float
    rows: tuple[Whisker, ...]


def whiskers(intervals: Sequence[Interval], matters: float) -> Whiskers:
    """The intervals in points, the zone of less than `matters` points and zero, all on one scale."""
    left = min([-matters, *(one.low for one in intervals)])
    right = max([matters, *(one.high for one in intervals)])

    def at(value: float) -> float:
        return round(EDGE + (value - left) / (right - left) * (WIDTH - 2 * EDGE), 1)

    return Whiskers(
        width=WIDTH,
        height=HEIGHT,
        zero_x=at(0.0),
        zone_x=at(-matters),
        zone_width=round(at(matters) - at(-matters), 1),
        rows=tuple(Whisker(at(one.low), at(one.mean), at(one.high)) for one in intervals),
    )
