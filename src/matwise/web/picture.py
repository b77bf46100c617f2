"""Where things go in a picture: values in, SVG coordinates out.

Every picture is 640 units wide, so that a phone shows it at about half size and a desktop at full size. The templates
draw; colour and type are the style sheet's.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby, pairwise

from matwise.errors import InvalidInputError, Problem
from matwise.sentence import Sentence
from matwise.trial.design import Arm, TrialDay

WIDTH = 640.0
LEFT, RIGHT = 40.0, 10.0  # room for the numbers of the rating, and for half a marker

DAYS_IN_ROW = 28  # four weeks: at 360 px a day is still 11 px wide, enough to tell the shapes apart
ROW_HEIGHT, ROW_TOP, ROW_BOTTOM = 150.0, 14.0, 40.0
MARKER = 7.0  # half the width of a marker
RATING_TICKS = (0, 5, 10)

CURVE_TOP, CURVE_HEIGHT, CURVE_BOTTOM = 56.0, 190.0, 74.0
TAIL = 0.004  # of the highest density: beyond it the curve is a flat line and only makes the picture wider
MOST_TICKS = 9
ON = Sentence("{on:month_day}")
SIGNED = Sentence("{value:+g}")


@dataclass(frozen=True, slots=True)
class Tick:
    """A number at an axis: where, and what it says."""

    at: float
    label: str


@dataclass(frozen=True, slots=True)
class Band:
    """Successive days of one arm in one row. `washin_until` is where the days left out of the answer end."""

    arm: Arm
    x: float
    y: float
    width: float
    height: float
    first: int
    last: int
    washin_width: float


@dataclass(frozen=True, slots=True)
class Mark:
    """One rated day; `path` draws the shape of its arm, so that colour is never the only sign."""

    day: TrialDay
    value: float
    x: float
    y: float
    path: str


@dataclass(frozen=True, slots=True)
class Gap:
    """A past day without a rating."""

    day: TrialDay
    x: float
    y: float


@dataclass(frozen=True, slots=True)
class Row:
    """Up to four weeks of the trial: its bands, marks, gaps, the line through successive ratings, and its axes."""

    top: float
    bottom: float
    bands: tuple[Band, ...]
    marks: tuple[Mark, ...]
    gaps: tuple[Gap, ...]
    line: str
    ratings: tuple[Tick, ...]
    dates: tuple[Tick, ...]
    today_x: float | None


@dataclass(frozen=True, slots=True)
class DaysPicture:
    """All days of a trial, four weeks to a row."""

    width: float
    height: float
    left: float
    right: float
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class DensityPicture:
    """How plausible each size of the difference is, with the zone of "no difference that matters"."""

    width: float
    height: float
    base: float
    top: float
    area: str
    interval_area: str
    zone_x: float
    zone_width: float
    zero_x: float
    mean_x: float
    low_x: float
    high_x: float
    ticks: tuple[Tick, ...]


def days_picture(days: Sequence[TrialDay], ratings: Mapping[date, float], today: date) -> DaysPicture:
    """The days of a trial coloured by arm, with a mark for each rating from 0 to 10.

    Raises:
        InvalidInputError: there are no days, or a rating is outside 0 to 10.
    """
    problems = [
        Problem(f"rating of {on.isoformat()}", f"{value:g}", "a number from 0 to 10")
        for on, value in ratings.items()
        if not 0 <= value <= 10
    ]
    if not days:
        problems.append(Problem("days", "none", "at least one day"))
    if problems:
        raise InvalidInputError(*problems)
    chunks = [days[start : start + DAYS_IN_ROW] for start in range(0, len(days), DAYS_IN_ROW)]
    pitch = ROW_TOP + ROW_HEIGHT + ROW_BOTTOM
    # A short trial gets wider days rather than an empty right half.
    day_width = (WIDTH - LEFT - RIGHT) / min(DAYS_IN_ROW, len(days))
    rows = tuple(
        _row(chunk, number * pitch + ROW_TOP, day_width, ratings, today) for number, chunk in enumerate(chunks)
    )
    return DaysPicture(WIDTH, len(rows) * pitch, LEFT, WIDTH - RIGHT, rows)


def _row(days: Sequence[TrialDay], top: float, day_width: float, ratings: Mapping[date, float], today: date) -> Row:
    bottom = top + ROW_HEIGHT
    middle = {day.day: LEFT + (number + 0.5) * day_width for number, day in enumerate(days)}
    marks = tuple(
        _mark(day, ratings[day.on], middle[day.day], bottom) for day in days if day.on in ratings and day.on <= today
    )
    gaps = tuple(
        Gap(day, round(middle[day.day], 1), bottom - 4) for day in days if day.on < today and day.on not in ratings
    )
    return Row(
        top=top,
        bottom=bottom,
        bands=_bands(days, top, day_width),
        marks=marks,
        gaps=gaps,
        line=_line(marks),
        ratings=tuple(Tick(_rating_y(value, bottom), str(value)) for value in RATING_TICKS),
        dates=tuple(Tick(round(middle[day.day], 1), ON.format(on=day.on)) for day in days[::7]),
        today_x=next((round(middle[day.day], 1) for day in days if day.on == today), None),
    )


def _bands(days: Sequence[TrialDay], top: float, day_width: float) -> tuple[Band, ...]:
    bands = []
    x = LEFT
    for (arm, off), group in groupby(days, key=lambda day: (day.arm, day.off)):
        same = list(group)
        width = len(same) * day_width
        if off:
            x += width
            continue
        leading = next((number for number, day in enumerate(same) if not day.washin), len(same))
        bands.append(
            Band(
                arm=arm,
                x=round(x, 1),
                y=top,
                width=round(width, 1),
                height=ROW_HEIGHT,
                first=same[0].day,
                last=same[-1].day,
                washin_width=round(leading * day_width, 1),
            )
        )
        x += width
    return tuple(bands)


def _mark(day: TrialDay, value: float, x: float, bottom: float) -> Mark:
    y = _rating_y(value, bottom)
    return Mark(day, value, round(x, 1), y, marker(day.arm, x, y, MARKER))


def marker(arm: Arm, x: float, y: float, half: float) -> str:
    """An arm's outline around a point: mat a circle, rest a square, breathing alone a diamond, nothing a triangle."""
    if arm is Arm.MAT:
        return (
            f"M{x - half:.1f} {y:.1f}a{half:g} {half:g} 0 1 0 {2 * half:g} 0a{half:g} {half:g} 0 1 0 {-2 * half:g} 0z"
        )
    if arm is Arm.REST:
        side = 0.88 * half  # looks as large as the circle
        return f"M{x - side:.1f} {y - side:.1f}h{2 * side:.1f}v{2 * side:.1f}h{-2 * side:.1f}z"
    if arm is Arm.BREATH:
        reach = 1.2 * half
        return f"M{x:.1f} {y - reach:.1f}l{reach:.1f} {reach:.1f}l{-reach:.1f} {reach:.1f}l{-reach:.1f} {-reach:.1f}z"
    return f"M{x:.1f} {y - 1.1 * half:.1f}l{1.1 * half:.1f} {1.9 * half:.1f}h{-2.2 * half:.1f}z"


