from __future__ import annotations

import os
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from matwise.exchange.wearables import any_table, makers
from matwise.practice import bring_in, import_spool
from matwise.practice.person import ME
from matwise.settings import Settings
from matwise.store import readings
from matwise.store.imports import State
from matwise.web import access
from tests.practice.told_files import HEAD, Lines

from .served import PORT, a_person
from .somebody import Person, somebody

FILE = (
    HEAD
    + b"".join(b"heart_rate;watch;2026-02-0%d 06:30:00+01:00;%d\n" % (day, 60 + day) for day in range(1, 8))
    + b"what\nheart_rate;watch;2026-02-09 06:30:00+01:00;900\n"
)
OCTETS = {"content-type": "application/octet-stream", "x-file-name": "my%20watch.txt"}


@pytest.fixture(autouse=True)
def known_makers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(makers, "MAKERS", (Lines(),))


@pytest.fixture
def ana(tmp_path: Path) -> Iterator[Person]:
    with somebody(tmp_path) as person:
        yield person


def handed_over(ana: Person, content: bytes = FILE) -> str:
    """The address of a file that was sent by the script."""
    sent = ana.browser.put("/measure/import/file", content=content, headers=OCTETS)
    assert sent.status_code == 201
    return str(sent.json()["address"])


def seen(ana: Person, address: str) -> str:
    """The page of a file once nothing moves."""
    for _ in range(400):
        shown = ana.browser.get(address).text
        if "data-progress" not in shown:
            return shown
        time.sleep(0.02)
    raise AssertionError("It goes on and on.")


def act(ana: Person, address: str, name: str, **fields: str) -> int:
    return ana.browser.post(f"{address}/{name}", data=fields).status_code


def kept(ana: Person) -> int:
    with ana.db.read() as c:
        return int(readings.series(c, ME, "heart_rate", "watch").readings.at_ms.size)


def spooled(folder: Path) -> list[Path]:
    return sorted((folder / "imports").glob("*"))


def test_a_file_is_seen_first_brought_in_and_taken_out_again(ana: Person, tmp_path: Path) -> None:
    address = handed_over(ana)
    shown = seen(ana, address)
    before = kept(ana)
    codes = [act(ana, address, "begin")]
    done = seen(ana, address)
    during = kept(ana)
    left = spooled(tmp_path)
    told = ana.browser.get(f"{address}/progress").json()
    codes.append(act(ana, address, "undo"))

    assert told == {"running": False, "share": pytest.approx(1, abs=0.3)}
    assert "Recognised as a file of Lines: <span" in shown
    assert "my watch.txt" in shown
    assert "9 read: 7 fit, 0 fit and are marked as unusual, 2 can’t be kept." in shown
    assert "It is no line of this file." in shown
    assert (before, during, kept(ana)) == (0, 7, 0)
    assert "7 were new; 0 were there before." in done
    assert left == []
    assert codes == [303, 303]
    assert "Taken out again" in seen(ana, address)


def test_the_same_file_again_has_nothing_new(ana: Person) -> None:
    address = handed_over(ana)
    seen(ana, address)
    act(ana, address, "begin")
    seen(ana, address)

    assert "There is nothing new in it." in seen(ana, handed_over(ana))


def test_not_now_leaves_nothing(ana: Person, tmp_path: Path) -> None:
    address = handed_over(ana)
    listed = ana.browser.get("/measure/import").text
    seen(ana, address)

    assert "my watch.txt" in listed
    assert act(ana, address, "drop") == 303
    assert spooled(tmp_path) == []
    assert kept(ana) == 0
    assert ana.browser.get(address).status_code == 404


def test_a_form_without_a_script_hands_a_file_over(ana: Person) -> None:
    token = ana.browser.headers.pop("x-csrf-token")
    sent = ana.browser.post("/measure/import", data={"csrf": token}, files={"file": ("my watch.txt", FILE)})
    ana.browser.headers["x-csrf-token"] = token

    assert sent.status_code == 303
    assert "my watch.txt" in seen(ana, sent.headers["location"])


@pytest.mark.parametrize("token", ["", "guessed"])
def test_a_form_of_another_site_hands_nothing_over(ana: Person, tmp_path: Path, token: str) -> None:
    ana.browser.headers.pop("x-csrf-token")
    sent = ana.browser.post("/measure/import", data={"csrf": token}, files={"file": ("watch.txt", FILE)})

    assert sent.status_code == 403
    assert spooled(tmp_path) == []


