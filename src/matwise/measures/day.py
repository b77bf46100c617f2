"""Which day a moment belongs to."""

from __future__ import annotations

from datetime import date, datetime, timedelta

# Whoever rates their evening after midnight means the day that just ended. A trial that took it for the next day would
# count it under the wrong arm, and the rating of that next evening would push it aside.
NIGHT_ENDS_H = 4


def day_of(at: datetime) -> date:
    """The day a moment belongs to, by the person's own clock: until four in the morning still the day before."""
    return (at - timedelta(hours=NIGHT_ENDS_H)).date()
