"""The hazard log: what could go wrong and what is built against it, read from `hazards.yaml`."""

from __future__ import annotations

import functools
from typing import Annotated, Literal

import msgspec

from matwise.content.reader import HERE, ContentError, read

FILE = HERE / "hazards.yaml"

Score = Annotated[int, msgspec.Meta(ge=1, le=5)]
Control = Literal["rules", "gate", "session", "store", "trial", "words", "web", "tests"]


class Hazard(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One hazard with its score before and after the controls: 1 acceptable … 5 unacceptable (DCB0129)."""

    id: str
    hazard: str
    before: Score
    after: Score
    controlled_by: tuple[Control, ...]


class _File(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    hazards: tuple[Hazard, ...]


@functools.cache
def hazards() -> tuple[Hazard, ...]:
    """Every hazard, a draft that no clinician has scored.

    Raises:
        ContentError: the file can't be read, or a hazard has no control.
    """
    document = read(FILE, _File)
    bare = [n for n, hazard in enumerate(document.value.hazards) if not hazard.controlled_by]
    if bare:
        raise ContentError(*(document.problem(f"$.hazards[{n}]", "no control", "at least one") for n in bare))
    return document.value.hazards
