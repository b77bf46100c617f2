from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from matwise.practice import questionnaire as practice
from matwise.web.scores_picture import scores_picture
from tests.practice.people import MONDAY_EVENING, answers_all

from .listening import listening
from .served import a_stranger, an_app
from .somebody import Person, somebody
from .test_accessibility import violations


def filled(ana: Person, name: str, value: str, **but: str) -> dict[str, str]:
    given = {one.id: value for one in practice.find(ana.db, name).instrument.items} | but
    return {f"{name}-{item}": said for item, said in given.items()}


def tap(ana: Person, name: str, item: str, value: str) -> dict[str, object]:
    sent = {"client_id": "c", "age_s": 0.0, "questionnaire": name, "item": item, "value": value}
    told: dict[str, object] = ana.browser.post("/measure/questionnaires/answer", json=sent).json()
    return told


def test_today_asks_for_it_when_it_is_due_and_not_before(tmp_path: Path) -> None:
    with somebody(tmp_path) as ana:
        due = ana.browser.get("/").text
        form = filled(ana, "snapshot", "3") | filled(ana, "phq4", "0")
        kept = ana.browser.post("/measure/today", data=form | {"form_id": "f"})

        assert 'href="/measure/today"' in due
        assert (kept.status_code, kept.headers["location"]) == (303, "/measure/today/result")
        assert 'href="/measure/today"' not in ana.browser.get("/").text
        ana.clock.at += timedelta(days=28)
        assert "the next time is on" not in ana.browser.get("/measure/today").text


def test_a_snapshot_never_stands_without_the_validated_scale_beside_it(tmp_path: Path) -> None:
    with somebody(tmp_path) as ana:
        page = ana.browser.get("/measure/today").text
        refused = ana.browser.post("/measure/today", data=filled(ana, "snapshot", "3"))

        assert page.index("Symptom snapshot") < page.index("PHQ-4")
        assert "Not a validated scale" in page
        assert refused.status_code == 422
        assert 'name="snapshot-head" value="3" checked' in refused.text
        assert practice.last_day(ana.db) is None


def test_what_is_tapped_is_there_again_and_worrying_answers_show_the_way_to_help_at_once(tmp_path: Path) -> None:
    with somebody(tmp_path) as ana:
        calm = tap(ana, "phq4", "nervous", "1")
        worrying = tap(ana, "phq4", "worrying", "2")
        beside = tap(ana, "snapshot", "head", "2")

        assert calm["notice"] is None
        assert isinstance(worrying["notice"], dict)
        assert worrying["notice"]["address"] == "/measure/help"
        assert beside["notice"] == worrying["notice"]
        page = ana.browser.get("/measure/today").text
        assert 'name="phq4-worrying" value="2" checked' in page
        assert "worth talking to somebody" in page


def test_help_stands_before_everything_else_of_a_result(tmp_path: Path) -> None:
    with somebody(tmp_path) as ana:
        ana.browser.post("/measure/questionnaires/phq8", data=filled(ana, "phq8", "2"))
        page = ana.browser.get("/measure/questionnaires/phq8/result").text

        assert page.index("You don’t have to carry this alone") < page.index("PHQ-8: 16 of 24")
        assert 'href="tel:116123"' in page
        assert page.count("<h1") == 1
        assert "no diagnosis" in page


def test_missing_answers_are_named_and_can_be_kept_without_a_score(tmp_path: Path) -> None:
    with somebody(tmp_path) as ana:
        form = filled(ana, "gad7", "1", relaxing="")
        refused = ana.browser.post("/measure/questionnaires/gad7", data=form)
        kept = ana.browser.post("/measure/questionnaires/gad7", data=form | {"incomplete": "yes"})

        assert refused.status_code == 422
        assert "<li>Trouble relaxing</li>" in refused.text
        assert kept.status_code == 303
        assert "GAD-7: no score" in ana.browser.get("/measure/questionnaires/gad7/result").text


def test_the_demo_shows_what_was_answered_beside_the_questionnaires(tmp_path: Path) -> None:
    with an_app(tmp_path, demo=True) as (app, launch, _):
        practice.tell(app.state.db, "isi", "f", "14", MONDAY_EVENING)
        client = a_stranger(app)
        client.post("/open", json={"token": launch.token()})
        for address in ("/measure/questionnaires", "/measure/questionnaires/isi/result"):
            page = client.get(address).text

            assert "ISI: 14 of 28" in page
            assert "simulated" in page


def test_a_score_from_elsewhere_can_be_kept_but_its_questions_stand_nowhere(tmp_path: Path) -> None:
    with somebody(tmp_path) as ana:
        page = ana.browser.get("/measure/questionnaires/who5").text
        refused = ana.browser.post("/measure/questionnaires/who5", data={"score": "120"})
        ana.browser.post("/measure/questionnaires/who5", data={"score": "64"})

        assert "fieldset" not in page
        assert refused.status_code == 422
        assert 'value="120"' in refused.text
        assert "a number from 0 to 100" in refused.text
        assert "WHO-5: 64 of 100" in ana.browser.get("/measure/questionnaires/who5/result").text


