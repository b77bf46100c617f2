"""What a chest strap says of a nap, and the person's own word on it."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from matwise.practice import guide

from .somebody import SESSION, Person, somebody

NAP_FROM_MIN, NAP_UNTIL_MIN = 4, 14


def has_rested(ana: Person) -> None:
    """A session of 20 minutes by the clock."""
    ana.start()
    ana.clock.at += timedelta(minutes=20)
    ana.browser.post(f"/guide/{SESSION}/finish", data={"minutes": "5"})


def a_recording(drop: float = 0.12) -> str:
    """Twenty minutes of beats, a shade uneven, slower from the fourth minute to the fourteenth."""
    at_s = 0.0
    lines: list[str] = []
    while at_s < 20 * 60:
        asleep = NAP_FROM_MIN * 60 <= at_s < NAP_UNTIL_MIN * 60
        rr = 900 * (1 + drop if asleep else 1) + (len(lines) * 37 % 41 - 20)
        at_s += rr / 1000
        lines.append(f"{rr:.0f}")
    return "\n".join(lines)


def test_a_recording_tells_of_a_nap_and_the_person_keeps_what_they_know(tmp_path: Path) -> None:
    with somebody(tmp_path) as ana:
        has_rested(ana)
        asked = ana.browser.get(f"/guide/{SESSION}/after").text
        told = ana.browser.post(f"/guide/{SESSION}/nap", data={"recording": a_recording(), "begins_min": "0"})
        ana.browser.post(f"/guide/{SESSION}/after", data={"nap_minutes": "4"})

        assert f"/guide/{SESSION}/nap" in asked
        assert told.status_code == 200
        assert "speaks for a nap of about 10 minutes" in told.text
        assert 'name="nap_minutes" inputmode="numeric" min="0" value="10"' in told.text
        assert guide.find(ana.db, SESSION).nap_minutes == 4


def test_without_a_slower_heart_it_speaks_against_a_nap(tmp_path: Path) -> None:
    with somebody(tmp_path) as ana:
        has_rested(ana)
        told = ana.browser.post(f"/guide/{SESSION}/nap", data={"recording": a_recording(drop=0)})

        assert "speaks against a nap" in told.text
        assert 'min="0" value="0"' in told.text


def test_what_can_not_be_read_is_named_and_stays_where_it_was_pasted(tmp_path: Path) -> None:
    with somebody(tmp_path) as ana:
        has_rested(ana)
        refused = ana.browser.post(f"/guide/{SESSION}/nap", data={"recording": "812\nabout 800", "begins_min": "soon"})
        short = ana.browser.post(f"/guide/{SESSION}/nap", data={"recording": "812\n" * 100})

        assert refused.status_code == short.status_code == 422
        assert "about 800</textarea>" in refused.text
        assert 'value="soon"' in refused.text
        assert "less than five minutes of the session" in short.text
