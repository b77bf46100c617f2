"""What a request asks for: its form, its JSON, its person's database and clock."""

from __future__ import annotations

import json as standard_json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any, TypeVar
from urllib.parse import parse_qs

import msgspec
from starlette.requests import Request

from matwise.errors import InvalidInputError, Problem
from matwise.settings import Settings
from matwise.web.access import BODY
from matwise.web.page import wished_of

if TYPE_CHECKING:
    from matwise.store.database import Database

T = TypeVar("T")
MOST_FIELDS = 1000  # the safety check, the longest form, has about 600


class MalformedError(InvalidInputError):
    """What was sent can't be read at all, whatever it was meant to say."""


@dataclass(frozen=True, slots=True)
class Form:
    """The fields of a form as they were typed."""

    fields: dict[str, list[str]]

    def one(self, name: str, default: str = "") -> str:
        """The last value of a field, so that a later choice wins over a default before it."""
        return (self.fields.get(name) or [default])[-1]

    def every(self, name: str) -> tuple[str, ...]:
        """All values of a field."""
        return tuple(self.fields.get(name, ()))


def database(request: Request) -> Database:
    """The database of the person who asks."""
    db: Database = request.app.state.db
    return db


def settings(request: Request) -> Settings:
    """Where things are kept."""
    known: Settings = request.app.state.settings
    return known


def spoken_settings(request: Request) -> Settings:
    """The same with the language in which a session of the one who asks is spoken."""
    from matwise.practice.voice import spoken_language  # the first page does not wait for it

    known = settings(request)
    return replace(known, language=spoken_language(known, wished_of(request)))


def now(request: Request) -> datetime:
    """This moment, in the zone of this machine."""
    moment: datetime = request.app.state.now()
    return moment


def form(request: Request) -> Form:
    """The form that was sent.

    Raises:
        MalformedError: it is not text in UTF-8, or holds a character that no keyboard makes.
    """
    try:
        fields = parse_qs(_text(request), keep_blank_values=True, errors="strict", max_num_fields=MOST_FIELDS)
    except UnicodeDecodeError:
        raise MalformedError(Problem("form", "a field that is not UTF-8", "text in UTF-8")) from None
    except ValueError:
        raise MalformedError(Problem("form", "too many fields", f"at most {MOST_FIELDS}")) from None
    if any("\x00" in value for values in fields.values() for value in values):
        raise MalformedError(Problem("form", "a NUL character", "text without it"))
    return Form(fields)


def json(request: Request, wanted: type[T]) -> T:
    """The JSON that was sent, as `wanted`; nothing is guessed or converted, and no field may be told twice.

    Raises:
        MalformedError: it is not JSON.
        InvalidInputError: says where it is not what is wanted.
    """
    text = _text(request)
    try:
        _refuse_twins(text)
        return msgspec.json.decode(text, type=wanted, strict=True)
    except msgspec.ValidationError as error:
        raise InvalidInputError(Problem("body", str(error), "JSON as the API describes it")) from None
    except (msgspec.DecodeError, ValueError) as error:
        raise MalformedError(Problem("body", str(error), "JSON")) from None
    except RecursionError:
        raise MalformedError(Problem("body", "JSON nested without end", "JSON")) from None


def _refuse_twins(text: str) -> None:
    """Two readers of a field that is told twice may each take another one, so there may be one only."""

    def without_twins(pairs: Sequence[tuple[str, object]]) -> None:
        names = [name for name, _ in pairs]
        if len(set(names)) < len(names):
            raise ValueError("a field is told twice")

    standard_json.loads(text, object_pairs_hook=without_twins)


def _text(request: Request) -> str:
    body: Any = request.scope.get(BODY, b"")
    try:
        text = str(body, "utf-8")
    except UnicodeDecodeError as error:
        raise MalformedError(Problem("body", f"byte {error.start} is not UTF-8", "text in UTF-8")) from None
    if "\x00" in text or "\\u0000" in text:
        raise MalformedError(Problem("body", "a NUL character", "text without it"))
    return text
