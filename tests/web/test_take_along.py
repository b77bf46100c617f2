from __future__ import annotations

import json
import re
from datetime import timedelta
from pathlib import Path
from xml.etree import ElementTree as ET

import icalendar
import pytest

from matwise.practice import calendar, feed, guide, screen
from matwise.settings import Settings

from .feeds import AWAY, somebody_away
from .somebody import SESSION, Person, somebody

FILES = ("session.mp3", "session.opus", "session.flac", "session.wav")
WORDS = ("words.vtt", "cue-sheet.json", "script", "script.txt")
MAGIC = {"mp3": b"ID3", "opus": b"OggS", "flac": b"fLaC", "wav": b"RIFF"}


def page(ana: Person) -> str:
    told = ana.browser.get("/guide/along")
    assert told.status_code == 200
    return told.text


def fetch(ana: Person) -> str:
    """A podcast app fetches today's session; gives its id."""
    screen.allow(ana.db, "no", ana.clock.at)
    (one,) = feed.offers(ana.db, ana.clock.at, Settings(Path(), 8765))
    feed.keep_fetched(ana.db, one, ana.clock.at)
    return one.id


@pytest.mark.parametrize("ending", ["mp3", "opus", "flac", "wav"])
def test_a_session_that_was_begun_comes_as_each_kind_of_file(tmp_path: Path, ending: str) -> None:
    with somebody(tmp_path) as ana:
        ana.start()
        told = ana.browser.get(f"/guide/{SESSION}/session.{ending}")
        part = ana.browser.get(f"/guide/{SESSION}/session.{ending}", headers={"range": "bytes=0-3"})

        assert told.content.startswith(MAGIC[ending])
        assert told.headers["content-disposition"] == f'attachment; filename="matwise-session.{ending}"'
        assert part.status_code == 206
        assert f'href="/guide/{SESSION}/session.{ending}"' in page(ana)


def test_an_ending_there_is_not_is_said_with_those_there_are(tmp_path: Path) -> None:
    with somebody(tmp_path) as ana:
        ana.start()
        refused = ana.browser.get(f"/guide/{SESSION}/session.exe", headers={"accept": "application/json"})

        assert refused.status_code == 422
        assert refused.json()["problems"][0]["want"] == "one of mp3, opus, flac, wav"


def test_its_words_come_as_captions_cue_sheet_page_and_text(tmp_path: Path) -> None:
    with somebody(tmp_path) as ana:
        ana.start()
        told = {name: ana.browser.get(f"/guide/{SESSION}/{name}") for name in WORDS}
        cues = json.loads(told["cue-sheet.json"].content)["cues"]
        first = next(cue["text"] for cue in cues if cue["kind"] == "voice")

        assert told["words.vtt"].text.startswith("WEBVTT")
        assert first in " ".join(told["script.txt"].text.split())
        assert first in told["script"].text
        assert '<div class="script" lang="en">' in told["script"].text


def test_what_is_taken_along_ends_with_the_alarm_and_the_player_keeps_its_blocks(tmp_path: Path) -> None:
    with somebody(tmp_path) as ana:
        sent = {"session_id": SESSION, "choice": "rung", "changed": "no", "sounds": "yes"}
        usual = {"bells": "usual", "bell_db": "0", "voice_db": "0", "bed_db": "0", "settle_in_s": "0"}
        ana.browser.post("/guide/start", data=sent | usual | {"five_more": "yes", "minutes": "2"})
        played = ana.browser.get(f"/guide/{SESSION}/audio.mp3").content
        taken = ana.browser.get(f"/guide/{SESSION}/session.mp3").content
        downloaded = ana.browser.get(f"/guide/{SESSION}/audio.mp3?download=1").content
        chapters = {cue["chapter"] for cue in ana.browser.get(f"/guide/{SESSION}/cue-sheet.json").json()["cues"]}

        assert len(taken) < len(played)
        assert downloaded == taken
        assert "five_more" not in chapters


