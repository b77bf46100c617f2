"""What can be heard under a session, read from `beds.yaml`."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from types import MappingProxyType

import msgspec

from matwise.content.reader import HERE, ContentError, read
from matwise.content.words import words
from matwise.session.cue import Bed
from matwise.session.wishes import BED_DB

FILE = HERE / "beds.yaml"


class _Bed(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    id: Bed
    level_db: float


class _File(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    reviewed_on: date
    beds: tuple[_Bed, ...]


@functools.cache
def beds() -> Mapping[Bed, float]:
    """Every bed and the level it starts with, in dB against its usual one.

    Raises:
        ContentError: the file can't be read, or a bed has no name, or a level out of range.
    """
    return beds_in(FILE)


def beds_in(path: Path) -> Mapping[Bed, float]:
    """The beds of this file.

    Raises:
        ContentError: see `beds`.
    """
    document = read(path, _File)
    low, high = BED_DB
    problems = []
    for number, raw in enumerate(document.value.beds):
        if f"bed_{raw.id.value}" not in words("en"):
            problems.append(document.problem(f"$.beds[{number}].id", raw.id.value, "a name in words/en/session.yaml"))
        if not low <= raw.level_db <= high:
            problems.append(document.problem(f"$.beds[{number}].level_db", f"{raw.level_db:g}", f"{low:g} to {high:g}"))
    missing = [bed.value for bed in Bed if bed not in {raw.id for raw in document.value.beds}]
    if missing:
        problems.append(document.problem("$.beds", f"no {', '.join(missing)}", "every bed that can be made"))
    if problems:
        raise ContentError(*problems)
    return MappingProxyType({raw.id: raw.level_db for raw in document.value.beds})
