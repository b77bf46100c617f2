"""Days between sessions: how many were missed, and when a pause leads back on the ladder."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from matwise.plan.rung import Effort

# Our own careful choice: no study says how fast skin and person forget. A week of "rest" or "nothing" in a trial of one
# is 7 missed days and must not count as a pause.
MISSED_DAYS_BACK = 7
MISSED_DAYS_RESTART = 28


def in_order(efforts: Sequence[Effort]) -> tuple[Effort, ...]:
    """Sessions by day; those of one day stay as given."""
    return tuple(sorted(efforts, key=lambda effort: effort.on))


def missed_days(last_on: date, today: date) -> int:
    """Whole days between two days, neither of them counted; 0 for the same and the next day."""
    return max((today - last_on).days - 1, 0)
