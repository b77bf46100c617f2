"""The sentences of a session in one language: which is spoken, for which arm and placements, and who says so."""

from __future__ import annotations

import functools
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from types import MappingProxyType
from typing import Any, Literal

import msgspec

from matwise.content.reader import HERE, ContentError, Document, read
from matwise.errors import Problem
from matwise.screening.limits import Placement

ARMS = ("mat", "rest", "breath")  # lying on the mat, on a towel, or just lying there
LONGEST_CHARACTERS = 240  # about 15 s of speech: longer than that nobody follows with closed eyes
MARKS = ".?!"


class Line(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One spoken sentence or a few of them, said in one breath.

    `source`: an id of sources.yaml, a doi, or "own" where nothing is said that needs one.
    """

    id: str
    text: str
    arm: Literal["mat", "rest", "breath", "any"]
    placements: tuple[Placement, ...] | Literal["all"]
    source: str
    reviewed_on: date


class _File(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    lines: tuple[Line, ...]
    written: Mapping[str, str]


@functools.cache
def words(language: str = "en") -> Mapping[str, str]:
    """Text by id: every spoken line, and what is written only (captions of the sounds, titles).

    Raises:
        ContentError: the file can't be used; names file, line and what would be right.
    """
    file = _file(_path(language))
    return MappingProxyType({**{line.id: line.text for line in file.lines}, **file.written})


@functools.cache
def lines(language: str = "en") -> tuple[Line, ...]:
    """Every spoken line, in the order of a session.

    Raises:
        ContentError: see `words`.
    """
    return _file(_path(language)).lines


def _path(language: str) -> Path:
    path = HERE / "words" / language / "session.yaml"
    if not path.is_file():
        spoken = ", ".join(sorted(found.parent.name for found in (HERE / "words").glob("*/session.yaml")))
        raise ContentError(Problem("language", repr(language), f"one of {spoken}"))
    return path


def _file(path: Path) -> _File:
    document = read(path, _File)
    problems = [*_wrong_lines(document), *_lonely_lines(document)]
    if problems:
        raise ContentError(*problems)
    return document.value


def _wrong_lines(document: Document[_File]) -> Iterator[Problem]:
    known_sources = set(read(HERE / "sources.yaml", dict[str, Any]).value)
    seen = set(document.value.written)
    for number, line in enumerate(document.value.lines):
        at = f"$.lines[{number}]"
        if not line.id.isascii() or not line.id.isidentifier() or line.id in seen:
            yield document.problem(f"{at}.id", repr(line.id), "small letters, digits and _, every id once")
        seen.add(line.id)
        if not line.text.endswith(tuple(MARKS)) or len(line.text) > LONGEST_CHARACTERS:
            want = f"whole sentences, at most {LONGEST_CHARACTERS} characters"
            yield document.problem(f"{at}.text", f"{line.text!r} ({len(line.text)} characters)", want)
        if not line.placements:
            yield document.problem(f"{at}.placements", "none", '"all" or the placements')
        if line.source != "own" and not line.source.startswith("doi:10.") and line.source not in known_sources:
            yield document.problem(f"{at}.source", repr(line.source), 'an id of sources.yaml, "doi:10.…" or "own"')


def _lonely_lines(document: Document[_File]) -> Iterator[Problem]:
    """A line that names the mat needs one for each other arm, or the sessions would not be the same."""
    ids = {line.id for line in document.value.lines}
    for number, line in enumerate(document.value.lines):
        stem, _, end = line.id.rpartition("_")
        named = end if end in ARMS else "any"
        if named != line.arm:
            yield document.problem(f"$.lines[{number}].arm", repr(line.arm), f"{named!r}, as the id says")
        if named == "any" or (named == "breath" and stem in ids):
            continue  # said in every arm, or in its own words where there is neither mat nor towel
        lonely = [f"{stem}_{arm}" for arm in ARMS if f"{stem}_{arm}" not in ids]
        if lonely:
            want = "a twin for every line that names the mat"
            yield document.problem(f"$.lines[{number}].id", f"no {', '.join(lonely)}", want)
