"""Files that are read in the background: looked at or brought in, asked about meanwhile, and stopped on wish."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from matwise.errors import MatwiseError

if TYPE_CHECKING:
    from matwise.practice.bring_in import Said

log = logging.getLogger(__name__)

Progress = Callable[[int, int], None]
Stopped = Callable[[], bool]
Work = Callable[[Progress, Stopped], Any]

STOPS_WITHIN_S = 10.0  # the longest part that is written at once takes a fraction of it


class Kind(StrEnum):
    """What is done with a file."""

    LOOK = "look"
    BRING = "bring"


@dataclass(eq=False, slots=True)
class Job:
    """One file under way: how many bytes of it are done, and in the end what came of it."""

    kind: Kind
    said: Said
    done: int = 0
    total: int = 0
    result: Any = None
    error: Exception | None = None
    stop: threading.Event = field(default_factory=threading.Event)
    thread: threading.Thread | None = None

    @property
    def running(self) -> bool:
        """Whether it goes on."""
        return self.thread is not None and self.thread.is_alive()

    @property
    def share(self) -> float:
        """How much of it is done, from 0 to 1."""
        return min(1.0, self.done / self.total) if self.total else 0.0

    def run(self, work: Work) -> None:
        """Do it; what goes wrong is kept for whoever asks."""
        try:
            self.result = work(self._progress, self.stop.is_set)
        except MatwiseError as error:
            self.error = error
        except Exception as error:
            log.exception("A file could not be read")
            self.error = error

    def _progress(self, done: int, total: int) -> None:
        self.done, self.total = done, total


class Importing:
    """The jobs of this run of the app, one for each file."""

    def __init__(self) -> None:
        self._jobs: dict[str, Job] = {}
        self._lock = threading.Lock()

    def job(self, file_id: str) -> Job | None:
        """What is done with a file just now, or was done last; None if nothing was since the app was opened."""
        return self._jobs.get(file_id)

    def start(self, file_id: str, kind: Kind, said: Said, work: Work) -> Job:
        """Begin in the background; one that does the same with the same file already goes on instead."""
        with self._lock:
            known = self._jobs.get(file_id)
            if known is not None and known.running:
                if (known.kind, known.said) == (kind, said) and not known.stop.is_set():
                    return known
                _end(known)
            started = self._jobs[file_id] = Job(kind, said)
            # A daemon: closing the app does not wait. What is in is in, and the rest goes on from there another day.
            started.thread = threading.Thread(target=started.run, args=(work,), name="matwise-import", daemon=True)
            started.thread.start()
        return started

    def stop(self, file_id: str) -> None:
        """Let it stop where it is, and wait for that."""
        with self._lock:
            known = self._jobs.get(file_id)
            if known is not None:
                _end(known)

    def forget(self, file_id: str) -> None:
        """Stop it, and know nothing of it any more."""
        self.stop(file_id)
        self._jobs.pop(file_id, None)


def _end(job: Job) -> None:
    job.stop.set()
    if job.thread is not None:
        job.thread.join(STOPS_WITHIN_S)
