from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from matwise.measures.rating import Moment
from matwise.practice import guide, measure
from tests.practice.people import MONDAY_EVENING

from .somebody import SESSION, Person, somebody


def rate(ana: Person, value: str, client_id: str = "c1", scale: str = "pain", age_s: float = 0.0) -> int:
    sent = {"client_id": client_id, "age_s": age_s, "scale": scale, "moment": "evening", "value": value}
    return ana.browser.post("/measure/ratings", json=sent).status_code


def test_a_tapped_rating_is_kept_and_shown_as_saved(tmp_path: Path) -> None:
    with somebody(tmp_path) as ana:
        assert rate(ana, "4") == 200

        page = ana.browser.get("/measure").text
        assert 'value="4" checked' in page
        assert "Saved ✓" in page


def test_a_retry_keeps_a_rating_once(tmp_path: Path) -> None:
    with somebody(tmp_path) as ana:
        codes = [rate(ana, "4"), rate(ana, "4", age_s=30.0)]

        assert codes == [200, 200]
        assert measure.evening(ana.db, ana.clock()).given == {"pain": 4}


def test_one_id_with_two_values_is_refused_and_the_first_stands(tmp_path: Path) -> None:
    with somebody(tmp_path) as ana:
        codes = [rate(ana, "4"), rate(ana, "7")]

        assert codes == [200, 409]
        assert measure.evening(ana.db, ana.clock()).given == {"pain": 4}


def test_a_changed_mind_counts(tmp_path: Path) -> None:
    with somebody(tmp_path) as ana:
        rate(ana, "4", "c1", age_s=0.1)
        rate(ana, "7", "c2", age_s=3.0)  # the network was slower for the second

        assert measure.evening(ana.db, ana.clock()).given == {"pain": 7}


def test_a_rating_that_waited_overnight_belongs_to_the_evening_it_was_tapped_on(tmp_path: Path) -> None:
    with somebody(tmp_path) as ana:
        ana.clock.at = MONDAY_EVENING + timedelta(hours=12)
        rate(ana, "4", age_s=10 * 3600.0)

        assert measure.evening(ana.db, MONDAY_EVENING).given == {"pain": 4}
        assert measure.evening(ana.db, ana.clock()).given == {}


@pytest.mark.parametrize("value", ["11", "-1", "4.5", "four", "", "٤"])
def test_a_value_off_the_scale_is_refused_with_what_would_be_right(tmp_path: Path, value: str) -> None:
    with somebody(tmp_path) as ana:
        sent = {"client_id": "c", "scale": "pain", "moment": "evening", "value": value}
        refused = ana.browser.post("/measure/ratings", json=sent, headers={"accept": "application/json"})

        assert refused.status_code == 422
        assert "0 to 10" in refused.json()["problems"][0]["want"]


@pytest.mark.parametrize("age_s", [-5.0])
def test_an_answer_from_the_future_is_refused(tmp_path: Path, age_s: float) -> None:
    with somebody(tmp_path) as ana:
        assert rate(ana, "4", age_s=age_s) == 422


def test_without_a_script_all_is_kept_and_what_is_wrong_stays_in_its_field(tmp_path: Path) -> None:
    with somebody(tmp_path) as ana:
        sent = {"form_id": "f", "evening-pain": "3", "evening-stress": "12", "evening-sleep": "8"}
        refused = ana.browser.post("/measure", data=sent)

        assert refused.status_code == 422
        assert "Not everything could be kept" in refused.text
        assert "a whole number from 0 to 10" in refused.text
        assert measure.evening(ana.db, ana.clock()).given == {"pain": 3, "sleep": 8}


def test_the_same_form_sent_twice_without_a_script_keeps_each_rating_once(tmp_path: Path) -> None:
    with somebody(tmp_path) as ana:
        sent = {"form_id": "f", "evening-pain": "3"}
        codes = [ana.browser.post("/measure", data=sent).status_code for _ in range(2)]

        assert codes == [303, 303]
        assert measure.recent(ana.db, 5, ana.clock())[0][1] == {"pain": 3}


def test_a_complaint_in_own_words_gets_its_own_scale(tmp_path: Path) -> None:
    with somebody(tmp_path) as ana:
        ana.browser.post("/measure/complaints/1", data={"words": "  <b>stiff</b>  neck "})
        page = ana.browser.get("/measure").text

        assert "How strong is this: &lt;b&gt;stiff&lt;/b&gt; neck?" in page
        assert rate(ana, "6", scale="complaint_1") == 200


def test_words_that_are_too_long_are_refused_beside_their_field_and_stay_there(tmp_path: Path) -> None:
    with somebody(tmp_path) as ana:
        refused = ana.browser.post("/measure/complaints/2", data={"words": "x" * 80})

        assert refused.status_code == 422
        assert "80 characters" in refused.text
        assert f'value="{"x" * 80}"' in ana.browser.get("/measure").text


def test_what_is_being_typed_is_kept_before_it_is_sent(tmp_path: Path) -> None:
    with somebody(tmp_path) as ana:
        typed = {"client_id": "d", "form": "measure", "field": "complaint_1", "value": "stiff ne"}
        ana.browser.post("/measure/drafts", json=typed)

        assert 'value="stiff ne"' in ana.browser.get("/measure").text


