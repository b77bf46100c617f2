from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from matwise.content.ladder import ladder
from matwise.practice import answer

from .served import a_person
from .somebody import Person, somebody


def main_of(ana: Person) -> str:
    return ana.browser.get("/plan").text.partition("<main")[2]


def test_the_ladder_shows_every_step_and_where_one_stands(tmp_path: Path) -> None:
    with somebody(tmp_path) as ana:
        page = main_of(ana)

        assert page.count('aria-current="step"') == 1
        for rung in ladder().rungs:
            assert rung.title in page


def test_the_plan_says_what_would_move_one_up_keep_one_and_send_one_back(tmp_path: Path) -> None:
    with somebody(tmp_path) as ana:
        page = main_of(ana)

        for word in ("Up</dt><dd>", "Stay</dt><dd>", "Back</dt><dd>"):
            told = page.partition(word)[2].partition("</dd>")[0]
            assert len(told) > 20


def test_before_the_safety_check_the_plan_offers_no_session(tmp_path: Path) -> None:
    with a_person(tmp_path) as person:
        page = person.get("/plan").text.partition("<main")[2]

        assert 'href="/guide' not in page
        assert page.count("Opens after the safety check and step") == len(ladder().routines)


def test_a_step_that_the_limits_forbid_is_shown_as_closed(tmp_path: Path) -> None:
    with somebody(tmp_path, but={"moles_warts_scars": ("yes", ("seat",))}) as ana:
        page = main_of(ana)
        closed = page.partition("Sitting on it")[2].partition("</li>")[0]
        car = page.partition("Seat in the car, as a passenger")[2].partition("</li>")[0]

        assert "Closed by your safety check." in closed
        assert "Closed by your safety check." in car


def test_while_a_trial_runs_no_other_session_is_on_offer(tmp_path: Path) -> None:
    with somebody(tmp_path) as ana:
        today = ana.clock().date()
        asked = {"scale": "pain", "versus": "rest", "days": 28, "block_days": 4, "washin_days": 1}
        answer.begin(ana.db, "trial-1", **asked, starts_on=today + timedelta(days=1), seed=1, now=ana.clock())  # type: ignore[arg-type]  # one dict of mixed values
        ana.clock.at += timedelta(days=1)
        page = main_of(ana)

        assert "guide?choice=" not in page
        assert page.count("Waits while your trial runs") == len(ladder().routines)
