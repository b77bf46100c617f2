"""The app as a browser of this machine sees it, without a browser."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from starlette.applications import Starlette
from starlette.testclient import TestClient

from matwise.settings import Settings
from matwise.store.database import open_database
from matwise.web.access import Launch
from matwise.web.app import create_app
from tests.practice.people import MONDAY_EVENING

PORT = 8765
BASE = f"http://127.0.0.1:{PORT}"

# Every page that shows something without an id in its address, and one that is not there.
PAGES = (
    "/",
    "/screen",
    "/screen/help",
    "/screen/result",
    "/plan",
    "/guide",
    "/guide/along",
    "/measure",
    "/measure/sessions",
    "/measure/import",
    "/measure/readings",
    "/measure/recordings",
    "/measure/strap",
    "/measure/response",
    "/measure/hand",
    "/measure/today",
    "/measure/questionnaires",
    "/measure/help",
    "/answer",
    "/answer/new",
    "/answer/report",
    "/answer/ahead",
    "/answer/looks",
    "/explain",
    "/explain/studies",
    "/connect",
    "/offline",
    "/nothing-here",
)


class Clock:
    """A clock that stands still until it is moved."""

    def __init__(self, at: datetime) -> None:
        self.at = at

    def __call__(self) -> datetime:
        return self.at


@contextmanager
def an_app(
    folder: Path, *, demo: bool = False, at: datetime = MONDAY_EVENING
) -> Iterator[tuple[Starlette, Launch, Clock]]:
    """The app on a fresh database in `folder`."""
    settings, clock, launch = Settings(folder, PORT), Clock(at), Launch()
    db = open_database(settings.database_path, at)
    try:
        yield create_app(settings, db, now=clock, launch=launch, demo=demo), launch, clock
    finally:
        db.close()


def a_stranger(app: Starlette) -> TestClient:
    """Somebody who knows the address and nothing else."""
    return TestClient(app, base_url=BASE, raise_server_exceptions=False, follow_redirects=False)


@contextmanager
def a_person(folder: Path, *, at: datetime = MONDAY_EVENING, first: str = "/") -> Iterator[TestClient]:
    """Somebody who came in by the link of the terminal; forms and JSON carry their token."""
    with an_app(folder, at=at) as (app, launch, _):
        client = a_stranger(app)
        opened = client.post("/open", json={"token": launch.token()})
        assert opened.status_code == 200
        found = re.search(r'name="csrf-token" content="([^"]+)"', client.get(first).text)
        assert found is not None
        client.headers["x-csrf-token"] = found[1]
        yield client
