"""The ladder and its routines, read from `ladder.yaml`."""

from __future__ import annotations

import functools
from datetime import date
from pathlib import Path
from typing import Literal

import msgspec

from matwise.content.reader import HERE, ContentError, Document, read
from matwise.content.sources import cited
from matwise.errors import InvalidInputError, Problem
from matwise.plan.ladder import Ladder
from matwise.plan.rung import Routine, Rung
from matwise.screening.limits import Base, Layer, Placement
from matwise.sentence import Sentence

FILE = HERE / "ladder.yaml"


class _Session(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    id: str
    title: Sentence
    how: Sentence
    placement: Placement
    layer: Literal["bare", "thin_shirt", "heavy_shirt", "towel"]
    base: Literal["floor", "carpet", "chair", "bed"]
    minutes: int
    support: bool = False


class _Rung(_Session, frozen=True, kw_only=True, forbid_unknown_fields=True):
    sessions_to_climb: int


class _Routine(_Session, frozen=True, kw_only=True, forbid_unknown_fields=True):
    when: Sentence
    caution: Sentence
    opens_after_rung: int


class _File(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    reviewed_on: date
    sources: tuple[str, ...]
    last_start: int
    rungs: tuple[_Rung, ...]
    routines: tuple[_Routine, ...]


@functools.cache
def ladder() -> Ladder:
    """The ladder with its routines.

    Raises:
        ContentError: the file can't be read, or its rungs and routines can't be meant.
    """
    return ladder_in(FILE)


def ladder_in(path: Path) -> Ladder:
    """The ladder of this file.

    Raises:
        ContentError: see `ladder`.
    """
    document = read(path, _File)
    file = document.value
    cited(document, "$.sources", file.sources)
    rungs = tuple(_rung(raw, n, raw.sessions_to_climb) for n, raw in enumerate(file.rungs))
    try:
        return Ladder(rungs, tuple(_routine(raw) for raw in file.routines), file.last_start)
    except InvalidInputError as error:
        raise ContentError(
            *(_placed(document, problem.where, problem.got, problem.want) for problem in error.problems)
        ) from None


def _placed(document: Document[_File], where: str, got: str, want: str) -> Problem:
    return document.problem(f"$.{where}", got, want)


def _rung(raw: _Session, number: int, sessions_to_climb: int) -> Rung:
    return Rung(
        number=number,
        id=raw.id,
        placement=raw.placement,
        layer=Layer[raw.layer.upper()],
        base=Base[raw.base.upper()],
        minutes=raw.minutes,
        sessions_to_climb=sessions_to_climb,
        title=raw.title,
        how=raw.how,
        support=raw.support,
    )


def _routine(raw: _Routine) -> Routine:
    # A routine is not climbed on: its rung carries the number it opens after, and asks for no number of sessions.
    rung = _rung(raw, raw.opens_after_rung, 1)
    return Routine(raw.id, raw.title, raw.when, raw.how, raw.caution, raw.opens_after_rung, rung)