def _line(marks: Sequence[Mark]) -> str:
    """A line through ratings of successive days; it breaks where a day is missing, since nothing is known of it."""
    parts = []
    for before, after in pairwise(marks):
        if after.day.day == before.day.day + 1:
            parts.append(f"M{before.x} {before.y}L{after.x} {after.y}")
    return "".join(parts)


def _rating_y(value: float, bottom: float) -> float:
    return round(bottom - 12 - value / 10 * (ROW_HEIGHT - 24), 1)


def density_picture(
    x: Sequence[float], density: Sequence[float], *, mean: float, low: float, high: float, matters: float
) -> DensityPicture:
    """The curve of the difference in points, its mean and 95 % interval, and the zone of less than `matters` points.

    Args:
        x: differences in points, ascending, shape (n,).
        density: how plausible each is, shape (n,); any scale.
        mean: of the difference.
        low: lower end of the 95 % interval.
        high: upper end of the 95 % interval.
        matters: the smallest difference that matters, in points.

    Raises:
        InvalidInputError: fewer than three points, not one density per point, or not ascending.
    """
    _check_curve(x, density)
    highest = max(density)
    seen = [point for point, weight in zip(x, density, strict=True) if weight >= TAIL * highest]
    edge = 0.15 * matters + 0.05
    left = min(seen[0], low, -matters - edge)
    right = max(seen[-1], high, matters + edge)

    def at(value: float) -> float:
        return round(LEFT / 2 + (value - left) / (right - left) * (WIDTH - LEFT), 1)

    base = CURVE_TOP + CURVE_HEIGHT
    points = [
        (at(value), round(base - weight / highest * CURVE_HEIGHT, 1))
        for value, weight in zip(x, density, strict=True)
        if left <= value <= right
    ]
    inner = [
        (at(value), round(base - weight / highest * CURVE_HEIGHT, 1))
        for value, weight in _within(x, density, low, high)
    ]
    return DensityPicture(
        width=WIDTH,
        height=base + CURVE_BOTTOM,
        base=base,
        top=CURVE_TOP,
        area=_area(points, base),
        interval_area=_area(inner, base),
        zone_x=at(-matters),
        zone_width=round(at(matters) - at(-matters), 1),
        zero_x=at(0.0),
        mean_x=at(mean),
        low_x=at(low),
        high_x=at(high),
        ticks=tuple(Tick(at(value), points_label(value)) for value in _round_steps(left, right)),
    )


