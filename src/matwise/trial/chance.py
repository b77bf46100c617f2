"""A chance in words that never claim certainty."""

from __future__ import annotations


def in_percent(p: float) -> str:
    """A probability as whole percent; next to 0 and 1 it only says which."""
    if p > 0.995:
        return "over 99 %"
    return "under 1 %" if p < 0.005 else f"{100 * p:.0f} %"
