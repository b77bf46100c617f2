"""What was measured over time: a picture and a table of each measure, one's own days and nobody's else."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from matwise.errors import InvalidInputError, Problem
from matwise.sentence import Sentence
from matwise.web import asked
from matwise.web.page import page
from matwise.web.scores_picture import ScoresPicture, scores_picture

if TYPE_CHECKING:
    from collections.abc import Sequence

    from matwise.practice.readings import Pressures, Trend

VALUE = Sentence("{value} {unit}")
FROM_TO = Sentence("{lowest} to {highest}")
OF_OWN = Sentence("{change} °C against your four weeks before")
AHEAD = Sentence("UTC{hours:+g}")
STEPS = (1, 2, 5, 10, 20, 50, 100, 200, 500)


@dataclass(frozen=True, slots=True)
class Row:
    """One day of the table."""

    on: date
    value: str
    span: str
    count: int
    change: str


@dataclass(frozen=True, slots=True)
class Shown:
    """A measure on the page."""

    trend: Trend
    picture: ScoresPicture
    rows: tuple[Row, ...]
    zones: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ShownPressures:
    """Blood pressure on the page: two lines in one picture."""

    pressures: Pressures
    upper: ScoresPicture
    lower: ScoresPicture
    rows: tuple[tuple[date, str, str, int], ...]


def show(request: Request) -> Response:
    """Every measure that was measured."""
    from matwise.practice import by_hand, readings

    span = _days(request.query_params.get("days", str(readings.USUAL_SPAN)))
    db = asked.database(request)
    found = readings.pressures(db, span)
    return page(
        request,
        "measure/readings.html",
        shown=tuple(_shown(one) for one in readings.trends(db, span)),
        pressures=_pressures(found) if found is not None and found.occasions else None,
        spans=readings.SPANS,
        span=span,
        sources=by_hand.SOURCES,
    )


def choose(request: Request) -> Response:
    """Look at another source of a measure."""
    from matwise.practice import readings

    form = asked.form(request)
    measure = form.one("measure")
    readings.choose_source(asked.database(request), measure, form.one("source"), asked.now(request))
    return RedirectResponse(f"/measure/readings#{measure}-title", 303)


def _days(typed: str) -> int:
    if not (typed.isascii() and typed.isdigit() and len(typed) < 6):
        raise InvalidInputError(Problem("days", ascii(typed)[:40], Sentence("a number of days")))
    return int(typed)


def _shown(trend: Trend) -> Shown:
    measure = trend.measure

    def figure(value: float) -> str:
        return _figure(value, measure.decimals)

    rows = tuple(
        Row(
            day.on,
            VALUE.format(value=figure(day.value), unit=measure.unit_shown),
            FROM_TO.format(lowest=figure(day.lowest), highest=figure(day.highest)) if day.count > 1 else "",
            day.count,
            OF_OWN.format(change=Sentence("{by:+.1f}", by=trend.changes[day.on])) if day.on in trend.changes else "",
        )
        for day in reversed(trend.days)
    )
    low, high = bounds([day.value for day in trend.days])
    picture = scores_picture(
        [(day.on, day.value, row.value) for day, row in zip(trend.days, reversed(rows), strict=True)], low, high
    )
    zones = tuple(AHEAD.format(hours=offset / 60) for offset in trend.offsets_min)
    return Shown(trend, picture, rows, zones)


def _pressures(found: Pressures) -> ShownPressures:
    told = found.occasions
    low, high = bounds([one.systolic for one in told] + [one.diastolic for one in told])
    days = [one.at.date() for one in told]
    upper, lower = (
        scores_picture([(on, value, _figure(value, 0)) for on, value in zip(days, values, strict=True)], low, high)
        for values in ([one.systolic for one in told], [one.diastolic for one in told])
    )
    rows = tuple(
        (one.at.date(), f"{one.at:%H:%M}", f"{one.systolic:.0f}/{one.diastolic:.0f}", one.readings)
        for one in reversed(told)
    )
    return ShownPressures(found, upper, lower, rows)


def bounds(values: Sequence[float]) -> tuple[float, float]:
    """Round figures around all values, an even number of steps apart."""
    lowest, highest = min(values), max(values)
    step = next((one for one in STEPS if highest - lowest <= 2 * one), STEPS[-1])
    while True:
        low = math.floor(lowest / step) * step
        high = low + 2 * step
        if high >= highest:
            return float(low), float(high)
        step *= 2


def _figure(value: float, decimals: int) -> Sentence:
    return Sentence(f"{{value:.{decimals}f}}", value=value)


routes = [
    Route("/measure/readings", show, methods=["GET"]),
    Route("/measure/readings/source", choose, methods=["POST"]),
]
