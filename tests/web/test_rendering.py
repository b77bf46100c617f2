from __future__ import annotations

import threading
from pathlib import Path

import pytest

from matwise.web.rendering import Progress, Renderings

SOON_S = 5.0


def test_two_who_ask_for_one_session_wait_for_one_file(tmp_path: Path) -> None:
    made = []
    file = tmp_path / "a.mp3"
    file.touch()

    def make(progress: Progress) -> Path:
        made.append(1)
        progress(0.5)
        return file

    renderings = Renderings()
    first, second = renderings.job("s", make), renderings.job("s", make)

    assert first is second
    assert first.file.result(SOON_S) == file
    assert made == [1]


def test_progress_is_told_while_the_file_is_made_and_never_runs_backwards(tmp_path: Path) -> None:
    told, go_on = threading.Event(), threading.Event()

    def make(progress: Progress) -> Path:
        progress(0.6)
        progress(0.4)
        told.set()
        go_on.wait(SOON_S)
        return tmp_path

    job = Renderings().job("s", make)
    assert told.wait(SOON_S)

    assert job.share == 0.6
    assert not job.file.done()
    go_on.set()
    job.file.result(SOON_S)


def test_a_failure_reaches_who_waits_and_the_next_who_asks_starts_anew(tmp_path: Path) -> None:
    def broken(_: Progress) -> Path:
        raise OSError("disk full")

    renderings = Renderings()
    with pytest.raises(OSError, match="disk full"):
        renderings.job("s", broken).file.result(SOON_S)

    assert renderings.job("s", lambda _: tmp_path).file.result(SOON_S) == tmp_path


def test_a_file_that_was_deleted_is_made_again(tmp_path: Path) -> None:
    file = tmp_path / "a.mp3"
    made = []

    def make(_: Progress) -> Path:
        made.append(1)
        file.touch()
        return file

    renderings = Renderings()
    renderings.job("s", make).file.result(SOON_S)
    file.unlink()
    renderings.job("s", make).file.result(SOON_S)

    assert made == [1, 1]