def _check_curve(x: Sequence[float], density: Sequence[float]) -> None:
    problems = []
    if len(x) < 3 or len(x) != len(density):
        problems.append(Problem("curve", f"{len(x)} points, {len(density)} densities", "three or more of each"))
    if any(after <= before for before, after in pairwise(x)):
        problems.append(Problem("x", "points out of order", "ascending points"))
    if not density or not max(density) > 0:
        problems.append(Problem("density", "no density above 0", "a curve with some area"))
    if problems:
        raise InvalidInputError(*problems)


def _within(x: Sequence[float], density: Sequence[float], low: float, high: float) -> list[tuple[float, float]]:
    """The part of the curve between `low` and `high`, with its ends cut exactly there."""
    ends = [(low, _interpolated(x, density, low)), (high, _interpolated(x, density, high))]
    inside = [(value, weight) for value, weight in zip(x, density, strict=True) if low < value < high]
    return [ends[0], *inside, ends[1]]


def _interpolated(x: Sequence[float], density: Sequence[float], at: float) -> float:
    for (x0, d0), (x1, d1) in pairwise(zip(x, density, strict=True)):
        if x0 <= at <= x1:
            return d0 + (d1 - d0) * (at - x0) / (x1 - x0)
    return 0.0


def _area(points: Sequence[tuple[float, float]], base: float) -> str:
    top = "L".join(f"{x} {y}" for x, y in points)
    return f"M{points[0][0]} {base}L{top}L{points[-1][0]} {base}z"


def _round_steps(left: float, right: float) -> list[float]:
    """Round numbers between two ends, at most nine of them."""
    for step in (0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0):
        first, last = math.ceil(left / step), math.floor(right / step)
        if last - first < MOST_TICKS:
            return [round(number * step, 1) for number in range(first, last + 1)]
    return [0.0]


def points_label(value: float) -> str:
    """A signed difference as people read it: −1.5, 0, +2."""
    if value == 0:
        return "0"
    return SIGNED.format(value=value)
