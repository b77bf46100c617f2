"""What is taken along in German: an address carries its language, since the programs that read it bring no choice."""

from __future__ import annotations

import re
from datetime import date, timedelta
from html import unescape
from pathlib import Path
from urllib.parse import urlsplit
from xml.etree import ElementTree as ET

import icalendar
import pytest

from matwise.content.catalogue import tongue
from matwise.practice import calendar, feed, screen
from matwise.sentence import ENGLISH, Sentence, said
from matwise.settings import Settings

from .somebody import SESSION, Person, somebody

GERMAN = {"accept-language": "de"}
SETTINGS = Settings(Path(), 8765)


def addresses(ana: Person, headers: dict[str, str]) -> list[str]:
    """Of phone, podcast and calendar, as the page shows them."""
    ana.browser.post("/guide/address", data={"do": "make"})
    page = ana.browser.get("/guide/along", headers=headers).text
    parts = [urlsplit(unescape(told)) for told in re.findall(r'<dd><a href="([^"]+)"', page)]
    return [f"{part.path}?{part.query}".rstrip("?") for part in parts]


def titles(told: bytes) -> set[str]:
    return {str(event["SUMMARY"]) for event in icalendar.Calendar.from_ical(told).walk("VEVENT")}


def test_made_in_german_the_addresses_ask_for_german(tmp_path: Path) -> None:
    with somebody(tmp_path) as ana:
        assert [address.partition("?")[2] for address in addresses(ana, GERMAN)] == ["", "language=de", "language=de"]
        assert not [address for address in addresses(ana, {}) if "?" in address]


def test_podcast_and_calendar_are_read_in_the_language_of_their_address(tmp_path: Path) -> None:
    with somebody(tmp_path) as ana:
        screen.allow(ana.db, "no", ana.clock.at)
        _, podcast, days = addresses(ana, GERMAN)
        told = ET.fromstring(ana.browser.get(podcast).content)  # noqa: S314 – our own

        assert told.findtext("channel/title") == "Matwise: die Sitzungen von heute"
        assert "Für heute, 23. November. " in (told.findtext("channel/item/description") or "")
        assert titles(ana.browser.get(days).content) == {"Matwise-Sitzung"}


@pytest.mark.parametrize("query", ["", "?language=en", "?language=xx", "?language=../de"])
def test_every_other_language_is_english(tmp_path: Path, query: str) -> None:
    with somebody(tmp_path) as ana:
        days = addresses(ana, {})[2]

        assert titles(ana.browser.get(days + query).content) == {"Matwise session"}


def test_another_language_is_no_change_of_the_calendar(tmp_path: Path) -> None:
    with somebody(tmp_path) as ana:
        before = calendar.file(ana.db, ana.clock.at, SETTINGS)
        german = calendar.file(ana.db, ana.clock.at, SETTINGS, tongue("de"))

        assert calendar.file(ana.db, ana.clock.at + timedelta(minutes=5), SETTINGS) == before
        assert re.findall(rb"SEQUENCE:\d+", german) == re.findall(rb"SEQUENCE:\d+", before)


def test_what_is_over_stays_german(tmp_path: Path) -> None:
    with somebody(tmp_path) as ana:
        calendar.file(ana.db, ana.clock.at, SETTINGS, tongue("de"))
        told = calendar.file(ana.db, ana.clock.at + timedelta(days=3), SETTINGS, tongue("de"))
        events = icalendar.Calendar.from_ical(told).walk("VEVENT")

        assert {str(event["SUMMARY"]) for event in events} == {"Matwise-Sitzung"}
        assert not [event for event in events if "Before you start" in str(event["DESCRIPTION"])]


def test_why_nothing_is_there_is_said_in_german(tmp_path: Path) -> None:
    with somebody(tmp_path, checked=False) as ana:
        _, podcast, _ = addresses(ana, GERMAN)
        about = ET.fromstring(ana.browser.get(podcast).content).findtext("channel/description")  # noqa: S314 – our own
        refusal = screen.refusal(ana.db, ana.clock.at)
        assert refusal is not None

        assert about == said(feed.closed_because(refusal), tongue("de"))
        assert about != feed.closed_because(refusal)


def test_wrong_times_and_a_kept_session_are_said_in_german(tmp_path: Path) -> None:
    with somebody(tmp_path) as ana:
        ana.start()
        times = {"zone": "Mars", "session_at": "20:00", "evening_at": "21:30"}
        page = ana.browser.post("/guide/times", data=times, headers=GERMAN).text
        kept = ana.browser.get(f"/guide/{SESSION}/offline.json", headers=GERMAN).json()

        assert said(Sentence("a time zone such as Europe/Berlin"), tongue("de")) in page
        assert kept["because"].startswith("Eine Sitzung wird für ihren Tag aufbewahrt")


def test_a_session_spoken_in_another_language_says_so(tmp_path: Path) -> None:
    with somebody(tmp_path) as ana:
        ana.start()

        assert (
            '<h1 class="player-title" id="player-title" lang="en">'
            in ana.browser.get(f"/guide/{SESSION}", headers=GERMAN).text
        )
        assert '<h1 class="player-title" id="player-title">' in ana.browser.get(f"/guide/{SESSION}").text


def test_a_day_of_the_year_is_written_out() -> None:
    day = Sentence("{on:day}").format(on=date(2026, 3, 3))

    assert (said(day, ENGLISH), said(day, tongue("de"))) == ("3 March", "3. März")
