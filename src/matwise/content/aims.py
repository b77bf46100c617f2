"""What a session can be for, read from `aims.yaml`."""

from __future__ import annotations

import functools
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from types import MappingProxyType

import msgspec

from matwise.content.breathing import breathing, is_source
from matwise.content.reader import HERE, ContentError, Document, read
from matwise.content.words import ARMS, Line, lines, words
from matwise.errors import Problem
from matwise.screening.limits import Placement
from matwise.session.aim import Aim
from matwise.session.cue import Bed

FILE = HERE / "aims.yaml"


class _Aim(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    id: str
    placements: tuple[Placement, ...]
    opening: str
    middle: str
    ending: str
    breathing: str
    bed: Bed | None
    sources: tuple[str, ...]
    reviewed_on: date


class _File(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    aims: tuple[_Aim, ...]


@functools.cache
def aims() -> Mapping[str, Aim]:
    """Every aim by its id.

    Raises:
        ContentError: the file can't be read, or an aim names a line, a programme or a place that does not fit.
    """
    return aims_in(FILE)


def aims_in(path: Path) -> Mapping[str, Aim]:
    """The aims of this file.

    Raises:
        ContentError: see `aims`.
    """
    document = read(path, _File)
    problems = list(_problems(document))
    if problems:
        raise ContentError(*problems)
    return MappingProxyType(
        {
            raw.id: Aim(raw.id, frozenset(raw.placements), raw.opening, raw.middle, raw.ending, raw.breathing, raw.bed)
            for raw in document.value.aims
        }
    )


def _problems(document: Document[_File]) -> Iterator[Problem]:
    ids = [raw.id for raw in document.value.aims]
    known = {line.id: line for line in lines("en")}
    for number, raw in enumerate(document.value.aims):
        at = f"$.aims[{number}]"
        unfit = [line for line in (raw.opening, raw.middle, raw.ending) if not _is_said_at(line, raw.placements, known)]
        if unfit or not raw.placements:
            want = "lines of words/en/session.yaml that are said at every placement of the aim"
            yield document.problem(at, ", ".join(unfit) or "no placements", want)
        if f"aim_{raw.id}" not in words("en") or ids.count(raw.id) > 1:
            yield document.problem(f"{at}.id", repr(raw.id), f"an id used once, and its name in aim_{raw.id}")
        if raw.breathing not in breathing():
            yield document.problem(f"{at}.breathing", repr(raw.breathing), f"one of {', '.join(breathing())}")
        if not raw.sources or not all(map(is_source, raw.sources)):
            yield document.problem(f"{at}.sources", repr(raw.sources), 'ids of sources.yaml, or "doi:10.…"')


def _is_said_at(stem: str, placements: tuple[Placement, ...], known: Mapping[str, Line]) -> bool:
    said = [known[one] for one in (stem, *(f"{stem}_{arm}" for arm in ARMS)) if one in known]
    everywhere = all(line.placements == "all" or set(placements) <= set(line.placements) for line in said)
    return bool(said) and everywhere
