"""Every story is walked in an app of its own, on a Monday evening."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.live import Live, live
from tests.practice.people import MONDAY_EVENING


@pytest.fixture
def app(tmp_path: Path) -> Iterator[Live]:
    """The running app; a script that broke on one of its pages fails the test."""
    with live(tmp_path, MONDAY_EVENING) as running:
        yield running
        assert running.problems == []
