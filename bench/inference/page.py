"""How long the answer page takes: GET /answer of a person with 77 days, median of 30, and weighing after a rating.

python bench/inference/page.py
"""

from __future__ import annotations

import statistics
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
from starlette.testclient import TestClient

from matwise.practice import demo
from matwise.practice.beside import prepare
from matwise.settings import Settings
from matwise.store.database import open_database
from matwise.trial import acute, from_schedule
from matwise.web.access import Launch
from matwise.web.app import create_app

GOAL_MS = 50.0
NOW = datetime(2026, 11, 23, 21, 0, tzinfo=UTC)
PORT = 8765


def milliseconds(client: TestClient) -> float:
    """Of one whole request, rendered page included."""
    began = time.perf_counter()
    assert client.get("/answer").status_code == 200
    return 1e3 * (time.perf_counter() - began)


def main() -> int:
    """Print the medians; 0 if the page meets its goal."""
    with tempfile.TemporaryDirectory() as folder:
        settings, launch = Settings(Path(folder), PORT), Launch()
        db = open_database(settings.database_path, NOW)
        demo.live(db, NOW, np.random.Generator(np.random.PCG64(1)))
        client = TestClient(
            create_app(settings, db, now=lambda: NOW, launch=launch), base_url=f"http://127.0.0.1:{PORT}"
        )
        client.post("/open", json={"token": launch.token()})
        milliseconds(client)
        page = statistics.median(milliseconds(client) for _ in range(30))
        weighing = []
        for _ in range(5):
            for worked_out in (from_schedule._weighed, from_schedule.several_in, acute._answered):
                worked_out.cache_clear()
            began = time.perf_counter()
            prepare(db, NOW)
            weighing.append(1e3 * (time.perf_counter() - began))
        db.close()
    print(f"GET /answer                       {page:6.1f} ms   goal {GOAL_MS:.0f} ms")
    print(f"weighing anew once a rating is kept {statistics.median(weighing):4.0f} ms, in the background")
    return 0 if page <= GOAL_MS else 1


if __name__ == "__main__":
    sys.exit(main())
