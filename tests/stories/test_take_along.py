"""Somebody takes a session along: as a file, on paper, to a phone, into a calendar."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.live import PHONE, Live
from tests.practice.people import MONDAY_EVENING, answers_all

from .people import starts_the_session

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.browser

DESKTOP = (1440, 900)
WCAG = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
TOO_WIDE = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
TOO_SMALL = """() => [...document.querySelectorAll("#along :is(button, .button, summary, input:not([type=hidden]))")]
    .map((one) => [one.outerHTML.slice(0, 80), one.getBoundingClientRect()])
    .filter(([, box]) => box.width > 0 && (box.height < 44 || box.width < 44)).map(([html]) => html)"""


def violations(page: Page) -> list[str]:
    found = Axe().run(page, options=WCAG).response["violations"]
    return [f"{one['id']}: {node['html'][:120]}" for one in found for node in one["nodes"]]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_everything_there_is_to_take_along_is_there_for_everybody(
    app: Live, browser: Browser, size: tuple[int, int], scheme: str
) -> None:
    answers_all(app.db, MONDAY_EVENING)
    page = app.page(browser, size)
    page.emulate_media(color_scheme="dark" if scheme == "dark" else "light", reduced_motion="reduce")
    session = starts_the_session(page, app)
    page.goto(f"{app.address}/guide/along")
    page.get_by_role("button", name="Make my private address").click()
    page.get_by_text("Page for a phone").wait_for()
    own = page.get_by_role("link").filter(has_text="/feed/").first.get_attribute("href") or ""
    page.goto(f"{app.address}/guide/along")
    page.locator("#zone").fill("Nowhere")
    page.get_by_role("button", name="Keep these times").click()
    page.get_by_text("You entered 'Nowhere'").wait_for()
    found = {"along": violations(page)}
    small, wide = page.evaluate(TOO_SMALL), [page.evaluate(TOO_WIDE)]
    for name, address in (("script", f"{app.address}/guide/{session}/script"), ("phone", own)):
        page.goto(address)
        found[name] = violations(page)
        wide.append(page.evaluate(TOO_WIDE))

    assert found == {"along": [], "script": [], "phone": []}
    assert small == []
    assert wide == [0, 0, 0]


def test_all_of_it_works_without_a_script(app: Live, browser: Browser) -> None:
    answers_all(app.db, MONDAY_EVENING)
    session = starts_the_session(app.page(browser), app)
    entered = app.page(browser).context.storage_state()
    page = browser.new_context(java_script_enabled=False, storage_state=entered).new_page()
    page.goto(f"{app.address}/guide")
    page.get_by_text("Take it along: file").click()
    with page.expect_download() as file:
        page.get_by_role("link", name="MP3").click()
    page.get_by_role("button", name="Make my private address").click()
    page.get_by_role("link").filter(has_text=".xml").wait_for()
    with page.expect_download() as days:
        page.get_by_role("link", name="Download the calendar").click()
    page.get_by_role("button", name="Close the address").click()
    page.get_by_role("button", name="Make my private address").wait_for()
    page.get_by_role("link", name="The words, to print").click()

    assert session in page.url
    assert file.value.path().read_bytes().startswith(b"ID3")
    assert days.value.path().read_bytes().startswith(b"BEGIN:VCALENDAR")


def test_on_paper_there_are_the_words_and_nothing_else(app: Live, browser: Browser) -> None:
    answers_all(app.db, MONDAY_EVENING)
    page = app.page(browser, DESKTOP)
    session = starts_the_session(page, app)
    page.goto(f"{app.address}/guide/{session}/script")
    page.emulate_media(media="print")

    assert page.get_by_text("Hello. This is your time on the mat.").is_visible()
    for gone in ("nav", ".foot", ".actions", ".no-print"):
        assert not page.locator(gone).first.is_visible()


def test_the_sound_on_the_page_for_a_phone_plays(app: Live, browser: Browser) -> None:
    answers_all(app.db, MONDAY_EVENING)
    page = app.page(browser)
    starts_the_session(page, app)
    page.goto(f"{app.address}/guide/along")
    page.get_by_role("button", name="Make my private address").click()
    own = page.get_by_role("link").filter(has_text="/feed/").first.get_attribute("href") or ""
    stranger = browser.new_context().new_page()
    stranger.goto(own)
    stranger.evaluate(
        "() => { const sound = document.querySelector('audio'); sound.muted = true; return sound.play(); }"
    )
    stranger.wait_for_function("() => document.querySelector('audio').currentTime > 0.3")

    assert stranger.evaluate("() => document.querySelector('audio').duration") > 60
