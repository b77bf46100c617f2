from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matwise.measures.rating import Moment
from matwise.practice import answer, measure
from matwise.trial.answer import Effect
from matwise.trial.design import Arm
from matwise.web.question import interval_words
from tests.practice.people import MONDAY_EVENING

from .somebody import Person, somebody

FOUR = ("The mat helps you", "The mat makes it worse for you", "No difference that matters", "Not enough days yet")


def a_design(**changed: str) -> dict[str, str]:
    usual = {"scale": "pain", "versus": "rest", "days": "28", "block_days": "2", "washin_days": "0"}
    return usual | {"starts_on": MONDAY_EVENING.date().isoformat()} | changed


def begin(ana: Person, trial_id: str = "trial-0001", **changed: str) -> int:
    return ana.browser.post("/answer/begin", data={"trial_id": trial_id, **a_design(**changed)}).status_code


def rate_days(ana: Person, points: Mapping[Arm, int], days: int) -> None:
    trial = answer.current(ana.db)
    assert trial is not None
    for day in trial.schedule.days[:days]:
        at = MONDAY_EVENING + (day.on - MONDAY_EVENING.date())
        value = points[day.arm] + (day.day * 7) % 3 - 1  # not the same every day
        measure.keep(ana.db, f"r{day.day}", "pain", Moment.EVENING, str(value), at)
    ana.clock.at = MONDAY_EVENING + timedelta(days=days - 1, hours=2)


def test_without_a_trial_the_page_asks_what_to_ask(tmp_path: Path) -> None:
    with somebody(tmp_path) as ana:
        page = ana.browser.get("/answer").text

        assert "What would you like to know about?" in page
        assert 'value="rest" checked' in page
        assert 'href="/explain/same_rest"' in page


def test_the_chance_is_told_before_anything_begins(tmp_path: Path) -> None:
    with somebody(tmp_path) as ana:
        page = ana.browser.get("/answer/ahead", params=a_design(days="56", block_days="4")).text

        told = re.search(r"with a chance of about <strong[^>]*>(\d+) %", page)
        assert told is not None
        assert 20 < int(told[1]) < 60
        assert answer.current(ana.db) is None


def test_longer_trials_are_told_to_be_likelier_to_answer(tmp_path: Path) -> None:
    with somebody(tmp_path) as ana:
        page = ana.browser.get("/answer/ahead", params=a_design()).text

        chances = [int(one) for one in re.findall(r'class="share">(\d+) %', page)]
        assert len(chances) == 5
        assert chances == sorted(chances)


@pytest.mark.parametrize(
    ("changed", "want"),
    [
        ({"days": "13"}, "from 14 to 112"),
        ({"days": "many"}, "a whole number"),
        ({"block_days": "0"}, "1 to 14"),
        ({"washin_days": "2"}, "0 to 1"),
        ({"versus": "placebo"}, "rest, breath, nothing or both"),
        ({"order": "alphabetical"}, "one of random"),
        ({"cannot": "2027-02-30"}, "dates such as"),
        ({"scale": "mood"}, "one of"),
        ({"starts_on": "soon"}, "a date such as"),
        ({"starts_on": "2020-01-01"}, "today or a day to come"),
    ],
)
def test_a_design_that_can_not_be_is_refused_beside_its_field_and_kept(
    tmp_path: Path, changed: dict[str, str], want: str
) -> None:
    with somebody(tmp_path) as ana:
        looked = ana.browser.get("/answer/ahead", params=a_design(**changed))
        begun = begin(ana, **changed)

        assert (looked.status_code, begun) == (422, 422)
        assert want in looked.text
        assert f'id="{next(iter(changed))}-problem"' in looked.text
        assert answer.current(ana.db) is None


def test_the_same_beginning_sent_twice_begins_one_trial(tmp_path: Path) -> None:
    with somebody(tmp_path) as ana:
        codes = [begin(ana), begin(ana)]

        assert codes == [303, 303]
        assert begin(ana, "trial-0002") == 409


def test_a_running_trial_says_what_today_is_and_shows_every_day(tmp_path: Path) -> None:
    with somebody(tmp_path) as ana:
        begin(ana)
        trial = answer.current(ana.db)
        assert trial is not None
        page = ana.browser.get("/answer").text

        assert f"Today is a {trial.schedule.days[0].arm.value} day" in page
        assert "Day 1 of 28." in page
        assert page.count('<td class="in ') == 28
        assert page.count('aria-current="date"') == 1


def test_a_trial_of_tomorrow_says_when_it_begins(tmp_path: Path) -> None:
    with somebody(tmp_path) as ana:
        begin(ana, starts_on=(MONDAY_EVENING.date() + timedelta(days=1)).isoformat())

        assert "It begins on Tue 24 Nov" in ana.browser.get("/answer").text


def test_the_answer_comes_with_its_probability_interval_pictures_and_tables(tmp_path: Path) -> None:
    with somebody(tmp_path) as ana:
        begin(ana)
        rate_days(ana, {Arm.MAT: 3, Arm.REST: 7}, 28)
        page = ana.browser.get("/answer").text
        heading = re.search(r"<h1[^>]*>([^<]+)</h1>", page)

        assert heading is not None
        assert heading[1].startswith("The mat helps you")
        assert "points lower" in page
        assert page.count('role="img"') == 2
        assert page.count('<path class="point ') == 28
        assert "These days as a table" in page
        assert "This picture as a table" in page
        assert " style=" not in page


@pytest.mark.parametrize("days", [1, 9, 20])
def test_at_any_time_the_page_says_one_of_four_things(tmp_path: Path, days: int) -> None:
    with somebody(tmp_path) as ana:
        begin(ana)
        rate_days(ana, {Arm.MAT: 5, Arm.REST: 5}, days)
        heading = re.search(r"<h1[^>]*>([^<]+)</h1>", ana.browser.get("/answer").text)

        assert heading is not None
        assert heading[1].startswith(FOUR)


def test_an_ended_trial_keeps_its_answer_and_says_why_it_ended(tmp_path: Path) -> None:
    with somebody(tmp_path) as ana:
        begin(ana)
        rate_days(ana, {Arm.MAT: 5, Arm.REST: 6}, 20)
        ana.browser.post("/answer/end", data={"why": "A <long> journey"})
        page = ana.browser.get("/answer").text

        assert "A &lt;long&gt; journey" in page
        assert 'href="/answer/new"' in page
        assert answer.current(ana.db) is None


def test_the_programs_of_the_person_read_the_same_answer(tmp_path: Path) -> None:
    with somebody(tmp_path) as ana:
        begin(ana)
        rate_days(ana, {Arm.MAT: 3, Arm.REST: 7}, 28)
        told = ana.browser.get("/api/answer").json()

        assert told["sentence"] in ana.browser.get("/answer").text


@given(low=st.floats(-9, 9), width=st.floats(0.01, 9))
def test_the_interval_in_words_never_points_the_wrong_way(low: float, width: float) -> None:
    high = low + width
    said = interval_words(Effect((low + high) / 2, 1.0, low, (low + high) / 2, high))

    assert ("lower" in said) == (low < 0)
    assert ("higher" in said) == (high > 0)
