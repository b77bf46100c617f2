from __future__ import annotations

import resource
import subprocess
import threading
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import Connection, event
from sqlalchemy.exc import IntegrityError

from matwise.store import drafts, ratings
from matwise.store.connection import raw
from matwise.store.database import Database, open_database
from matwise.store.failure import (
    StorageBusyError,
    StorageClosedError,
    StorageError,
    StorageFailedError,
    StorageFullError,
)
from matwise.store.file_check import beside

from .kept import EVENING, ME, a_rating, read

WRITERS = 16


class Refused(Exception):  # noqa: N818 – what a job raises, not an error of ours
    pass


def _keep(db: Database, client_id: str, scale: str = "pain") -> None:
    db.write(partial(ratings.keep, person=ME, rating=a_rating(client_id, scale=scale)))


def _kept_ids(db: Database) -> set[str]:
    return {rating.client_id for rating in read(db, lambda c: ratings.all_of(c, ME, superseded=True))}


def _at_once(job: Callable[[int], None], count: int = WRITERS) -> None:
    threads = [threading.Thread(target=job, args=(number,)) for number in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


@contextmanager
def _writer_held_up(db: Database) -> Iterator[None]:
    """The writer is in the middle of a job for as long as this lasts."""
    begun, go_on = threading.Event(), threading.Event()

    def job(_c: Connection) -> None:
        begun.set()
        go_on.wait(10)

    holding = threading.Thread(target=db.write, args=(job,))
    holding.start()
    begun.wait(10)
    try:
        yield
    finally:
        go_on.set()
        holding.join()


def test_everything_that_sixteen_write_at_once_is_kept(db: Database) -> None:
    def job(number: int) -> None:
        for n in range(20):
            _keep(db, f"r-{number}-{n}", f"scale-{number}")

    _at_once(job)

    assert _kept_ids(db) == {f"r-{number}-{n}" for number in range(WRITERS) for n in range(20)}


def test_those_who_wait_together_share_one_commit(db: Database) -> None:
    commits: list[Connection] = []
    event.listen(db._writer._engine, "commit", commits.append)
    with _writer_held_up(db):
        threads = [threading.Thread(target=_keep, args=(db, f"r-{number}")) for number in range(WRITERS)]
        for thread in threads:
            thread.start()
        _until(lambda: len(db._writer._waiting) == WRITERS)
    for thread in threads:
        thread.join()

    assert len(commits) == 2  # of the job that held the writer up, and of all others
    assert _kept_ids(db) == {f"r-{number}" for number in range(WRITERS)}


def _until(happened: Callable[[], bool]) -> None:
    while not happened():
        threading.Event().wait(0.001)


def test_a_job_that_raises_harms_nobody_but_itself(db: Database) -> None:
    told: dict[int, str] = {}

    def half_done(c: Connection, number: int) -> None:
        drafts.keep(c, ME, "evening", f"field-{number}", "half", EVENING)
        if number % 3 == 0:
            raise Refused(str(number))
        if number % 3 == 1:
            c.exec_driver_sql("UPDATE drafts SET at_utc = NULL")

    def job(number: int) -> None:
        try:
            db.write(partial(half_done, number=number))
            told[number] = "kept"
        except Refused as refused:
            told[number] = f"refused {refused}"
        except IntegrityError:
            told[number] = "our own mistake"

    with _writer_held_up(db):
        threads = [threading.Thread(target=job, args=(number,)) for number in range(WRITERS)]
        for thread in threads:
            thread.start()
    for thread in threads:
        thread.join()

    outcomes = ("refused {}", "our own mistake", "kept")
    assert told == {number: outcomes[number % 3].format(number) for number in range(WRITERS)}
    kept = read(db, lambda c: drafts.of(c, ME, "evening"))
    assert set(kept) == {f"field-{number}" for number in range(WRITERS) if number % 3 == 2}


def test_what_write_has_answered_for_is_seen_by_everybody_else(db: Database, path: Path) -> None:
    with closing(raw(path)) as elsewhere:
        for number in range(20):
            _keep(db, f"r-{number}")

            found = elsewhere.execute("SELECT count(*) FROM ratings").fetchone()
            assert found == (number + 1,)


def test_nobody_is_answered_before_the_batch_is_on_the_disk(db: Database, path: Path) -> None:
    answered = threading.Event()
    at_commit: list[tuple[bool, int]] = []

    def look(_c: Connection) -> None:
        # Called just before COMMIT: an answer given too early would come now.
        too_early = answered.wait(0.05)
        with closing(raw(path)) as elsewhere:
            at_commit.append((too_early, elsewhere.execute("SELECT count(*) FROM ratings").fetchone()[0]))

    event.listen(db._writer._engine, "commit", look)
    _keep(db, "r-1")
    answered.set()

    assert at_commit == [(False, 0)]
    assert _kept_ids(db) == {"r-1"}


def test_a_job_can_not_wait_for_another_job(db: Database) -> None:
    with pytest.raises(RuntimeError, match="can't wait"):
        db.write(lambda _c: _keep(db, "r-1"))


def test_a_full_queue_says_so_at_once_and_loses_nothing_it_took(db: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("matwise.store.writer.LONGEST_QUEUE", 4)
    told: dict[int, type[Exception] | None] = {}

    def job(number: int) -> None:
        told[number] = None
        try:
            _keep(db, f"r-{number}")
        except StorageBusyError:
            told[number] = StorageBusyError

    with _writer_held_up(db):
        threads = [threading.Thread(target=job, args=(number,)) for number in range(WRITERS)]
        for thread in threads:
            thread.start()
        _until(lambda: list(told.values()).count(StorageBusyError) == WRITERS - 4)
    for thread in threads:
        thread.join()

    assert _kept_ids(db) == {f"r-{number}" for number, problem in told.items() if problem is None}
    assert len(_kept_ids(db)) == 4


def test_closing_writes_what_waits_and_takes_nothing_more(path: Path) -> None:
    db = open_database(path, EVENING)
    held_up = _writer_held_up(db)
    held_up.__enter__()
    threads = [threading.Thread(target=_keep, args=(db, f"r-{number}")) for number in range(WRITERS)]
    for thread in threads:
        thread.start()
    _until(lambda: len(db._writer._waiting) == WRITERS)
    closer = threading.Thread(target=db.close)
    closer.start()
    _until(lambda: db._writer._closing)
    with pytest.raises(StorageClosedError):
        _keep(db, "too-late")
    held_up.__exit__(None, None, None)
    for thread in (*threads, closer):
        thread.join()
    db.close()

    assert not beside(path, "-wal").exists()
    with open_database(path, EVENING) as again:
        assert _kept_ids(again) == {f"r-{number}" for number in range(WRITERS)}
    with pytest.raises(StorageClosedError), db.read():
        pass


def test_a_full_database_is_told_to_everybody_and_writes_go_on_once_there_is_room(db: Database) -> None:
    _keep(db, "before")
    told: list[type[Exception]] = []
    db.write(lambda c: c.exec_driver_sql("PRAGMA max_page_count = 1"))  # SQLite raises it to the present size

    def fill(number: int) -> None:
        try:
            db.write(lambda c: drafts.keep(c, ME, f"form-{number}", "words", "x" * 10_000, EVENING))
        except StorageError as problem:
            told.append(type(problem))

    with _writer_held_up(db):
        threads = [threading.Thread(target=fill, args=(number,)) for number in range(WRITERS)]
        for thread in threads:
            thread.start()
        _until(lambda: len(db._writer._waiting) == WRITERS)
    for thread in threads:
        thread.join()

    assert told == [StorageFullError] * WRITERS
    assert _kept_ids(db) == {"before"}
    _keep(db, "after")  # the new connection has no such limit: the disk has room again
    assert _kept_ids(db) == {"before", "after"}


def test_a_full_disk_is_told_plainly_and_writes_go_on_once_there_is_room(tmp_path: Path) -> None:
    disk = tmp_path / "disk"
    disk.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", str(disk)]
    if subprocess.run(mount, capture_output=True, check=False).returncode != 0:
        pytest.skip("needs the right to mount a small disk (root); the full database above stands in for it")
    try:
        with open_database(disk / "matwise.db", EVENING) as db:
            _keep(db, "before")
            ballast = disk / "ballast"
            ballast.write_bytes(bytes(900_000))
            problem = _fill(db)
            seen = _kept_ids(db)
            ballast.unlink()
            _keep(db, "after")

            assert type(problem) is StorageFullError
            assert "disk is full" in str(problem)
            assert seen == {"before"}
            assert _kept_ids(db) == {"before", "after"}
            assert read(db, lambda c: c.exec_driver_sql("PRAGMA integrity_check").scalar()) == "ok"
    finally:
        subprocess.run(["umount", str(disk)], check=True)


def _fill(db: Database) -> StorageError:
    for number in range(10_000):
        try:
            db.write(partial(drafts.keep, person=ME, form="f", field=f"f-{number}", value="x" * 10_000, at=EVENING))
        except StorageError as problem:
            return problem
    raise AssertionError("the disk never filled up")


def test_a_disk_that_fails_is_told_plainly_and_writes_go_on_afterwards(db: Database) -> None:
    _keep(db, "before")
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    # Beyond this size every write of this process fails, which SQLite sees as an I/O error.
    resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, limits[1]))
    try:
        problem = _fill(db)
        seen = _kept_ids(db)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    _keep(db, "after")

    assert type(problem) is StorageFailedError
    assert seen == {"before"}
    assert _kept_ids(db) == {"before", "after"}


