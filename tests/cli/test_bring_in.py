from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from sqlalchemy.exc import DBAPIError

from matwise.practice.person import ME
from matwise.store import imports
from matwise.store.connection import reading_engine

from .terminal import matwise

RECORD = (
    '<Record type="HKQuantityTypeIdentifierHeartRate" sourceName="Watch" unit="count/min" '
    'creationDate="{at}" startDate="{at}" endDate="{at}" value="{value}"/>\n'
)


def an_export(folder: Path, values: list[int]) -> Path:
    """An export of Apple Health, a heart rate on each day."""
    told = (RECORD.format(at=f"2026-02-{day:02} 06:30:00 +0100", value=value) for day, value in enumerate(values, 1))
    path = folder / "export.xml"
    path.write_text(f'<?xml version="1.0"?>\n<HealthData locale="en_DE">\n{"".join(told)}</HealthData>\n', "utf-8")
    return path


def test_a_file_is_seen_brought_in_listed_and_taken_out_again(tmp_path: Path) -> None:
    file = an_export(tmp_path, [62, 64, 225, 900])
    refused = matwise(tmp_path, "measure", "import", str(file), typed="no\n")
    done = matwise(tmp_path, "measure", "import", str(file), typed="yes\n")
    again = matwise(tmp_path, "measure", "import", str(file))
    listed = matwise(tmp_path, "measure", "import", "--list")
    undone = matwise(tmp_path, "measure", "import", "--undo", listed.out.split()[0])
    nothing = matwise(tmp_path, "measure", "import", "--undo", "nothing")

    assert [one.status for one in (refused, done, again, listed, undone, nothing)] == [0, 0, 0, 0, 0, 2], done.err
    assert "A file of Apple Health." in refused.out
    assert "4 read: 2 fit, 1 fit and are marked as unusual, 1 can’t be kept." in refused.out
    assert "3 are new; 0 are there already." in refused.out
    assert "Not now; nothing was kept." in refused.out
    assert "3 were new; 0 were there before." in done.out
    assert "There is nothing new in it." in again.out
    assert "brought in, 3 new" in listed.out
    assert "3 values were taken out again." in undone.out


def test_a_table_that_nobody_knows_is_read_by_the_names_of_its_columns_or_as_it_is_told(tmp_path: Path) -> None:
    table = tmp_path / "mine.csv"
    table.write_text("When;Pulse in the morning;Second\n2026-02-01 07:00;58;61\n2026-02-02 07:00;59;60\n", "utf-8")
    guessed = matwise(tmp_path, "measure", "import", str(table), typed="no\n")
    told = ("--column", "at=When", "--column", "resting_heart_rate=Second")
    done = matwise(tmp_path, "measure", "import", str(table), "--yes", *told)
    wrong = matwise(tmp_path, "measure", "import", str(table), "--yes", "--column", "Pulse")

    assert (guessed.status, done.status, wrong.status) == (0, 0, 2), guessed.err + done.err
    assert "column “Pulse in the morning” is taken for heart_rate" in guessed.out
    assert "Heart rate at rest, Second: 2 new" in done.out
    assert "heart_rate=Pulse" in wrong.err


def test_what_can_not_be_imported_is_refused_with_what_can(tmp_path: Path) -> None:
    poem = tmp_path / "poem.txt"
    poem.write_text("Roses are red", "utf-8")
    told = [
        matwise(tmp_path, "measure", "import", str(poem)),
        matwise(tmp_path, "measure", "import", str(tmp_path / "nothing.zip")),
        matwise(tmp_path, "measure", "import"),
        matwise(tmp_path, "measure", "import", str(an_export(tmp_path, [62])), "--yes", "--zone", "Moon"),
    ]

    assert [one.status for one in told] == [2, 2, 2, 2]
    assert "Apple Health" in told[0].err
    assert "--list" in told[2].err
    assert "a time zone such as Europe/Berlin" in told[3].err


@pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")
def test_ctrl_c_lets_it_wait_and_the_same_command_goes_on(tmp_path: Path) -> None:
    file = tmp_path / "export.xml"
    at = "2026-02-{:02} {:02}:{:02}:{:02} +0100"
    moments = [at.format(n // 86400 % 28 + 1, n // 3600 % 24, n // 60 % 60, n % 60) for n in range(0, 28 * 86400, 7)]
    told = "".join(RECORD.format(at=one, value=62) for one in moments)
    file.write_text(f'<?xml version="1.0"?>\n<HealthData locale="en_DE">\n{told}</HealthData>\n', "utf-8")
    environ = {**os.environ, "MATWISE_DATA": str(tmp_path), "TERM": "dumb", "COLUMNS": "200", "LC_ALL": "C.UTF-8"}
    command = [sys.executable, "-P", "-m", "matwise", "measure", "import", str(file), "--yes"]
    begun = subprocess.Popen(command, stdout=subprocess.PIPE, env=environ, text=True)
    _wait_for_a_part(tmp_path, begun)
    os.kill(begun.pid, signal.SIGINT)
    stopped = begun.communicate(timeout=60)[0]
    again = matwise(tmp_path, "measure", "import", str(file), "--yes")
    last = matwise(tmp_path, "measure", "import", str(file))

    assert "It waits." in stopped
    assert "going on where it stopped" in again.out
    assert f"{len(moments):,} read: {len(moments):,} fit" in again.out
    assert f"{len(moments):,} were new; 0 were there before." in again.out
    assert f"0 are new; {len(moments):,} are there already." in last.out


def _wait_for_a_part(data: Path, running: subprocess.Popen[str]) -> None:
    """Until some of the file is in."""
    while running.poll() is None:
        if (data / "matwise.db").exists():
            with contextlib.suppress(DBAPIError), reading_engine(data / "matwise.db").connect() as c:
                if any(one.position for one in imports.all_of(c, ME)):
                    return
        time.sleep(0.02)
    raise AssertionError("It was done before it could be stopped.")
