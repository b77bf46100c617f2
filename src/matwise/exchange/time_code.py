"""A moment of a file, as captions and chapters write it."""

from __future__ import annotations


def time_code(at_s: float) -> str:
    """Hours, minutes, seconds and thousandths: 01:02:05.500."""
    minutes, rest = divmod(round(at_s * 1000), 60_000)
    return f"{minutes // 60:02}:{minutes % 60:02}:{rest // 1000:02}.{rest % 1000:03}"
