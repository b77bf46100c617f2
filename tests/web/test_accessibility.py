"""Every page in a real Chromium, phone and desktop, light and dark: no axe violation, nothing cut off."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import numpy as np
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, ConsoleMessage, Page

from matwise.practice import demo, guide, screen
from tests.practice.people import MONDAY_EVENING, answers_all

from .listening import Listening, listening

pytestmark = pytest.mark.browser

SIZES = {"phone": (360, 800), "desktop": (1440, 900)}
WCAG_2_2_AA = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    "resultTypes": ["violations"],
}
PAGES = (
    "/",
    "/screen",
    "/screen/result",
    "/plan",
    "/guide",
    "/guide/along",
    "/measure",
    "/measure/import",
    "/measure/readings",
    "/measure/recordings",
    "/measure/strap",
    "/measure/response",
    "/measure/hand",
    "/measure/today",
    "/measure/questionnaires",
    "/measure/questionnaires/roland_morris",
    "/measure/questionnaires/sleep_diary",
    "/measure/help",
    "/answer",
    "/answer/ahead",
    "/explain",
    "/explain/studies",
    "/explain/back_pain",
    "/connect",
    "/nothing-here",
)
COLOURS_ONLY = {"runOnly": ["color-contrast", "link-in-text-block"], "resultTypes": ["violations"]}
TOO_WIDE = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
TOO_SMALL = """(least) => [...document.querySelectorAll("button, .button, nav a, .choice, .brand, summary")]
    .map((one) => [one.outerHTML.slice(0, 90), one.getBoundingClientRect()])
    .filter(([, box]) => box.width > 0 && (box.height < least || box.width < least))
    .map(([html, box]) => `${Math.round(box.width)} × ${Math.round(box.height)} ${html}`)"""
SMALLEST_TARGET_PX = 44  # of what stands alone; links inside a sentence are exempt (WCAG 2.5.8)


@pytest.fixture(scope="module")
def invented(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Listening]:
    """The app of an invented person, with a trial behind them."""
    with listening(tmp_path_factory.mktemp("invented"), lambda: MONDAY_EVENING, demo=True) as app:
        demo.live(app.db, MONDAY_EVENING, np.random.default_rng(11))  # noqa: TID251 – a test: chance begins here
        yield app


@pytest.fixture(scope="module", params=SIZES)
def seen(request: pytest.FixtureRequest, launched: Browser, invented: Listening) -> Iterator[Page]:
    """A browser of one size that is inside the app."""
    width, height = SIZES[request.param]
    context = launched.new_context(viewport={"width": width, "height": height}, base_url=invented.base)
    yield invented.enter(context)
    context.close()


def violations(page: Page, options: dict[str, list[str]] | None = None) -> list[str]:
    """What axe finds wrong, a line each."""
    found = Axe().run(page, options=options or WCAG_2_2_AA).response["violations"]
    return [f"{one['id']}: {node['html'][:120]} {node['failureSummary']}" for one in found for node in one["nodes"]]


@pytest.mark.parametrize("address", PAGES)
def test_no_page_has_an_axe_violation_in_light_or_in_dark(seen: Page, address: str) -> None:
    seen.emulate_media(color_scheme="light", reduced_motion="reduce")
    seen.goto(address)
    in_light = violations(seen)
    seen.emulate_media(color_scheme="dark", reduced_motion="reduce")

    assert in_light == []
    assert violations(seen, COLOURS_ONLY) == []


@pytest.mark.parametrize("address", PAGES)
def test_every_page_fits_speaks_to_the_keyboard_and_keeps_its_own_policy(seen: Page, address: str) -> None:
    said: list[str] = []

    def note(message: ConsoleMessage) -> None:
        if message.type == "error" and "404" not in message.text:
            said.append(message.text)

    seen.on("console", note)
    seen.goto(address)
    seen.wait_for_load_state("networkidle")
    seen.remove_listener("console", note)
    seen.keyboard.press("Tab")

    assert said == []
    assert seen.evaluate("document.activeElement.className") == "skip"
    assert seen.evaluate("document.activeElement.getBoundingClientRect().left") >= 0
    assert seen.evaluate(TOO_WIDE) <= 0
    assert seen.evaluate(TOO_SMALL, SMALLEST_TARGET_PX) == []


# The narrowest phone, a desktop at 200 %, and a tablet where the bar has just become a row.
@pytest.mark.parametrize("width", [320, 720, 1000])
def test_nothing_has_to_be_scrolled_sideways(browser: Browser, invented: Listening, width: int) -> None:
    context = browser.new_context(viewport={"width": width, "height": 800}, base_url=invented.base)
    page = invented.enter(context)
    wide = {}
    for address in PAGES:
        page.goto(address)
        wide[address] = page.evaluate(TOO_WIDE)
    context.close()

    assert {address: by for address, by in wide.items() if by > 0} == {}


def test_pages_of_somebody_new_and_of_somebody_refused_have_no_violation(tmp_path: Path, browser: Browser) -> None:
    with listening(tmp_path, lambda: MONDAY_EVENING) as app:
        context = browser.new_context(viewport={"width": 360, "height": 800})
        page = app.enter(context)
        found = [violations(page)]
        answers_all(app.db, MONDAY_EVENING, {"chest": ("yes", ()), "eczema": ("yes", ("neck",))})
        for address in ("/", "/screen/result", "/plan", "/guide", "/measure", "/answer"):
            page.goto(app.base + address)
            found.append(violations(page))
        context.close()

        assert [one for one in found if one] == []


def test_pages_of_a_session_have_no_violation(tmp_path: Path, browser: Browser) -> None:
    with listening(tmp_path, lambda: MONDAY_EVENING) as app:
        answers_all(app.db, MONDAY_EVENING)
        guide.start(app.db, "session-1", guide.TODAY, "no", MONDAY_EVENING - timedelta(minutes=10))
        context = browser.new_context(viewport={"width": 360, "height": 800}, color_scheme="dark")
        page = app.enter(context)
        found = []
        for address in ("/guide/session-1", "/guide/session-1/stop"):
            page.goto(app.base + address)
            found.append(violations(page))
        guide.finish(app.db, "session-1", 5, MONDAY_EVENING)
        page.goto(app.base + "/guide/session-1/after")
        found.append(violations(page))
        context.close()

        assert [one for one in found if one] == []


def test_the_opening_page_of_a_stranger_has_no_violation(tmp_path: Path, browser: Browser) -> None:
    with listening(tmp_path, lambda: MONDAY_EVENING) as app:
        context = browser.new_context(viewport={"width": 360, "height": 800})
        page = context.new_page()
        page.goto(app.base)

        assert violations(page) == []
        context.close()


def test_the_safety_check_keeps_each_answer_and_shows_the_way(tmp_path: Path, browser: Browser) -> None:
    with listening(tmp_path, lambda: MONDAY_EVENING) as app:
        context = browser.new_context(viewport={"width": 360, "height": 800})
        page = app.enter(context)
        page.goto(app.base + "/screen")
        first, second = screen.questions()[:2]
        page.locator(f"#q-{first.id}").get_by_text("No", exact=True).click()
        page.get_by_text("Kept", exact=True).wait_for()

        assert page.locator("[data-answered]").inner_text() == "1"
        assert page.locator("[data-onward]").get_attribute("href") == f"#q-{second.id}"
        page.reload()
        assert page.locator(f"#q-{first.id} input[value=no]").is_checked()
        page.locator(f"#q-{second.id}").get_by_text("Yes", exact=True).click()
        page.wait_for_url("**/screen/help")
        assert page.locator("h1").inner_text() == "Please get medical help now."
        context.close()
