"""Naps in a session, as what a trial can ask about."""

from __future__ import annotations

from collections.abc import Iterable


def share_0_10(naps: Iterable[tuple[float, float]]) -> int | None:
    """How much of the sessions of a day was slept, in tenths; None where there was none.

    Args:
        naps: for each session the minutes slept and the minutes it lasted.
    """
    told = tuple(naps)
    lasted = sum(minutes for _, minutes in told)
    if lasted <= 0:
        return None
    return round(min(1.0, sum(slept for slept, _ in told) / lasted) * 10)
