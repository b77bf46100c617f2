"""A chance in words that never claim certainty."""

from __future__ import annotations

from matwise.sentence import Sentence


def in_percent(p: float) -> str:
    """A probability as whole percent; next to 0 and 1 it only says which."""
    if p > 0.995:
        return Sentence("over 99 %")
    return Sentence("under 1 %") if p < 0.005 else Sentence("{share:.0f} %").format(share=100 * p)
