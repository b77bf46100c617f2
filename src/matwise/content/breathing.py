"""The breathing programmes, read from `breathing.yaml`."""

from __future__ import annotations

import functools
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from types import MappingProxyType

import msgspec

from matwise.content.reader import HERE, ContentError, Document, read
from matwise.content.sources import sources
from matwise.content.words import words
from matwise.errors import InvalidInputError, Problem
from matwise.session.breathing import Breathing
from matwise.session.programme import LONGEST_S, USUAL_PACE_PER_MIN, Programme, Waypoint, at_pace

FILE = HERE / "breathing.yaml"


class _Point(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    at_s: float
    inhale_s: float
    exhale_s: float
    hold_s: float = 0.0
    rest_s: float = 0.0
    second_inhale_s: float = 0.0
    line: str | None = None


class _Programme(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    id: str
    instruction: str
    path: tuple[_Point, ...]
    sources: tuple[str, ...]
    reviewed_on: date
    ending: str | None = "own_pace"
    longest_s: float = LONGEST_S
    whole: bool = False
    never_standing: bool = False
    own_pace: bool = False


class _File(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    default: str
    programmes: tuple[_Programme, ...]


@dataclass(frozen=True, slots=True)
class Offered:
    """A programme as it is offered: whether its pace is the person's own, who says so, and when that was looked at."""

    programme: Programme
    own_pace: bool
    sources: tuple[str, ...]
    reviewed_on: date


@functools.cache
def breathing() -> Mapping[str, Offered]:
    """Every breathing programme by its id, the default one first.

    Raises:
        ContentError: the file can't be read, or a programme can't be meant.
    """
    return breathing_in(FILE)


def programme(id: str | None = None, pace_per_min: float | None = None) -> Programme:  # noqa: A002 - the field's word
    """A programme by its id, or the default one; `pace_per_min` for the one whose pace is the person's own.

    Raises:
        InvalidInputError: there is none of this id, or a pace that can't be, or where none can be chosen.
    """
    known = breathing()
    offered = known.get(id) if id is not None else next(iter(known.values()))
    if offered is None:
        raise InvalidInputError(Problem("breathing", repr(id), f"one of {', '.join(known)}"))
    if pace_per_min is not None and not offered.own_pace:
        own = ", ".join(name for name, one in known.items() if one.own_pace)
        raise InvalidInputError(
            Problem("pace", f"{pace_per_min:g} with {offered.programme.id}", f"a pace only with {own}")
        )
    if not offered.own_pace:
        return offered.programme
    return at_pace(offered.programme, USUAL_PACE_PER_MIN if pace_per_min is None else pace_per_min)


def breathing_in(path: Path) -> Mapping[str, Offered]:
    """The programmes of this file.

    Raises:
        ContentError: see `breathing`.
    """
    document = read(path, _File)
    problems = list(_problems(document))
    offered: dict[str, Offered] = {}
    for number, raw in enumerate(document.value.programmes):
        try:
            offered[raw.id] = Offered(_programme(raw), raw.own_pace, raw.sources, raw.reviewed_on)
        except InvalidInputError as error:
            at = f"$.programmes[{number}]"
            problems += [document.problem(at, f"{one.where}: {one.got}", one.want) for one in error.problems]
    if problems:
        raise ContentError(*problems)
    first = document.value.default
    return MappingProxyType({first: offered[first], **offered})


def _problems(document: Document[_File]) -> Iterator[Problem]:
    file, text = document.value, words("en")
    ids = [raw.id for raw in file.programmes]
    if file.default not in ids:
        yield document.problem("$.default", repr(file.default), f"one of {', '.join(ids)}")
    for number, raw in enumerate(file.programmes):
        at = f"$.programmes[{number}]"
        said = (raw.instruction, raw.ending, f"breathing_{raw.id}", *(point.line for point in raw.path))
        silent = [line for line in said if line is not None and line not in text]
        unknown = [one for one in raw.sources if not is_source(one)]
        if silent:
            yield document.problem(at, f"no words for {', '.join(silent)}", "a line of words/en/session.yaml")
        if unknown or not raw.sources:
            yield document.problem(f"{at}.sources", repr(unknown), 'ids of sources.yaml, or "doi:10.…"')
        if ids.count(raw.id) > 1:
            yield document.problem(f"{at}.id", repr(raw.id), "every id once")


def is_source(id: str) -> bool:  # noqa: A002 - the field's word
    """Whether this is an id of sources.yaml or a doi."""
    return id.startswith("doi:10.") or id in sources()


def _programme(raw: _Programme) -> Programme:
    path = tuple(
        Waypoint(
            point.at_s,
            Breathing(point.inhale_s, point.hold_s, point.exhale_s, point.rest_s, point.second_inhale_s),
            point.line,
        )
        for point in raw.path
    )
    return Programme(
        id=raw.id,
        instruction=raw.instruction,
        path=path,
        ending=raw.ending,
        longest_s=raw.longest_s,
        whole=raw.whole,
        never_standing=raw.never_standing,
    )
