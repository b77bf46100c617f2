"""See what was measured over time: each measure from the one source that is looked at, never a sum of several."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone
from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from matwise.content.measures import measures
from matwise.errors import ONE_OF, InvalidInputError, Problem
from matwise.measures import skin_temperature
from matwise.measures.blood_pressure import Occasions, Period, occasions, period
from matwise.measures.daily import daily, day_numbers
from matwise.practice.person import ME
from matwise.store import readings

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from matwise.measures.reading import Measure, Readings
    from matwise.store.database import Connection, Database

SPANS = (30, 90, 365)  # days that can be looked at, up to the latest that was measured
USUAL_SPAN = 90
UPPER, LOWER, SKIN = "systolic", "diastolic", "skin_temperature"
WEEK = 8  # the first day is left out of the average of a week
_EPOCH = date(1970, 1, 1)


@dataclass(frozen=True, slots=True)
class Day:
    """One day of a measure: its median, what it lay between, and of how many readings."""

    on: date
    value: float
    lowest: float
    highest: float
    count: int


@dataclass(frozen=True, slots=True)
class Trend:
    """A measure over time from one source.

    Attributes:
        measure: which.
        sources: every source that measured it, and on how many days.
        source: the one that is looked at.
        days: oldest first.
        doubtful: how many readings of these days are marked as unusual.
        offsets_min: how far the clock on the wall was ahead of UTC in these days; several after a journey or a change
            of the clocks.
        changes: of skin temperature, each day less the person's own median of the four weeks before it.
    """

    measure: Measure
    sources: Mapping[str, int]
    source: str
    days: tuple[Day, ...]
    doubtful: int
    offsets_min: tuple[int, ...]
    changes: Mapping[date, float]


@dataclass(frozen=True, slots=True)
class Occasion:
    """One time somebody sat down to measure their blood pressure: the mean of so many readings, in mmHg."""

    at: datetime
    systolic: float
    diastolic: float
    readings: int


@dataclass(frozen=True, slots=True)
class Pressures:
    """Blood pressure over time from one source, and what its latest week says together."""

    sources: Mapping[str, int]
    source: str
    occasions: tuple[Occasion, ...]
    week: Period | None


def trends(db: Database, span_days: int = USUAL_SPAN) -> tuple[Trend, ...]:
    """Every measure that was measured, but blood pressure, in its latest `span_days` days.

    Raises:
        InvalidInputError: that many days can't be looked at.
    """
    _check_span(span_days)
    with db.read() as c:
        known, chosen = readings.sources(c, ME), readings.chosen(c, ME)
        wanted = (one for one in measures().values() if one.id in known and one.id not in {UPPER, LOWER})
        return tuple(
            _trend(c, one, known[one.id], looked_at(known[one.id], chosen.get(one.id)), span_days) for one in wanted
        )


def pressures(db: Database, span_days: int = USUAL_SPAN) -> Pressures | None:
    """Blood pressure by occasion in its latest `span_days` days; None where none was measured.

    Raises:
        InvalidInputError: that many days can't be looked at.
    """
    _check_span(span_days)
    with db.read() as c:
        known = readings.sources(c, ME)
        both = {one: days for one, days in known.get(UPPER, {}).items() if one in known.get(LOWER, {})}
        if not both:
            return None
        source = looked_at(both, readings.chosen(c, ME).get(UPPER))
        upper, lower = (_latest(c, one, source, span_days)[0] for one in (UPPER, LOWER))
    _, here, there = np.intersect1d(upper.at_ms, lower.at_ms, return_indices=True)
    sound = upper.values[here] > lower.values[there]  # what is not is a slip of the device
    here, there = here[sound], there[sound]
    found = occasions(upper.at_ms[here] / 1000, upper.values[here], lower.values[there])
    offsets = dict(zip(upper.at_ms.tolist(), upper.offset_min.tolist(), strict=True))
    told = [
        Occasion(_wall_clock(at_s, offsets[round(at_s * 1000)]), high, low, number)
        for at_s, high, low, number in zip(
            found.at_s.tolist(),
            found.systolic.tolist(),
            found.diastolic.tolist(),
            found.readings.tolist(),
            strict=True,
        )
    ]
    return Pressures(both, source, tuple(told), _week(found, told))


def choose_source(db: Database, measure_id: str, source: str, now: datetime) -> None:
    """Look at another source of a measure from now on; that of the upper blood pressure stands for both.

    Raises:
        InvalidInputError: there is no such measure, or the source never measured it.
    """
    if measure_id not in measures():
        raise InvalidInputError(Problem("measure", ascii(measure_id)[:40], ONE_OF.format(known=", ".join(measures()))))
    for one in (UPPER, LOWER) if measure_id == UPPER else (measure_id,):
        db.write(partial(readings.choose_source, person=ME, measure=one, source=source, at=now))


def looked_at(sources: Mapping[str, int], chosen: str | None) -> str:
    """The source that is looked at: the chosen one, else the one with most days, else the first by name."""
    if chosen is not None and chosen in sources:
        return chosen
    return min(sources, key=lambda one: (-sources[one], one))


def _trend(c: Connection, measure: Measure, sources: Mapping[str, int], source: str, span_days: int) -> Trend:
    # Skin temperature is held against the weeks before, so those are read as well.
    before = skin_temperature.BASELINE_DAYS if measure.id == SKIN else 0
    told, doubtful = _latest(c, measure.id, source, span_days + before)
    found = daily(told)
    shown = found.day > found.day[-1] - span_days
    days = [
        Day(_date(day), *row)
        for day, *row in zip(
            *(one[shown].tolist() for one in (found.day, found.median, found.lowest, found.highest, found.count)),
            strict=True,
        )
    ]
    changes = {}
    if measure.id == SKIN:
        moved = skin_temperature.change(found.day, found.median)
        there = np.isfinite(moved) & shown
        changes = dict(zip(map(_date, found.day[there].tolist()), moved[there].tolist(), strict=True))
    recent = day_numbers(told) > found.day[-1] - span_days
    offsets = tuple(np.unique(told.offset_min[recent]).tolist())
    return Trend(measure, sources, source, tuple(days), int(doubtful[recent].sum()), offsets, changes)


def _latest(c: Connection, measure: str, source: str, days: int) -> tuple[Readings, NDArray[np.bool_]]:
    last = readings.last_day(c, ME, measure, source)
    since = None if last is None else last - timedelta(days=days)  # a day more: days on the wall begin on others
    series = readings.series(c, ME, measure, source, since)
    return series.readings, series.doubtful


def _week(found: Occasions, told: list[Occasion]) -> Period | None:
    if not told:
        return None
    days = np.array([one.at.date().toordinal() for one in told])
    late = days > days[-1] - WEEK
    latest = Occasions(found.at_s[late], found.systolic[late], found.diastolic[late], found.readings[late])
    return period(latest, days[late])


def _check_span(span_days: int) -> None:
    if span_days not in SPANS:
        raise InvalidInputError(Problem("days", str(span_days), ONE_OF.format(known=", ".join(map(str, SPANS)))))


def _wall_clock(at_s: float, offset_min: int) -> datetime:
    return datetime.fromtimestamp(at_s, timezone(timedelta(minutes=offset_min)))


def _date(number: int) -> date:
    return _EPOCH + timedelta(days=number)
