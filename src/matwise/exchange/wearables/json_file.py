"""JSON as somebody else wrote it: of a size that can be meant, and every value of any kind."""

from __future__ import annotations

import math
from typing import Any

import msgspec

from matwise.errors import Problem
from matwise.exchange.wearables.maker import ImportRejectedError
from matwise.exchange.wearables.opened import Member, Opened
from matwise.sentence import Sentence

LARGEST_BYTES = 128 << 20
MOST_PARTS = 2_000_000  # lists and objects: each takes a hundred bytes, however short it is written


def parsed(opened: Opened, member: Member) -> object:
    """All of a file.

    Raises:
        ImportRejectedError: it is no JSON, or larger than what one file of measurements is.
    """
    with opened.stream(member) as stream:
        data = stream.read(LARGEST_BYTES + 1)
    if len(data) > LARGEST_BYTES or data.count(b"{") + data.count(b"[") > MOST_PARTS:
        got = Sentence("JSON of {size} MiB or more", size=len(data) >> 20)
        raise ImportRejectedError(Problem(member.name, got, Sentence("the measurements of one export")))
    try:
        return msgspec.json.decode(data)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        got = Sentence("JSON that breaks off or is damaged: {why}", why=ascii(str(error))[1:-1][:60])
        raise ImportRejectedError(Problem(member.name, got, Sentence("whole JSON"))) from None


def items(value: object) -> list[dict[str, Any]]:
    """The objects of a list; none where it is no list."""
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []


def inside(value: object, name: str) -> object:
    """What an object has under a name; None where it is no object or has none."""
    return value.get(name) if isinstance(value, dict) else None


def number(value: object) -> float | None:
    """A finite number; None for anything else."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    try:
        return float(value) if math.isfinite(value) else None
    except OverflowError:
        return None


def text(value: object) -> str:
    """A text; empty for anything else."""
    return value if isinstance(value, str) else ""


def shown(value: object) -> str:
    """How a value that was rejected is shown: ASCII, at most 80 characters."""
    return ascii(str(value)[:80])[1:-1][:80]
