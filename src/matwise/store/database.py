"""The database of one person on one machine: opened with care, read by many threads, written by one."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Self, TypeVar

from sqlalchemy import Connection as Connection  # noqa: PLC0414 – what a job is handed
from sqlalchemy.exc import DBAPIError

from matwise.store import migrate
from matwise.store.backup import BACKUPS, backup
from matwise.store.connection import PATIENCE_S, check_sqlite, reading_engine, writing
from matwise.store.failure import StorageClosedError, failure_of, told_plainly
from matwise.store.file_check import check_sound, tables_version
from matwise.store.writer import Writer

T = TypeVar("T")


class Database:
    """Reads and writes the file that `open_database` let through."""

    def __init__(self, path: Path, patience_s: float = PATIENCE_S) -> None:
        self.path = path
        self._readers = reading_engine(path)
        self._writer = Writer(path, patience_s)
        self._closed = False

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """A connection that sees one moment of the database; every thread gets its own.

        Raises:
            StorageError: the file can't be read.
        """
        if self._closed:
            raise StorageClosedError
        try:
            with self._readers.connect() as c:
                yield c
        except DBAPIError as problem:
            failure = failure_of(problem, self.path.parent)
            if failure is None:
                raise
            raise failure from problem

    def write(self, job: Callable[[Connection], T]) -> T:
        """What the job gives, once it is on the disk; a job is done in full or not at all.

        Raises:
            StorageError: it could not be kept.
            Exception: whatever the job raised.
        """
        return self._writer.write(job)

    def close(self) -> None:
        """Write what waits, then close the file. Closing again does nothing."""
        if self._closed:
            return
        self._closed = True
        # Readers first: the last connection to close moves the log into the file, and only the writer may.
        self._readers.dispose()
        self._writer.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def open_database(
    path: Path, now: datetime, *, migrations: Path = migrate.MIGRATIONS, patience_s: float = PATIENCE_S
) -> Database:
    """The database in `path`: made where there is none, brought up to date (after a backup) where it is older.

    Raises:
        SqliteTooOldError: the built-in SQLite is one that can corrupt databases.
        NotOurFileError, SchemaTooNewError, DamagedFileError: the file can't be used; it was not touched.
        StorageError: the disk refused.
    """
    check_sqlite()
    known = migrate.newest(migrations)
    with told_plainly(path.parent):
        version = tables_version(path, known)
        if version == 0:
            migrate.create(path)
            version = tables_version(path, known)
        if version < known:
            backup(path, path.parent / BACKUPS, now, why=f"before-migration-{version:04}")
            migrate.upgrade(path, migrations)
        with closing(writing(path, patience_s)) as connection:
            check_sound(connection)
    return Database(path, patience_s)
