"""What a request asks for: its form, its JSON, its person's database and clock."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, TypeVar
from urllib.parse import parse_qs

import msgspec
from starlette.requests import Request

from matwise.errors import InvalidInputError, Problem
from matwise.settings import Settings
from matwise.web.access import BODY

if TYPE_CHECKING:
    from matwise.store.database import Database

T = TypeVar("T")


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


def now(request: Request) -> datetime:
    """This moment, in the zone of this machine."""
    moment: datetime = request.app.state.now()
    return moment


def form(request: Request) -> Form:
    """The form that was sent.

    Raises:
        InvalidInputError: it is not text in UTF-8, or holds a character that no keyboard makes.
    """
    return Form(parse_qs(_text(request), keep_blank_values=True))


def json(request: Request, wanted: type[T]) -> T:
    """The JSON that was sent, as `wanted`; nothing is guessed or converted.

    Raises:
        InvalidInputError: says where it is not what is wanted.
    """
    try:
        return msgspec.json.decode(_text(request), type=wanted, strict=True)
    except msgspec.DecodeError as error:
        raise InvalidInputError(Problem("body", str(error), "JSON as the API describes it")) from None
    except RecursionError:
        raise InvalidInputError(Problem("body", "JSON nested without end", "JSON as the API describes it")) from None


def _text(request: Request) -> str:
    body: Any = request.scope.get(BODY, b"")
    try:
        text = str(body, "utf-8")
    except UnicodeDecodeError as error:
        raise InvalidInputError(Problem("body", f"byte {error.start} is not UTF-8", "text in UTF-8")) from None
    if "\x00" in text or "%00" in text or "\\u0000" in text:
        raise InvalidInputError(Problem("body", "a NUL character", "text without it"))
    return text
