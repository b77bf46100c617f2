"""What every maker's reader offers, and what it may find."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, tzinfo
from typing import TYPE_CHECKING, Protocol

from matwise.errors import InvalidInputError
from matwise.measures.reading import Readings, Recording, Rejected

if TYPE_CHECKING:
    from matwise.exchange.wearables.opened import Opened


class ImportRejectedError(InvalidInputError):
    """A file that can't be imported at all; the only error that a reader raises."""


@dataclass(frozen=True, slots=True)
class Told:
    """What a file can't say and the person does.

    Attributes:
        zone: of times that are written without one.
        at: when a recording without a date began.
        columns: for tables that nobody knows: what stands in which column, see `any_table`.
        from_position: how many bytes (uncompressed) were imported before; the reader may begin there.
    """

    zone: tzinfo = UTC
    at: datetime | None = None
    columns: Mapping[str, str] = field(default_factory=dict)
    from_position: int = 0


@dataclass(frozen=True, slots=True)
class Position:
    """How far a reader has come: everything before `done` bytes (uncompressed) has been told, and `total` are there."""

    done: int
    total: int


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table that nobody knows: its name, what stands in its first rows, and what it may hold.

    `guess` is "at" for moments, the id of a measure, or empty; it is what `Told.columns` maps to the name of the column
    once a person has said so.
    """

    name: str
    examples: tuple[str, ...]
    guess: str = ""


Found = Readings | Recording | Rejected | Position


class Maker(Protocol):
    """A module of this room."""

    ID: str
    NAME: str

    def recognises(self, opened: Opened) -> bool:
        """Whether this is a file of this maker, by what is in it rather than by its name; never raises."""

    def read(self, opened: Opened, told: Told) -> Iterator[Found]:
        """Everything that can be imported.

        Raises:
            ImportRejectedError: the file as a whole can't be read.
        """


class TableMaker(Maker, Protocol):
    """One that has to be told what stands in which column."""

    def columns_of(self, opened: Opened) -> tuple[Column, ...]:
        """The columns of the table in this file; none where it can't be read as one. Never raises."""
