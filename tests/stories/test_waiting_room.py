"""What was tapped reaches the server, however slow or broken the way there is."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from matwise.practice import guide, screen
from matwise.screening.rule import Reply
from tests.live import Live
from tests.practice.people import MONDAY_EVENING, answers_all
from tests.stories.people import taps

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page, Route

pytestmark = pytest.mark.browser

# A last try while a page goes away passes by every way to intercept it, so the page itself finds none.
NO_WAY = """
  const real = window.fetch.bind(window);
  window.fetch = (url, more) =>
    url === "/screen/answer" ? Promise.reject(new TypeError("no way")) : real(url, more);
"""


def answers(page: Page, question: str, reply: str) -> None:
    page.locator(f"#q-{question} label", has=page.locator(f'input[value="{reply}"]')).click()


def kept(app: Live, question: str) -> Reply | None:
    answer = screen.resume(app.db, app.clock()).answers.get(question)
    return None if answer is None else answer.reply


def test_a_red_flag_changed_while_its_first_answer_is_on_the_way_leads_to_help(app: Live, browser: Browser) -> None:
    page = app.page(browser)
    on_the_way: list[Route] = []

    def first_one_is_slow(route: Route) -> None:
        if on_the_way:
            route.continue_()
        on_the_way.append(route)

    page.route("**/screen/answer", first_one_is_slow)
    page.goto(f"{app.address}/screen")
    with page.expect_request("**/screen/answer"):
        answers(page, "chest", "no")
    answers(page, "chest", "yes")
    on_the_way[0].continue_()
    page.wait_for_url("**/screen/help")

    assert kept(app, "chest") is Reply.YES


def test_an_answer_that_waits_is_there_after_a_reload_and_is_sent_from_any_page(app: Live, browser: Browser) -> None:
    page = app.page(browser)
    page.add_init_script(NO_WAY)
    page.goto(f"{app.address}/screen")
    answers(page, "eczema", "yes")
    answers(page, "chest", "yes")
    page.get_by_text("Kept here, will be sent").wait_for()
    page.reload()
    page.get_by_text("Kept here, will be sent").wait_for()

    assert page.locator('#q-chest input[value="yes"]').is_checked()
    assert page.locator("#q-eczema .where").is_visible()
    assert kept(app, "chest") is None
    page.close()
    other = page.context.new_page()  # it finds the way
    other.goto(f"{app.address}/plan")
    other.wait_for_url("**/screen/help")
    assert (kept(app, "chest"), kept(app, "eczema")) == (Reply.YES, Reply.YES)


def test_erasing_leaves_nothing_in_the_browser(app: Live, browser: Browser) -> None:
    page = app.page(browser)
    page.goto(f"{app.address}/connect")
    page.evaluate("() => localStorage.setItem('matwise.position.a-session', '{}')")
    page.get_by_label("Type ERASE to confirm").fill("ERASE")
    page.get_by_role("button", name="Erase everything").click()
    page.wait_for_url(f"{app.address}/")

    assert page.evaluate("() => Object.keys(localStorage)") == []


def test_a_bad_reaction_tapped_afterwards_says_at_once_what_follows_and_can_be_taken_back(
    app: Live, browser: Browser
) -> None:
    answers_all(app.db, MONDAY_EVENING)
    guide.start(app.db, "session-1", guide.TODAY, "no", MONDAY_EVENING)
    guide.finish(app.db, "session-1", 5, MONDAY_EVENING + timedelta(minutes=9))
    page = app.page(browser)
    page.goto(f"{app.address}/guide/session-1/after")
    notice = page.locator("[data-notice]")
    assert notice.is_hidden()
    taps(page, "worst_pain_0_10", "9")
    notice.get_by_text("You reported a bad reaction today (pain of 9 out of 10).").wait_for()
    taps(page, "worst_pain_0_10", "3")
    notice.wait_for(state="hidden")

    assert screen.refusal(app.db, app.clock()) is None
