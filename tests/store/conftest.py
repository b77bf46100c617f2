from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from matwise.store.database import Database, open_database

from .kept import EVENING


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "home" / "matwise.db"


@pytest.fixture
def db(path: Path) -> Iterator[Database]:
    with open_database(path, EVENING) as database:
        yield database
