"""One person, from the first question to an honest answer, in a real browser."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from matwise.practice import answer, guide, measure
from matwise.trial.design import Arm
from tests.live import Live
from tests.practice.people import MONDAY_EVENING
from tests.stories.people import (
    goes_through_the_safety_check,
    moves_on_to,
    starts_the_session,
    taps,
)

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.browser

FOUR = ("The mat helps you", "The mat makes it worse for you", "No difference that matters", "Not enough days yet")
TRIAL_DAYS = 28


def test_ana_goes_from_the_first_question_to_an_honest_answer(app: Live, browser: Browser) -> None:
    page = app.page(browser)
    goes_through_the_safety_check(page, app)
    assert page.get_by_role("heading", level=1).inner_text() == "You can use the mat."

    page.goto(f"{app.address}/plan")
    assert "Feet first, sitting" in page.locator("main").inner_text()

    session = hears_her_session(page, app)
    answers_what_it_was_like(page, app, session)
    rates_the_evening(page, app)
    begins_a_trial(page, app)
    lives_her_days(app)

    page.goto(f"{app.address}/answer")
    heading = page.get_by_role("heading", level=1).inner_text()
    said = page.locator("main").inner_text()
    assert heading.startswith(FOUR)
    assert "points lower" in heading
    assert re.search(r"With 95 % certainty the difference lies between [\d.]+ and [\d.]+ points lower", said)
    assert page.locator('svg[role="img"]').count() == 2


def hears_her_session(page: Page, app: Live) -> str:
    session = starts_the_session(page, app)
    told = guide.session(app.db, session, app.clock()).timeline
    page.wait_for_function("() => document.getElementById('audio').duration > 0")
    duration_s = page.evaluate("document.getElementById('audio').duration")
    assert duration_s == pytest.approx(told.duration_s, abs=0.1)

    page.get_by_role("button", name="Play").click()
    page.wait_for_function("() => document.getElementById('audio').currentTime > 2")
    assert page.get_by_role("button", name="Pause").is_visible()
    assert page.locator("#caption").inner_text() != ""

    alarm_s = float(page.locator("#player").get_attribute("data-alarm-from-s") or 0)
    hears_the_rest(page, app, session, alarm_s)
    page.get_by_role("button", name="I am awake").wait_for()
    page.keyboard.press("j")
    page.wait_for_url("**/after")
    assert guide.find(app.db, session).completed is True
    return session


def hears_the_rest(page: Page, app: Live, session: str, alarm_s: float) -> None:
    """Minutes pass; her phone drops the page just before the end, and she comes back to it."""
    until_s = float(page.locator("#player").get_attribute("data-on-mat-until-s") or 0)
    page.goto(f"{app.address}/plan")
    app.clock.set_to(MONDAY_EVENING + timedelta(seconds=alarm_s))
    told = {"position_s": until_s - 5, "playing": False, "heard": [[0, until_s - 5]]}
    assert app.visitor().tell(f"/guide/{session}/position", **told).status == 200
    page.evaluate("() => localStorage.clear()")
    page.goto(f"{app.address}/guide/{session}")
    minutes, seconds = divmod(int(until_s - 5), 60)
    here = page.get_by_role("button", name=f"Go on at {minutes}:{seconds:02}", exact=True)
    here.click()
    page.wait_for_function("until_s => document.getElementById('audio').currentTime > until_s", arg=until_s)
    moves_on_to(page, alarm_s - 0.5)


def answers_what_it_was_like(page: Page, app: Live, session: str) -> None:
    taps(page, "worst_pain_0_10", "3")
    taps(page, "dizzy", "no")
    taps(page, "warmth", "yes")
    taps(page, "after-relaxation", "8")
    kept = guide.find(app.db, session)

    assert (kept.worst_pain_0_10, kept.dizzy, kept.warmth, kept.itch) == (3, False, True, None)


def rates_the_evening(page: Page, app: Live) -> None:
    page.goto(f"{app.address}/measure")
    for scale, value in (("pain", "5"), ("stress", "4"), ("sleep", "7")):
        taps(page, f"evening-{scale}", value)

    assert measure.evening(app.db, app.clock()).given == {"pain": 5, "stress": 4, "sleep": 7}


def begins_a_trial(page: Page, app: Live) -> None:
    page.goto(f"{app.address}/answer")
    page.get_by_label("How many days?").fill(str(TRIAL_DAYS))
    page.get_by_text("Blocks, order, days left out, first day, days you can’t").click()
    page.locator("label", has=page.locator('input[name="block_days"][value="2"]')).click()
    page.locator("label", has=page.locator('input[name="washin_days"][value="0"]')).click()
    page.get_by_role("button", name="See what this can show").click()
    page.get_by_role("heading", name="Before you begin").wait_for()
    page.get_by_role("button", name="Begin").click()
    page.get_by_text("It begins on Tue 24 Nov").wait_for()

    assert answer.current(app.db) is not None


def lives_her_days(app: Live) -> None:
    """Every evening of the trial, told by the address that the page's own script uses."""
    trial = answer.current(app.db)
    assert trial is not None
    ana = app.visitor()
    for day in trial.schedule.days:
        app.clock.set_to(MONDAY_EVENING + (day.on - MONDAY_EVENING.date()))
        value = (3 if day.arm is Arm.MAT else 7) + day.day * 7 % 3 - 1
        told = ana.tell(
            "/measure/ratings", client_id=f"day-{day.day}", scale="pain", moment="evening", value=str(value)
        )
        assert told.status == 200


@pytest.mark.parametrize(
    "said",
    [{"pregnancy": "yes"}, {"blood_thinner": "unknown"}, {"eczema": "yes"}],
    ids=["pregnant", "blood thinner unknown", "eczema"],
)
def test_who_may_not_use_the_mat_finds_no_way_to_a_session(app: Live, browser: Browser, said: dict[str, str]) -> None:
    page = app.page(browser)
    goes_through_the_safety_check(page, app, said)
    page.goto(f"{app.address}/guide")
    guided = page.locator("main").inner_text()
    ways = page.evaluate(
        """async () => {
          const token = document.querySelector('meta[name="csrf-token"]').content;
          const headers = { "content-type": "application/json", "x-csrf-token": token };
          const start = { session_id: "by-the-console", changed: "no" };
          const form = new URLSearchParams({ csrf: token, session_id: "by-the-form-1", choice: "rung", changed: "no" });
          const ask = (path, more) => fetch(path, more).then((answer) => answer.status);
          return [
            await ask("/api/guide", { method: "POST", headers, body: JSON.stringify(start) }),
            await ask("/guide/start", { method: "POST", body: form }),
            await ask("/guide/by-the-console/audio.mp3"),
            await ask("/guide/by-the-form-1"),
          ];
        }"""
    )

    assert "No, start" not in guided
    assert ways == [403, 403, 404, 404]
    assert guide.last(app.db) is None
