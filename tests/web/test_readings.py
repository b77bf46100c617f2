from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matwise.practice import bring_in, by_hand
from matwise.practice.by_hand import Pressure
from matwise.web.readings import bounds
from tests.practice.people import MONDAY_EVENING

from .somebody import Person, somebody

AT = "2026-11-22T07:00"


@pytest.fixture
def ana(tmp_path: Path) -> Iterator[Person]:
    with somebody(tmp_path) as person:
        yield person


def typed(ana: Person, **fields: str) -> tuple[int, str]:
    sent = {"what": "pressure", "entry": "e1", "at": AT, "cuff": "arm", "position": "sitting", **fields}
    answer = ana.browser.post("/measure/hand", data=sent)
    return answer.status_code, answer.text


def test_blood_pressure_is_typed_seen_over_time_and_taken_out_again(ana: Person) -> None:
    two = {"systolic_1": "132", "diastolic_1": "84", "systolic_2": "128", "diastolic_2": "80"}
    status, said = typed(ana, **two)
    shown = ana.browser.get("/measure/readings").text
    undone = ana.browser.post("/measure/import/e1/undo").status_code

    assert status == 200
    assert "Kept." in said
    assert "130/82" in shown
    assert "Typed by hand, cuff at the upper arm" in shown
    assert undone == 303
    assert "Nothing was measured yet." in ana.browser.get("/measure/readings").text


def test_what_is_wrong_stays_in_its_form_and_says_what_would_be_right(ana: Person) -> None:
    status, said = typed(ana, systolic_1="132", diastolic_1="eighty")

    assert status == 422
    assert "Nothing was kept" in said
    assert "a number from 20 to 200 mmHg" in said
    assert 'value="132"' in said
    assert bring_in.all_of(ana.db) == ()


@pytest.mark.parametrize("at", ["", "yesterday", "2026-13-01T07:00", "2027-01-01T07:00"])
def test_a_moment_that_can_not_be_meant_is_refused(ana: Person, at: str) -> None:
    assert typed(ana, at=at, systolic_1="132", diastolic_1="84")[0] == 422


def test_a_single_value_is_kept_and_an_unusual_one_is_said_to_be_one(ana: Person) -> None:
    status, said = typed(ana, what="resting_heart_rate", value="180")

    assert status == 200
    assert "unusual, and marked so" in said
    assert "180 per minute" in ana.browser.get("/measure/readings").text


def test_another_source_is_chosen_and_nothing_is_added_up(ana: Person) -> None:
    for number, cuff in enumerate(("arm", "arm", "wrist")):
        at = MONDAY_EVENING - timedelta(days=number + 1)
        told = (Pressure(str(130 + number), "80"),)
        by_hand.keep_pressure(ana.db, f"e{number}", told, cuff, "sitting", at, MONDAY_EVENING)
    first = ana.browser.get("/measure/readings").text
    chosen = ana.browser.post("/measure/readings/source", data={"measure": "systolic", "source": "hand-wrist"})
    second = ana.browser.get("/measure/readings?days=30").text

    assert "never added up" in first
    assert "131/80" in first
    assert chosen.status_code == 303
    assert "132/80" in second
    assert "131/80" not in second


@pytest.mark.parametrize("days", ["31", "-1", "many", "1" * 5000])
def test_days_that_can_not_be_looked_at_are_refused(ana: Person, days: str) -> None:
    assert ana.browser.get(f"/measure/readings?days={days}").status_code == 422


@given(st.lists(st.floats(-500, 5000), min_size=1, max_size=20))
def test_figures_at_an_axis_are_round_and_hold_all_values(values: Sequence[float]) -> None:
    low, high = bounds(values)

    assert low <= min(values)
    assert max(values) <= high
    assert (low, (low + high) / 2, high) == tuple(map(round, (low, (low + high) / 2, high)))
