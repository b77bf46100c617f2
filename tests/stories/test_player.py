"""The player, as people meet it."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from matwise.practice import guide
from tests.live import Live
from tests.practice.people import MONDAY_EVENING, answers_all
from tests.stories.people import moves_on_to, position_s, starts_the_session

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.browser


def ready(app: Live, browser: Browser) -> tuple[Page, str]:
    """Somebody whose session is ready to play."""
    answers_all(app.db, MONDAY_EVENING)
    page = app.page(browser)
    return page, starts_the_session(page, app)


def plays_until(page: Page, seconds: float) -> None:
    page.wait_for_function("seconds => document.getElementById('audio').currentTime > seconds", arg=seconds)


def tabs_to(page: Page, name: str) -> None:
    """Press Tab until something of this name has the focus."""
    for _ in range(60):
        page.keyboard.press("Tab")
        focused = page.evaluate(
            "() => document.activeElement === document.body ? '' : document.activeElement.innerText.trim()"
        )
        if name in focused:
            return
    pytest.fail(f"Tab never reaches {name!r}")


def test_a_session_is_begun_played_and_stopped_by_keyboard_alone(app: Live, browser: Browser) -> None:
    answers_all(app.db, MONDAY_EVENING)
    page = app.page(browser)
    page.goto(f"{app.address}/guide")
    tabs_to(page, "No, start")
    page.keyboard.press("Enter")
    page.locator("#toggle:enabled").wait_for(timeout=30_000)
    page.keyboard.press("Space")
    plays_until(page, 0.5)
    page.keyboard.press("Space")
    page.wait_for_function("() => document.getElementById('audio').paused")
    tabs_to(page, "Stop")
    page.keyboard.press("Enter")
    page.get_by_role("dialog", name="Stopped. Why?").wait_for()
    tabs_to(page, "It hurts too much")
    page.keyboard.press("Enter")
    page.wait_for_url("**/after")
    kept = guide.last(app.db)

    assert kept is not None
    assert kept.stop_reason == "pain"
    advice = next(reason.advice for reason in guide.stop_reasons() if reason.id == "pain")
    assert advice.strip() in page.locator("main").inner_text()


def test_arrow_keys_move_by_fifteen_seconds(app: Live, browser: Browser) -> None:
    page, _ = ready(app, browser)
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowLeft")

    assert position_s(page) == pytest.approx(15, abs=0.5)


def test_somebody_who_comes_back_soon_goes_on_where_the_sound_stopped(app: Live, browser: Browser) -> None:
    page, _ = ready(app, browser)
    moves_on_to(page, 100)
    page.keyboard.press("Space")
    plays_until(page, 101)
    page.keyboard.press("Space")
    page.wait_for_function("() => document.getElementById('audio').paused")
    stopped_at_s = position_s(page)
    page.reload()
    page.get_by_role("button", name="Go on at 1:4").click()
    plays_until(page, stopped_at_s)

    assert position_s(page) < stopped_at_s + 5


def test_somebody_who_comes_back_after_the_time_is_asked_whether_they_finished(app: Live, browser: Browser) -> None:
    page, session = ready(app, browser)
    page.keyboard.press("Space")
    plays_until(page, 1.5)
    with page.expect_response("**/position"):
        page.keyboard.press("Space")
    # A phone that dies says no goodbye.
    page.evaluate("window.fetch = () => Promise.reject(new TypeError()); navigator.sendBeacon = () => false;")
    later = page.context.new_page()
    page.close()
    app.clock.set_to(MONDAY_EVENING + timedelta(minutes=20))
    later.add_init_script("const real = Date.now; Date.now = () => real() + 1_200_000;")  # 20 minutes
    later.goto(f"{app.address}/guide/{session}")
    later.get_by_text("Your time was over").wait_for()
    said = later.locator("#time-over-said").inner_text()
    later.get_by_role("button", name="Yes, I finished").click()
    later.wait_for_url("**/after")
    kept = guide.find(app.db, session)

    assert said in {f"Your time was over {minutes} minutes ago." for minutes in (13, 14)}
    assert (kept.completed, kept.minutes) == (True, 5)


def test_only_what_was_heard_on_the_mat_is_logged(app: Live, browser: Browser) -> None:
    page, session = ready(app, browser)
    until_s = float(page.locator("#player").get_attribute("data-on-mat-until-s") or 0)
    moves_on_to(page, until_s - 1)
    page.keyboard.press("Space")
    page.get_by_role("button", name="I am up and awake").click()
    page.wait_for_url("**/after")
    kept = guide.find(app.db, session)

    assert kept.minutes is not None
    assert 0 < kept.minutes < 0.1  # a second or two, not the five minutes that were skipped


@pytest.mark.parametrize("way", ["key", "tap", "headset"])
def test_the_alarm_is_ended_by_any_key_any_tap_and_the_headset(app: Live, browser: Browser, way: str) -> None:
    answers_all(app.db, MONDAY_EVENING)
    page = app.page(browser)
    page.add_init_script(
        "const set = navigator.mediaSession.setActionHandler.bind(navigator.mediaSession);"
        "window.headset = {};"
        "navigator.mediaSession.setActionHandler = (name, act) => { window.headset[name] = act; set(name, act); };"
    )
    session = starts_the_session(page, app)
    moves_on_to(page, float(page.locator("#player").get_attribute("data-alarm-from-s") or 0) - 0.3)
    page.keyboard.press("Space")
    page.get_by_role("button", name="I am awake").wait_for()
    if way == "key":
        page.keyboard.press("q")
    elif way == "tap":
        page.locator("#alarm").click(position={"x": 20, "y": 20})
    else:
        page.evaluate("window.headset.pause()")
    page.wait_for_url("**/after")

    assert guide.find(app.db, session).ended_at is not None


def test_the_lock_screen_knows_the_session_and_offers_its_keys(app: Live, browser: Browser) -> None:
    page, _ = ready(app, browser)
    title = page.evaluate("navigator.mediaSession.metadata.title")

    assert "Feet first, sitting" in title
    page.keyboard.press("Space")
    plays_until(page, 0.3)
    assert page.evaluate("navigator.mediaSession.playbackState") == "playing"


def test_the_player_never_touches_the_volume(app: Live, browser: Browser) -> None:
    page, _ = ready(app, browser)
    page.keyboard.press("Space")
    plays_until(page, 0.3)

    assert page.evaluate("[audio.volume, audio.muted, audio.loop, document.querySelectorAll('audio').length]") == [
        1,
        False,
        False,
        1,
    ]


def test_words_can_be_hidden_and_stay_hidden(app: Live, browser: Browser) -> None:
    page, _ = ready(app, browser)
    page.get_by_text("Choices, keys and what works here").click()
    page.get_by_label("Show the words").uncheck()
    page.reload()
    page.locator("#toggle:enabled").wait_for()

    assert page.locator("#caption").is_hidden()