@pytest.mark.parametrize("name", [*FILES, *WORDS])
def test_nothing_is_given_out_without_a_permission_of_now(tmp_path: Path, name: str) -> None:
    with somebody(tmp_path) as ana:
        unknown = ana.browser.get(f"/guide/never-started/{name}").status_code
        ana.start()
        ana.clock.at += timedelta(hours=2, minutes=1)
        too_late = ana.browser.get(f"/guide/{SESSION}/{name}").status_code
        listed = page(ana)
        ana.clock.at -= timedelta(hours=2)
        ana.browser.post(f"/guide/{SESSION}/finish", data={"minutes": "0"})

        assert (unknown, too_late) == (404, 403)
        assert ana.browser.get(f"/guide/{SESSION}/{name}").status_code == 403
        assert "Begin today’s session first" in listed


def test_a_private_address_is_made_shown_as_long_as_the_app_runs_and_closed(tmp_path: Path) -> None:
    with somebody(tmp_path) as ana:
        before = page(ana)
        made = ana.browser.post("/guide/address", data={"do": "make"})
        shown = page(ana)
        (own,) = set(re.findall(r'href="(http://[^"]+/feed/[\w-]+)"', shown))
        opened = ana.browser.get(own).status_code
        ana.browser.post("/guide/address", data={"do": "close"})

        assert "Make my private address" in before
        assert (made.status_code, made.headers["location"]) == (303, "/guide/along#address")
        assert f"{own}.xml" in shown
        assert own.replace("/feed/", "/calendar/") + ".ics" in shown
        assert opened == 200
        assert ana.browser.get(own).status_code == 404
        assert own not in page(ana)


def test_an_address_made_elsewhere_is_not_shown_and_one_closed_elsewhere_no_more(tmp_path: Path) -> None:
    with somebody(tmp_path) as ana:
        ana.browser.post("/guide/address", data={"do": "make"})
        feed.make_address(ana.db, ana.clock.at)
        told = page(ana)

        assert "It can’t be shown again" in told
        assert "/feed/" not in told


def test_where_no_phone_gets_the_page_says_so_and_what_to_do(tmp_path: Path) -> None:
    with somebody(tmp_path) as ana:
        ana.browser.post("/guide/address", data={"do": "make"})
        told = page(ana)

        assert "Your phone can’t reach Matwise now" in told
        assert "./matwise --host" in told
        assert 'class="qr"' not in told


def test_where_a_phone_gets_a_picture_leads_it_to_its_page(tmp_path: Path) -> None:
    with somebody_away(tmp_path) as (browser, _):
        browser.post("/guide/address", data={"do": "make"})
        told = browser.get("/guide/along").text
        drawn = re.search(r'<figure class="qr">(<svg.*?</svg>)', told, re.DOTALL)
        assert drawn is not None
        title = next(one for one in ET.fromstring(drawn[1]) if one.tag.endswith("title"))  # noqa: S314 – our own

        assert f"http://{AWAY}:8765/feed/" in told
        assert "QR code" in (title.text or "")
        assert " style=" not in drawn[1]
        assert "can’t reach Matwise now" not in told


def test_the_calendar_comes_as_a_file_with_the_times_that_were_kept(tmp_path: Path) -> None:
    with somebody(tmp_path) as ana:
        sent = {"zone": "America/New_York", "session_at": "06:45", "evening_at": "20:00"}
        kept = ana.browser.post("/guide/times", data=sent)
        told = ana.browser.get("/guide/along.ics")
        found = icalendar.Calendar.from_ical(told.content)
        assert isinstance(found, icalendar.Calendar)

        assert kept.headers["location"] == "/guide/along#calendar"
        assert told.headers["content-disposition"] == 'attachment; filename="matwise.ics"'
        assert {f"{event.start:%H:%M %Z}" for event in found.events} == {"06:45 EST"}


def test_times_that_can_not_be_read_stay_in_the_form_with_what_would_be_right(tmp_path: Path) -> None:
    with somebody(tmp_path) as ana:
        sent = {"zone": "Mars <Olympus>", "session_at": "6:61", "evening_at": "20:00"}
        refused = ana.browser.post("/guide/times", data=sent)

        assert refused.status_code == 422
        assert 'value="Mars &lt;Olympus&gt;"' in refused.text
        assert 'value="6:61"' in refused.text
        assert refused.text.count('class="problem"') == 2
        assert calendar.times(ana.db).session_at == calendar.USUAL_SESSION


