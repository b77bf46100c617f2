"""A program that is killed at any moment loses nothing it has acknowledged."""

from __future__ import annotations

import multiprocessing
import random
import threading
from contextlib import closing
from datetime import timedelta
from functools import partial
from multiprocessing.connection import Connection as Pipe
from pathlib import Path

from matwise.measures.rating import Moment, Rating
from matwise.store import ratings
from matwise.store.connection import raw
from matwise.store.database import open_database

from .kept import EVENING, ME, content

KILLS = 20
WRITERS = 4
# Besides the store: pytest, as every child looks into the program that its parent was started with.
LOADED = ["pytest", *(f"matwise.store.{name}" for name in ("database", "drafts", "ratings", "sessions", "trials"))]


def _write_until_killed(path: Path, tell: Pipe, run: int) -> None:
    """Write ratings from several threads; each id goes down the pipe only once `write` has answered for it."""
    db = open_database(path, EVENING)
    one_at_a_time = threading.Lock()

    def write(writer: int) -> None:
        for number in range(1, 100_000):
            at = EVENING + timedelta(minutes=number)
            rating = Rating(f"{run}.{writer}.{number}", f"scale-{writer}", Moment.EVENING, number % 11, at)
            db.write(partial(ratings.keep, person=ME, rating=rating))
            with one_at_a_time:
                tell.send_bytes(rating.client_id.encode())

    threads = [threading.Thread(target=write, args=(writer,)) for writer in range(WRITERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def _acknowledged_until_kill(path: Path, run: int, kill_after: int) -> list[str]:
    # Forked from a server that has loaded everything: a fresh start would take a second for each kill.
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(LOADED)
    hear, tell = context.Pipe(duplex=False)
    program = context.Process(target=_write_until_killed, args=(path, tell, run))
    program.start()
    tell.close()
    heard: list[str] = []
    try:
        while True:
            heard.append(hear.recv_bytes().decode())
            if len(heard) == kill_after:
                program.kill()
    except EOFError:
        program.join()
    finally:
        hear.close()
    assert program.exitcode == -9
    program.close()
    return heard


def test_nothing_acknowledged_is_ever_lost_or_doubled_however_often_the_program_is_killed(path: Path) -> None:
    chance = random.Random(3)  # noqa: S311 – moments to kill at, no secrets
    acknowledged: set[str] = set()
    for run in range(KILLS):
        acknowledged.update(_acknowledged_until_kill(path, run, kill_after=chance.randint(1, 30)))
    with open_database(path, EVENING) as db:
        db.write(partial(ratings.keep, person=ME, rating=Rating("after", "pain", Moment.EVENING, 4, EVENING)))
    with closing(raw(path)) as connection:
        found = connection.execute("PRAGMA integrity_check").fetchall()
    kept = [row[2] for row in content(path)["ratings"]]

    assert found == [("ok",)]
    assert len(acknowledged) > KILLS * 5
    assert acknowledged - set(kept) == set()
    assert len(kept) == len(set(kept))
    _has_no_gaps(set(kept) - {"after"})


def _has_no_gaps(kept: set[str]) -> None:
    """Every writer had one rating under way at most: what is kept of it is 1, 2, 3 and so on."""
    numbers: dict[str, set[int]] = {}
    for client_id in kept:
        writer, number = client_id.rsplit(".", 1)
        numbers.setdefault(writer, set()).add(int(number))
    for written in numbers.values():
        assert written == set(range(1, len(written) + 1))
