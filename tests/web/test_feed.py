from __future__ import annotations

import logging
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import feedparser  # type: ignore[import-untyped] # it brings no types
import icalendar
import pytest
from starlette.applications import Starlette
from starlette.routing import Route
from starlette.testclient import TestClient

from matwise.practice import feed, guide, screen
from matwise.screening.gate import NotAllowedError
from matwise.store.database import Database
from matwise.web.access import shown
from tests.practice.people import MONDAY_EVENING, answers_all

from .feeds import AWAY, somebody_away
from .served import BASE, PORT, Clock, a_stranger, an_app

NOT_A_SECRET = "A" * 43
NOTHING = (404, "There is nothing at this address.\n", "text/plain; charset=utf-8")


@dataclass(frozen=True, slots=True)
class Subscribed:
    """A podcast app, or a calendar, that knows somebody's secret; it has no cookie."""

    app: Starlette
    db: Database
    clock: Clock
    client: TestClient
    secret: str

    def rss(self) -> feedparser.FeedParserDict:
        answer = self.client.get(f"/feed/{self.secret}.xml")
        assert answer.status_code == 200
        assert answer.headers["content-type"] == "application/rss+xml; charset=utf-8"
        found = feedparser.parse(answer.content)
        assert not found.bozo, found.get("bozo_exception")
        return found


@contextmanager
def subscribed(folder: Path, *, said: str | None = "no") -> Iterator[Subscribed]:
    """An app that subscribed, of somebody who `said` whether anything has changed."""
    with an_app(folder) as (app, _, clock):
        db: Database = app.state.db
        answers_all(db, MONDAY_EVENING)
        if said is not None:
            screen.allow(db, said, MONDAY_EVENING)
        yield Subscribed(app, db, clock, a_stranger(app), feed.make_address(db, MONDAY_EVENING))


def database(client: TestClient) -> Database:
    db: Database = client.app.state.db  # type: ignore[attr-defined]  # it is Starlette
    return db


def private_routes(app: Starlette, secret: str, episode: str = "an-episode") -> list[str]:
    paths = [route.path for route in app.routes if isinstance(route, Route) and "{secret}" in route.path]
    assert len(paths) >= 6
    return [path.replace("{secret}", secret).replace("{episode}", episode) for path in paths]


def test_a_podcast_app_finds_todays_session_and_fetches_it_in_parts(tmp_path: Path) -> None:
    with subscribed(tmp_path) as app:
        found = app.rss()
        (entry,) = found.entries
        (enclosure,) = entry.enclosures
        whole = app.client.get(enclosure.href)
        part = app.client.get(enclosure.href, headers={"range": "bytes=-64"})

        assert found.feed.title == "Matwise: today’s sessions"
        assert (whole.status_code, whole.headers["content-type"]) == (200, "audio/mpeg")
        assert len(whole.content) == int(enclosure.length)
        assert (part.status_code, part.content) == (206, whole.content[-64:])


def test_captions_and_cover_are_where_the_feed_says(tmp_path: Path) -> None:
    with subscribed(tmp_path) as app:
        written = app.client.get(f"/feed/{app.secret}.xml").text
        captions = re.search(r'transcript url="([^"]+)"', written)
        assert captions is not None
        words, picture = app.client.get(captions[1]), app.client.get(app.rss().feed.image.href)

        assert words.text.startswith("WEBVTT")
        assert picture.content.startswith(b"\x89PNG")


def test_fetching_keeps_that_it_was_fetched_and_no_session(tmp_path: Path) -> None:
    with subscribed(tmp_path) as app:
        address = app.rss().entries[0].enclosures[0].href
        app.client.head(address)
        looked = feed.fetched(app.db, MONDAY_EVENING)
        app.client.get(address)

        assert looked == ()
        assert [one.id for one in feed.fetched(app.db, MONDAY_EVENING)] == [app.rss().entries[0].id]
        assert guide.last(app.db) is None


@pytest.mark.parametrize("said", [None, "unknown"])
def test_a_feed_without_a_permission_holds_nothing_and_says_where_to_go(tmp_path: Path, said: str | None) -> None:
    with an_app(tmp_path) as (app, _, _):
        db: Database = app.state.db
        answers_all(db, MONDAY_EVENING)
        secret = feed.make_address(db, MONDAY_EVENING)
        if said:
            a_reply(db, said)
        found = feedparser.parse(a_stranger(app).get(f"/feed/{secret}.xml").content)

        assert found.entries == []
        assert found.feed.subtitle.startswith("Answer the safety check first")


def a_reply(db: Database, said: str) -> None:
    with pytest.raises(NotAllowedError):
        screen.allow(db, said, MONDAY_EVENING)


def test_a_file_that_was_offered_is_refused_once_the_permission_has_ended(tmp_path: Path) -> None:
    with subscribed(tmp_path) as app:
        entry = app.rss().entries[0]
        address, captions = entry.enclosures[0].href, f"/feed/{app.secret}/{entry.id}.vtt"
        tag = {"if-none-match": app.client.get(address).headers["etag"]}
        app.clock.at += timedelta(hours=2, minutes=1)
        refused = [app.client.get(address), app.client.get(address, headers=tag), app.client.get(captions)]

        assert [one.status_code for one in refused] == [403] * 3
        assert app.rss().entries == []


