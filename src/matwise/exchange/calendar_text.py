"""How iCalendar writes a line, a text and a moment."""

from __future__ import annotations

import re
from datetime import UTC, datetime

LONGEST_LINE = 75  # octets, without the end of the line (RFC 5545 §3.1)
_LINE_BREAK = re.compile("\r\n|\r|\n")


def folded(line: str) -> bytes:
    """A line in UTF-8 with its end, broken where it is too long; no character is cut in two."""
    pieces, piece, room = [], b"", LONGEST_LINE
    for character in line:
        octets = character.encode()
        if len(piece) + len(octets) > room:
            pieces.append(piece)
            piece, room = b"", LONGEST_LINE - 1  # the space in front counts
        piece += octets
    pieces.append(piece)
    return b"\r\n ".join(pieces) + b"\r\n"


def text(told: str) -> str:
    """A text with everything escaped that means something in a calendar (RFC 5545 §3.3.11)."""
    escaped = re.sub(r"([\\;,])", r"\\\1", told)
    return _LINE_BREAK.sub(r"\\n", escaped)


def utc(at: datetime) -> str:
    """A moment in UTC: 20261123T200000Z."""
    return f"{at.astimezone(UTC):%Y%m%dT%H%M%S}Z"
