"""Somebody at the app who may have answered the safety check."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from starlette.testclient import TestClient

from matwise.practice import screen
from matwise.store.database import Database
from tests.practice.people import MONDAY_EVENING, answers_all

from .served import Clock, a_stranger, an_app

SESSION = "5a1f0000-0000-4000-8000-000000000001"
Said = Mapping[str, tuple[str, tuple[str, ...]]]


@dataclass(frozen=True, slots=True)
class Person:
    browser: TestClient
    db: Database
    clock: Clock

    def start(self, changed: str = "no", session_id: str = SESSION) -> int:
        sent = {"session_id": session_id, "choice": "rung", "changed": changed}
        return self.browser.post("/guide/start", data=sent).status_code


@contextmanager
def somebody(folder: Path, *, checked: bool = True, but: Said | None = None) -> Iterator[Person]:
    """Somebody who came in by the link and, if `checked`, answered "no" to all of the safety check `but` some."""
    assert set(but or {}) <= {rule.id for rule in screen.questions()}
    with an_app(folder) as (app, launch, clock):
        db: Database = app.state.db
        if checked:
            answers_all(db, MONDAY_EVENING, but)
        browser = a_stranger(app)
        browser.post("/open", json={"token": launch.token()})
        found = re.search(r'name="csrf-token" content="([^"]+)"', browser.get("/").text)
        assert found is not None
        browser.headers["x-csrf-token"] = found[1]
        yield Person(browser, db, clock)
