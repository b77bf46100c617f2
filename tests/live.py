"""The real app on a free loopback port, with a data folder of its own and a clock that can be moved.

`python -m tests.live FOLDER SOCKET MOMENT` runs it in a process of its own, so that a test can kill it; SOCKET is the
number of an inherited one that already listens, so nobody has to wait for it.
"""

from __future__ import annotations

import http.client
import json
import re
import socket
import sys
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

import uvicorn

from matwise.settings import Settings
from matwise.store.database import Database, open_database
from matwise.web.access import Launch
from matwise.web.app import create_app

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

LOOPBACK = "127.0.0.1"
STARTS_WITHIN_S = 20.0
PHONE = (360, 800)


class Clock:
    """Goes on like any clock, from wherever it was set."""

    def __init__(self, moment: datetime) -> None:
        self.set_to(moment)

    def set_to(self, moment: datetime) -> None:
        self._from, self._began = moment, time.monotonic()

    def __call__(self) -> datetime:
        return self._from + timedelta(seconds=time.monotonic() - self._began)


@dataclass(frozen=True, slots=True)
class Reply:
    """What the server said."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode()

    def json(self) -> Any:  # noqa: ANN401 – whatever the server sent
        return json.loads(self.body)


@dataclass(slots=True)
class Visitor:
    """A browser without a screen: one session, its form token, and plain requests."""

    port: int
    cookie: str = ""
    csrf: str = ""

    def ask(self, method: str, path: str, body: bytes | None = None, headers: Mapping[str, str] | None = None) -> Reply:
        link = http.client.HTTPConnection(LOOPBACK, self.port, timeout=30)
        try:
            link.request(method, path, body, {"Cookie": self.cookie, **(headers or {})})
            answer = link.getresponse()
            return Reply(answer.status, {k.lower(): v for k, v in answer.getheaders()}, answer.read())
        finally:
            link.close()

    def get(self, path: str, **headers: str) -> Reply:
        return self.ask("GET", path, headers={name.replace("_", "-"): value for name, value in headers.items()})

    def send(self, path: str, **fields: object) -> Reply:
        """Send a form."""
        body = urlencode({"csrf": self.csrf, **fields}).encode()
        return self.ask("POST", path, body, {"Content-Type": "application/x-www-form-urlencoded"})

    def tell(self, path: str, **fields: object) -> Reply:
        """Send JSON, as the scripts do."""
        headers = {"Content-Type": "application/json", "Accept": "application/json", "X-CSRF-Token": self.csrf}
        return self.ask("POST", path, json.dumps(fields).encode(), headers)


@dataclass(slots=True)
class Live:
    """A running app."""

    port: int
    settings: Settings
    launch: Launch
    db: Database
    clock: Clock
    problems: list[str] = field(default_factory=list)

    @property
    def address(self) -> str:
        return f"http://{LOOPBACK}:{self.port}"

    def visitor(self) -> Visitor:
        """Somebody who came in by a link."""
        return enter(self.port, self.launch.token())

    def page(self, browser: Browser, size: tuple[int, int] = PHONE) -> Page:
        """A page of a new browser context that came in by a link; errors of its scripts are collected."""
        context = browser.new_context(viewport={"width": size[0], "height": size[1]})
        page = context.new_page()
        page.on("pageerror", lambda error: self.problems.append(str(error)))
        page.goto(f"{self.address}/#{self.launch.token()}")
        page.get_by_role("navigation", name="Main").wait_for()
        return page


def enter(port: int, token: str) -> Visitor:
    """Trade a link's token for a session, as the opening page does."""
    visitor = Visitor(port)
    headers = {"Content-Type": "application/json", "Accept": "application/json"}
    opened = visitor.ask("POST", "/open", json.dumps({"token": token}).encode(), headers)
    visitor.cookie = opened.headers["set-cookie"].partition(";")[0]
    found = re.search(r'name="csrf-token" content="([^"]+)"', visitor.get("/").text)
    assert found is not None
    visitor.csrf = found[1]
    return visitor


@contextmanager
def live(folder: Path, moment: datetime) -> Iterator[Live]:
    """The app, running in a thread of this process until the block ends."""
    listening = socket.create_server((LOOPBACK, 0))
    settings = Settings(folder, listening.getsockname()[1])
    clock = Clock(moment)
    db = open_database(settings.database_path, clock())
    launch = Launch()
    app = create_app(settings, db, now=clock, launch=launch)
    server = uvicorn.Server(uvicorn.Config(app, log_level="warning", access_log=False, timeout_graceful_shutdown=1))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
    thread.start()
    try:
        yield Live(settings.port, settings, launch, db, clock)
    finally:
        server.should_exit = True
        thread.join(STARTS_WITHIN_S)
        db.close()
        listening.close()


def _serve(folder: Path, listening: socket.socket, moment: datetime) -> None:
    settings = Settings(folder, listening.getsockname()[1])
    clock = Clock(moment)
    launch = Launch()
    db = open_database(settings.database_path, clock())
    sys.stdout.write(launch.token() + "\n")
    sys.stdout.flush()
    app = create_app(settings, db, now=clock, launch=launch)
    uvicorn.Server(uvicorn.Config(app, log_level="warning", access_log=False)).run(sockets=[listening])


if __name__ == "__main__":
    _serve(Path(sys.argv[1]), socket.socket(fileno=int(sys.argv[2])), datetime.fromisoformat(sys.argv[3]))
