"""What the tests of every room may use."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import settings

if TYPE_CHECKING:
    from playwright.sync_api import Browser

ROOT = Path(__file__).parents[1]
# The terminal speaks the language of the machine, and these tests read English.
os.environ["LC_ALL"] = "C.UTF-8"

# How long a thing takes is measured in bench/, not wherever the tests happen to run.
settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")

# No sandbox: the tests also run as root and in containers. No chatter with the outside. Sound may start by itself,
# because nobody is there to press the button that a person presses.
CHROMIUM_ARGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--autoplay-policy=no-user-gesture-required",
)


@pytest.fixture(scope="session")
def chromium() -> str:
    """The Chromium that ./test has found or got; a missing one is a failure, never a skip."""
    if named := os.environ.get("MATWISE_CHROMIUM"):
        return named
    find = [sys.executable, "-P", "-m", "tools.find_browser", "--no-install"]
    found = subprocess.run(
        find, capture_output=True, text=True, check=False, env={**os.environ, "PYTHONPATH": str(ROOT)}
    )
    if found.returncode != 0:
        pytest.fail(f"No browser for this test. {found.stderr.strip()}", pytrace=False)
    return found.stdout.strip()


@pytest.fixture
def browser(launched: Browser) -> Iterator[Browser]:
    """The browser; what a test opens in it is closed behind it, or sessions would play on beside the next ones."""
    before = list(launched.contexts)
    yield launched
    for context in launched.contexts:
        if context not in before:
            context.close()


@pytest.fixture(scope="session")
def launched(chromium: str) -> Iterator[Browser]:
    """One headless Chromium for all tests of a worker; each test opens its own context."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=chromium, headless=True, args=list(CHROMIUM_ARGS))
        yield started
        started.close()