def test_a_file_before_its_token_is_not_written(ana: Person, tmp_path: Path) -> None:
    token = ana.browser.headers.pop("x-csrf-token")
    sent = ana.browser.post("/measure/import", files={"file": ("watch.txt", FILE), "csrf": (None, token)})

    assert sent.status_code == 403
    assert spooled(tmp_path) == []


@pytest.mark.parametrize(
    ("content", "headers"),
    [
        (b"--x\r\nContent-Disposition: form-data\r\n", {"content-type": "multipart/form-data; boundary=x"}),
        (b"nonsense", {"content-type": "multipart/form-data; boundary=x"}),
        (b"nonsense", {"content-type": "multipart/form-data"}),
        (b"", {"content-type": "multipart/form-data; boundary=x"}),
    ],
)
def test_a_broken_form_is_refused(ana: Person, tmp_path: Path, content: bytes, headers: dict[str, str]) -> None:
    sent = ana.browser.post("/measure/import", content=content, headers=headers)

    assert sent.status_code in {403, 422}
    assert spooled(tmp_path) == []


@pytest.mark.parametrize(
    ("changed", "status"),
    [
        ({"x-csrf-token": "guessed"}, 403),
        ({"origin": "https://evil.example"}, 403),
        ({"sec-fetch-site": "cross-site"}, 403),
        ({"host": "evil.example"}, 421),
        ({"cookie": ""}, 401),
        ({"content-type": "text/plain"}, 415),
        ({"content-length": str(access.LARGEST_FILE + 1)}, 413),
        ({"content-length": "many"}, 413),
    ],
)
def test_the_way_in_for_files_keeps_every_other_check(tmp_path: Path, changed: dict[str, str], status: int) -> None:
    with a_person(tmp_path) as person:
        if "cookie" in changed:
            person.cookies.clear()
        answer = person.put("/measure/import/file", content=FILE, headers=OCTETS | changed)

        assert answer.status_code == status
        assert spooled(tmp_path) == []


def test_no_other_address_takes_more_than_a_form(tmp_path: Path) -> None:
    with a_person(tmp_path) as person:
        codes = {
            person.request(method, path, content=b"x" * 70_000, headers=OCTETS).status_code
            for method, path in (("PUT", "/measure/import"), ("POST", "/measure/import"), ("POST", "/measure"))
        }

        assert codes == {413}


def test_an_empty_file_and_one_of_nobody_are_refused_with_what_would_be_right(ana: Person) -> None:
    empty = ana.browser.put("/measure/import/file", content=b"", headers=OCTETS)
    shown = seen(ana, handed_over(ana, b"Roses are red"))

    assert empty.status_code == 422
    assert "can’t be brought in" in shown
    assert "want a file of Lines" in shown


def test_a_name_that_would_lead_elsewhere_is_only_a_name(ana: Person, tmp_path: Path) -> None:
    headers = OCTETS | {"x-file-name": "..%2F..%2Fetc%2Fpass%00wd%0A"}
    sent = ana.browser.put("/measure/import/file", content=FILE, headers=headers)
    (waiting,) = import_spool.all_of(Settings(tmp_path, PORT))

    assert sent.status_code == 201
    assert waiting.name == "pass wd"
    assert {path.parent for path in spooled(tmp_path)} == {tmp_path / "imports"}


def test_what_is_said_of_a_file_changes_how_it_is_read(ana: Person) -> None:
    address = handed_over(ana, HEAD + b"heart_rate;watch;2026-02-01 06:30:00;62\nrr;strap;;800 810\n")
    first = seen(ana, address)
    codes = [act(ana, address, "look", zone="Asia/Tokyo", at="2026-02-01 07:00")]
    second = seen(ana, address)
    codes.append(act(ana, address, "look", zone="Moon/Tranquility"))
    act(ana, address, "begin")
    seen(ana, address)
    with ana.db.read() as c:
        told = readings.series(c, ME, "heart_rate", "watch").readings

    assert "Time zone in which it was measured" in first
    assert "It does not say when it was recorded." in first
    assert "It does not say when it was recorded." not in second
    assert codes == [303, 422]
    assert told.offset_min.tolist() == [540]


