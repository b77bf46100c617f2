"""How the database file is reached: which SQLite, with which settings, for writing or only for reading."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from sqlalchemy import Engine, create_engine, event
from sqlalchemy.pool import NullPool, QueuePool
from sqlcipher3 import dbapi2

from matwise.store.failure import SqliteTooOldError

# Every SQLite from 3.7.0 to 3.51.2 can corrupt a database in WAL mode once two connections write or checkpoint.
OLDEST_SQLITE = (3, 51, 3)
PATIENCE_S = 5.0  # for another program that is writing; a batch of ours takes milliseconds
READERS_KEPT = 4

Raw = Any  # a connection of the driver; sqlcipher3 ships no types

_SETTINGS = (
    "foreign_keys = ON",
    "trusted_schema = OFF",  # a file from elsewhere can't make its views and triggers run functions
    "cell_size_check = ON",
)
_WRITER_SETTINGS = (
    "journal_mode = WAL",
    "synchronous = FULL",  # NORMAL loses acknowledged rows when the power goes
    "secure_delete = ON",
    # macOS: fsync alone leaves the data in the cache of the drive. Without effect elsewhere.
    "fullfsync = ON",
    "checkpoint_fullfsync = ON",
)


def check_sqlite(found: tuple[int, ...] | None = None) -> None:
    """Let the built-in SQLite pass.

    Raises:
        SqliteTooOldError: it is one that can corrupt databases.
    """
    found = dbapi2.sqlite_version_info if found is None else found
    if found < OLDEST_SQLITE:
        raise SqliteTooOldError(".".join(map(str, found)), ".".join(map(str, OLDEST_SQLITE)))


def address(path: Path, **options: str) -> str:
    """The file as SQLite's URI; never creates it unless `mode` says so."""
    wanted = "&".join(f"{key}={value}" for key, value in ({"mode": "rw"} | options).items())
    return f"{path.absolute().as_uri()}?{wanted}"


def raw(path: Path, patience_s: float = PATIENCE_S, **options: str) -> Raw:
    """A bare connection without settings, in the driver's autocommit mode."""
    check_sqlite()
    return dbapi2.connect(
        address(path, **options), uri=True, isolation_level=None, check_same_thread=False, timeout=patience_s
    )


def writing(path: Path, patience_s: float = PATIENCE_S) -> Raw:
    """A connection that may write; everything it commits is on the disk when COMMIT returns."""
    return _with_settings(raw(path, patience_s), *_WRITER_SETTINGS, *_SETTINGS)


def reading(path: Path, patience_s: float = PATIENCE_S) -> Raw:
    """A connection that can't write."""
    return _with_settings(raw(path, patience_s), *_SETTINGS, "query_only = ON")


def writing_engine(path: Path, patience_s: float = PATIENCE_S) -> Engine:
    """Makes one connection at a time; its transactions hold the right to write from their first moment."""
    engine = create_engine("sqlite://", module=dbapi2, creator=lambda: writing(path, patience_s), poolclass=NullPool)
    event.listen(engine, "begin", lambda c: c.exec_driver_sql("BEGIN IMMEDIATE"))
    return engine


def reading_engine(path: Path) -> Engine:
    """Keeps a few connections open and makes more where more threads read at once."""
    engine = create_engine(
        "sqlite://",
        module=dbapi2,
        creator=lambda: reading(path),
        poolclass=QueuePool,
        pool_size=READERS_KEPT,
        # Unbounded: a thread that reads inside a read must never wait for one that does the same.
        max_overflow=-1,
    )
    # One snapshot for everything that is read in one go.
    event.listen(engine, "begin", lambda c: c.exec_driver_sql("BEGIN"))
    return engine


def _with_settings(connection: Raw, *settings: str) -> Raw:
    try:
        for setting in settings:
            connection.execute(f"PRAGMA {setting}")
    except BaseException:
        connection.close()
        raise
    return connection