def test_saying_that_nothing_has_changed_opens_the_feed_for_two_hours_and_begins_nothing(tmp_path: Path) -> None:
    with somebody(tmp_path) as ana:
        ana.browser.post("/guide/address", data={"do": "make"})
        before = page(ana)
        said = ana.browser.post("/guide/say", data={"changed": "no"})
        after = page(ana)
        (own,) = set(re.findall(r'href="(http://[^"]+/feed/[\w-]+)"', after))
        heard = "<audio" in ana.browser.get(own).text
        ana.clock.at += timedelta(hours=2, minutes=1)

        assert "Now it holds no session" in before
        assert said.headers["location"] == "/guide/along#address"
        assert "until 21:00" in after
        assert heard
        assert "<audio" not in ana.browser.get(own).text
        assert "Now it holds no session" in page(ana)
        assert guide.last(ana.db) is None


@pytest.mark.parametrize("reply", ["yes", "unknown"])
def test_another_answer_keeps_the_feed_shut_and_says_what_comes_first(tmp_path: Path, reply: str) -> None:
    with somebody(tmp_path) as ana:
        ana.browser.post("/guide/address", data={"do": "make"})
        refused = ana.browser.post("/guide/say", data={"changed": reply})

        assert refused.status_code == 403
        assert "safety check" in refused.text
        assert "Now it holds no session" in page(ana)


@pytest.mark.parametrize("address", ["/guide", "/guide/along"])
def test_what_an_app_fetched_is_asked_about_until_it_is_answered(tmp_path: Path, address: str) -> None:
    with somebody(tmp_path) as ana:
        session = fetch(ana)
        asked = ana.browser.get(address).text
        ana.clock.at += timedelta(minutes=20)
        told = ana.browser.post("/guide/fetched", data={"session": session, "how": "finished"})

        assert "Another app fetched" in asked
        assert told.headers["location"] == f"/guide/{session}/after"
        assert guide.find(ana.db, session).completed
        assert "Another app fetched" not in ana.browser.get(address).text


def test_of_what_was_stopped_early_the_reason_is_asked(tmp_path: Path) -> None:
    with somebody(tmp_path) as ana:
        session = fetch(ana)
        told = ana.browser.post("/guide/fetched", data={"session": session, "how": "stopped"})

        assert told.headers["location"] == f"/guide/{session}/stop"
        assert ana.browser.get(told.headers["location"]).status_code == 200
        assert guide.find(ana.db, session).ended_at is None


def test_what_nobody_fetched_can_not_be_put_into_the_log(tmp_path: Path) -> None:
    with somebody(tmp_path) as ana:
        refused = ana.browser.post("/guide/fetched", data={"session": "never-fetched", "how": "finished"})

        assert refused.status_code == 404
        assert guide.last(ana.db) is None


def test_a_fetched_session_is_told_after_its_permission_has_ended(tmp_path: Path) -> None:
    with somebody(tmp_path) as ana:
        session = fetch(ana)
        ana.clock.at += timedelta(hours=3)
        told = ana.browser.post("/guide/fetched", data={"session": session, "how": "finished"})

        assert told.status_code == 303
        assert guide.find(ana.db, session).minutes == 5.0


def test_the_guide_has_the_section_on_days_without_a_session_too(tmp_path: Path) -> None:
    with somebody(tmp_path, checked=False) as nobody:
        told = nobody.browser.get("/guide").text

        assert "Take it along" in told
        assert "session.mp3" not in told


def test_after_everything_is_erased_the_address_opens_nothing(tmp_path: Path) -> None:
    with somebody(tmp_path) as ana:
        secret = feed.make_address(ana.db, ana.clock.at)
        ana.browser.post("/connect/erase", data={"confirm": "ERASE"})

        assert ana.browser.get(f"/feed/{secret}.xml").status_code == 404