def test_a_revoked_address_and_one_that_never_was_get_the_very_same_answer(tmp_path: Path) -> None:
    with subscribed(tmp_path) as app:
        episode = app.rss().entries[0].id
        feed.revoke_address(app.db, MONDAY_EVENING)
        answers = []
        for secret in (app.secret, NOT_A_SECRET, "x", "%00", "é"):
            for address in private_routes(app.app, secret, episode):
                for method in ("GET", "HEAD", "POST"):
                    told = app.client.request(method, address)
                    answers.append((told.status_code, told.text or NOTHING[1], told.headers["content-type"]))
                    assert app.secret not in str(told.headers)

        assert set(answers) == {NOTHING}


def test_what_is_below_a_secret_and_is_not_there_is_nothing_too(tmp_path: Path) -> None:
    with subscribed(tmp_path) as app:
        for address in ("never.mp3", "never.vtt", "never.flac", "a/b.mp3"):
            told = app.client.get(f"/feed/{app.secret}/{address}")
            assert (told.status_code, told.text) == NOTHING[:2]


def test_a_new_address_shuts_the_old_one(tmp_path: Path) -> None:
    with subscribed(tmp_path) as app:
        newer = feed.make_address(app.db, MONDAY_EVENING)

        assert app.client.get(f"/feed/{app.secret}.xml").status_code == 404
        assert app.client.get(f"/feed/{newer}.xml").status_code == 200


def test_a_secret_opens_nothing_but_what_it_is_for(tmp_path: Path) -> None:
    with subscribed(tmp_path) as app:
        app.client.get(f"/feed/{app.secret}")

        assert {app.client.get(address).status_code for address in ("/", "/guide", "/connect", "/api/plan")} == {401}


def test_a_calendar_that_subscribed_reads_the_plan(tmp_path: Path) -> None:
    with subscribed(tmp_path, said=None) as app:
        answer = app.client.get(f"/calendar/{app.secret}.ics")
        found = icalendar.Calendar.from_ical(answer.content)
        assert isinstance(found, icalendar.Calendar)

        assert answer.headers["content-type"] == "text/calendar; charset=utf-8"
        assert not found.errors
        assert {str(event["SUMMARY"]) for event in found.events} == {"Matwise session"}


def test_the_page_for_a_phone_plays_and_downloads_and_has_no_way_into_the_app(tmp_path: Path) -> None:
    with subscribed(tmp_path) as app:
        page = app.client.get(f"/feed/{app.secret}").text
        (source,) = re.findall(r'<audio[^>]* src="([^"]+)"', page)
        links = re.findall(r'href="([^"]+)"', page)

        assert app.client.get(source).status_code == 200
        assert not [link for link in links if app.secret not in link and not link.startswith("/static/")]
        assert "<form" not in page
        assert "<script" not in page
        assert f"webcal://127.0.0.1:{PORT}/calendar/{app.secret}.ics" in links


def test_the_page_for_a_phone_says_why_it_is_empty(tmp_path: Path) -> None:
    with subscribed(tmp_path, said=None) as app:
        page = app.client.get(f"/feed/{app.secret}").text

        assert "Answer the safety check first" in page
        assert "<audio" not in page


def test_a_phone_in_the_network_reaches_the_private_address(tmp_path: Path) -> None:
    with somebody_away(tmp_path) as (home, phone):
        secret = feed.make_address(database(home), MONDAY_EVENING)
        found = feedparser.parse(phone.get(f"/feed/{secret}.xml").content)

        assert found.entries[0].enclosures[0].href.startswith(f"http://{AWAY}:{PORT}/feed/{secret}/")
        assert phone.get(f"/feed/{secret}").status_code == 200
        assert phone.get(f"/calendar/{secret}.ics").status_code == 200
        assert phone.get("/static/css/app.css").status_code == 200


def test_a_phone_in_the_network_reaches_nothing_else_whatever_it_says_of_itself(tmp_path: Path) -> None:
    with somebody_away(tmp_path) as (home, phone):
        secret = feed.make_address(database(home), MONDAY_EVENING)
        cookie = "; ".join(f"{name}={value}" for name, value in home.cookies.items())
        for host in (f"{AWAY}:{PORT}", f"127.0.0.1:{PORT}", f"localhost:{PORT}", "evil.example"):
            told = {"host": host, "cookie": cookie}
            for address in ("/", "/guide", "/connect", "/open", "/manifest.webmanifest"):
                assert phone.get(address, headers=told).status_code == 421
        assert phone.get(f"/feed/{secret}.xml", headers={"host": f"127.0.0.1:{PORT}"}).status_code == 421
        assert phone.post("/open", json={"token": "x"}).status_code == 421


def test_the_name_of_the_network_is_not_taken_on_this_machine(tmp_path: Path) -> None:
    with somebody_away(tmp_path) as (home, _):
        secret = feed.make_address(database(home), MONDAY_EVENING)
        assert home.get(f"/feed/{secret}.xml", headers={"host": f"{AWAY}:{PORT}"}).status_code == 421
        assert home.get("/", headers={"host": f"{AWAY}:{PORT}"}).status_code == 421


def test_no_log_ever_holds_a_secret(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    with subscribed(tmp_path) as app, caplog.at_level(logging.DEBUG):
        app.client.get(f"/feed/{app.secret}.xml", headers={"host": "evil.example"})
        app.db.close()
        broken = app.client.get(f"/feed/{app.secret}.xml")

        assert broken.status_code in {500, 503}
        assert shown(f"/feed/{app.secret}.xml") == "/feed/…"
        ours = [one.getMessage() for one in caplog.records if one.name.startswith("matwise")]
        assert ours
        assert not [line for line in ours if app.secret in line]


def test_the_address_of_a_feed_is_of_this_server(tmp_path: Path) -> None:
    with subscribed(tmp_path) as app:
        assert app.rss().feed.links[0].href.startswith(f"{BASE}/feed/")