def test_paused_it_waits_and_after_a_restart_it_goes_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bring_in, "ENOUGH", 1)
    with somebody(tmp_path) as ana:
        address = handed_over(ana)
        seen(ana, address)
        stopping = iter([False] * 4 + [True] * 99)
        bring = bring_in.bring

        def stopped_early(*told: object) -> object:
            return bring(*told[:5], lambda: next(stopping))  # type: ignore[arg-type, call-arg]  # handed on as it came

        with monkeypatch.context() as patched:
            patched.setattr(bring_in, "bring", stopped_early)
            act(ana, address, "begin")
            paused = seen(ana, address)
        half = kept(ana)
    with somebody(tmp_path) as ana:
        again = ana.browser.get(address).text
        act(ana, address, "go-on")
        seen(ana, address)
        (done,) = bring_in.all_of(ana.db)

        assert "Going on begins where it stopped." in paused
        assert "Going on begins where it stopped." in again
        assert 0 < half < 7
        assert (done.state, kept(ana)) == (State.DONE, 7)
        assert bring_in.counts(done).read == 9
        assert spooled(tmp_path) == []


def test_a_file_that_was_looked_at_before_a_restart_is_looked_at_again(tmp_path: Path) -> None:
    with somebody(tmp_path) as ana:
        address = handed_over(ana)
    with somebody(tmp_path) as ana:
        assert act(ana, address, "begin") == 303  # nobody has seen yet what would come in
        assert bring_in.all_of(ana.db) == ()
        assert "What would come in" in seen(ana, address)


def test_erasing_everything_deletes_files_that_wait(ana: Person, tmp_path: Path) -> None:
    handed_over(ana)
    ana.browser.post("/connect/erase", data={"confirm": "ERASE"})

    assert spooled(tmp_path) == []


def test_what_did_not_arrive_whole_is_swept_away_after_a_day(ana: Person, tmp_path: Path) -> None:
    handed_over(ana)
    (tmp_path / "imports" / "old.part").touch()
    (tmp_path / "imports" / "new.part").touch()
    yesterday = (ana.clock() - timedelta(hours=25)).timestamp()
    os.utime(tmp_path / "imports" / "old.part", (yesterday, yesterday))
    os.utime(tmp_path / "imports" / "new.part", (ana.clock().timestamp(),) * 2)
    ana.browser.get("/measure/import")

    assert {path.suffix for path in spooled(tmp_path)} == {".file", ".json", ".part"}
    assert not (tmp_path / "imports" / "old.part").exists()


TABLE = b"Datum;Puls;Notiz\n2026-02-01;62;gut\n2026-02-02;61;\n"


def test_what_stands_in_the_columns_of_a_table_is_said(ana: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(makers, "MAKERS", (any_table,))
    address = handed_over(ana, TABLE)
    first = seen(ana, address)
    columns = ["Datum", "Puls", "Notiz"]
    twice = {"zone": "UTC", "column": columns, "holds": ["at", "at", ""]}
    refused = ana.browser.post(f"{address}/look", data=twice)
    right = {"zone": "UTC", "column": columns, "holds": ["at", "resting_heart_rate", ""]}
    ana.browser.post(f"{address}/look", data=right)
    second = seen(ana, address)
    act(ana, address, "begin")
    seen(ana, address)

    assert "can’t be brought in" in first
    assert "What stands in the column “Puls”" in first
    assert '<option value="at" selected>' in first
    assert refused.status_code == 422
    assert '<option value="resting_heart_rate" selected>' in second
    assert "What would come in" in second
    with ana.db.read() as c:
        assert readings.series(c, ME, "resting_heart_rate", "Puls").readings.values.tolist() == [62.0, 61.0]


@pytest.mark.parametrize(
    ("limit", "to", "status"),
    [("LARGEST_BYTES", 100, 422), ("SPARE_BYTES", 1 << 60, 507)],
    ids=["too large", "no room"],
)
def test_a_file_that_has_no_place_is_refused_and_leaves_nothing(
    ana: Person, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, limit: str, to: int, status: int
) -> None:
    monkeypatch.setattr(import_spool, limit, to)
    by_script = ana.browser.put("/measure/import/file", content=FILE, headers=OCTETS).status_code
    token = ana.browser.headers.pop("x-csrf-token")
    by_form = ana.browser.post("/measure/import", data={"csrf": token}, files={"file": ("watch.txt", FILE)}).status_code

    assert (by_script, by_form) == (status, status)
    assert spooled(tmp_path) == []