def test_a_wording_without_official_translation_stays_english_and_says_so(tmp_path: Path) -> None:
    with somebody(tmp_path) as ana:
        ana.browser.headers["accept-language"] = "de"
        page = ana.browser.get("/measure/questionnaires/roland_morris").text
        snapshot = ana.browser.get("/measure/questionnaires/snapshot").text

        assert '<span lang="en">I stay at home most of the time because of my back.</span>' in page
        assert '<p class="notice">' in page
        assert '<p class="notice">' not in snapshot


def test_a_night_that_cannot_be_stays_in_its_form_and_says_why(tmp_path: Path) -> None:
    with somebody(tmp_path) as ana:
        night = {"to_bed": "22:30", "to_fall_asleep_min": "20", "awakenings": "1", "awake_min": "10", "quality": "6"}
        form = {f"sleep_diary-{item}": said for item, said in (night | {"woke": "06:30", "up": "06:00"}).items()}
        refused = ana.browser.post("/measure/questionnaires/sleep_diary", data=form)
        kept = ana.browser.post("/measure/questionnaires/sleep_diary", data=form | {"sleep_diary-up": "07:00"})

        assert refused.status_code == 422
        assert "not before you woke for good" in refused.text
        assert 'value="22:30"' in refused.text
        assert kept.status_code == 303
        page = ana.browser.get("/measure/questionnaires/sleep_diary/result").text
        assert "Asleep for 7 h 30 min of 8 h 30 min in bed." in page


@pytest.mark.parametrize(
    ("address", "sent", "status"),
    [
        ("answer", {"questionnaire": "phq4", "item": "nervous", "value": "4"}, 422),
        ("answer", {"questionnaire": "phq9", "item": "nervous", "value": "1"}, 404),
        ("typed", {"form": "sleep_diary", "field": "to_bed", "value": "25:99"}, 422),
        ("typed", {"form": "sleep_diary", "field": "nobody", "value": ""}, 422),
    ],
)
def test_what_cannot_be_an_answer_is_refused(tmp_path: Path, address: str, sent: dict[str, str], status: int) -> None:
    with somebody(tmp_path) as ana:
        assert ana.browser.post(f"/measure/questionnaires/{address}", json=sent).status_code == status
        assert ana.browser.get("/measure/questionnaires/phq9").status_code == 404


def test_scores_are_drawn_in_the_order_of_their_days_and_within_the_scale() -> None:
    day = MONDAY_EVENING.date()
    picture = scores_picture([(day, 12.0, "12"), (day + timedelta(days=28), 0.0, "0")], 0, 12, (6.0,))

    assert picture.dots[0].x < picture.dots[1].x
    assert picture.dots[0].y < picture.points[0].at < picture.dots[1].y == picture.bottom
    assert [tick.label for tick in picture.figures] == ["0", "6", "12"]
    alone = scores_picture([(day, 3.0, "3")], 0, 10)
    assert picture.left < alone.dots[0].x < picture.right


@pytest.mark.browser
def test_ana_taps_where_she_is_today_and_hears_of_help_at_once(tmp_path: Path, browser: Browser) -> None:
    with listening(tmp_path, lambda: MONDAY_EVENING) as app:
        answers_all(app.db, MONDAY_EVENING)
        context = browser.new_context(viewport={"width": 360, "height": 800}, reduced_motion="reduce")
        page = app.enter(context)
        page.get_by_role("link", name="Where am I today?").click()
        page.wait_for_url("**/measure/today")
        for one in practice.find(app.db, "snapshot").instrument.items:
            page.locator(f"input[name=snapshot-{one.id}][value='4']").check()
        notice = page.locator("[data-notice]")
        before = notice.is_visible()
        for item in ("nervous", "worrying", "down", "interest"):
            page.locator(f"label:has(input[name=phq4-{item}][value='2'])").click()
        notice.wait_for(state="visible")
        page.locator("[data-state=saved]").nth(13).wait_for()
        page.reload()
        again = page.locator("input[name=phq4-interest][value='2']").is_checked()
        asked = violations(page)
        page.get_by_role("button", name="See where I am").click()
        page.wait_for_url("**/measure/today/result")
        found = violations(page)

        assert not before
        assert again
        assert asked == found == []
        assert page.locator("h1").inner_text() == "You don’t have to carry this alone"
        assert page.get_by_role("heading", name="PHQ-4: 8 of 12").is_visible()
        assert page.get_by_role("img", name="Symptom snapshot over time").is_visible()


@pytest.mark.browser
def test_ticks_and_typed_times_are_kept_as_they_are_given(tmp_path: Path, browser: Browser) -> None:
    with listening(tmp_path, lambda: MONDAY_EVENING) as app:
        context = browser.new_context(viewport={"width": 360, "height": 800})
        page = app.enter(context)
        page.goto(app.base + "/measure/questionnaires/roland_morris")
        page.locator("input[name=roland_morris-s1]").check()
        page.locator("input[name=roland_morris-s2]").check()
        page.locator("input[name=roland_morris-s2]").uncheck()
        page.locator("[data-state=saved]").nth(1).wait_for()
        page.reload()
        ticked = [page.locator(f"input[name=roland_morris-s{n}]").is_checked() for n in (1, 2)]
        page.goto(app.base + "/measure/questionnaires/sleep_diary")
        page.locator("#sleep_diary-to_bed").fill("22:45")
        page.locator("[data-state=saved]").nth(0).wait_for()
        page.reload()

        assert ticked == [True, False]
        assert page.locator("#sleep_diary-to_bed").input_value() == "22:45"
        context.close()
