"""Erase everything of a person, so that no trace stays in the file or its log."""

from __future__ import annotations

from contextlib import closing

from sqlalchemy import Connection, delete

from matwise.store.connection import PATIENCE_S, writing
from matwise.store.database import Database
from matwise.store.failure import StorageBusyError, told_plainly
from matwise.store.tables import metadata


def erase(db: Database, person: str) -> int:
    """Erase every row of a person and rewrite the file without them; gives how many rows there were.

    Raises:
        StorageBusyError: the rows are gone, but another program is reading, so traces stay until this is done again.
        StorageError: the disk refused.
    """
    rows = db.write(lambda c: _delete_all(c, person))
    # Deleted rows leave copies of themselves in the pages that lead to others, and the log keeps old pages.
    with told_plainly(db.path.parent), closing(writing(db.path, PATIENCE_S)) as connection:
        connection.execute("VACUUM")
        busy, _, _ = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    if busy:
        raise StorageBusyError(
            "Your entries are erased, but another window of Matwise is reading, so traces of them are still on the "
            "disk. Close it and erase once more."
        )
    return rows


def _delete_all(c: Connection, person: str) -> int:
    # Children first, so that no row ever points to one that is gone.
    return sum(
        c.execute(delete(table).where(table.c.person == person)).rowcount for table in reversed(metadata.sorted_tables)
    )
