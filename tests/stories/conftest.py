"""Every story is walked in an app of its own, on a Monday evening."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.live import Live, live
from tests.practice.people import MONDAY_EVENING


@pytest.fixture(scope="session")
def sounds(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One folder of audio files for all stories: the same session is the same file, so it is made once."""
    return tmp_path_factory.mktemp("sounds")


@pytest.fixture
def app(tmp_path: Path, sounds: Path) -> Iterator[Live]:
    """The running app; a script that broke on one of its pages fails the test."""
    (tmp_path / "audio").symlink_to(sounds, target_is_directory=True)
    with live(tmp_path, MONDAY_EVENING) as running:
        yield running
        assert running.problems == []
