"""Where the changes over sessions go in a picture: a row for each kind of session, a mark for each of them."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from matwise.sentence import Sentence
from matwise.trial.design import Arm
from matwise.web.picture import Tick, marker

if TYPE_CHECKING:
    from matwise.trial.measured import Moved

WIDTH, LEFT, RIGHT = 640.0, 110.0, 24.0  # room for the name of an arm, and for half a figure
TOP, ROW, BOTTOM = 10.0, 84.0, 44.0
DOTS, MEAN = 26.0, 60.0  # down from the top of a row
SPREAD = 9.0  # up and down, so that equal changes don't hide each other
MARK = 6.5
MOST_TICKS = 6
SIGNED = Sentence("{value:+g}")


@dataclass(frozen=True, slots=True)
class ResponseRow:
    """One arm: its outlines, and where its mean and the ends of its interval are (None: too few)."""

    arm: str
    y: float
    mean_y: float
    marks: tuple[str, ...]
    mean_x: float | None
    low_x: float | None
    high_x: float | None


@dataclass(frozen=True, slots=True)
class ResponsePicture:
    """Changes of several arms on one scale, with zero across."""

    width: float
    height: float
    top: float
    bottom: float
    zero_x: float
    ticks: tuple[Tick, ...]
    rows: tuple[ResponseRow, ...]


def response_picture(arms: Sequence[tuple[str, Sequence[float], Moved]]) -> ResponsePicture:
    """A picture of changes.

    Args:
        arms: the name of each, its changes session by session, and their mean.
    """
    every = [value for _, changes, _ in arms for value in changes]
    every += [end for _, _, mean in arms for end in (mean.low, mean.high) if end is not None]
    step = _step(min(0.0, *every), max(0.0, *every))
    left = math.floor(min(0.0, *every) / step) * step
    right = max(math.ceil(max(0.0, *every) / step) * step, left + step)

    def across(value: float) -> float:
        return round(LEFT + (value - left) / (right - left) * (WIDTH - LEFT - RIGHT), 1)

    rows = []
    for number, (arm, changes, mean) in enumerate(arms):
        y = TOP + number * ROW
        marks = tuple(
            marker(Arm(arm), across(value), y + DOTS + SPREAD * (place % 3 - 1), MARK)
            for place, value in enumerate(changes)
        )
        ends = (None if end is None else across(end) for end in (mean.mean, mean.low, mean.high))
        rows.append(ResponseRow(arm, y + DOTS, y + MEAN, marks, *ends))
    bottom = TOP + len(arms) * ROW
    count = round((right - left) / step)
    ticks = tuple(
        Tick(across(left + n * step), SIGNED.format(value=round(left + n * step, 6)) if left + n * step else "0")
        for n in range(count + 1)
    )
    return ResponsePicture(WIDTH, bottom + BOTTOM, TOP, bottom, across(0.0), ticks, tuple(rows))


def _step(left: float, right: float) -> float:
    """A round step that cuts a span into a handful of parts."""
    rough = max((right - left) / MOST_TICKS, 1e-6)
    power = 10.0 ** math.floor(math.log10(rough))
    return next(one * power for one in (1, 2, 5, 10) if one * power >= rough)