def test_the_skin_is_asked_for_the_day_after_and_only_once(tmp_path: Path) -> None:
    with somebody(tmp_path) as ana:
        ana.start()
        ana.clock.at += timedelta(minutes=6)
        ana.browser.post(f"/guide/{SESSION}/finish", data={"minutes": "5"})
        same_day = ana.browser.get("/measure").text
        ana.clock.at += timedelta(days=1)
        next_day = ana.browser.get("/measure").text
        ana.browser.post("/measure/skin", json={"client_id": "s", "session_id": SESSION, "value": "red"})
        kept = guide.find(ana.db, SESSION).skin_next_day

        assert "First, your skin" not in same_day
        assert "Your last session on the mat was yesterday" in next_day
        assert kept is not None
        assert kept.name == "RED"
        assert "First, your skin" not in ana.browser.get("/measure").text


def test_recent_evenings_are_listed_newest_first_with_gaps_shown_as_gaps(tmp_path: Path) -> None:
    with somebody(tmp_path) as ana:
        for day, value in ((-2, "5"), (-1, "4")):
            at = MONDAY_EVENING + timedelta(days=day)
            measure.keep(ana.db, f"p{day}", "pain", Moment.EVENING, value, at)
        measure.keep(ana.db, "s", "sleep", Moment.EVENING, "7", MONDAY_EVENING - timedelta(days=1))
        page = ana.browser.get("/measure").text

        assert page.index("Sun 22 Nov") < page.index("Sat 21 Nov")
        assert "not rated" in page


def test_a_mind_changed_twice_without_a_script_counts(tmp_path: Path) -> None:
    with somebody(tmp_path) as ana:
        for value in ("5", "7", "5"):
            ana.browser.post("/measure", data={"form_id": "f", "evening-pain": value})

        assert measure.evening(ana.db, ana.clock()).given == {"pain": 5}


def test_skin_told_by_a_slip_can_be_corrected_the_same_day(tmp_path: Path) -> None:
    with somebody(tmp_path) as ana:
        ana.start()
        ana.clock.at += timedelta(minutes=6)
        ana.browser.post(f"/guide/{SESSION}/finish", data={"minutes": "5"})
        ana.clock.at += timedelta(days=1)
        slip = {"client_id": "s", "session_id": SESSION, "value": "bruised_or_broken"}
        told = ana.browser.post("/measure/skin", json=slip).json()
        page = ana.browser.get("/measure").text
        taken_back = ana.browser.post("/measure", data={"skin": "fine"})
        mended = ana.browser.get("/measure").text

        assert "bruised or broken skin" in told["notice"]["sentence"]
        assert 'value="bruised_or_broken" checked' in page
        assert told["notice"]["sentence"] in page
        assert taken_back.status_code == 303
        assert 'value="fine" checked' in mended
        assert "You reported a bad reaction" not in mended
        assert ana.start("no", "another-session") == 303


def test_other_words_for_a_complaint_are_another_scale_and_old_ratings_keep_theirs(tmp_path: Path) -> None:
    with somebody(tmp_path) as ana:
        measure.name_complaint(ana.db, 1, "Stiff neck", MONDAY_EVENING - timedelta(days=1))
        measure.keep(ana.db, "c1", "complaint_1", "evening", "8", MONDAY_EVENING - timedelta(days=1))
        ana.browser.post("/measure/complaints/1", data={"words": "Sore knee"})
        page = ana.browser.get("/measure").text

        assert 'data-field="evening-complaint_1_2"' in page
        assert 'data-field="evening-complaint_1"' not in page
        assert '<th scope="col">Stiff neck</th>' in page
        assert '<th scope="col">Sore knee</th>' in page


@pytest.mark.parametrize(
    ("form", "field"), [(f"guide:{SESSION}", "place"), ("measure", "complaint_3"), ("", ""), ("trial", "days")]
)
def test_only_what_can_be_typed_here_is_kept_as_a_draft(tmp_path: Path, form: str, field: str) -> None:
    with somebody(tmp_path) as ana:
        ana.start()
        typed = {"client_id": "d", "form": form, "field": field, "value": "{garbage"}

        assert ana.browser.post("/measure/drafts", json=typed).status_code == 422
        assert ana.browser.get(f"/guide/{SESSION}").status_code == 200


def test_the_sessions_are_listed_with_what_changed_and_what_one_says(tmp_path: Path) -> None:
    with somebody(tmp_path) as ana:
        for number, (before, after) in enumerate((("7", "4"), ("6", "6"))):
            session = f"session-{number}"
            measure.keep(ana.db, f"b{number}", "stress", "before", before, ana.clock())
            ana.clock.at += timedelta(minutes=1)
            assert ana.start("no", session) == 303
            ana.clock.at += timedelta(minutes=15)
            if number == 0:
                guide.finish(ana.db, session, 5, ana.clock())
            measure.keep(ana.db, f"a{number}", "stress", "after", after, ana.clock(), session)
        page = ana.browser.get("/measure/sessions").text

        assert page.index("Tension: 6 before, 6 after: the same.") < page.index("Tension: 7 before, 4 after: 3 points")
        assert "One session says little" in page
        assert page.count("It has no end yet") == 1
