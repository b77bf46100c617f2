"""Whether what somebody answered still speaks for them."""

from __future__ import annotations

from datetime import datetime, timedelta

# Hazard H2: a check left half-way and finished weeks later would pass old answers off as new ones.
ANSWER_KEEPS = timedelta(days=1)


def still_stands(*, doubted: bool, new_one_under_way: bool) -> bool:
    """Whether the latest finished safety check counts.

    It does not once the person has said since that something changed, or that they don't know (`doubted`). Nor does it
    while they have answers in a newer check: what they just said there may be the very thing that matters.
    """
    return not doubted and not new_one_under_way


def still_fresh(answered_at: datetime, now: datetime) -> bool:
    """Whether an answer in an unfinished check may be finished with, or is asked again. A moved clock counts as old."""
    return abs(now - answered_at) <= ANSWER_KEEPS
