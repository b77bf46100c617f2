"""The days of a trial beside what was rated on them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

from matwise.trial.design import Schedule


@dataclass(frozen=True, slots=True)
class SeriesDay:
    """One day: its number, its arm, its rating (None: not rated), and whether it is left out as wash-in.

    `known` is what else is known of it, one figure per covariate (None: not known).
    """

    day: int
    arm: str
    y: float | None
    washin: bool = False
    known: tuple[float | None, ...] = ()


@dataclass(frozen=True, slots=True)
class Series:
    """Days in order; some may be skipped."""

    days: tuple[SeriesDay, ...]

    @property
    def day(self) -> tuple[int, ...]:
        """Day numbers."""
        return tuple(one.day for one in self.days)

    @property
    def arm(self) -> tuple[str, ...]:
        """Arms."""
        return tuple(one.arm for one in self.days)

    @property
    def y(self) -> tuple[float | None, ...]:
        """Ratings."""
        return tuple(one.y for one in self.days)

    @property
    def used(self) -> tuple[SeriesDay, ...]:
        """The days that can speak: rated, and not wash-in."""
        return tuple(one for one in self.days if one.y is not None and not one.washin)

    @property
    def missing(self) -> int:
        """Days that should have a rating and have none; days that were skipped count."""
        if not self.days:
            return 0
        skipped = self.days[-1].day - self.days[0].day + 1 - len(self.days)
        return skipped + sum(one.y is None and not one.washin for one in self.days)

    def first(self, days: int) -> Series:
        """The first `days` days of the calendar."""
        if not self.days:
            return self
        return Series(tuple(one for one in self.days if one.day < self.days[0].day + days))


def series(schedule: Schedule, ratings: Mapping[date, float], until: date | None = None) -> Series:
    """The days of `schedule` up to and with `until` (None: all), each with its rating, if there is one."""
    return Series(
        tuple(
            SeriesDay(one.day, one.arm.value, ratings.get(one.on), one.washin)
            for one in schedule.days
            if until is None or one.on <= until
        )
    )


def leave_out(days: Series, after_switch: int) -> Series:
    """The same series with the first `after_switch` days after each switch of arm marked as wash-in."""
    marked = []
    before, switched_on = None, None
    for one in days.days:
        if before is not None and one.arm != before:
            switched_on = one.day
        washin = switched_on is not None and one.day < switched_on + after_switch
        marked.append(replace(one, washin=washin))
        before = one.arm
    return Series(tuple(marked))
