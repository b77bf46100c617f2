"""The questionnaires, read from `questionnaires/`: one file each."""

from __future__ import annotations

import functools
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from types import MappingProxyType
from typing import Literal

import msgspec

from matwise.content.reader import HERE, ContentError, Document, read
from matwise.content.sources import cited
from matwise.errors import Problem
from matwise.measures.questionnaire import (
    Help,
    Instrument,
    Item,
    Kind,
    Part,
    Scoring,
    ScreeningPoint,
    Size,
    Step,
    Worrying,
)
from matwise.measures.rating import Better
from matwise.screening.rule import Source
from matwise.sentence import Sentence

FOLDER = HERE / "questionnaires"
Origin = Literal["own", "validated", "score_only"]
ORDER: tuple[Origin, ...] = ("own", "validated", "score_only")


class _Item(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    id: str
    text: str
    kind: Kind | None = None
    low: str = ""
    high: str = ""
    may_not_apply: bool = False


class _Part(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    id: str
    name: Sentence
    items: tuple[str, ...]
    range: tuple[float, float]


class _Point(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    at: float
    means: Sentence
    part: str | None = None
    help: Help | None = None


class _Worrying(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    item: str
    at: int
    help: Help


class _Step(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    size: Size
    points: float
    percent: float


class _File(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    id: str
    name: str
    kind: Origin
    about: Sentence
    asks: str
    items: tuple[_Item, ...]
    items_from: Literal["complaints"] | None = None
    options: tuple[str, ...] = ()
    scoring: Scoring
    range: tuple[float, float]
    unit: str = ""
    decimals: int = 0
    better: Better
    parts: tuple[_Part, ...] = ()
    missing: Sentence
    screening_points: tuple[_Point, ...] = ()
    worrying: tuple[_Worrying, ...] = ()
    change: tuple[_Step, ...]
    change_because: Sentence
    licence: Sentence
    translations: tuple[str, ...]
    citation: str
    sources: tuple[str, ...]
    loinc: dict[Literal["panel", "total"], str]
    reviewed_on: date


@dataclass(frozen=True, slots=True)
class Questionnaire:
    """A questionnaire with what is known about it.

    `asks` stands above its questions; `translations` are the languages with an official wording (of its own forms:
    none, since they are ours to translate); `loinc` may hold the codes "panel" and "total".
    """

    instrument: Instrument
    origin: Origin
    about: Sentence
    asks: str
    of_complaints: bool
    missing: Sentence
    change_because: Sentence
    licence: Sentence
    translations: tuple[str, ...]
    citation: str
    sources: tuple[Source, ...]
    loinc: Mapping[str, str]
    reviewed_on: date

    def in_original(self, language: str) -> bool:
        """Whether its wording stands in English on a page of this language, since it has no official translation."""
        return self.origin == "validated" and language != "en" and language not in self.translations


@functools.cache
def questionnaires() -> Mapping[str, Questionnaire]:
    """Every questionnaire by its id: our own first, then the validated ones, then those of which only a score is kept.

    Raises:
        ContentError: a file can't be read, or a questionnaire in it can't be meant.
    """
    found = [questionnaire_in(path) for path in sorted(FOLDER.glob("*.yaml"))]
    found.sort(key=lambda one: ORDER.index(one.origin))
    return MappingProxyType({one.instrument.id: one for one in found})


def questionnaire_in(path: Path) -> Questionnaire:
    """The questionnaire of one file.

    Raises:
        ContentError: see `questionnaires`.
    """
    document = read(path, _File)
    problems = _problems(document, path.stem)
    if problems:
        raise ContentError(*problems)
    file = document.value
    return Questionnaire(
        instrument=_instrument(file),
        origin=file.kind,
        about=file.about,
        asks=_wording(file, file.asks),
        of_complaints=file.items_from == "complaints",
        missing=file.missing,
        change_because=file.change_because,
        licence=file.licence,
        translations=file.translations,
        citation=file.citation,
        sources=cited(document, "$.sources", file.sources),
        loinc=MappingProxyType({str(of): code for of, code in file.loinc.items()}),
        reviewed_on=file.reviewed_on,
    )


def _instrument(file: _File) -> Instrument:
    usual = Kind.CHOICE if file.options else Kind.TICK if file.scoring is Scoring.TICKS else Kind.POINTS
    return Instrument(
        id=file.id,
        name=Sentence(file.name) if file.kind == "own" else file.name,
        scoring=file.scoring,
        low=file.range[0],
        high=file.range[1],
        better=file.better,
        items=tuple(
            Item(
                one.id,
                _wording(file, one.text),
                one.kind or usual,
                _wording(file, one.low),
                _wording(file, one.high),
                one.may_not_apply,
            )
            for one in file.items
        ),
        options=tuple(_wording(file, one) for one in file.options),
        parts=tuple(Part(one.id, one.name, one.items, *one.range) for one in file.parts),
        points=tuple(ScreeningPoint(one.at, one.means, one.part, one.help) for one in file.screening_points),
        worrying=tuple(Worrying(one.item, one.at, one.help) for one in file.worrying),
        steps=tuple(Step(one.size, one.points, one.percent) for one in file.change),
        decimals=file.decimals,
        unit=file.unit,
    )


def _wording(file: _File, text: str) -> str:
    """A validated wording without an official translation stays a plain `str`, so that nobody translates it."""
    return Sentence(text) if file.kind == "own" or file.translations else text


def _problems(document: Document[_File], stem: str) -> list[Problem]:
    file, found = document.value, []
    ids = [one.id for one in file.items]
    if file.id != stem:
        found.append(document.problem("$.id", repr(file.id), f"the name of its file, {stem!r}"))
    found += [
        document.problem("$.items", f"{one!r} a second time", "an id of its own for each question")
        for one, times in Counter(ids).items()
        if times > 1
    ]
    if bool(ids or file.items_from) == (file.scoring is Scoring.TOLD):
        found.append(document.problem("$.items", f"{len(ids)} questions", "questions, or only a told score"))
    if (file.kind == "score_only") != (file.scoring is Scoring.TOLD):
        found.append(document.problem("$.kind", file.kind, "score_only where the score is told, and only there"))
    if file.range[0] >= file.range[1] or (ids and _range(file) not in (None, file.range)):
        found.append(document.problem("$.range", str(list(file.range)), f"what the answers can give: {_range(file)}"))
    asked_for = [(f"$.parts[{n}]", name) for n, one in enumerate(file.parts) for name in one.items]
    asked_for += [(f"$.worrying[{n}]", one.item) for n, one in enumerate(file.worrying)]
    found += [document.problem(at, repr(name), "one of its questions") for at, name in asked_for if name not in ids]
    if [one.points for one in file.change] != sorted(one.points for one in file.change):
        found.append(document.problem("$.change", "steps out of order", "the smallest first"))
    return found


def _range(file: _File) -> tuple[float, float] | None:
    """What the answers can give; None where they say nothing of it."""
    most = len(file.options) - 1 if file.options else 10
    if file.scoring is Scoring.SUM:
        return 0.0, float(len(file.items) * most)
    if file.scoring is Scoring.TICKS:
        return 0.0, float(len(file.items))
    return None if file.scoring in (Scoring.NIGHT, Scoring.TOLD) else (0.0, float(most))
