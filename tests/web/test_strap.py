"""A strap that the browser records: parts arrive, become a recording, and it says what it says."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from matwise.practice import strap

from .somebody import SESSION, Person, somebody
from .test_nap import has_rested

SECOND = "103c0004"  # 60 a minute, one interval of 1024 / 1024 s
RECORDING = "0123456789abcdef0123456789abcdef"


def send(ana: Person, number: int, packets: list[tuple[int, str]], **more: object) -> int:
    body = {"recording": RECORDING, "number": number, "packets": packets, "since_ms": 1000.0 * 300} | more
    return ana.browser.post("/measure/strap/packets", json=body).status_code


def seconds(first: int, last: int) -> list[tuple[int, str]]:
    return [(1000 * at, SECOND if at % 2 else "103c9903") for at in range(first, last + 1)]


def end(ana: Person) -> dict[str, str]:
    told: dict[str, str] = ana.browser.post("/measure/strap/finish", json={"recording": RECORDING}).json()
    return told


def test_what_arrives_in_parts_becomes_a_recording_with_its_values(tmp_path: Path) -> None:
    with somebody(tmp_path) as ana:
        codes = [send(ana, number, seconds(30 * number + 1, 30 * number + 30), moment="before") for number in range(10)]
        address = end(ana)["address"]
        told = ana.browser.get(address).text

        assert codes == [200] * 10
        assert "300 beats" in told
        assert "RMSSD" in told
        assert "Go to your session" in told
        assert address in {f"/measure/strap/{RECORDING}"}
        assert "Chest strap" in ana.browser.get("/measure/recordings").text
        assert "Chest strap" in ana.browser.get(f"/measure/import/{RECORDING}").text


def test_it_begins_when_the_strap_did_however_late_its_parts_arrive(tmp_path: Path) -> None:
    with somebody(tmp_path) as ana:
        send(ana, 0, seconds(1, 30), since_ms=30_000.0, age_s=120.0)
        end(ana)
        (kept,) = strap.find(ana.db, RECORDING).parts

        assert ana.clock.at - kept.at == timedelta(seconds=150)


@pytest.mark.parametrize("more", [{"since_ms": -1.0}, {"age_s": -1.0}, {"since_ms": 1e12}, {"moment": "soon"}])
def test_what_no_page_sends_is_refused(tmp_path: Path, more: dict[str, object]) -> None:
    with somebody(tmp_path) as ana:
        assert send(ana, 0, seconds(1, 3), **more) == 422
        assert send(ana, 0, [(1, "zz")]) == 422
        assert strap.waiting(ana.db) == ()


def test_a_recording_that_broke_off_can_be_kept_or_discarded_without_a_script(tmp_path: Path) -> None:
    with somebody(tmp_path) as ana:
        send(ana, 0, seconds(1, 100))
        broken = ana.browser.get("/measure/strap").text
        kept = ana.browser.post(f"/measure/strap/{RECORDING}/finish", data={})
        result = ana.browser.get(kept.headers["location"]).text
        gone = ana.browser.post(f"/measure/strap/{RECORDING}/discard", data={})

        assert "broke off" in broken
        assert "100 beats" in result
        assert gone.status_code == 303
        assert "broke off" not in ana.browser.get("/measure/strap").text
        assert "Nothing of this recording is kept" in ana.browser.get(f"/measure/strap/{RECORDING}").text


def test_one_that_is_not_there_is_not_found(tmp_path: Path) -> None:
    with somebody(tmp_path) as ana:
        codes = [
            ana.browser.get("/measure/strap/none").status_code,
            ana.browser.post("/measure/strap/finish", json={"recording": "none"}).status_code,
            ana.browser.post("/measure/strap/none/finish", data={}).status_code,
            ana.browser.post("/measure/strap/none/discard", data={}).status_code,
        ]

        assert codes == [404] * 4


def test_straps_may_be_reached_from_our_own_pages_alone(tmp_path: Path) -> None:
    with somebody(tmp_path) as ana:
        assert "bluetooth=(self)" in ana.browser.get("/measure/strap").headers["permissions-policy"]


def test_the_guide_offers_to_measure_before_and_after(tmp_path: Path) -> None:
    with somebody(tmp_path) as ana:
        before = ana.browser.get("/guide").text
        has_rested(ana)
        after = ana.browser.get(f"/guide/{SESSION}/after").text
        page = ana.browser.get("/measure/strap?moment=after").text

        assert "/measure/strap?moment=before" in before
        assert "/measure/strap?moment=after" in after
        assert 'name="moment" value="after" checked' in page


def test_a_strap_worn_during_a_session_tells_of_a_nap_without_pasting(tmp_path: Path) -> None:
    with somebody(tmp_path) as ana:
        has_rested(ana)  # it began twenty minutes ago
        beats: list[tuple[int, str]] = []
        at_ms = 0.0
        while at_ms < 20 * 60_000:
            ticks = 1032 if 4 * 60_000 <= at_ms < 14 * 60_000 else 921
            ticks += len(beats) * 37 % 41 - 20
            at_ms += ticks * 1000 / 1024
            beats.append((round(at_ms), f"103c{ticks.to_bytes(2, 'little').hex()}"))
        for number in range(0, len(beats), 500):
            part = beats[number : number + 500]
            send(ana, number // 500, part, since_ms=20 * 60_000.0, moment="during")
        end(ana)
        asked = ana.browser.get(f"/guide/{SESSION}/nap").text
        (kept,) = strap.find(ana.db, RECORDING).parts
        told = ana.browser.post(f"/guide/{SESSION}/nap", data={"kept": kept.id})
        other = ana.browser.post(f"/guide/{SESSION}/nap", data={"kept": "another"})

        assert kept.session_id == SESSION
        assert f'name="kept" value="{kept.id}"' in asked
        assert "speaks for a nap of about 10 minutes" in told.text
        assert other.status_code == 422
        assert "The breath was led" in ana.browser.get(f"/measure/strap/{RECORDING}").text
