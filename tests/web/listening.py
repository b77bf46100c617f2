"""The app on a real port of this machine, for a real browser."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import uvicorn
from playwright.sync_api import BrowserContext, Page

from matwise.settings import Settings
from matwise.store.database import Database, open_database
from matwise.web.access import Launch
from matwise.web.app import create_app

START_S = 20.0


@dataclass(frozen=True, slots=True)
class Listening:
    """An app that listens at `base`; `db` is the person's database behind it."""

    base: str
    db: Database
    launch: Launch

    def link(self) -> str:
        """A fresh link of the terminal."""
        return f"{self.base}/#{self.launch.token()}"

    def enter(self, context: BrowserContext) -> Page:
        """A page of this browser that came in by a link."""
        page = context.new_page()
        page.goto(self.link())
        page.wait_for_selector(".brand")
        return page


@contextmanager
def listening(folder: Path, now: Callable[[], datetime], *, demo: bool = False) -> Iterator[Listening]:
    """The app on a fresh database in `folder`, at a free port, until the end of the block."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as free:
        free.bind(("127.0.0.1", 0))
        free.listen(64)
        settings, launch = Settings(folder, free.getsockname()[1]), Launch()
        db = open_database(settings.database_path, now())
        app = create_app(settings, db, now=now, launch=launch, demo=demo)
        server = uvicorn.Server(uvicorn.Config(app, log_level="warning", access_log=False))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [free]})
        thread.start()
        try:
            _until_started(server)
            yield Listening(f"http://127.0.0.1:{settings.port}", db, launch)
        finally:
            server.should_exit = True
            thread.join(START_S)
            db.close()


def _until_started(server: uvicorn.Server) -> None:
    until = time.monotonic() + START_S
    while not server.started:
        if time.monotonic() > until:
            raise TimeoutError("The app did not start.")
        time.sleep(0.02)
