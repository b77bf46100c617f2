from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from matwise.practice import measure
from tests.practice.people import MONDAY_EVENING

from .served import a_person
from .somebody import Person, somebody


def heading(ana: Person) -> str:
    return ana.browser.get("/").text.partition("<h1>")[2].partition("</h1>")[0]


def test_somebody_new_is_welcomed_and_led_to_the_safety_check(tmp_path: Path) -> None:
    with a_person(tmp_path) as person:
        page = person.get("/").text

        assert "In a month of your own days you can know." in page
        assert 'class="button primary" href="/screen"' in page


def test_after_the_safety_check_today_is_for_the_mat(tmp_path: Path) -> None:
    with somebody(tmp_path) as ana:
        page = ana.browser.get("/").text

        assert heading(ana) == "Time for your mat"
        assert "Feet first, sitting" in page
        assert 'href="/guide"' in page


def test_a_safety_check_that_ran_out_comes_before_everything(tmp_path: Path) -> None:
    with somebody(tmp_path) as ana:
        ana.clock.at = MONDAY_EVENING + timedelta(days=29)

        assert heading(ana) == "Time for the safety check"


def test_who_must_not_use_the_mat_is_never_sent_to_a_session(tmp_path: Path) -> None:
    with somebody(tmp_path, but={"pregnancy": ("yes", ())}) as ana:
        for address in ("/", "/plan"):
            page = ana.browser.get(address).text
            main = page.partition("<main")[2].partition("</main>")[0]
            assert "/guide" not in main
            assert "/screen" in main


def test_a_day_whose_ratings_are_in_asks_for_no_more_of_them(tmp_path: Path) -> None:
    with somebody(tmp_path) as ana:
        measure.keep(ana.db, "c-1", "pain", "evening", "4", ana.clock())
        page = ana.browser.get("/").text

        assert 'Evening ratings<span class="visually-hidden">, done</span>' in page


@pytest.mark.parametrize("look", ["light", "dark"])
def test_a_look_that_was_chosen_stays_on_every_page(tmp_path: Path, look: str) -> None:
    with a_person(tmp_path) as person:
        answer = person.post("/look", data={"look": look, "back": "/explain/sleep"})

        assert (answer.status_code, answer.headers["location"]) == (303, "/explain/sleep")
        assert f'<html lang="en" data-look="{look}">' in person.get("/plan").text


def test_a_page_without_a_chosen_look_follows_the_device(tmp_path: Path) -> None:
    with a_person(tmp_path) as person:
        assert '<html lang="en">' in person.get("/").text


@pytest.mark.parametrize(
    "back", ["//evil.example", "https://evil.example", "/\\evil.example", "", "javascript:1", "/a?b"]
)
def test_choosing_a_look_leads_nowhere_else(tmp_path: Path, back: str) -> None:
    with a_person(tmp_path) as person:
        assert person.post("/look", data={"look": "dark", "back": back}).headers["location"] == "/"


def test_a_look_that_does_not_exist_is_refused(tmp_path: Path) -> None:
    with a_person(tmp_path) as person:
        assert person.post("/look", data={"look": '"><script>', "back": "/"}).status_code == 422
