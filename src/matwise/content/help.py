"""Who to talk to when answers worry, read from `help.yaml`."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType

import msgspec

from matwise.content.reader import HERE, read
from matwise.content.sources import cited
from matwise.measures.questionnaire import Help
from matwise.screening.rule import Source
from matwise.sentence import Sentence

FILE = HERE / "help.yaml"


class _Words(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    title: Sentence
    why: Sentence
    say: Sentence


class _Line(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    where: Sentence
    name: str
    number: str
    source: str


class _File(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    reviewed_on: date
    mind: _Words
    body: _Words
    emergency: Sentence
    lines: tuple[_Line, ...]
    elsewhere: Sentence


@dataclass(frozen=True, slots=True)
class Line:
    """Somebody who can be called at any hour."""

    where: Sentence
    name: str
    number: str
    source: Source


@dataclass(frozen=True, slots=True)
class Card:
    """What is said before anything else when answers worry. `lines` is empty where symptoms of the body worry."""

    title: Sentence
    why: Sentence
    say: Sentence
    emergency: Sentence
    lines: tuple[Line, ...]
    elsewhere: Sentence
    reviewed_on: date


@functools.cache
def cards() -> Mapping[Help, Card]:
    """The card for each kind of worry.

    Raises:
        ContentError: the file can't be read.
    """
    document = read(FILE, _File)
    file = document.value
    lines = tuple(
        Line(one.where, one.name, one.number, *cited(document, f"$.lines[{n}].source", [one.source]))
        for n, one in enumerate(file.lines)
    )
    said = {Help.MIND: (file.mind, lines), Help.BODY: (file.body, ())}
    return MappingProxyType(
        {
            kind: Card(words.title, words.why, words.say, file.emergency, called, file.elsewhere, file.reviewed_on)
            for kind, (words, called) in said.items()
        }
    )
