"""The browser of the tests is a real one."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Browser


@pytest.mark.browser
def test_the_browser_of_the_tests_plays_mp3(browser: Browser) -> None:
    page = browser.new_page()

    assert page.evaluate("document.createElement('audio').canPlayType('audio/mpeg')") == "probably"
