"""Put a backup in place of the present database, which is kept."""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable
from contextlib import closing
from datetime import datetime
from pathlib import Path

from sqlcipher3 import dbapi2

from matwise.errors import InvalidInputError, Problem
from matwise.sentence import Sentence
from matwise.store import migrate
from matwise.store.backup import BACKUPS, free_name
from matwise.store.connection import PATIENCE_S, Raw, raw, writing
from matwise.store.durable import being_made, move_into_place, scratch, sync_folder
from matwise.store.failure import NotOurFileError, StorageBusyError, error_name, told_plainly
from matwise.store.file_check import beside, check_sound, tables_version

BEFORE_RESTORE = "before-restore"


def restore(file: Path, db_path: Path, now: datetime, *, migrations: Path = migrate.MIGRATIONS) -> Path | None:
    """Put a copy of `file` in place of the database, which may be in use; gives where the present one is kept.

    The pages go over in one transaction, so the database is the old one or the new one, never something between. A
    database that is too damaged for that is moved aside as it is. None where there was no database before.

    Raises:
        InvalidInputError: there is no such file, or it is the database itself.
        NotOurFileError, SchemaTooNewError, DamagedFileError: the file can't be restored; nothing was changed.
        StorageError: the disk refused, or another program writes all the time; nothing was changed.
    """
    if not file.is_file() or (db_path.exists() and file.samefile(db_path)):
        raise InvalidInputError(Problem("file", str(file), Sentence("a file that `matwise backup` wrote")))
    known = migrate.newest(migrations)
    with told_plainly(db_path.parent):
        version = tables_version(file, known)
        if version == 0:
            raise NotOurFileError(file)
        db_path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        with scratch(db_path) as aside:
            _copy_pages(file, aside)
            with closing(raw(aside)) as copy:
                check_sound(copy, thoroughly=True)
            if version < known:
                migrate.upgrade(aside, migrations)
            kept = _keep_present(db_path, now)
            _put_in_place(aside, db_path)
    return kept


def _keep_present(db_path: Path, now: datetime) -> Path | None:
    log = beside(db_path, "-wal")
    if not db_path.exists() and not log.exists():
        return None
    path = free_name(db_path.parent / BACKUPS, BEFORE_RESTORE, now)
    try:
        with being_made(path) as aside:
            # Pages, not rows: damage comes along as it is, and so does what only the log holds.
            _copy_pages(db_path, aside)
    except (dbapi2.DatabaseError, OSError) as problem:
        if not _is_unreadable(problem):
            raise
        _keep_bytes(db_path, path)
    return path


def _keep_bytes(db_path: Path, path: Path) -> None:
    for suffix in ("", "-wal"):
        if beside(db_path, suffix).exists():
            with being_made(beside(path, suffix)) as aside:
                shutil.copyfile(beside(db_path, suffix), aside)


def _put_in_place(aside: Path, db_path: Path) -> None:
    if db_path.exists():
        try:
            with closing(writing(db_path, PATIENCE_S)) as target, closing(raw(aside)) as source:
                _run_backup(source, target)
        except dbapi2.DatabaseError as problem:
            if not _is_unreadable(problem):
                raise
        else:
            return
    # Nobody can have it open for writing. Its log goes first: SQLite would apply it to the new file.
    for suffix in ("-wal", "-shm"):
        beside(db_path, suffix).unlink(missing_ok=True)
    sync_folder(db_path.parent)
    move_into_place(aside, db_path)


def _copy_pages(path: Path, aside: Path) -> None:
    with closing(_source(path)) as source, closing(raw(aside)) as target:
        _run_backup(source, target)


def _source(path: Path) -> Raw:
    # Without a log there is nothing to agree on with others, and a backup on a read-only disk can be read too.
    has_log = beside(path, "-wal").exists()
    return raw(path, mode="ro") if has_log else raw(path, mode="ro", immutable="1")


def _run_backup(source: Raw, target: Raw) -> None:
    source.backup(target, progress=_patience())


def _patience() -> Callable[[int, int, int], None]:
    until = time.monotonic() + PATIENCE_S

    # The driver tries again for ever while another program writes.
    def give_up(status: int, _remaining: int, _total: int) -> None:
        if status in (dbapi2.SQLITE_BUSY, dbapi2.SQLITE_LOCKED) and time.monotonic() > until:
            raise StorageBusyError

    return give_up


def _is_unreadable(problem: BaseException) -> bool:
    return isinstance(problem, FileNotFoundError) or error_name(problem).startswith(
        ("SQLITE_NOTADB", "SQLITE_CORRUPT", "SQLITE_CANTOPEN", "SQLITE_READONLY")
    )
