from __future__ import annotations

from pathlib import Path

import pytest

from .served import a_person

RATING = '"client_id": "c-1", "scale": "pain", "moment": "evening"'


@pytest.mark.parametrize(
    "body",
    [
        "{" + RATING + ', "value": 4, "value": 9}',
        "{" + RATING + ', "value": NaN}',
        "{" + RATING + ', "value": -Infinity}',
        "{" + RATING + ', "value": 4} more',
        "{" + RATING + ', "value": ' + "9" * 5000 + "}",
        "{" * 30_000,
        '{"client_id": "\\ud800 and on", "scale": "pain", "moment": "evening", "value": 4}',
    ],
    ids=["a field twice", "NaN", "Infinity", "trailing", "endless number", "endless nesting", "half a character"],
)
def test_json_that_two_readers_could_read_differently_is_refused(tmp_path: Path, body: str) -> None:
    with a_person(tmp_path) as person:
        answer = person.post("/api/measure", content=body, headers={"content-type": "application/json"})

        assert answer.status_code == 400
        assert answer.json()["problems"]
        assert person.get("/api/plan").json()["due"] == ["screen", "evening"]


@pytest.mark.parametrize("name", ["client_id", "moment", "value"])
def test_json_of_the_wrong_shape_says_where(tmp_path: Path, name: str) -> None:
    sent: dict[str, object] = {"client_id": "c-1", "scale": "pain", "moment": "evening", "value": 4} | {name: None}
    with a_person(tmp_path) as person:
        answer = person.post("/api/measure", json=sent)

        assert answer.status_code == 422
        assert name in answer.json()["error"]


@pytest.mark.parametrize("form", ["confirm=%ff%fe", "confirm=%00", "&".join(["a=1"] * 1100)])
def test_a_form_that_no_browser_sends_is_refused(tmp_path: Path, form: str) -> None:
    with a_person(tmp_path) as person:
        kind = {"content-type": "application/x-www-form-urlencoded"}
        answer = person.post("/connect/erase", content=form, headers=kind)

        assert answer.status_code == 400
        assert "That did not work" in answer.text
