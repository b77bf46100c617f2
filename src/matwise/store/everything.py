"""Everything that is kept of a person, table by table, as it stands."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import chain
from typing import Any

from sqlalchemy import Connection, Row, select

from matwise.store.tables import VERSION, metadata, recordings

TABLES_VERSION = VERSION

Cells = tuple[str | int | float | None, ...]


@dataclass(frozen=True, slots=True)
class KeptTable:
    """One table: its name, its columns, its rows in the order they were told."""

    name: str
    columns: tuple[str, ...]
    rows: tuple[Cells, ...]


def everything(c: Connection, person: str) -> tuple[KeptTable, ...]:
    """Every table with the rows of this person, in alphabetical order."""
    return tuple(KeptTable(name, columns, tuple(rows)) for name, columns, rows in row_by_row(c, person))


def row_by_row(c: Connection, person: str) -> Iterator[tuple[str, tuple[str, ...], Iterator[Cells]]]:
    """The same, each table as its name, its columns and its rows one after the other: years of a watch are millions."""
    for table in sorted(metadata.sorted_tables, key=lambda table: table.name):
        rows = c.execute(select(table).where(table.c.person == person).order_by(*table.primary_key.columns))
        columns, unpack = READABLE.get(table.name, (tuple(table.c.keys()), _as_it_is))
        yield table.name, columns, chain.from_iterable(map(unpack, rows))


def _as_it_is(row: Row[Any]) -> Iterator[Cells]:
    yield tuple(row)


def _each_reading(row: Row[Any]) -> Iterator[Cells]:
    import numpy as np

    from matwise.store.readings import unpacked

    rows = unpacked(row.packed)
    # As `instant_columns` writes them, a day at once.
    at_utc = (f"{one}Z" for one in np.datetime_as_string(rows.at_ms.astype("M8[ms]"), unit="us").tolist())
    each = zip(at_utc, rows.offset_min.tolist(), rows.values.tolist(), rows.doubtful.tolist(), strict=True)
    for at, offset_min, value, doubtful in each:
        yield row.person, row.import_id, row.measure, row.source, at, offset_min, value, int(doubtful)


def _recording(row: Row[Any]) -> Iterator[Cells]:
    from matwise.store.recordings import rr_of

    cells = row._asdict()
    cells["rr_ms"] = " ".join(f"{one:g}" for one in rr_of(cells.pop("packed")))
    yield tuple(cells[name] for name in _RECORDING)


_READING = ("person", "import_id", "measure", "source", "at_utc", "at_offset_min", "value", "doubtful")
_RECORDING = tuple("rr_ms" if name == "packed" else name for name in recordings.c.keys())  # noqa: SIM118 – not a dict
# Tables that are packed, and how to say them in rows that anybody can read.
READABLE: Mapping[str, tuple[tuple[str, ...], Callable[[Row[Any]], Iterator[Cells]]]] = {
    "readings": (_READING, _each_reading),
    "recordings": (_RECORDING, _recording),
}
