"""What is known about mats, claim by claim, read from `claims.yaml`."""

from __future__ import annotations

import functools
from dataclasses import dataclass
from datetime import date
from enum import IntEnum, StrEnum
from pathlib import Path
from typing import Literal

import msgspec

from matwise.content.reader import HERE, ContentError, Document, read
from matwise.content.sources import cited
from matwise.errors import Problem
from matwise.screening.rule import Source
from matwise.sentence import Sentence

__all__ = ["Certainty", "Claim", "Direction", "Finding", "Kind", "Source", "claims", "claims_in", "known_limits"]

FILE = HERE / "claims.yaml"
NOTHING = Sentence.joined(())


class Kind(StrEnum):
    """Whose claim it is."""

    PROMISED = "promised"  # by makers, sellers and articles
    OURS = "ours"  # by Matwise itself


class Certainty(IntEnum):
    """How far the studies carry; a larger one carries further."""

    NONE = 0
    VERY_LOW = 1
    LOW = 2
    MODERATE = 3

    @property
    def word(self) -> str:
        """The word people read: none, very low, low or moderate."""
        return _WORDS[self]


_WORDS = {
    Certainty.NONE: Sentence("none"),
    Certainty.VERY_LOW: Sentence("very low"),
    Certainty.LOW: Sentence("low"),
    Certainty.MODERATE: Sentence("moderate"),
}


class Direction(StrEnum):
    """Which way a finding points."""

    FOR = "for"
    NO_DIFFERENCE = "no_difference"
    AGAINST = "against"
    UNCLEAR = "unclear"


@dataclass(frozen=True, slots=True)
class Finding:
    """One result of one study. `numbers` is empty where none could be read; `on_mats` is False where it is borrowed."""

    text: str
    numbers: str
    compared_with: str
    direction: Direction
    on_mats: bool
    source: Source


@dataclass(frozen=True, slots=True)
class Claim:
    """One claim with everything that speaks for and against it.

    `answer` is one plain sentence or two. `studied_on_mats` and `borrowed` keep apart what was seen on mats and what is
    only borrowed from something else. `sources` are all of the entry, without repetition, in the order of the text.
    """

    id: str
    kind: Kind
    title: str
    answer: str
    studied_on_mats: str
    borrowed: str
    findings: tuple[Finding, ...]
    certainty: Certainty
    why_certainty: str
    sources: tuple[Source, ...]
    reviewed_on: date


class _Finding(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    text: Sentence
    source: str
    direction: Direction
    compared_with: Sentence
    numbers: Sentence = NOTHING
    on_mats: bool = True


class _Claim(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    id: str
    kind: Kind
    title: Sentence
    answer: Sentence
    studied_on_mats: Sentence
    borrowed: Sentence
    certainty: Literal["none", "very_low", "low", "moderate"]
    why_certainty: Sentence
    reviewed_on: date
    findings: tuple[_Finding, ...] = ()
    sources: tuple[str, ...] = ()


class _File(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    known_limits: tuple[Sentence, ...]
    claims: tuple[_Claim, ...]


@functools.cache
def claims() -> tuple[Claim, ...]:
    """Every claim, those of others first.

    Raises:
        ContentError: the file can't be read, or an entry lacks its source or its sentence.
    """
    return claims_in(FILE)


@functools.cache
def known_limits() -> tuple[str, ...]:
    """What was not read or could not be found, so that nobody takes the page for more than it is."""
    return read(FILE, _File).value.known_limits


def claims_in(path: Path) -> tuple[Claim, ...]:
    """The claims of this file.

    Raises:
        ContentError: see `claims`.
    """
    document = read(path, _File)
    problems = [problem for n in range(len(document.value.claims)) for problem in _problems(document, n)]
    if problems:
        raise ContentError(*problems)
    return tuple(_claim(document, n) for n in range(len(document.value.claims)))


def _problems(document: Document[_File], n: int) -> list[Problem]:
    raw, at = document.value.claims[n], f"$.claims[{n}]"
    found = []
    if raw.id in {earlier.id for earlier in document.value.claims[:n]}:
        found.append(document.problem(f"{at}.id", repr(raw.id), "an id that no other claim has"))
    if not (raw.sources or raw.findings):
        found.append(document.problem(at, "no source", "at least one finding or source"))
    said = ("title", "answer", "studied_on_mats", "borrowed", "why_certainty")
    empty = [field for field in said if not getattr(raw, field).strip()]
    return found + [document.problem(f"{at}.{field}", "nothing", "a sentence") for field in empty]


def _claim(document: Document[_File], n: int) -> Claim:
    raw, at = document.value.claims[n], f"$.claims[{n}]"
    named = (*(finding.source for finding in raw.findings), *raw.sources)
    found = cited(document, at, named)
    return Claim(
        id=raw.id,
        kind=raw.kind,
        title=raw.title,
        answer=raw.answer,
        studied_on_mats=raw.studied_on_mats,
        borrowed=raw.borrowed,
        findings=tuple(_finding(one, source) for one, source in zip(raw.findings, found, strict=False)),
        certainty=Certainty[raw.certainty.upper()],
        why_certainty=raw.why_certainty,
        sources=tuple(dict.fromkeys(found)),
        reviewed_on=raw.reviewed_on,
    )


def _finding(raw: _Finding, source: Source) -> Finding:
    return Finding(raw.text, raw.numbers, raw.compared_with, raw.direction, raw.on_mats, source)
