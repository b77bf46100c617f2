"""What a browser may keep of a session, and how the app hears of an end later."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import pytest

from matwise.practice import guide
from tests.practice.people import MONDAY_EVENING

from .somebody import SESSION, somebody


def test_a_session_may_be_kept_until_its_night_is_over(tmp_path: Path) -> None:
    with somebody(tmp_path) as ana:
        ana.start()
        told = ana.browser.get(f"/guide/{SESSION}/offline.json").json()
        until = datetime.fromisoformat(told["until"])

        assert until == datetime(2026, 11, 24, 4, 0, tzinfo=MONDAY_EVENING.tzinfo)
        assert told["keep_for_s"] == (until - MONDAY_EVENING).total_seconds()
        assert "that day is over" in told["because"]
        assert [address.removeprefix(f"/guide/{SESSION}") for address in told["addresses"]] == [
            "",
            "/cues.json",
            "/captions.vtt",
            "/audio.mp3",
        ]


def test_no_copy_outlives_the_safety_check(tmp_path: Path) -> None:
    with somebody(tmp_path) as ana:
        ana.clock.at = MONDAY_EVENING + timedelta(days=28)  # its last evening
        ana.start()
        told = ana.browser.get(f"/guide/{SESSION}/offline.json").json()

        assert datetime.fromisoformat(told["until"]).hour == 0
        assert "safety check behind this session has run out" in told["because"]


def test_a_session_that_has_ended_or_may_not_be_heard_is_not_kept(tmp_path: Path) -> None:
    with somebody(tmp_path) as ana:
        ana.start()
        ana.browser.post(f"/guide/{SESSION}/finish", data={"minutes": "0"})

        assert (
            ana.browser.get(f"/guide/{SESSION}/offline.json", headers={"accept": "application/json"}).status_code == 403
        )


def test_an_end_is_kept_when_it_was_said_and_again_changes_nothing(tmp_path: Path) -> None:
    with somebody(tmp_path) as ana:
        ana.start()
        ana.clock.at += timedelta(minutes=30)
        sent = {"client_id": "e1", "age_s": 600.0, "minutes": 4.5, "reason": None, "awake_at_s": 560.5}
        first = ana.browser.post(f"/guide/{SESSION}/end", json=sent)
        kept = guide.find(ana.db, SESSION)
        again = ana.browser.post(f"/guide/{SESSION}/end", json=sent | {"minutes": 1.0})

        assert first.status_code == again.status_code == 200
        assert kept.ended_at == MONDAY_EVENING + timedelta(minutes=20)
        assert (kept.minutes, kept.completed, kept.awake_at_s) == (4.5, True, 560.5)
        assert guide.find(ana.db, SESSION).minutes == 4.5


@pytest.mark.parametrize(
    "wrong", [{"minutes": -1.0}, {"reason": "bored"}, {"awake_at_s": -3.0}, {"minutes": "many"}], ids=str
)
def test_an_end_that_can_not_be_is_refused_and_the_session_stays_open(tmp_path: Path, wrong: dict[str, object]) -> None:
    with somebody(tmp_path) as ana:
        ana.start()
        ana.clock.at += timedelta(minutes=10)
        sent = {"client_id": "e1", "age_s": 1.0, "minutes": 4.5} | wrong
        refused = ana.browser.post(f"/guide/{SESSION}/end", json=sent)

        assert refused.status_code == 422
        assert guide.find(ana.db, SESSION).ended_at is None


def test_a_stop_that_was_said_without_a_connection_keeps_its_reason(tmp_path: Path) -> None:
    with somebody(tmp_path) as ana:
        ana.start()
        ana.clock.at += timedelta(minutes=10)
        ana.browser.post(
            f"/guide/{SESSION}/end", json={"client_id": "e", "age_s": 1200.0, "minutes": 2.0, "reason": "pain"}
        )
        kept = guide.find(ana.db, SESSION)

        assert kept.stop_reason == "pain"
        assert kept.ended_at == MONDAY_EVENING  # an age from before the beginning is one of a clock that was moved
