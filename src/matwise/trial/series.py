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
    """Days in order; some may be skipped. `off` are numbers of days that were never meant to have a rating."""

    days: tuple[SeriesDay, ...]
    off: frozenset[int] = frozenset()

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
        """Days that should have a rating and have none; days that were skipped count, days off do not."""
        if not self.days:
            return 0
        first, last = self.days[0].day, self.days[-1].day
        skipped = last - first + 1 - len(self.days) - sum(first <= day <= last for day in self.off)
        return skipped + sum(one.y is None and not one.washin for one in self.days)

    def first(self, days: int) -> Series:
        """The first `days` days of the calendar."""
        if not self.days:
            return self
        return replace(self, days=tuple(one for one in self.days if one.day < self.days[0].day + days))


def series(schedule: Schedule, ratings: Mapping[date, float], until: date | None = None) -> Series:
    """The days of `schedule` up to and with `until` (None: all), each with its rating, if there is one.

    Days that are off are left out: they belong to no arm.
    """
    return Series(
        tuple(
            SeriesDay(one.day, one.arm.value, ratings.get(one.on), one.washin)
            for one in schedule.days
            if not one.off and (until is None or one.on <= until)
        ),
        frozenset(one.day for one in schedule.days if one.off),
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
    return replace(days, days=tuple(marked))
