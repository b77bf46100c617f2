"""Somebody makes the session their own before they start it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from matwise.practice import guide
from tests.live import PHONE, Live
from tests.practice.people import MONDAY_EVENING, answers_all
from tests.stories.test_accessible_days import SIZES, violations

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytestmark = pytest.mark.browser


def test_an_evening_session_with_waves_is_chosen_started_and_heard(app: Live, browser: Browser) -> None:
    answers_all(app.db, MONDAY_EVENING)
    page = app.page(browser, PHONE)
    page.goto(f"{app.address}/guide")
    page.get_by_text("How it should sound").click()
    assert not page.get_by_label("Breaths a minute").is_visible()
    page.get_by_label("What is it for?").select_option(label="Winding down")
    page.get_by_label("How is the breath led?").select_option("resonance")
    page.get_by_label("Breaths a minute").fill("9")
    page.get_by_label("For how many minutes?").fill("2")
    page.get_by_role("button", name="No, start").click()

    said = page.get_by_label("Breaths a minute")
    assert said.input_value() == "9"
    assert page.locator("#pace_per_min-problem").inner_text() == "You entered 9. Please give from 4.5 to 6.5."

    said.fill("5")
    page.get_by_role("button", name="No, start").click()
    page.get_by_role("heading", name="Winding down").wait_for()
    last = guide.last(app.db)
    assert last is not None
    assert last.planned_minutes == 2
    page.get_by_role("button", name="Play").wait_for(timeout=60_000)


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_what_can_be_chosen_has_nothing_that_axe_objects_to(
    app: Live, browser: Browser, size: str, scheme: str
) -> None:
    answers_all(app.db, MONDAY_EVENING)
    page = app.page(browser, SIZES[size])
    page.emulate_media(color_scheme="dark" if scheme == "dark" else "light", reduced_motion="reduce")
    page.goto(f"{app.address}/guide")
    page.evaluate("() => { for (const one of document.querySelectorAll('details')) one.open = true; }")
    page.get_by_label("How is the breath led?").select_option("resonance")
    page.get_by_label("Bells").first.select_option("own")

    assert violations(page) == []
    assert not page.evaluate("() => document.documentElement.scrollWidth > window.innerWidth")
