from __future__ import annotations

from functools import partial

from matwise.store import ratings, tables
from matwise.store.database import Database
from matwise.store.everything import everything

from .kept import EVENING, LATER, ME, a_rating, read


def test_everything_is_every_table_in_alphabetical_order_even_where_it_is_empty(db: Database) -> None:
    kept = read(db, lambda c: everything(c, ME))

    assert [table.name for table in kept] == sorted(tables.metadata.tables)
    assert {table.rows for table in kept} == {()}


def test_rows_come_in_the_order_they_were_told_with_the_superseded_ones(db: Database) -> None:
    for rating in (a_rating("z"), a_rating("a", 7, at=LATER)):
        db.write(partial(ratings.keep, person=ME, rating=rating))
    (table,) = (table for table in read(db, lambda c: everything(c, ME)) if table.name == "ratings")
    rows = [dict(zip(table.columns, row, strict=True)) for row in table.rows]

    assert [(row["client_id"], row["superseded_by"]) for row in rows] == [("z", "a"), ("a", None)]
    assert (rows[0]["at_utc"], rows[0]["at_offset_min"]) == ("2026-03-02T20:30:00.000000Z", 60)
    assert EVENING.date().isoformat() == rows[0]["day"]
