"""Finds a Chromium that the tests can drive, or gets one.

Run by ./test through `python -m tools.find_browser`; prints the path of the program. `--no-install` only looks.
The order: what MATWISE_CHROMIUM names, what is installed, what was fetched before, then the ways to get one, the
system's own package first.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tarfile
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from tools.get_chromium import fetched, get_chromium
from tools.get_uv import NotHadError
from tools.getting import install_on_debian, run, say

_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "microsoft-edge", "chrome")
# Playwright asks several servers several times; where none can be reached, another way is waiting.
_PATIENCE_MS = 10_000
_APPLICATIONS = (
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/opt/google/chrome/chrome",
)


def starts(program: str) -> bool:
    """Whether it is a Chromium that runs here: a name alone may be a stub that points to an app store."""
    try:
        told = subprocess.run([program, "--version"], capture_output=True, text=True, timeout=60, check=False)
    except (OSError, subprocess.SubprocessError):
        return False
    return told.returncode == 0 and any(word in told.stdout for word in ("Chrom", "Edge"))


def installed(environ: Mapping[str, str], place: Path) -> str | None:
    """The first Chromium that is there already.

    Raises:
        NotHadError: MATWISE_CHROMIUM names a program that is none.
    """
    named = environ.get("MATWISE_CHROMIUM")
    if named:
        if starts(named):
            return named
        raise NotHadError(f"MATWISE_CHROMIUM={named} is not a Chromium that starts here.")
    return next((program for program in _candidates(place) if starts(program)), None)


def _candidates(place: Path) -> Iterator[str]:
    for name in _NAMES:
        if program := shutil.which(name):
            yield program
    yield from (program for program in _APPLICATIONS if Path(program).exists())
    yield from (str(program) for program in fetched(place))
    if (program := _of_playwright()) is not None:
        yield program


def _of_playwright() -> str | None:
    from playwright.sync_api import sync_playwright

    try:
        with sync_playwright() as playwright:
            program = playwright.chromium.executable_path
    except Exception as error:  # Playwright raises no narrower one when its Node fails
        say(f"  Playwright does not start: {error}")
        return None
    return program if Path(program).exists() else None


def by_the_system() -> str | None:
    """Debian's package, with everything it needs; only root may install it."""
    return shutil.which("chromium") if install_on_debian("chromium") else None


def by_playwright() -> str | None:
    """The build that the test library fetches from its own server."""
    say("Fetching Playwright's Chromium …")
    patience = os.environ.get("PLAYWRIGHT_DOWNLOAD_CONNECTION_TIMEOUT") or str(_PATIENCE_MS)
    install = (sys.executable, "-P", "-m", "playwright", "install", "chromium")
    return _of_playwright() if run(*install, PLAYWRIGHT_DOWNLOAD_CONNECTION_TIMEOUT=patience) else None


def got(place: Path, environ: Mapping[str, str], *, may_install: bool) -> str:
    """Gets a Chromium by the first way that works.

    Raises:
        NotHadError: none may be got, or no way worked; the message says what would.
    """
    if not may_install:
        raise NotHadError("There is no Chromium here. ./test gets one, or set MATWISE_CHROMIUM.")
    ways: tuple[Callable[[], str | None], ...] = (
        by_the_system,
        by_playwright,
        lambda: str(get_chromium(place, environ)),
    )
    for way in ways:
        try:
            program = way()
        except (NotHadError, OSError, tarfile.TarError) as error:
            say(f"  That did not work: {error}")
            continue
        if program and starts(program):
            return program
    raise NotHadError(
        "No Chromium could be had, so the tests that walk through the app in a browser cannot run.\n"
        "  Debian, Ubuntu   sudo apt install chromium\n"
        "  Fedora           sudo dnf install chromium\n"
        "  macOS            brew install --cask chromium\n"
        "  anywhere         MATWISE_CHROMIUM=/path/to/chrome ./test"
    )


def main() -> int:
    """Prints the path, or says what is missing and ends with 1."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--place", type=Path, default=Path(__file__).parents[1], help="the folder that holds .cache")
    parser.add_argument("--no-install", action="store_true", help="only look")
    asked = parser.parse_args()
    try:
        print(installed(os.environ, asked.place) or got(asked.place, os.environ, may_install=not asked.no_install))
    except NotHadError as error:
        say(str(error))
        return 1
    except KeyboardInterrupt:
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main())