def test_another_program_may_write_meanwhile(db: Database, path: Path) -> None:
    with open_database(path, EVENING) as other:
        _at_once(lambda number: _keep((db, other)[number % 2], f"r-{number}"))

        assert _kept_ids(db) == _kept_ids(other) == {f"r-{number}" for number in range(WRITERS)}


def test_another_program_that_never_stops_writing_is_told_and_later_writes_work(path: Path) -> None:
    with open_database(path, EVENING, patience_s=0.05) as db, closing(raw(path)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(StorageBusyError, match="busy"):
            _keep(db, "r-1")
        other.execute("ROLLBACK")
        _keep(db, "r-2")

        assert _kept_ids(db) == {"r-2"}


def test_a_reader_can_not_write(db: Database) -> None:
    with pytest.raises(StorageError), db.read() as c:
        drafts.keep(c, ME, "evening", "pain", "4", EVENING)
    assert read(db, lambda c: drafts.of(c, ME, "evening")) == {}


def test_a_reader_sees_one_moment_whatever_is_written_meanwhile(db: Database) -> None:
    _keep(db, "r-1")
    with db.read() as c:
        before = ratings.all_of(c, ME, superseded=True)
        _keep(db, "r-2")
        meanwhile = ratings.all_of(c, ME, superseded=True)

        assert before == meanwhile
    assert _kept_ids(db) == {"r-1", "r-2"}


def test_many_read_at_once_and_inside_each_other(db: Database) -> None:
    _keep(db, "r-1")
    seen: list[set[str]] = []
    all_reading = threading.Barrier(WRITERS)

    def look(_number: int) -> None:
        with db.read() as c:
            ratings.all_of(c, ME)
            all_reading.wait(10)
            seen.append(_kept_ids(db))

    _at_once(look)

    assert seen == [{"r-1"}] * WRITERS
