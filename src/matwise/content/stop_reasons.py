"""Why a person stops a session, and what to do then."""

from __future__ import annotations

import functools
from datetime import date
from pathlib import Path

import msgspec


class StopReason(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One reason in the person's words. `warning`: a sign that closes the mat until the safety check is done again."""

    id: str
    text: str
    warning: bool
    advice: str
    source: str
    reviewed_on: date


@functools.cache
def stop_reasons(language: str = "en") -> tuple[StopReason, ...]:
    """Every reason on offer, in the order it is shown.

    Raises:
        msgspec.ValidationError: the file lacks a field or holds one nobody reads.
    """
    file = Path(__file__).parent / "words" / language / "stop_reasons.yaml"
    return msgspec.yaml.decode(file.read_bytes(), type=tuple[StopReason, ...])
