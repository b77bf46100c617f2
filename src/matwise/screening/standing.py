"""Whether the latest finished safety check still speaks for the person."""

from __future__ import annotations

from datetime import datetime


def still_stands(finished_at: datetime, last_doubt: datetime | None, *, new_one_under_way: bool) -> bool:
    """Whether a finished safety check still counts.

    It does not once the person has said since then that something changed, or that they don't know (`last_doubt`; at
    the very same moment counts as since). Nor does it while they have answers in a newer check: what they just said
    there may be the very thing that matters.
    """
    return not new_one_under_way and (last_doubt is None or last_doubt < finished_at)
