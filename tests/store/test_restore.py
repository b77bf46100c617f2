from __future__ import annotations

import shutil
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from matwise.errors import InvalidInputError
from matwise.store import ratings, tables
from matwise.store.backup import BACKUPS, backup
from matwise.store.connection import raw, writing
from matwise.store.database import Database, open_database
from matwise.store.failure import DamagedFileError, NotOurFileError, SchemaTooNewError, StorageBusyError, StorageError
from matwise.store.file_check import beside
from matwise.store.restore import restore

from .kept import EVENING, ME, a_rating, content, fingerprint, read
from .test_database import _with_next_step

LATER = EVENING + timedelta(days=3)


def _keep(db: Database, *client_ids: str) -> None:
    for client_id in client_ids:
        db.write(lambda c, i=client_id: ratings.keep(c, ME, a_rating(i)))  # type: ignore[misc]  # i is the id of this turn


def _ids(db: Database) -> set[str]:
    return {rating.client_id for rating in read(db, lambda c: ratings.all_of(c, ME, superseded=True))}


def _a_backup(path: Path, folder: Path) -> Path:
    """Of a database that holds `old`; the database itself then holds `new` too."""
    with open_database(path, EVENING) as db:
        _keep(db, "old")
        copy = backup(path, folder, EVENING)
        _keep(db, "new")
    return copy


def test_a_backup_comes_back_and_what_was_there_is_kept(path: Path, tmp_path: Path) -> None:
    copy = _a_backup(path, tmp_path)
    before = content(path)
    kept = restore(copy, path, LATER)

    assert content(path) == content(copy)
    assert kept is not None
    assert kept.parent == path.parent / BACKUPS
    assert kept.name.startswith("before-restore-")
    assert content(kept) == before
    with open_database(path, LATER) as db:
        assert _ids(db) == {"old"}
        _keep(db, "after")
        assert _ids(db) == {"old", "after"}


def test_a_restore_can_be_undone_by_restoring_what_it_kept(path: Path, tmp_path: Path) -> None:
    copy = _a_backup(path, tmp_path)
    before = content(path)
    kept = restore(copy, path, LATER)
    assert kept is not None
    restore(kept, path, LATER)

    assert content(path) == before


def test_what_only_the_log_holds_is_kept_too(path: Path, tmp_path: Path) -> None:
    copy = _a_backup(path, tmp_path)
    aside = path.with_name("running.db")
    shutil.copy(path, aside)
    with closing(writing(aside)) as running:
        running.execute("UPDATE ratings SET value_0_10 = 9")
        shutil.copy(aside, path)
        shutil.copy(beside(aside, "-wal"), beside(path, "-wal"))
    kept = restore(copy, path, LATER)

    assert kept is not None
    assert {row[6] for row in content(kept)["ratings"]} | {row[5] for row in content(kept)["ratings"]} >= {9}
    assert content(path) == content(copy)


def test_an_app_that_runs_meanwhile_goes_on_with_what_was_restored(path: Path, tmp_path: Path) -> None:
    copy = _a_backup(path, tmp_path)
    with open_database(path, EVENING) as running:
        before = _ids(running)
        restore(copy, path, LATER)
        after = _ids(running)
        _keep(running, "later")

        assert (before, after, _ids(running)) == ({"old", "new"}, {"old"}, {"old", "later"})
    with open_database(path, LATER) as again:
        assert _ids(again) == {"old", "later"}


def test_a_restore_waits_no_longer_than_it_has_to_for_another_program(
    path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    copy = _a_backup(path, tmp_path)
    before = content(path)
    monkeypatch.setattr("matwise.store.restore.PATIENCE_S", 0.1)
    with closing(raw(path)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(StorageBusyError):
            restore(copy, path, LATER)

    assert content(path) == before


def test_a_backup_comes_back_where_there_is_no_database(path: Path, tmp_path: Path) -> None:
    copy = _a_backup(path, tmp_path)
    elsewhere = tmp_path / "new home" / "matwise.db"

    assert restore(copy, elsewhere, LATER) is None
    assert content(elsewhere) == content(copy)
    assert elsewhere.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("damage", ["noise inside", "truncated", "no header", "only the log is left"])
def test_a_backup_comes_back_over_a_damaged_database_which_is_kept(path: Path, tmp_path: Path, damage: str) -> None:
    copy = _a_backup(path, tmp_path)
    whole = path.read_bytes()
    if damage == "noise inside":
        path.write_bytes(whole[:4096] + b"\x5a" * (len(whole) - 4096))
    elif damage == "truncated":
        path.write_bytes(whole[: len(whole) // 2])
    elif damage == "no header":
        path.write_bytes(b"\x5a" * len(whole))
    else:
        path.unlink()
        beside(path, "-wal").write_bytes(b"a log without its file")
    kept = restore(copy, path, LATER)

    assert content(path) == content(copy)
    assert kept is not None
    assert [file for file in kept.parent.iterdir() if file.name.startswith(kept.stem)]
    with open_database(path, LATER) as db:
        _keep(db, "after")
        assert _ids(db) == {"old", "after"}


def test_a_backup_of_an_older_version_is_brought_up_to_date(path: Path, tmp_path: Path) -> None:
    copy = _a_backup(path, tmp_path)
    before = fingerprint(copy)
    migrations = _with_next_step(tmp_path)
    restore(copy, path, LATER, migrations=migrations)

    with closing(raw(path)) as connection:
        assert connection.execute("PRAGMA user_version").fetchone() == (tables.VERSION + 1,)
        assert connection.execute("SELECT client_id FROM ratings").fetchall() == [("old",)]
    assert fingerprint(copy) == before


@pytest.mark.parametrize(
    ("what", "refusal"),
    [
        ("missing", InvalidInputError),
        ("the database itself", InvalidInputError),
        ("empty", NotOurFileError),
        ("something else", NotOurFileError),
        ("newer", SchemaTooNewError),
        ("damaged", DamagedFileError),
    ],
)
def test_what_can_not_be_restored_changes_nothing(
    path: Path, tmp_path: Path, what: str, refusal: type[Exception]
) -> None:
    copy = _a_backup(path, tmp_path)
    before = content(path)
    whole = copy.read_bytes()
    if what == "missing":
        copy = tmp_path / "nowhere.db"
    elif what == "the database itself":
        copy = path
    elif what == "newer":
        with closing(raw(copy)) as connection:
            connection.execute("PRAGMA user_version = 9")
    else:
        damaged = whole[:4096] + b"\x5a" * (len(whole) - 4096)
        copy.write_bytes({"empty": b"", "something else": b"day,arm\n", "damaged": damaged}[what])

    with pytest.raises(refusal):
        restore(copy, path, LATER)
    assert content(path) == before
    assert not (path.parent / BACKUPS).exists()
    assert [file.name for file in path.parent.iterdir()] == [path.name]


def test_a_restore_without_room_for_it_changes_nothing(
    path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    copy = _a_backup(path, tmp_path)
    before = content(path)

    def no_room(_aside: Path, _path: Path) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("matwise.store.durable.move_into_place", no_room)

    with pytest.raises(StorageError, match="disk is full"):
        restore(copy, path, LATER)
    assert content(path) == before
