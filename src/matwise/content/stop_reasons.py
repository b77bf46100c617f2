"""Why a person stops a session, and what to do then."""

from __future__ import annotations

import functools
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import msgspec

from matwise.content.reader import HERE, ContentError, Document, read
from matwise.content.sources import cited
from matwise.errors import Problem
from matwise.screening.reaction import reaction_to_stop
from matwise.screening.rule import Source
from matwise.sentence import Sentence


@dataclass(frozen=True, slots=True)
class StopReason:
    """One reason in the person's words.

    `warning`: a bad reaction, so the safety check has a say before the next session. `sources` are empty only where
    the advice says nothing about health.
    """

    id: str
    text: str
    warning: bool
    advice: str
    sources: tuple[Source, ...]
    reviewed_on: date


class _Reason(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    id: str
    text: Sentence
    warning: bool
    advice: Sentence
    sources: tuple[str, ...]
    reviewed_on: date


@functools.cache
def stop_reasons() -> tuple[StopReason, ...]:
    """Every reason on offer, in the order it is shown.

    Raises:
        ContentError: the file can't be used; names file, line and what would be right.
    """
    return stop_reasons_in(HERE / "words" / "en" / "stop_reasons.yaml")


def stop_reasons_in(path: Path) -> tuple[StopReason, ...]:
    """The reasons of this file.

    Raises:
        ContentError: see `stop_reasons`.
    """
    document = read(path, tuple[_Reason, ...])
    problems = [problem for n in range(len(document.value)) for problem in _problems(document, n)]
    if problems:
        raise ContentError(*problems)
    return tuple(_reason(document, n) for n in range(len(document.value)))


def _problems(document: Document[tuple[_Reason, ...]], n: int) -> list[Problem]:
    raw, at = document.value[n], f"$[{n}]"
    found = []
    if raw.id in {earlier.id for earlier in document.value[:n]}:
        found.append(document.problem(f"{at}.id", repr(raw.id), "an id that no other reason has"))
    is_reaction = reaction_to_stop(raw.id) is not None
    if raw.warning is not is_reaction:
        want = f"{str(is_reaction).lower()}, as screening/reaction.py has it"
        found.append(document.problem(f"{at}.warning", str(raw.warning).lower(), want))
    if raw.warning and not raw.sources:
        found.append(document.problem(f"{at}.sources", "none", "at least one for a warning sign"))
    return found


def _reason(document: Document[tuple[_Reason, ...]], n: int) -> StopReason:
    raw = document.value[n]
    named = cited(document, f"$[{n}].sources", raw.sources)
    return StopReason(raw.id, raw.text, raw.warning, raw.advice, named, raw.reviewed_on)
