"""What the people of the stories do on the pages."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from tests.live import Live

if TYPE_CHECKING:
    from collections.abc import Mapping

    from playwright.sync_api import Locator, Page

SOON_MS = 30_000


def goes_through_the_safety_check(page: Page, app: Live, but: Mapping[str, str] | None = None) -> None:
    """Answer every question with "no", `but` these, and see the outcome."""
    page.goto(f"{app.address}/screen")
    for question in page.locator("fieldset[data-question]").all():
        name = question.get_attribute("data-question")
        reply = (but or {}).get(name or "", "no")
        question.locator(f'input[name="reply.{name}"][value="{reply}"]').check()
        if page.url.endswith("/screen/help"):
            return
    page.locator("form#check button").last.click()
    page.wait_for_url(re.compile("/screen/(result|help)"))


def taps(page: Page, field: str, value: str) -> Locator:
    """Tap an answer and wait until it says that it is saved; gives what it says."""
    place = page.locator(f'[data-field="{field}"]')
    place.locator("label", has=page.locator(f'input[value="{value}"]')).click()
    said = place.locator("[data-state]")
    said.get_by_text("Saved ✓").wait_for()
    return said


def starts_the_session(page: Page, app: Live) -> str:
    """Say that nothing has changed; gives the id of the session once its sound is ready."""
    page.goto(f"{app.address}/guide")
    page.get_by_role("button", name="No, start").click()
    page.wait_for_url("**/guide/*-*")
    page.locator("#toggle:enabled").wait_for(timeout=SOON_MS)
    return page.url.rpartition("/")[2]


def position_s(page: Page) -> float:
    """Where the sound is, in s."""
    at: float = page.evaluate("document.getElementById('audio').currentTime")
    return at


def moves_on_to(page: Page, seconds: float) -> None:
    """Let the sound jump ahead, since no test waits eight minutes."""
    page.evaluate("seconds => { document.getElementById('audio').currentTime = seconds; }", seconds)
