"""Where studies go in a forest plot: a row each with its interval, and a diamond for all of them."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from matwise.sentence import Sentence
from matwise.web.picture import Tick

WIDTH, SIDE = 640.0, 24.0  # room for half a figure at either end
TOP, ROW, BOTTOM = 6.0, 76.0, 56.0
WORDS, LINE = 26.0, 52.0  # down from the top of a row
LARGEST, SMALLEST = 11.0, 4.0  # half the width of a square
DIAMOND = 11.0
MOST_TICKS = 6
Z = 1.959964
SIGNED = Sentence("{value:+g}")


@dataclass(frozen=True, slots=True)
class Shape:
    """A row of the plot: its words, its square (None for a diamond), and its line; `cut` where it goes on outside."""

    name: str
    figures: str
    words_y: float
    line_y: float
    x: float
    half: float | None
    low_x: float
    high_x: float
    low_cut: bool
    high_cut: bool

    @property
    def diamond(self) -> str:
        """The outline of a pooled effect."""
        y = self.line_y
        return f"M{self.low_x} {y}L{self.x} {y - DIAMOND}L{self.high_x} {y}L{self.x} {y + DIAMOND}Z"


@dataclass(frozen=True, slots=True)
class ForestPicture:
    """Studies and what they say together, with zero across."""

    width: float
    height: float
    bottom: float
    zero_x: float
    ticks: tuple[Tick, ...]
    rows: tuple[Shape, ...]


@dataclass(frozen=True, slots=True)
class Line:
    """What one row says: an effect and its interval; `weight` 0 to 1, None for a pooled one."""

    name: str
    figures: str
    effect: float
    low: float
    high: float
    weight: float | None


def forest_picture(lines: Sequence[Line]) -> ForestPicture:
    """A forest plot of at least one line.

    Args:
        lines: from the top to the bottom.
    """
    reach = max(max(abs(one.low), abs(one.high)) for one in lines if one.weight is not None)
    reach = max(reach, *(abs(one.effect) for one in lines), 0.1) * 1.05
    step = _step(2 * reach)
    ends = math.ceil(reach / step) * step

    def across(value: float) -> float:
        held = min(max(value, -ends), ends)
        return round(SIDE + (held + ends) / (2 * ends) * (WIDTH - 2 * SIDE), 1)

    rows = tuple(
        Shape(
            one.name,
            one.figures,
            TOP + number * ROW + WORDS,
            TOP + number * ROW + LINE,
            across(one.effect),
            None if one.weight is None else round(SMALLEST + (LARGEST - SMALLEST) * one.weight**0.5, 1),
            across(one.low),
            across(one.high),
            one.low < -ends,
            one.high > ends,
        )
        for number, one in enumerate(lines)
    )
    bottom = TOP + len(lines) * ROW
    count = round(2 * ends / step)
    places = [round(-ends + n * step, 6) for n in range(count + 1)]
    ticks = tuple(Tick(across(one), SIGNED.format(value=one) if one else "0") for one in places)
    return ForestPicture(WIDTH, bottom + BOTTOM, bottom, across(0.0), ticks, rows)


def _step(span: float) -> float:
    """A round step that cuts a span into a handful of parts."""
    rough = span / MOST_TICKS
    power = 10.0 ** math.floor(math.log10(rough))
    return next(one * power for one in (1, 2, 5, 10) if one * power >= rough)
