"""The app as it is when phones of the home network may reach the private address."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from starlette.testclient import TestClient

from matwise.practice import screen
from matwise.settings import Settings
from matwise.store.database import Database, open_database
from matwise.web.access import Launch
from matwise.web.app import create_app
from tests.practice.people import MONDAY_EVENING, answers_all

from .served import PORT, Clock, a_stranger

AWAY = "192.168.1.20"


@contextmanager
def somebody_away(folder: Path) -> Iterator[tuple[TestClient, TestClient]]:
    """Somebody at this machine who has just said that nothing has changed, and a phone of their network."""
    settings, launch = Settings(folder, PORT), Launch()
    db: Database = open_database(settings.database_path, MONDAY_EVENING)
    try:
        app = create_app(settings, db, now=Clock(MONDAY_EVENING), launch=launch, away=AWAY)
        answers_all(db, MONDAY_EVENING)
        screen.allow(db, "no", MONDAY_EVENING)
        home = a_stranger(app)
        home.post("/open", json={"token": launch.token()})
        found = re.search(r'name="csrf-token" content="([^"]+)"', home.get("/").text)
        assert found is not None
        home.headers["x-csrf-token"] = found[1]
        phone = TestClient(app, base_url=f"http://{AWAY}:{PORT}", raise_server_exceptions=False)
        yield home, phone
    finally:
        db.close()
