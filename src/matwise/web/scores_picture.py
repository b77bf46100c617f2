"""Where scores go in a picture of their trend: values in, SVG coordinates out; drawn 640 units wide."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from matwise.sentence import Sentence
from matwise.web.picture import ON, Tick

WIDTH, LEFT, RIGHT = 640.0, 56.0, 24.0  # room for the figures at the left, and for half a date at the right
TOP, HEIGHT, BOTTOM = 18.0, 190.0, 48.0
MOST_DATES = 4  # that stand side by side on a phone without touching


@dataclass(frozen=True, slots=True)
class Dot:
    """One score."""

    on: date
    said: str
    x: float
    y: float


@dataclass(frozen=True, slots=True)
class ScoresPicture:
    """Scores over time, with the lines of screening points across."""

    width: float
    height: float
    left: float
    right: float
    bottom: float
    dots: tuple[Dot, ...]
    line: str
    figures: tuple[Tick, ...]
    dates: tuple[Tick, ...]
    points: tuple[Tick, ...]


def scores_picture(
    scores: Sequence[tuple[date, float, str]], low: float, high: float, points: Sequence[float] = ()
) -> ScoresPicture:
    """A picture of scores.

    Args:
        scores: day, score and the score in words, oldest first; at least one.
        low: the lowest score there can be.
        high: the highest.
        points: screening points.
    """
    # Where no end is known beforehand (the sum of a form of any length), the highest score is the end.
    high = high if high < 1000 else max(value for _, value, _ in scores) or 1.0
    first, last = scores[0][0], scores[-1][0]
    days = max(1, (last - first).days)

    def across(on: date) -> float:
        share = (on - first).days / days if last > first else 0.5
        return round(LEFT + share * (WIDTH - LEFT - RIGHT), 1)

    def up(value: float) -> float:
        return round(TOP + HEIGHT * (1 - (value - low) / (high - low)), 1)

    dots = tuple(Dot(on, said, across(on), up(value)) for on, value, said in scores)
    figures = tuple(Tick(up(value), _figure(value)) for value in (low, (low + high) / 2, high))
    return ScoresPicture(
        width=WIDTH,
        height=TOP + HEIGHT + BOTTOM,
        left=LEFT,
        right=WIDTH - RIGHT,
        bottom=TOP + HEIGHT,
        dots=dots,
        line="M" + "L".join(f"{dot.x} {dot.y}" for dot in dots),
        figures=figures,
        dates=tuple(Tick(across(on), ON.format(on=on)) for on in _some([on for on, _, _ in scores])),
        points=tuple(Tick(up(point), _figure(point)) for point in points if low < point < high),
    )


def _figure(value: float) -> str:
    return Sentence("{value:g}").format(value=value)


def _some(days: Sequence[date]) -> list[date]:
    """A few days, first and last among them."""
    if len(days) <= MOST_DATES:
        room = (days[-1] - days[0]).days / 5
        return [on for n, on in enumerate(days) if n in (0, len(days) - 1) or _far(on, days, room)]
    step = (len(days) - 1) / (MOST_DATES - 1)
    chosen = [days[round(n * step)] for n in range(MOST_DATES)]
    return [
        on
        for n, on in enumerate(chosen)
        if n in (0, len(chosen) - 1) or _far(on, chosen, (days[-1] - days[0]).days / 5)
    ]


def _far(on: date, days: Sequence[date], room: float) -> bool:
    return min((on - days[0]).days, (days[-1] - on).days) >= room
