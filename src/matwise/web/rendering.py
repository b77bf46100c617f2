"""Audio files under way: made once in the background, asked about meanwhile."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import Future
from pathlib import Path

Progress = Callable[[float], None]
Make = Callable[[Progress], Path]


class Job:
    """One file under way: how much of it is done, from 0 to 1, and in the end the file."""

    def __init__(self) -> None:
        self.share = 0.0
        self.file: Future[Path] = Future()

    def run(self, make: Make) -> None:
        """Make the file; whatever goes wrong reaches those who wait for it."""
        try:
            self.file.set_result(make(self._progress))
        except Exception as error:  # nothing is swallowed: whoever waits for the file gets it
            self.file.set_exception(error)

    def _progress(self, share: float) -> None:
        self.share = min(1.0, max(self.share, share))

    @property
    def failed(self) -> bool:
        """Whether it ended without a file."""
        return self.file.done() and self.file.exception() is not None


class Renderings:
    """The jobs of this run of the app, by session: whoever asks for the same session waits for the same job."""

    def __init__(self) -> None:
        self._jobs: dict[str, Job] = {}
        self._lock = threading.Lock()

    def job(self, session_id: str, make: Make) -> Job:
        """The job of this session; begun now, in the background, if there is none or the last one failed."""
        with self._lock:
            known = self._jobs.get(session_id)
            if known is not None and not known.failed and not self._vanished(known):
                return known
            started = self._jobs[session_id] = Job()
        # A daemon: closing the app does not wait for a file that can be made again at any time.
        threading.Thread(target=started.run, args=(make,), name="matwise-audio", daemon=True).start()
        return started

    @staticmethod
    def _vanished(job: Job) -> bool:
        """Whether the file was made and is gone since: the folder of audio files may be emptied at any time."""
        return job.file.done() and not job.file.result().exists()
