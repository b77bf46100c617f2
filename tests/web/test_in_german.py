"""What somebody sees whose browser asks for German: today, the plan, errors, and the doors of the app."""

from __future__ import annotations

import re
from datetime import timedelta
from html import unescape
from pathlib import Path

import numpy as np
import pytest
from tools import translate

from matwise.content.catalogue import tongue
from matwise.content.ladder import ladder
from matwise.errors import InvalidInputError, Problem
from matwise.practice import demo, guide
from matwise.sentence import Sentence, said
from tests.practice.people import MONDAY_EVENING

from .served import PAGES, a_stranger, an_app
from .somebody import SESSION, Person, somebody

GERMAN = {"accept-language": "de-DE,de;q=0.9,en;q=0.5"}


def told(ana: Person, address: str) -> str:
    main = ana.browser.get(address, headers=GERMAN).text.partition("<main")[2].partition("</main>")[0]
    return re.sub(r"<[^>]+>", " ", main)


def test_today_is_in_german_with_its_date(tmp_path: Path) -> None:
    with somebody(tmp_path) as ana:
        page = told(ana, "/")

        assert "Montag, 23. November 2026" in page
        assert "Zeit für deine Matte" in page
        assert said(ladder().rungs[0].title, tongue("de")) in page


def test_the_reasons_of_the_plan_are_in_german_with_the_own_figures(tmp_path: Path) -> None:
    with somebody(tmp_path) as ana:
        ana.start()
        guide.finish(ana.db, SESSION, 5, ana.clock())
        guide.report(ana.db, SESSION, ana.clock(), worst_pain_0_10=8)
        ana.clock.at += timedelta(days=1)

        assert "Dein stärkster Schmerz war 8 von 10." in told(ana, "/plan")


def test_the_same_page_stays_english_for_everybody_else(tmp_path: Path) -> None:
    with somebody(tmp_path) as ana:
        assert "Monday, 23 November 2026" in ana.browser.get("/").text
        assert "Time for your mat" in ana.browser.get("/", headers={"accept-language": "fr"}).text


def test_a_stranger_is_told_in_german_where_to_come_in(tmp_path: Path) -> None:
    with an_app(tmp_path) as (app, _, _):
        stranger = a_stranger(app)
        page = stranger.get("/", headers=GERMAN).text
        answer = stranger.get("/", headers={**GERMAN, "accept": "application/json"}).json()

    assert '<html lang="de">' in page
    assert "Öffne Matwise vom Terminal aus" in page
    assert "Dieser Link wurde schon benutzt" in page
    assert answer["error"].startswith("Öffne Matwise vom Terminal aus")


@pytest.mark.parametrize("address", ["/offline", "/offline?because=over"])
def test_the_page_for_no_connection_is_in_german(tmp_path: Path, address: str) -> None:
    with somebody(tmp_path) as ana:
        page = ana.browser.get(address, headers=GERMAN).text

        assert '<html lang="de">' in page
        assert "Noch einmal versuchen" in page


def test_another_language_is_another_version_of_what_a_device_keeps(tmp_path: Path) -> None:
    with somebody(tmp_path) as ana:
        english = ana.browser.get("/service-worker.js").text
        assert ana.browser.get("/service-worker.js", headers=GERMAN).text != english
        assert ana.browser.get("/manifest.webmanifest", headers=GERMAN).json()["lang"] == "de"


def test_an_error_keeps_what_can_be_said_in_other_languages() -> None:
    error = InvalidInputError(Problem("pain", "'11'", Sentence("a number")), Problem("sleep", "'12'", "0 to 10"))

    assert str(error) == "pain: got '11'; want a number\nsleep: got '12'; want 0 to 10"
    assert said(error.sentence, tongue("de")).startswith("pain: bekommen: '11'")


def test_no_whole_english_sentence_is_left_on_a_german_page(tmp_path: Path) -> None:
    with an_app(tmp_path, demo=True) as (app, launch, _):
        demo.live(app.state.db, MONDAY_EVENING, np.random.default_rng(11))  # noqa: TID251 – a test: chance begins here
        browser = a_stranger(app)
        browser.post("/open", json={"token": launch.token()})
        pages = {address: unescape(browser.get(address, headers=GERMAN).text) for address in PAGES}

    english = {
        text
        for text in (str(message.id) for message in translate.texts())
        if text.count(" ") > 2 and not set("{%") & set(text)
    }
    assert len(english) > 800
    assert {address: text for address, page in pages.items() for text in english if text in page} == {}
