"""Everything that is kept of a person, table by table, as it stands."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection, select

from matwise.store.tables import VERSION, metadata

TABLES_VERSION = VERSION


@dataclass(frozen=True, slots=True)
class KeptTable:
    """One table: its name, its columns, its rows in the order they were told."""

    name: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str | int | float | None, ...], ...]


def everything(c: Connection, person: str) -> tuple[KeptTable, ...]:
    """Every table with the rows of this person, in alphabetical order."""
    kept = []
    for table in sorted(metadata.sorted_tables, key=lambda table: table.name):
        rows = c.execute(select(table).where(table.c.person == person).order_by(*table.primary_key.columns))
        kept.append(KeptTable(table.name, tuple(table.c.keys()), tuple(tuple(row) for row in rows)))
    return tuple(kept)
