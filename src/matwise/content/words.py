"""The sentences of a session in one language: which is spoken, for which arm and placements, and who says so."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
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
WHOLE_SENTENCES = f"whole sentences, at most {LONGEST_CHARACTERS} characters"
ORIGINAL = "en"  # the language the sentences are written in first; sources, arms and placements stand there
RUNG = "rung_"  # titles of the ladder, which has its own in the original

_PLACEHOLDER = re.compile(r"\{\w*\}")


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
    name: str
    review: str
    lines: tuple[Line, ...]
    written: Mapping[str, str]


class _Translation(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The same sentences in another language; whose and where they are said stands with the original alone."""

    name: str
    review: str
    reviewed_on: date
    lines: Mapping[str, str]
    written: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Language:
    """A language sessions are spoken in: its code, its own name, who has looked at its sentences (in that language)."""

    code: str
    name: str
    review: str


@functools.cache
def words(language: str = "en") -> Mapping[str, str]:
    """Text by id: every spoken line, and what is written only (captions of the sounds, titles).

    Raises:
        ContentError: the file can't be used; names file, line and what would be right.
    """
    file = _read(language)
    return MappingProxyType({**{line.id: line.text for line in file.lines}, **file.written})


@functools.cache
def lines(language: str = "en") -> tuple[Line, ...]:
    """Every spoken line, in the order of a session.

    Raises:
        ContentError: see `words`.
    """
    return _read(language).lines


@functools.cache
def languages() -> tuple[Language, ...]:
    """Every language the sentences are written in, the original first.

    Raises:
        ContentError: see `words`.
    """
    return tuple(language(code) for code in sorted(_codes(), key=lambda code: (code != ORIGINAL, code)))


def language(code: str) -> Language:
    """A language by its code.

    Raises:
        ContentError: see `words`.
    """
    file = _read(code)
    return Language(code, file.name, file.review)


def _codes() -> list[str]:
    return sorted(found.parent.name for found in (HERE / "words").glob("*/session.yaml"))


@functools.cache
def _read(language: str) -> _File:
    if language not in _codes():  # also keeps whatever else somebody types from becoming part of a path
        raise ContentError(Problem("language", repr(language), f"one of {', '.join(_codes())}"))
    path = HERE / "words" / language / "session.yaml"
    return _file(path) if language == ORIGINAL else _translated(path, _read(ORIGINAL))


def _file(path: Path) -> _File:
    document = read(path, _File)
    problems = [*_wrong_lines(document), *_lonely_lines(document)]
    if problems:
        raise ContentError(*problems)
    return document.value


def _translated(path: Path, original: _File) -> _File:
    document = read(path, _Translation)
    problems = list(_wrong_translation(document, original))
    if problems:
        raise ContentError(*problems)
    told = document.value
    said = tuple(
        msgspec.structs.replace(line, text=told.lines[line.id], reviewed_on=told.reviewed_on) for line in original.lines
    )
    return _File(told.name, told.review, said, told.written)


def _wrong_translation(document: Document[_Translation], original: _File) -> Iterator[Problem]:
    """What a translation lacks or has too much of, and sentences that can't be said."""
    told, first = document.value, {line.id: line.text for line in original.lines}
    for section, got, want in (("lines", told.lines, first), ("written", told.written, original.written)):
        missing = [line for line in want if line not in got]
        strange = [line for line in got if line not in want and not line.startswith(RUNG)]
        if missing:
            yield document.problem(f"$.{section}", f"no {', '.join(missing)}", f"every id of words/{ORIGINAL}")
        for line in strange:
            yield document.problem(f"$.{section}.{line}", repr(line), f"an id of words/{ORIGINAL}/session.yaml")
        for line in sorted(got.keys() & want.keys()):
            if sorted(_PLACEHOLDER.findall(got[line])) != sorted(_PLACEHOLDER.findall(want[line])):
                fits = " ".join(_PLACEHOLDER.findall(want[line])) or "none"
                yield document.problem(f"$.{section}.{line}", repr(got[line]), f"the same placeholders: {fits}")
    for line, text in told.lines.items():
        if not _is_sayable(text):
            yield document.problem(f"$.lines.{line}", f"{text!r} ({len(text)} characters)", WHOLE_SENTENCES)


def _is_sayable(text: str) -> bool:
    return text.endswith(tuple(MARKS)) and len(text) <= LONGEST_CHARACTERS


def _wrong_lines(document: Document[_File]) -> Iterator[Problem]:
    known_sources = set(read(HERE / "sources.yaml", dict[str, Any]).value)
    seen = set(document.value.written)
    for number, line in enumerate(document.value.lines):
        at = f"$.lines[{number}]"
        if not line.id.isascii() or not line.id.isidentifier() or line.id in seen:
            yield document.problem(f"{at}.id", repr(line.id), "small letters, digits and _, every id once")
        seen.add(line.id)
        if not _is_sayable(line.text):
            yield document.problem(f"{at}.text", f"{line.text!r} ({len(line.text)} characters)", WHOLE_SENTENCES)
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
