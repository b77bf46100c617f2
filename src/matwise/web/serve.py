"""The app on this machine: bound to loopback, opened by a link that works once.

On wish it listens in the home network as well, where it gives out what a private address opens, and nothing else.
"""

from __future__ import annotations

import socket
import sys
import tempfile
import threading
import webbrowser
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import uvicorn

from matwise.content.catalogue import first_of, tongue
from matwise.errors import MatwiseError
from matwise.sentence import Sentence, said
from matwise.settings import Settings
from matwise.store.database import open_database
from matwise.web.access import Launch
from matwise.web.app import create_app
from matwise.web.away import home_address

if TYPE_CHECKING:
    from matwise.store.database import Database

LOOPBACK = "127.0.0.1"
DEMO_SEED = 3  # any number would do; a fixed one shows everybody the same invented person
SIMULATING = Sentence("Simulating 77 days of an invented person…")
TAKEN = Sentence("Port {port} is taken (is Matwise open already?); taking a free one.")
NO_PORT = Sentence("No port on {address} can be listened on. Try another: matwise --port 9000")
NOT_HERE = Sentence("{address} with port {port} can’t be listened on: is it an address of this machine?")
OPEN_AT = Sentence("Matwise is open at {address}")
LINK_WORKS_ONCE = Sentence("The link works once. Stop with Ctrl-C.")
AWAY = Sentence("A phone in your network reaches your private address, and nothing else, at {address}.")
CLOSED = Sentence("Matwise is closed. Everything you entered is kept.")
DEMO_CLOSED = Sentence("The demo is closed.")
NO_BACKUP = Sentence("No backup today: {why}")
Clock = Callable[[], datetime]


class NoPortError(MatwiseError):
    """The app can't listen where it was told to."""


def clock() -> datetime:
    """This moment, in the zone of this machine."""
    return datetime.now().astimezone()  # noqa: TID251 – a door: the only clock of the web app


def serve(settings: Settings, *, open_browser: bool, away: str | None = None) -> None:
    """Serve the person's own data until stopped.

    Args:
        settings: where things are kept, and the port that is wished for.
        open_browser: open it in a browser.
        away: the address of this machine in the home network at which phones reach the private address; None for none.

    Raises:
        InvalidInputError: `away` is no address of a home network.
        NoPortError: no port can be listened on.
    """
    listening = _listen(settings)
    outside = None if away is None else _listen_at(home_address(away), listening.getsockname()[1])
    db = open_database(settings.database_path, clock())
    threading.Thread(target=_backup_quietly, args=(settings,), daemon=True).start()
    own = replace(settings, port=listening.getsockname()[1])
    _run(own, db, [listening, *([outside] if outside else [])], open_browser=open_browser, demo=False, away=away)


def serve_demo(settings: Settings, *, open_browser: bool) -> None:
    """Serve an invented person, in a folder that is gone afterwards."""
    import numpy as np

    from matwise.practice.demo import live

    listening = _listen(settings)
    with tempfile.TemporaryDirectory(prefix="matwise-demo-") as folder:
        own = replace(settings, data_dir=Path(folder), port=listening.getsockname()[1])
        db = open_database(own.database_path, clock())
        _tell(own, SIMULATING)
        live(db, clock(), np.random.default_rng(DEMO_SEED))  # noqa: TID251 – a door: here chance comes from
        _run(own, db, [listening], open_browser=open_browser, demo=True)


def _listen(settings: Settings) -> socket.socket:
    for wanted in dict.fromkeys((settings.port, 0)):
        listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listening.bind((LOOPBACK, wanted))
        except OSError:
            listening.close()
            _tell(settings, TAKEN.format(port=wanted))
            continue
        listening.listen(128)
        return listening
    raise NoPortError(NO_PORT.format(address=LOOPBACK))


def _listen_at(address: str, port: int) -> socket.socket:
    listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((address, port))
    except OSError:
        listening.close()
        raise NoPortError(NOT_HERE.format(address=address, port=port)) from None
    listening.listen(128)
    return listening


def _run(
    settings: Settings,
    db: Database,
    listening: Sequence[socket.socket],
    *,
    open_browser: bool,
    demo: bool,
    away: str | None = None,
) -> None:
    launch = Launch()
    app = create_app(settings, db, now=clock, launch=launch, demo=demo, away=away)
    address = f"http://{LOOPBACK}:{settings.port}/#{launch.token()}"
    _tell(settings, OPEN_AT.format(address=address))
    _tell(settings, LINK_WORKS_ONCE)
    if away is not None:
        _tell(settings, AWAY.format(address=away))
    if open_browser:
        threading.Thread(target=webbrowser.open, args=(address,), daemon=True).start()
    server = uvicorn.Server(
        uvicorn.Config(app, log_level="warning", access_log=False, server_header=False, timeout_graceful_shutdown=3)
    )
    try:
        server.run(sockets=list(listening))
    finally:
        db.close()
        _tell(settings, DEMO_CLOSED if demo else CLOSED)


def _tell(settings: Settings, line: str) -> None:
    sys.stdout.write(_said(settings, line))
    sys.stdout.flush()


def _said(settings: Settings, line: str) -> str:
    return f"{said(line, tongue(first_of(settings.wished)))}\n"


def _backup_quietly(settings: Settings) -> None:
    from matwise.practice.connect import backup_if_due

    try:
        backup_if_due(settings, clock())
    except MatwiseError as error:
        sys.stderr.write(_said(settings, NO_BACKUP.format(why=error.sentence)))
