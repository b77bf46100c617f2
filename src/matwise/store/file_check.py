"""Whose file is this, and how old are its tables? Asked before anything may write to it."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

from sqlcipher3 import dbapi2

from matwise.store.connection import Raw, raw
from matwise.store.failure import DamagedFileError, NotOurFileError, SchemaTooNewError, error_name

OURS = 0x4D617477  # "Matw", SQLite's application_id of our files
_MAGIC = b"SQLite format 3\0"
_HEADER_BYTES = 100
_VERSION_AT, _OURS_AT = 60, 68  # sqlite.org/fileformat2.html §1.3


def beside(path: Path, suffix: str) -> Path:
    """The file that SQLite keeps beside a database: `-wal` or `-shm`."""
    return path.with_name(path.name + suffix)


def tables_version(path: Path, known: int) -> int:
    """The version of the tables in a file; 0 where there is no file yet. The file is not touched.

    Raises:
        NotOurFileError: it is something else.
        SchemaTooNewError: it is newer than `known`.
        DamagedFileError: it is ours, but can't be read.
    """
    wal = beside(path, "-wal")
    has_wal = wal.exists() and wal.stat().st_size > 0
    if not path.exists() or path.stat().st_size == 0:
        if has_wal:
            # A new database beside an old log would swallow the log's pages.
            raise DamagedFileError(f"{path} is missing or empty, but {wal.name} is there. Nothing was touched.")
        return 0
    # Our files are born complete, so the header alone tells whose they are.
    version = _version_in_header(path)
    if has_wal and version <= known:
        version = _version_in_log(path)
    if version > known:
        raise SchemaTooNewError(path, version, known)
    return version


def check_sound(connection: Raw, *, thoroughly: bool = False) -> None:
    """Let a database pass whose pages and rows hang together.

    Raises:
        DamagedFileError: they do not.
    """
    check = "integrity_check" if thoroughly else "quick_check"
    try:
        found = [str(row[0]) for row in connection.execute(f"PRAGMA {check}(3)")]
    except dbapi2.DatabaseError as problem:
        _tell_damage(problem)
        raise
    if found != ["ok"]:
        raise DamagedFileError(f"{DamagedFileError.message} ({'; '.join(found)})")


def _version_in_header(path: Path) -> int:
    with path.open("rb") as file:
        header = file.read(_HEADER_BYTES)
    ours = int.from_bytes(header[_OURS_AT : _OURS_AT + 4], "big")
    if len(header) < _HEADER_BYTES or not header.startswith(_MAGIC) or ours != OURS:
        raise NotOurFileError(path)
    return int.from_bytes(header[_VERSION_AT : _VERSION_AT + 4], "big")


def _version_in_log(path: Path) -> int:
    # Read-only: closing a connection that may write would move the log into the file.
    try:
        with closing(raw(path, mode="ro")) as connection:
            return int(connection.execute("PRAGMA user_version").fetchone()[0])
    except dbapi2.DatabaseError as problem:
        _tell_damage(problem)
        raise


def _tell_damage(problem: Exception) -> None:
    # A disk that is busy or fails for a moment is no damage.
    if error_name(problem).startswith(("SQLITE_CORRUPT", "SQLITE_NOTADB")):
        raise DamagedFileError from problem
