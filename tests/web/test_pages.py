from __future__ import annotations

from pathlib import Path

import pytest

from matwise.practice import screen

from .served import a_person, a_stranger, an_app

PAGES = ("/", "/screen", "/plan", "/guide", "/measure", "/answer", "/explain", "/explain/back_pain", "/connect")


@pytest.mark.parametrize("address", PAGES)
def test_every_page_opens_for_somebody_new(tmp_path: Path, address: str) -> None:
    with a_person(tmp_path) as person:
        answer = person.get(address)

        assert answer.status_code == 200
        assert answer.text.count("<h1") == 1
        assert " style=" not in answer.text
        assert "simulated" not in answer.text


def test_the_demo_says_on_every_page_that_its_person_is_invented(tmp_path: Path) -> None:
    with an_app(tmp_path, demo=True) as (app, launch, _):
        client = a_stranger(app)
        client.post("/open", json={"token": launch.token()})

        for address in PAGES:
            assert "These are simulated days of an invented person." in client.get(address).text


def test_an_address_that_does_not_exist_says_so_kindly(tmp_path: Path) -> None:
    with a_person(tmp_path) as person:
        answer = person.get("/nothing-here")

        assert answer.status_code == 404
        assert "There is nothing at this address." in answer.text


def test_the_safety_check_works_without_a_script(tmp_path: Path) -> None:
    with a_person(tmp_path) as person:
        check = person.get("/api/screen").json()["screening"]
        said = {f"reply.{rule.id}": "no" for rule in screen.questions()}
        left_out = said.popitem()
        incomplete = person.post("/screen", data={"screening": check, **said})

        assert incomplete.status_code == 422
        assert "One question is still open" in incomplete.text
        complete = person.post("/screen", data={"screening": check, left_out[0]: "no"})
        assert (complete.status_code, complete.headers["location"]) == (303, "/screen/result")
        assert "You can use the mat." in person.get("/screen/result").text


def test_a_red_flag_leads_to_help_at_once(tmp_path: Path) -> None:
    with a_person(tmp_path) as person:
        check = person.get("/api/screen").json()["screening"]
        flag = screen.questions()[0].id
        told = person.post("/screen/answer", json={"screening": check, "question": flag, "reply": "yes"})

        assert told.json()["help"] is True
        assert "Please get medical help now." in person.get("/screen/help").text


def test_everything_can_be_downloaded_and_erased(tmp_path: Path) -> None:
    with a_person(tmp_path) as person:
        rating = {"client_id": "c-1", "scale": "pain", "moment": "evening", "value": 4}
        assert person.post("/api/measure", json=rating).status_code == 201
        packed = person.post("/connect/export")
        assert packed.content[:2] == b"PK"
        refused = person.post("/connect/erase", data={"confirm": "erase"})
        assert refused.status_code == 422
        assert 'value="erase"' in refused.text

        assert person.post("/connect/erase", data={"confirm": "ERASE"}).status_code == 303
        assert "Does the mat help you?" in person.get("/").text


@pytest.mark.parametrize(
    "answers",
    [
        {"pregnancy": {"reply": "yes"}},
        {"blood_thinner": {"reply": "unknown"}},
        {"eczema": {"reply": "yes", "areas": ["upper_back", "lower_back"]}},
    ],
    ids=["pregnant", "blood thinner unknown", "eczema on the back"],
)
def test_no_call_starts_a_session_for_somebody_who_must_not(
    tmp_path: Path, answers: dict[str, dict[str, object]]
) -> None:
    with a_person(tmp_path) as person:
        for rule in screen.questions():
            given = {"question": rule.id, "reply": "no"} | answers.get(rule.id, {})
            assert person.post("/api/screen/answers", json=given).status_code == 200
        verdict = person.post("/api/screen/finish").json()
        assert verdict["outcome"] in {"ask_a_clinician", "do_not_use"}

        for number, choice in enumerate(("rung", "feet_at_work", "anything")):
            wish = {"session_id": f"wished-for-{number}", "changed": "no", "choice": choice}
            assert person.post("/api/guide", json=wish).status_code == 403
            assert person.post("/guide/start", data=wish).status_code in {303, 403}
            assert person.get(f"/guide/wished-for-{number}").status_code == 404
            assert person.get(f"/guide/wished-for-{number}/audio.mp3").status_code == 404
