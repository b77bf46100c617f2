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

from matwise.errors import MatwiseError
from matwise.settings import Settings
from matwise.store.database import open_database
from matwise.web.access import Launch
from matwise.web.app import create_app
from matwise.web.away import home_address

if TYPE_CHECKING:
    from matwise.store.database import Database

LOOPBACK = "127.0.0.1"
DEMO_SEED = 3  # any number would do; a fixed one shows everybody the same invented person
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
    listening = _listen(settings.port)
    outside = None if away is None else _listen_at(home_address(away), listening.getsockname()[1])
    db = open_database(settings.database_path, clock())
    threading.Thread(target=_backup_quietly, args=(settings,), daemon=True).start()
    own = replace(settings, port=listening.getsockname()[1])
    _run(own, db, [listening, *([outside] if outside else [])], open_browser=open_browser, demo=False, away=away)


def serve_demo(settings: Settings, *, open_browser: bool) -> None:
    """Serve an invented person, in a folder that is gone afterwards."""
    import numpy as np

    from matwise.practice.demo import live

    listening = _listen(settings.port)
    with tempfile.TemporaryDirectory(prefix="matwise-demo-") as folder:
        own = replace(settings, data_dir=Path(folder), port=listening.getsockname()[1])
        db = open_database(own.database_path, clock())
        sys.stdout.write("Simulating 77 days of an invented person…\n")
        live(db, clock(), np.random.default_rng(DEMO_SEED))  # noqa: TID251 – a door: here chance comes from
        _run(own, db, [listening], open_browser=open_browser, demo=True)


def _listen(port: int) -> socket.socket:
    for wanted in dict.fromkeys((port, 0)):
        listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listening.bind((LOOPBACK, wanted))
        except OSError:
            listening.close()
            sys.stdout.write(f"Port {wanted} is taken (is Matwise open already?); taking a free one.\n")
            continue
        listening.listen(128)
        return listening
    raise NoPortError(f"No port on {LOOPBACK} can be listened on. Try another: matwise --port 9000")


def _listen_at(address: str, port: int) -> socket.socket:
    listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((address, port))
    except OSError:
        listening.close()
        raise NoPortError(
            f"{address} with port {port} can’t be listened on: is it an address of this machine?"
        ) from None
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
    sys.stdout.write(f"Matwise is open at {address}\nThe link works once. Stop with Ctrl-C.\n")
    if away is not None:
        sys.stdout.write(f"A phone in your network reaches your private address, and nothing else, at {away}.\n")
    sys.stdout.flush()
    if open_browser:
        threading.Thread(target=webbrowser.open, args=(address,), daemon=True).start()
    server = uvicorn.Server(
        uvicorn.Config(app, log_level="warning", access_log=False, server_header=False, timeout_graceful_shutdown=3)
    )
    try:
        server.run(sockets=list(listening))
    finally:
        db.close()
        sys.stdout.write(
            "Matwise is closed. Everything you entered is kept.\n" if not demo else "The demo is closed.\n"
        )


def _backup_quietly(settings: Settings) -> None:
    from matwise.practice.connect import backup_if_due

    try:
        backup_if_due(settings, clock())
    except MatwiseError as error:
        sys.stderr.write(f"No backup today: {error}\n")
