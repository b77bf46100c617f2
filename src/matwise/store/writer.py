"""One thread that writes, so that many who write at once share one wait for the disk.

Jobs queue up; whatever waits is taken together into one transaction, each job in a savepoint of its own, and a caller
is answered only after COMMIT has put the batch on the disk. A job that raises is undone alone. When the disk fails,
every job of the batch is told so, the connection is dropped and a new one is made for the next batch: after a failed
fsync nobody knows what the old one has in mind.
"""

from __future__ import annotations

import contextlib
import threading
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError

from matwise.store.connection import PATIENCE_S, writing_engine
from matwise.store.failure import StorageBusyError, StorageClosedError, StorageFailedError, failure_of
from matwise.store.file_check import check_sound

LONGEST_QUEUE = 4096  # jobs that wait; more than a second of writing, so who comes later had better try again
LARGEST_BATCH = 512  # jobs in one transaction: about 5 ms, so that nobody waits long for those before them

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class _Task:
    job: Callable[[Connection], Any]
    done: Future[Any] = field(default_factory=Future)


class Writer:
    """Runs jobs on the one connection that writes."""

    def __init__(self, path: Path, patience_s: float = PATIENCE_S) -> None:
        self._folder = path.parent
        self._engine = writing_engine(path, patience_s)
        self._connection: Connection | None = None
        self._failed = False
        self._waiting: deque[_Task] = deque()
        self._changed = threading.Condition()
        self._closing = False
        self._thread = threading.Thread(target=self._run, name="matwise-writer", daemon=True)
        self._thread.start()

    def write(self, job: Callable[[Connection], T]) -> T:
        """What the job gives, once it is on the disk.

        Raises:
            StorageError: it could not be kept; nothing of it was.
            Exception: whatever the job raised; nothing of it was kept.
        """
        if threading.current_thread() is self._thread:
            raise RuntimeError("a job can't wait for another job: pass its connection on instead")
        task = _Task(job)
        with self._changed:
            if self._closing:
                raise StorageClosedError
            if len(self._waiting) >= LONGEST_QUEUE:
                raise StorageBusyError
            self._waiting.append(task)
            self._changed.notify()
        result: T = task.done.result()
        return result

    def close(self) -> None:
        """Write what waits, then stop."""
        with self._changed:
            self._closing = True
            self._changed.notify()
        self._thread.join()

    def _run(self) -> None:
        while batch := self._next_batch():
            self._commit(batch)
        self._drop_connection()

    def _next_batch(self) -> list[_Task]:
        with self._changed:
            self._changed.wait_for(lambda: self._waiting or self._closing)
            size = min(len(self._waiting), LARGEST_BATCH)
            return [self._waiting.popleft() for _ in range(size)]

    def _commit(self, batch: list[_Task]) -> None:
        try:
            c = self._open_connection()
            with c.begin():
                answers = [self._attempt(c, task) for task in batch]
        except Exception as problem:
            self._drop_connection()
            self._failed = True
            for task in batch:
                # Each gets an error of its own: one that is raised in many threads mixes up their traces.
                failure = failure_of(problem, self._folder)
                told = failure() if failure else StorageFailedError()
                told.__cause__ = problem
                task.done.set_exception(told)
            return
        for answer in answers:
            answer()

    def _attempt(self, c: Connection, task: _Task) -> Callable[[], None]:
        """Run one job in its savepoint; what comes back tells its caller, and is called after COMMIT."""
        savepoint = c.begin_nested()
        try:
            answer = partial(task.done.set_result, task.job(c))
            savepoint.commit()
        except Exception as problem:
            if isinstance(problem, DBAPIError) and failure_of(problem, self._folder):
                raise
            savepoint.rollback()
            answer = partial(task.done.set_exception, problem)
        # SQLite undoes the whole transaction by itself after some errors; the rest would be kept without COMMIT.
        if not c.connection.dbapi_connection.in_transaction:  # type: ignore[union-attr]  # there while it is open
            raise StorageFailedError
        return answer

    def _open_connection(self) -> Connection:
        if self._connection is None:
            self._connection = self._engine.connect()
        if self._failed:
            check_sound(self._connection.connection.dbapi_connection)
            self._failed = False
        return self._connection

    def _drop_connection(self) -> None:
        if self._connection is not None:
            with contextlib.suppress(Exception):  # it is given up either way
                self._connection.invalidate()
                self._connection.close()
            self._connection = None
