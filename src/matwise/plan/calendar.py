"""Days between sessions: how many were missed, and when a pause leads back on the ladder."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from matwise.plan.rung import Effort

# Our own careful choice: no study says how fast skin and person forget. A week of "rest" or "nothing" in a trial of one
# is 7 missed days and must not count as a pause.
MISSED_DAYS_BACK = 7
MISSED_DAYS_RESTART = 28


def latest(efforts: Sequence[Effort]) -> Effort | None:
    """The latest session; of several on one day the last one given."""
    return in_order(efforts)[-1] if efforts else None


def in_order(efforts: Sequence[Effort]) -> tuple[Effort, ...]:
    """Sessions by day; those of one day stay as given."""
    return tuple(sorted(efforts, key=lambda effort: effort.on))


def missed_days(last_on: date, today: date) -> int:
    """Whole days between two days, neither of them counted; 0 for the same and the next day."""
    return max((today - last_on).days - 1, 0)


def days_since_last(efforts: Sequence[Effort], today: date) -> int | None:
    """Days since the latest session: 0 today, 1 yesterday; None before the first."""
    last = latest(efforts)
    return (today - last.on).days if last is not None else None


def goes_back_on(efforts: Sequence[Effort]) -> date | None:
    """The first day on which the pause since the latest session leads one rung back; None before the first."""
    last = latest(efforts)
    return last.on + timedelta(days=MISSED_DAYS_BACK + 2) if last is not None else None
