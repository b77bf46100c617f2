"""Take a picture of every page of the demo, phone and desktop, light and dark.

    .venv/bin/python tools/screenshots.py FOLDER     every page into FOLDER
    .venv/bin/python tools/screenshots.py --readme   only those of the README, into docs/pictures
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

ROOT = Path(__file__).resolve().parents[1]
SIZES = {"phone": (360, 800), "desktop": (1440, 900)}
PAGES = {
    "today": "/",
    "screen": "/screen",
    "result": "/screen/result",
    "plan": "/plan",
    "guide": "/guide",
    "measure": "/measure",
    "answer": "/answer",
    "explain": "/explain",
    "claim": "/explain/back_pain",
    "connect": "/connect",
    "missing": "/nothing-here",
}
README = {"answer": ("desktop", "light"), "today": ("phone", "light"), "plan": ("phone", "dark")}


def demo() -> tuple[subprocess.Popen[str], str]:
    """The demo app on a free port, and the link that opens it."""
    command = [sys.executable, "-m", "matwise", "demo", "--port", "0", "--no-browser"]
    running = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT)
    assert running.stdout is not None
    for line in running.stdout:
        if "http://" in line:
            return running, line.split()[-1]
    raise SystemExit("The demo did not start.")


def open_app(browser: Browser, link: str, size: tuple[int, int], scheme: str, state: Path) -> Page:
    """A window of this size; the first one comes in by the link, the others with what it left."""
    context = browser.new_context(
        viewport={"width": size[0], "height": size[1]},
        color_scheme="dark" if scheme == "dark" else "light",
        storage_state=str(state) if state.exists() else None,
        device_scale_factor=2 if size[0] < 500 else 1,
    )
    page = context.new_page()
    if not state.exists():
        page.goto(link)
        page.wait_for_url(lambda url: "#" not in url)
        page.wait_for_selector(".brand")
        context.storage_state(path=str(state))
    return page


def take(folder: Path, *, readme: bool) -> None:
    """Take them all."""
    folder.mkdir(parents=True, exist_ok=True)
    state = folder / "state.json"
    running, link = demo()
    chromium = os.environ.get("MATWISE_CHROMIUM") or shutil.which("chromium")
    try:
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
            base = link.split("/#")[0]
            for size_name, size in SIZES.items():
                for scheme in ("light", "dark"):
                    page = open_app(browser, link, size, scheme, state)
                    for name, address in PAGES.items():
                        if readme and README.get(name) != (size_name, scheme):
                            continue
                        page.goto(base + address)
                        page.wait_for_load_state("networkidle")
                        file = f"{name}.png" if readme else f"{name}-{size_name}-{scheme}.png"
                        page.screenshot(path=folder / file, full_page=not readme)
                    page.context.close()
            browser.close()
    finally:
        running.terminate()
        running.wait()
        state.unlink(missing_ok=True)


def main() -> None:
    """Read the command line."""
    reader = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    reader.add_argument("folder", nargs="?", type=Path)
    reader.add_argument("--readme", action="store_true")
    told = reader.parse_args()
    if told.readme == bool(told.folder):
        reader.error("name a folder, or --readme")
    take(told.folder or ROOT / "docs" / "pictures", readme=told.readme)


if __name__ == "__main__":
    main()
