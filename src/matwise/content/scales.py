"""The 0–10 ratings, read from `scales.yaml`."""

from __future__ import annotations

import functools
from datetime import date
from pathlib import Path

import msgspec

from matwise.content.reader import HERE, ContentError, Document, read
from matwise.content.sources import cited
from matwise.errors import InvalidInputError, Problem
from matwise.measures.rating import Better, Moment, Scale
from matwise.sentence import Sentence

FILE = HERE / "scales.yaml"
NAP = "nap"


class _Words(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    question: Sentence
    low: Sentence
    high: Sentence
    better: Better
    smallest_worthwhile_change: float
    why: str
    sources: tuple[str, ...]
    moments: tuple[Moment, ...]


class _Scale(_Words, frozen=True, kw_only=True, forbid_unknown_fields=True):
    id: str


class _File(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    reviewed_on: date
    scales: tuple[_Scale, ...]
    nap: _Words
    complaint: _Words


@functools.cache
def scales() -> tuple[Scale, ...]:
    """Every common scale, in the order it is asked.

    Raises:
        ContentError: the file can't be read, or a scale in it can't be meant.
    """
    return scales_in(FILE)


def complaint_scale(slot: int, words: str, version: int = 1) -> Scale:
    """The scale of a complaint in the person's own words; there are two slots, 1 and 2.

    Other words in a slot are another `version` and so another scale: what was rated before keeps the words it was
    rated under.

    Raises:
        InvalidInputError: the slot is not 1 or 2.
    """
    if slot not in (1, 2):
        raise InvalidInputError(Problem("complaint", str(slot), "1 or 2"))
    scale_id = f"complaint_{slot}" if version == 1 else f"complaint_{slot}_{version}"
    return _scale(scale_id, _complaint(), words)


@functools.cache
def nap_scale() -> Scale:
    """Naps as a trial can ask about them: tenths of the session that were slept. It is never asked as a rating.

    Raises:
        ContentError: see `scales`.
    """
    return _scale(NAP, read(FILE, _File).value.nap)


def scales_in(path: Path) -> tuple[Scale, ...]:
    """The common scales of this file.

    Raises:
        ContentError: see `scales`.
    """
    document = read(path, _File)
    problems = [problem for n in range(len(document.value.scales)) for problem in _problems(document, n)]
    if problems:
        raise ContentError(*problems)
    for n, raw in enumerate(document.value.scales):
        cited(document, f"$.scales[{n}].sources", raw.sources)
    cited(document, "$.nap.sources", document.value.nap.sources)
    cited(document, "$.complaint.sources", document.value.complaint.sources)
    return tuple(_scale(raw.id, raw) for raw in document.value.scales)


@functools.cache
def _complaint() -> _Words:
    return read(FILE, _File).value.complaint


def _problems(document: Document[_File], n: int) -> list[Problem]:
    raw, at = document.value.scales[n], f"$.scales[{n}]"
    found = []
    if raw.id in {earlier.id for earlier in document.value.scales[:n]} or raw.id.startswith(("complaint", NAP)):
        found.append(document.problem(f"{at}.id", repr(raw.id), "an id that no other scale has"))
    if not 0 < raw.smallest_worthwhile_change <= 5:
        got = str(raw.smallest_worthwhile_change)
        found.append(document.problem(f"{at}.smallest_worthwhile_change", got, "more than 0 and at most 5 points"))
    if not raw.moments:
        found.append(document.problem(f"{at}.moments", "none", "at least one of before, after, evening"))
    return found


def _scale(scale_id: str, raw: _Words, words: str = "") -> Scale:
    return Scale(
        id=scale_id,
        question=raw.question.format(words=words) if words else raw.question,
        low=raw.low,
        high=raw.high,
        better=raw.better,
        smallest_worthwhile_change=raw.smallest_worthwhile_change,
        moments=raw.moments,
        own_words=words,
    )
