"""The alarm comes when it is due, whatever becomes of the page; and the log holds no more time than passed."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

from matwise.practice import guide
from tests.live import Live
from tests.practice.people import MONDAY_EVENING, answers_all
from tests.stories.people import SOON_MS, moves_on_to, position_s, starts_the_session

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.browser

BEFORE_S = 5.0  # of the alarm: from here on it is played
WITHIN_S = 1.0
PLAYS_ON = "at => document.getElementById('audio').currentTime > at"


def alarm_s(page: Page) -> float:
    return float(page.locator("#player").get_attribute("data-alarm-from-s") or 0)


def plays_to_the_alarm(app: Live, browser: Browser) -> tuple[Page, str, float]:
    """Somebody whose sound has just begun to play, five seconds before the alarm; gives when it is due as well."""
    answers_all(app.db, MONDAY_EVENING)
    page = app.page(browser)
    session = starts_the_session(page, app)
    moves_on_to(page, alarm_s(page) - BEFORE_S)
    page.keyboard.press("Space")
    page.wait_for_function(PLAYS_ON, arg=alarm_s(page) - BEFORE_S + 0.2)
    return page, session, due(page)


def due(page: Page) -> float:
    """When the alarm is to be heard, on a clock that nobody moves."""
    return time.monotonic() + alarm_s(page) - position_s(page)


def heard_at(page: Page) -> float:
    """When the sound has reached its alarm, on the same clock."""
    deadline = time.monotonic() + 15
    while time.monotonic() < deadline:
        if position_s(page) >= alarm_s(page):
            return time.monotonic()
        time.sleep(0.02)  # asked again and again: a page that is hidden tells nobody by itself in time
    pytest.fail(f"no alarm; the sound stands at {position_s(page):.1f} s of {alarm_s(page):.1f}")


def is_hidden_and_throttled(page: Page) -> None:
    """As behind another tab: a headless browser hides none, so the page is told so, and gets an eighth of the time."""
    page.evaluate(
        "() => { Object.defineProperty(document, 'visibilityState', { value: 'hidden', configurable: true });"
        " document.dispatchEvent(new Event('visibilitychange')); }"
    )
    page.context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": 8})


def is_offline(page: Page) -> None:
    page.context.set_offline(True)


def has_its_clock_moved(page: Page) -> None:
    page.evaluate("() => { const real = Date.now; Date.now = () => real() + 3_600_000; }")


def is_frozen_for_two_seconds(page: Page) -> None:
    link = page.context.new_cdp_session(page)
    link.send("Page.setWebLifecycleState", {"state": "frozen"})
    time.sleep(2)
    link.send("Page.setWebLifecycleState", {"state": "active"})


@pytest.mark.parametrize(
    "befalls",
    [is_hidden_and_throttled, is_offline, has_its_clock_moved, is_frozen_for_two_seconds],
    ids=lambda befalls: befalls.__name__,
)
def test_the_alarm_is_heard_within_a_second_of_its_time(
    app: Live, browser: Browser, befalls: Callable[[Page], None]
) -> None:
    page, session, expected = plays_to_the_alarm(app, browser)
    befalls(page)
    heard = heard_at(page)
    page.context.set_offline(False)

    assert abs(heard - expected) < WITHIN_S
    page.get_by_role("button", name="I am awake").click()
    page.wait_for_url("**/after", timeout=SOON_MS)
    kept = guide.find(app.db, session)
    assert kept.minutes is not None
    assert kept.ended_at is not None
    assert 60 * kept.minutes <= (kept.ended_at - kept.started_at).total_seconds()


def test_a_page_that_was_reloaded_goes_on_to_its_alarm(app: Live, browser: Browser) -> None:
    page, _, _ = plays_to_the_alarm(app, browser)
    page.keyboard.press("Space")
    page.wait_for_function("() => document.getElementById('audio').paused")
    page.reload()
    page.locator("#toggle:enabled").wait_for(timeout=SOON_MS)
    moves_on_to(page, alarm_s(page) - BEFORE_S)
    page.keyboard.press("Space")
    page.wait_for_function(PLAYS_ON, arg=alarm_s(page) - BEFORE_S + 0.2)
    expected = due(page)

    assert abs(heard_at(page) - expected) < WITHIN_S


def test_a_session_kept_on_the_device_opens_and_sounds_its_alarm_without_a_connection(
    app: Live, browser: Browser
) -> None:
    page, session, _ = plays_to_the_alarm(app, browser)
    page.keyboard.press("Space")
    page.get_by_text("Choices, keys and what works here").click()
    page.get_by_text("Kept on this device until").wait_for(timeout=SOON_MS)
    page.context.set_offline(True)
    page.reload()
    page.locator("#toggle:enabled").wait_for(timeout=SOON_MS)
    moves_on_to(page, alarm_s(page) - BEFORE_S)
    page.locator("#toggle").click()
    page.wait_for_function(PLAYS_ON, arg=alarm_s(page) - BEFORE_S + 0.2)
    expected = due(page)
    heard = heard_at(page)
    page.get_by_role("button", name="I am awake").click()
    page.get_by_role("heading", name="Kept here").wait_for()

    assert abs(heard - expected) < WITHIN_S
    assert guide.find(app.db, session).ended_at is None  # nobody could hear of it yet
    page.context.set_offline(False)
    page.wait_for_url("**/after", timeout=SOON_MS)
    assert guide.find(app.db, session).ended_at is not None


def test_a_way_that_is_lost_in_the_middle_leads_over_to_the_copy(app: Live, browser: Browser) -> None:
    page, _, _ = plays_to_the_alarm(app, browser)
    page.get_by_text("Choices, keys and what works here").click()
    page.get_by_text("Kept on this device until").wait_for(timeout=SOON_MS)
    moves_on_to(page, 60)
    page.wait_for_function(PLAYS_ON, arg=60.3)
    page.evaluate("document.getElementById('audio').dispatchEvent(new Event('error'))")
    page.wait_for_function("() => document.getElementById('audio').src.endsWith('?kept=1')")
    page.wait_for_function(PLAYS_ON, arg=61)

    assert position_s(page) < 70


def test_time_that_was_skipped_or_heard_twice_is_not_logged(app: Live, browser: Browser) -> None:
    """Seeking about makes no more time than passed."""
    page, session, _ = plays_to_the_alarm(app, browser)
    for part in (60, 120, 60, 90):
        moves_on_to(page, part)
        page.wait_for_function(PLAYS_ON, arg=part + 0.5)
    page.locator("#stop").click()
    page.get_by_role("button", name="interrupted").click()
    page.wait_for_url("**/after", timeout=SOON_MS)
    kept = guide.find(app.db, session)

    assert kept.minutes is not None
    assert kept.ended_at is not None
    assert 0 < 60 * kept.minutes <= (kept.ended_at - kept.started_at).total_seconds()
