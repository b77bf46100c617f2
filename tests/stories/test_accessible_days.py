"""The pages of a day, held against axe-core, in light and dark, on a phone and on a desktop."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from axe_playwright_python.sync_playwright import Axe

from matwise.measures.rating import Moment
from matwise.practice import answer, guide, measure
from matwise.trial.design import Arm
from tests.live import Live
from tests.practice.people import MONDAY_EVENING, answers_all
from tests.stories.people import SOON_MS

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.browser

SESSION, STOPPED = "session-to-play", "session-stopped"
SIZES = {"phone": (360, 800), "desktop": (1440, 900)}


def lived_in(app: Live) -> None:
    """A person with sessions, ratings, a complaint and a trial under way."""
    answers_all(app.db, MONDAY_EVENING)
    measure.name_complaint(app.db, 1, "Stiff neck", MONDAY_EVENING)
    trial = answer.begin(
        app.db,
        "trial",
        scale="pain",
        versus="rest",
        days=28,
        block_days=2,
        washin_days=1,
        starts_on=MONDAY_EVENING.date(),
        seed=1,
        now=MONDAY_EVENING,
    )
    for day in trial.schedule.days[:25]:
        at = MONDAY_EVENING + (day.on - MONDAY_EVENING.date())
        value = (3 if day.arm is Arm.MAT else 6) + day.day * 7 % 3 - 1
        measure.keep(app.db, f"r{day.day}", "pain", Moment.EVENING, str(value), at)
    today = MONDAY_EVENING + timedelta(days=25)
    answers_all(app.db, today)
    for session in (SESSION, STOPPED):
        guide.start(app.db, session, guide.TODAY, "no", today)
    guide.stop(app.db, STOPPED, "pain", 1, today + timedelta(minutes=1))
    app.clock.set_to(today + timedelta(minutes=5))


def violations(page: Page) -> list[str]:
    found = Axe().run(page).response["violations"]
    return [f"{one['id']}: {node['target']} {node['failureSummary']}" for one in found for node in one["nodes"]]


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_page_of_a_day_has_anything_that_axe_objects_to(app: Live, browser: Browser, size: str, scheme: str) -> None:
    lived_in(app)
    page = app.page(browser, SIZES[size])
    page.emulate_media(color_scheme="dark" if scheme == "dark" else "light", reduced_motion="reduce")
    found: dict[str, list[str]] = {}
    for path in (
        "/guide",
        f"/guide/{SESSION}",
        f"/guide/{SESSION}/stop",
        f"/guide/{STOPPED}/after",
        f"/guide/{STOPPED}/nap",
        "/measure",
        "/answer",
        "/answer/ahead",
    ):
        page.goto(f"{app.address}{path}")
        if path.endswith(SESSION):
            page.locator("#toggle:enabled").wait_for(timeout=SOON_MS)
        page.evaluate("() => { for (const one of document.querySelectorAll('details')) one.open = true; }")
        wide = page.evaluate("() => document.documentElement.scrollWidth > window.innerWidth")
        found[path] = violations(page) + (["wider than the screen"] if wide else [])

    assert {path: objections for path, objections in found.items() if objections} == {}


def test_the_dialog_and_the_alarm_have_nothing_that_axe_objects_to(app: Live, browser: Browser) -> None:
    lived_in(app)
    page = app.page(browser)
    page.goto(f"{app.address}/guide/{SESSION}")
    page.locator("#toggle:enabled").wait_for(timeout=SOON_MS)
    page.locator("#stop").click()
    page.get_by_role("dialog").wait_for()
    dialog = violations(page)
    page.keyboard.press("Escape")
    page.evaluate("seconds => { document.getElementById('audio').currentTime = seconds; }", alarm_s(page))
    page.get_by_role("button", name="I am awake").wait_for()

    assert dialog + violations(page) == []


def alarm_s(page: Page) -> float:
    return float(page.locator("#player").get_attribute("data-alarm-from-s") or 0) + 1
