from __future__ import annotations

import threading
from contextlib import closing
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matwise.errors import InvalidInputError
from matwise.store import drafts, ratings
from matwise.store.backup import EVERY, backup, backup_if_due, copies, thin, worth_keeping
from matwise.store.connection import raw
from matwise.store.database import Database, open_database
from matwise.store.failure import DamagedFileError, StorageError

from .kept import EVENING, ME, a_rating, content, read

HOURS = st.integers(0, 24 * 800).map(lambda hours: datetime(2024, 1, 1, tzinfo=UTC) + timedelta(hours=hours))


def test_a_backup_holds_everything_and_is_for_the_persons_own_eyes(db: Database, path: Path, tmp_path: Path) -> None:
    db.write(lambda c: ratings.keep(c, ME, a_rating()))
    copy = backup(path, tmp_path / "copies", EVENING)

    assert copy.name == "matwise-20260302T203000Z.db"
    assert content(copy) == content(path)
    assert copy.stat().st_mode & 0o777 == 0o600
    assert list(copy.parent.iterdir()) == [copy]


def test_a_backup_opens_as_a_database(db: Database, path: Path, tmp_path: Path) -> None:
    db.write(lambda c: ratings.keep(c, ME, a_rating()))
    copy = backup(path, tmp_path, EVENING)

    with open_database(copy, EVENING) as opened:
        assert read(opened, lambda c: ratings.all_of(c, ME)) == (a_rating(),)


def test_backups_made_while_others_write_are_sound_and_hold_whole_transactions(
    db: Database, path: Path, tmp_path: Path
) -> None:
    stopped, written = threading.Event(), threading.Event()

    def write() -> None:
        number = 0
        while not stopped.is_set():
            number += 1
            # Two rows in one job: a copy that has one without the other was torn.
            db.write(partial(_two_drafts, number=number))
            written.set()

    def copy_after_a_write(n: int) -> Path:
        written.clear()
        assert written.wait(30)
        return backup(path, tmp_path, EVENING + timedelta(seconds=n))

    writing = [threading.Thread(target=write) for _ in range(2)]
    for thread in writing:
        thread.start()
    made = [copy_after_a_write(n) for n in range(6)]
    stopped.set()
    for thread in writing:
        thread.join()

    for copy in made:
        with closing(raw(copy)) as connection:
            assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
            rows = connection.execute(
                "SELECT form, count(DISTINCT value), count(*) FROM drafts GROUP BY form"
            ).fetchall()
            assert all(row[1:] == (1, 2) for row in rows)
    assert content(made[-1])["drafts"] != content(made[0])["drafts"]


def _two_drafts(c: object, number: int) -> None:
    for field in ("first", "second"):
        drafts.keep(c, ME, f"form-{number % 7}", field, str(number), EVENING)  # type: ignore[arg-type]  # a connection


def test_two_backups_of_the_same_second_stand_beside_each_other(db: Database, path: Path, tmp_path: Path) -> None:
    first, second = (backup(path, tmp_path, EVENING) for _ in range(2))

    assert first != second
    assert [copy.path for copy in copies(tmp_path)] == sorted([first, second])
    assert content(first) == content(second) == content(path)
    assert db.path == path


def test_there_is_nothing_to_back_up_where_there_is_no_database(path: Path, tmp_path: Path) -> None:
    with pytest.raises(InvalidInputError, match="a file that is there"):
        backup(path, tmp_path / "copies", EVENING)
    assert not path.exists()


def test_a_damaged_database_is_never_taken_for_a_backup(db: Database, path: Path, tmp_path: Path) -> None:
    db.close()
    whole = path.read_bytes()
    path.write_bytes(whole[:4096] + b"\x5a" * (len(whole) - 4096))

    with pytest.raises(DamagedFileError):
        backup(path, tmp_path / "copies", EVENING)
    assert list((tmp_path / "copies").iterdir()) == []


def test_a_backup_that_can_not_be_written_leaves_nothing_behind(db: Database, path: Path, tmp_path: Path) -> None:
    in_the_way = tmp_path / "file"
    in_the_way.write_text("no folder")

    with pytest.raises(StorageError):
        backup(path, in_the_way, EVENING)
    assert in_the_way.read_text() == "no folder"
    assert db.path == path


def test_the_copy_of_the_day_is_made_once_a_day(db: Database, path: Path, tmp_path: Path) -> None:
    almost, due = EVERY - timedelta(seconds=1), EVERY
    made = [backup_if_due(path, tmp_path, EVENING + later) for later in (timedelta(0), almost, due, due + almost)]

    assert [copy is not None for copy in made] == [True, False, True, False]
    assert [copy.taken_at for copy in copies(tmp_path)] == [EVENING, EVENING + EVERY]
    assert db.path == path


def test_a_copy_dated_by_a_wrong_clock_does_not_stop_the_copies_of_the_day(
    db: Database, path: Path, tmp_path: Path
) -> None:
    backup(path, tmp_path, EVENING + timedelta(days=400))

    assert backup_if_due(path, tmp_path, EVENING) is not None
    assert len(copies(tmp_path)) == 2
    assert db.path == path


def test_copies_made_before_a_migration_or_a_restore_neither_count_nor_grow_old(
    db: Database, path: Path, tmp_path: Path
) -> None:
    kept = backup(path, tmp_path, EVENING, why="before-restore")
    note = tmp_path / "notes.txt"
    note.write_text("mine")
    made = [backup_if_due(path, tmp_path, EVENING + timedelta(days=day)) for day in range(0, 60, 2)]
    left = {file.name for file in tmp_path.iterdir() if file.suffix in {".db", ".txt"}}

    assert None not in made
    assert {kept.name, note.name} < left
    assert len(left) < 30
    assert thin(tmp_path, EVENING + timedelta(days=59)) == ()
    assert db.path == path


@given(taken=st.frozensets(HOURS, max_size=300))
def test_thinning_always_keeps_the_newest_never_more_than_47_and_never_changes_its_mind(
    taken: frozenset[datetime],
) -> None:
    kept = worth_keeping(taken)

    assert kept <= taken
    assert len(kept) <= 24 + 7 + 4 + 12
    assert not taken or max(taken) in kept
    assert worth_keeping(kept) == kept


@settings(max_examples=8)
@given(start=HOURS, days=st.integers(1, 400))
def test_thinning_day_by_day_always_leaves_a_copy_of_every_recent_day_week_and_month(
    start: datetime, days: int
) -> None:
    kept: frozenset[datetime] = frozenset()
    for day in range(days):
        kept = worth_keeping(kept | {start + timedelta(days=day)})
    ages = sorted((start + timedelta(days=days - 1) - moment).days for moment in kept)

    assert ages[:7] == list(range(min(days, 7)))
    assert ages[-1] >= min(days - 7, 15)  # at least the Sunday before the last two
    assert ages[-1] >= min(days - 31, 300)
    gaps = [later - earlier for earlier, later in pairwise(ages)]
    assert all(gap <= 31 for gap in gaps)
