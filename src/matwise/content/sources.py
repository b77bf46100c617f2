"""Who says so, read from `sources.yaml`; every other file names a source by its id."""

from __future__ import annotations

import functools
from collections.abc import Iterable, Mapping
from datetime import date
from types import MappingProxyType
from typing import TypeVar

import msgspec

from matwise.content.reader import HERE, ContentError, Document, read
from matwise.screening.rule import Source
from matwise.sentence import Sentence

FILE = HERE / "sources.yaml"
NOT_KEPT = Sentence("{place} (page not kept)")
T = TypeVar("T")


class _Source(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    title: Sentence
    address: str
    read_on: date


@functools.cache
def sources() -> Mapping[str, Source]:
    """Every source by its id.

    Raises:
        ContentError: the file can't be read, or a source lacks its title, address or date.
    """
    document = read(FILE, dict[str, _Source])
    empty = [key for key, one in document.value.items() if not (one.title.strip() and one.address.strip())]
    if empty:
        raise ContentError(*(document.problem(f"$.{key}", "an empty title or address", "both") for key in empty))
    known = {key: Source(one.title, _address(one.address), one.read_on) for key, one in document.value.items()}
    return MappingProxyType(known)


def _address(told: str) -> str:
    place = told.removesuffix(NOT_KEPT.format(place=""))
    return told if place == told else NOT_KEPT.format(place=place)


def cited(document: Document[T], at: str, ids: Iterable[str]) -> tuple[Source, ...]:
    """The sources that a place of a content file names.

    Raises:
        ContentError: one of them is not known.
    """
    ids = tuple(ids)
    missing = [one for one in ids if one not in sources()]
    if missing:
        raise ContentError(*(document.problem(at, repr(one), "an id of sources.yaml") for one in missing))
    return tuple(sources()[one] for one in ids)
