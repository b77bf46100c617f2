"""What can go wrong with the file or the disk, in words a person can act on."""

from __future__ import annotations

import errno
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy.exc import DBAPIError
from sqlcipher3 import dbapi2

from matwise.errors import MatwiseError

DISK_IS_FULL_BELOW_BYTES = 64 * 1024  # less than SQLite needs to grow its files once


class StorageError(MatwiseError):
    """Something could not be kept or read; what was kept before is still there."""

    message = "This could not be done. Everything saved before is still there."

    def __init__(self, message: str | None = None) -> None:
        super().__init__(message or self.message)


class StorageFullError(StorageError):
    """The disk is full."""

    message = (
        "The disk is full, so this could not be saved. Free some space and try again; everything saved before is safe."
    )


class StorageFailedError(StorageError):
    """The disk or the system refused to read or write."""

    message = (
        "The disk reported an error, so this could not be done. Everything saved before is still there. "
        "Try again; if it happens again, make a backup to another disk."
    )


class StorageBusyError(StorageError):
    """Somebody else is writing for too long, or too much waits to be written."""

    message = "The database is busy just now, so this could not be done. Try again in a moment."


class StorageClosedError(StorageError):
    """The database was closed; nothing can be kept any more."""

    message = "Matwise is closing, so this could not be done. Open it again and repeat the last step."


class DamagedFileError(StorageError):
    """The file is damaged. It is left as it is, never replaced."""

    message = (
        "The database is damaged and was left as it is. `matwise restore` brings back the newest backup "
        "and keeps the damaged file beside it."
    )


class NotOurFileError(StorageError):
    """The file is not a Matwise database. It is left as it is."""

    def __init__(self, path: Path) -> None:
        super().__init__(
            f"{path} is not a Matwise database. It was not touched; move it away or choose another data folder."
        )


class SchemaTooNewError(StorageError):
    """The file was written by a newer Matwise. It is left as it is."""

    def __init__(self, path: Path, version: int, known: int) -> None:
        super().__init__(
            f"{path} was written by a newer Matwise (its tables are version {version}, this program knows {known}). "
            "It was not touched; install the newer Matwise to open it."
        )


class SqliteTooOldError(StorageError):
    """The SQLite that is built in can corrupt databases, so nothing is opened."""

    def __init__(self, found: str, wanted: str) -> None:
        super().__init__(
            f"SQLite {found} is built in; want {wanted} or newer. Install the sqlcipher3 of the lock file."
        )


# The driver names every error but those of its page-by-page copy, which carry SQLite's words alone.
_NAMES = {
    "database disk image is malformed": "SQLITE_CORRUPT",
    "file is not a database": "SQLITE_NOTADB",
    "database or disk is full": "SQLITE_FULL",
    "disk I/O error": "SQLITE_IOERR",
    "unable to open database file": "SQLITE_CANTOPEN",
    "attempt to write a readonly database": "SQLITE_READONLY",
    "database is locked": "SQLITE_BUSY",
}


@contextmanager
def told_plainly(folder: Path) -> Iterator[None]:
    """Turn what SQLite and the system say of their trouble with `folder` into a StorageError.

    Raises:
        StorageError: the disk or the file is the trouble.
    """
    try:
        yield
    except (DBAPIError, dbapi2.Error, OSError) as problem:
        failure = failure_of(problem, folder)
        if failure is None:
            raise
        raise failure from problem


def error_name(problem: BaseException) -> str:
    """SQLite's own name of an error, such as SQLITE_FULL; empty where it is no error of SQLite."""
    origin = problem.orig if isinstance(problem, DBAPIError) else problem
    return str(getattr(origin, "sqlite_errorname", None) or _NAMES.get(str(origin), ""))


def failure_of(problem: BaseException, folder: Path) -> type[StorageError] | None:
    """Which failure of file or disk an error is; None where it is our own mistake or a refused row."""
    if isinstance(problem, OSError):
        return StorageFullError if problem.errno in {errno.ENOSPC, errno.EDQUOT} else StorageFailedError
    name = error_name(problem)
    if name.startswith("SQLITE_FULL"):
        return StorageFullError
    if name.startswith(("SQLITE_IOERR", "SQLITE_CANTOPEN", "SQLITE_READONLY", "SQLITE_NOMEM", "SQLITE_PROTOCOL")):
        # A full disk shows as an I/O error where it is the shared-memory file that can't grow.
        return StorageFullError if _is_full(folder) else StorageFailedError
    if name.startswith(("SQLITE_CORRUPT", "SQLITE_NOTADB")):
        return DamagedFileError
    if name.startswith(("SQLITE_BUSY", "SQLITE_LOCKED")):
        return StorageBusyError
    return None


def _is_full(folder: Path) -> bool:
    try:
        return shutil.disk_usage(folder).free < DISK_IS_FULL_BELOW_BYTES
    except OSError:
        return False
