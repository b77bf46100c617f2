"""The days of a trial as weeks of a calendar, and as a list."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from matwise.trial.design import TrialDay
from matwise.web.picture import marker


@dataclass(frozen=True, slots=True)
class Cell:
    """One day in the calendar. `day` is None for a day outside the trial; `path` draws the shape of its arm."""

    on: date
    day: TrialDay | None
    today: bool
    past: bool
    rating: float | None
    path: str


@dataclass(frozen=True, slots=True)
class Week:
    """Seven days from the day a week begins with."""

    starts_on: date
    cells: tuple[Cell, ...]


def weeks(
    days: Sequence[TrialDay], ratings: Mapping[date, float], today: date, first_weekday: int = 0
) -> tuple[Week, ...]:
    """Every week that holds a day of the trial, whole weeks from `first_weekday` on (0: Monday)."""
    if not days:
        return ()
    by_date = {day.on: day for day in days}
    first = days[0].on - timedelta(days=(days[0].on.weekday() - first_weekday) % 7)
    count = (days[-1].on - first).days // 7 + 1
    starts = [first + timedelta(weeks=number) for number in range(count)]
    return tuple(
        Week(start, tuple(_cell(start + timedelta(days=n), by_date, ratings, today) for n in range(7)))
        for start in starts
    )


def _cell(on: date, by_date: Mapping[date, TrialDay], ratings: Mapping[date, float], today: date) -> Cell:
    day = by_date.get(on)
    path = marker(day.arm, 8, 8, 6) if day else ""
    return Cell(on, day, on == today, on < today, ratings.get(on), path)
