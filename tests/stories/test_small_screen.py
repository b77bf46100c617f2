"""What a phone of 360 × 800 shows without scrolling."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.live import PHONE, Live
from tests.practice.people import MONDAY_EVENING, answers_all

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytestmark = pytest.mark.browser

BANNER = "() => document.querySelector('header').insertAdjacentHTML('afterbegin', '<p class=\"demo\">{words}</p>')"


@pytest.mark.parametrize("demo", [False, True], ids=["own days", "demo"])
def test_the_one_thing_to_do_today_stands_above_the_bar(app: Live, browser: Browser, *, demo: bool) -> None:
    answers_all(app.db, MONDAY_EVENING)
    page = app.page(browser, PHONE)
    page.goto(app.address)
    if demo:
        page.evaluate(BANNER.replace("{words}", "These are simulated days of an invented person."))
    button = page.get_by_role("link", name="Go to the session").bounding_box()
    bar = page.get_by_role("navigation", name="Main").bounding_box()
    assert button is not None
    assert bar is not None

    assert button["y"] + button["height"] <= bar["y"]
