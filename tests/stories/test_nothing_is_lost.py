"""Whatever was said to be saved is there, whoever pulls the plug."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from matwise.practice import measure
from tests.live import LOOPBACK, Live
from tests.practice.people import MONDAY_EVENING, a_database
from tests.stories.people import SOON_MS, taps

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Page

pytestmark = pytest.mark.browser

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True, slots=True)
class Process:
    """The app in a process of its own."""

    pid: int
    address: str
    token: str

    def opens(self, context: BrowserContext, path: str) -> Page:
        page = context.new_page()
        page.goto(f"{self.address}/#{self.token}")
        page.get_by_role("navigation", name="Main").wait_for()
        page.goto(f"{self.address}{path}")
        return page


@contextmanager
def a_process(folder: Path, port: int = 0) -> Iterator[Process]:
    """The app, listening before this returns; whatever happens, it is gone afterwards."""
    with socket.create_server((LOOPBACK, port)) as listening:
        number = listening.fileno()
        listens_at: int = listening.getsockname()[1]
        command = [sys.executable, "-P", "-m", "tests.live", str(folder), str(number), MONDAY_EVENING.isoformat()]
        environment = {**os.environ, "PYTHONPATH": str(ROOT)}
        running = subprocess.Popen(
            command, stdout=subprocess.PIPE, text=True, cwd=ROOT, env=environment, pass_fds=(number,)
        )
    try:
        assert running.stdout is not None
        yield Process(running.pid, f"http://{LOOPBACK}:{listens_at}", running.stdout.readline().strip())
    finally:
        running.kill()
        running.communicate()


def test_a_rating_that_says_saved_survives_a_kill_of_the_app(tmp_path: Path, browser: Browser) -> None:
    with a_process(tmp_path) as app:
        page = app.opens(browser.new_context(), "/measure")
        taps(page, "evening-pain", "7")
        os.kill(app.pid, signal.SIGKILL)
    with a_database(tmp_path) as db:
        assert measure.evening(db, MONDAY_EVENING).given == {"pain": 7}


def test_a_rating_tapped_while_the_app_is_down_is_kept_and_sent_when_it_is_back(
    tmp_path: Path, browser: Browser
) -> None:
    context = browser.new_context()
    with a_process(tmp_path) as app:
        page = app.opens(context, "/measure")
        os.kill(app.pid, signal.SIGKILL)
    place = page.locator('[data-field="evening-pain"]')
    place.locator("label", has=page.locator('input[value="6"]')).click()
    place.get_by_text("Kept here, will be sent").wait_for()
    page.close()
    port = int(app.address.rpartition(":")[2])  # what waits in a browser belongs to the address
    with a_process(tmp_path, port) as app:
        again = app.opens(context, "/measure")
        # Sent from whichever page came first; one that was asked for just before does not show it yet.
        kept = again.locator('[data-field="evening-pain"] input[value="6"]')
        for _ in range(SOON_MS // 500):
            if kept.is_checked():
                break
            again.wait_for_timeout(500)
            again.reload()

        assert kept.is_checked()


def test_words_half_typed_are_there_after_a_kill(tmp_path: Path, browser: Browser) -> None:
    with a_process(tmp_path) as app:
        page = app.opens(browser.new_context(), "/measure")
        with page.expect_response("**/measure/drafts"):
            page.get_by_label("First thing to follow").press_sequentially("stiff ne")
        os.kill(app.pid, signal.SIGKILL)
    with a_process(tmp_path) as app:
        again = app.opens(browser.new_context(), "/measure")

        assert again.get_by_label("First thing to follow").input_value() == "stiff ne"


def test_a_rating_is_given_by_arrow_keys_and_says_that_it_is_saved(app: Live, browser: Browser) -> None:
    page = app.page(browser)
    page.goto(f"{app.address}/measure")
    page.locator('[data-field="evening-pain"] input').first.focus()
    page.keyboard.press("Space")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    page.wait_for_function("() => Object.keys(localStorage).every((key) => !key.startsWith('matwise.outbox'))")
    page.locator('[data-field="evening-pain"]').get_by_text("Saved ✓").wait_for()

    assert measure.evening(app.db, app.clock()).given == {"pain": 2}


def test_a_refused_value_says_so_beside_its_field(app: Live, browser: Browser) -> None:
    page = app.page(browser)
    page.goto(f"{app.address}/measure")
    page.locator('[data-field="evening-pain"] input').first.evaluate("input => { input.value = '11'; }")
    page.locator('[data-field="evening-pain"] label').first.click()
    problem = page.locator('[data-field="evening-pain"] [data-problem]')
    problem.wait_for()

    assert "a whole number from 0 to 10" in problem.inner_text()
