from __future__ import annotations

from html import unescape
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from matwise.practice import screen
from matwise.screening.rule import Outcome

from .served import a_person
from .somebody import somebody


def keep(person: TestClient, question: str, reply: str, areas: tuple[str, ...] = ()) -> int:
    check = person.get("/api/screen").json()["screening"]
    sent = {"screening": check, "question": question, "reply": reply, "areas": list(areas)}
    return person.post("/screen/answer", json=sent).status_code


def test_an_answer_is_there_again_after_a_reload(tmp_path: Path) -> None:
    with a_person(tmp_path) as person:
        assert keep(person, "eczema", "yes", ("neck", "seat")) == 200
        page = person.get("/screen").text

        assert 'name="reply.eczema" value="yes" checked' in page
        assert 'name="areas.eczema" value="neck" checked' in page
        assert 'name="areas.eczema" value="feet" checked' not in page


def test_an_answer_can_be_changed_as_long_as_the_check_is_open(tmp_path: Path) -> None:
    with a_person(tmp_path) as person:
        keep(person, "pregnancy", "yes")
        keep(person, "pregnancy", "no")
        page = person.get("/screen").text

        assert 'name="reply.pregnancy" value="no" checked' in page
        assert 'name="reply.pregnancy" value="yes" checked' not in page


@pytest.mark.parametrize(
    ("question", "reply", "areas"),
    [("no_such_question", "no", ()), ("pregnancy", "maybe", ()), ("pregnancy", "", ()), ("eczema", "yes", ("moon",))],
)
def test_an_answer_that_is_not_on_offer_is_refused(
    tmp_path: Path, question: str, reply: str, areas: tuple[str, ...]
) -> None:
    with a_person(tmp_path) as person:
        assert keep(person, question, reply, areas) == 422


def test_the_page_asks_every_question_of_the_rules_once(tmp_path: Path) -> None:
    with a_person(tmp_path) as person:
        page = person.get("/screen").text

        for rule in screen.questions():
            assert page.count(f'id="q-{rule.id}"') == 1
            assert page.count(f'name="reply.{rule.id}"') == 3


def test_the_red_flags_are_asked_first(tmp_path: Path) -> None:
    with a_person(tmp_path) as person:
        page = person.get("/screen").text

        assert page.index('id="group-red_flags"') < page.index('id="group-about_you"')


def test_the_outcome_gives_every_reason_its_source_and_review_date(tmp_path: Path) -> None:
    with somebody(tmp_path, but={"pregnancy": ("yes", ()), "eczema": ("yes", ("neck",))}) as ana:
        verdict = screen.verdict(ana.db)
        page = ana.browser.get("/screen/result").text
        assert verdict is not None

        assert verdict.outcome is Outcome.DO_NOT_USE
        assert page.count("Who says so") == len(verdict.reasons)
        for reason in verdict.reasons:
            assert all(source.title in unescape(page) for source in reason.sources)
            assert f"Reviewed {reason.reviewed_on.day} {reason.reviewed_on:%B %Y}" in page


def test_the_outcome_says_that_no_clinician_has_signed_the_rules(tmp_path: Path) -> None:
    with somebody(tmp_path) as ana:
        assert "No clinician has signed them yet." in ana.browser.get("/screen/result").text


def test_without_a_finished_check_there_is_no_outcome(tmp_path: Path) -> None:
    with a_person(tmp_path) as person:
        for address in ("/screen/result", "/screen/help"):
            answer = person.get(address)
            assert (answer.status_code, answer.headers["location"]) == (303, "/screen")


def test_only_a_sign_that_can_not_wait_ends_the_questions_by_any_way_in(tmp_path: Path) -> None:
    with a_person(tmp_path) as person:
        check = person.get("/api/screen").json()["screening"]
        for question, urgent in (("headache_changed", False), ("injury", False), ("chest", True)):
            sent = {"question": question, "reply": "yes"}
            tapped = person.post("/screen/answer", json={"screening": check, **sent}).json()
            told = person.post("/api/screen/answers", json=sent).json()
            form = person.post("/screen", data={"screening": check, f"reply.{question}": "yes"})

            assert (tapped["help"], told["help"]) == (urgent, urgent)
            assert form.headers.get("location") == ("/screen/help" if urgent else None)


def test_an_answer_that_waited_is_dated_when_it_was_given(tmp_path: Path) -> None:
    with somebody(tmp_path, checked=False) as ana:
        check = ana.browser.get("/api/screen").json()["screening"]
        sent = {"screening": check, "question": "pregnancy", "reply": "no", "client_id": "c", "age_s": 2 * 86_400.0}

        assert ana.browser.post("/screen/answer", json=sent).status_code == 200
        # Older than a day: it is asked again.
        assert "pregnancy" not in screen.resume(ana.db, ana.clock()).answers


def test_a_place_on_the_front_is_drawn_from_the_front(tmp_path: Path) -> None:
    with somebody(tmp_path, but={"moles_warts_scars": ("yes", ("stomach",))}) as ana:
        front = ana.browser.get("/screen/result").text
    with somebody(tmp_path / "other", but={"moles_warts_scars": ("yes", ("neck",))}) as ben:
        back = ben.browser.get("/screen/result").text

    assert ("Front</span>" in front, "Back</span>" in front) == (True, False)
    assert ("Front</span>" in back, "Back</span>" in back) == (False, True)


def test_the_questions_come_in_parts_that_say_how_far_each_is(tmp_path: Path) -> None:
    with a_person(tmp_path) as person:
        keep(person, "chest", "no")
        page = person.get("/screen").text

        assert "Part 1 of 6" in page
        assert '<progress max="8" value="1" data-part-bar="red_flags"' in page
        assert "Next part: About you" in page
