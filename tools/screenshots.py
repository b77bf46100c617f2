"""Take a picture of every page, of the demo and of somebody new, phone and desktop, light and dark.

.venv/bin/python tools/screenshots.py FOLDER     every page into FOLDER
.venv/bin/python tools/screenshots.py --readme   only those of the README, into docs/pictures
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
from itertools import product
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

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
NEW_PAGES = {"welcome": "/", "first-check": "/screen"}
README = {"answer": ("desktop", "light"), "today": ("phone", "light"), "plan": ("phone", "dark")}


def start(*arguments: str, data: Path) -> tuple[subprocess.Popen[str], str]:
    """The app on a free port with `data` as its folder, and the link that opens it."""
    command = [sys.executable, "-m", "matwise", *arguments, "--port", "0", "--no-browser"]
    told = {**os.environ, "MATWISE_DATA": str(data)}
    running = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT, env=told)
    for line in running.stdout or ():
        if "http://" in line:
            return running, line.split()[-1]
    raise SystemExit("The app did not start.")


def enter(browser: Browser, link: str) -> Path:
    """Come in by the link, once; what the browser then holds lets every other window in."""
    state = Path(tempfile.mkdtemp()) / "state.json"
    context = browser.new_context()
    page = context.new_page()
    page.goto(link)
    page.wait_for_selector(".brand")
    context.storage_state(path=str(state))
    context.close()
    return state


def look(browser: Browser, link: str, addresses: dict[str, str], folder: Path, *, readme: bool) -> None:
    """Every page of one app, in every size and look."""
    state = enter(browser, link)
    base = link.partition("/#")[0]
    for (size, (width, height)), scheme in product(SIZES.items(), ("light", "dark")):
        context = browser.new_context(
            viewport={"width": width, "height": height},
            color_scheme="dark" if scheme == "dark" else "light",
            storage_state=str(state),
            device_scale_factor=2 if width < 500 else 1,
            base_url=base,
        )
        page = context.new_page()
        for name, address in addresses.items():
            if readme and README.get(name) != (size, scheme):
                continue
            page.goto(address)
            page.wait_for_load_state("networkidle")
            file = f"{name}.png" if readme else f"{name}-{size}-{scheme}.png"
            page.screenshot(path=folder / file, full_page=not readme)
        context.close()
    shutil.rmtree(state.parent)


def take(folder: Path, *, readme: bool) -> None:
    """Take them all: the invented person's pages, and those that only somebody new sees."""
    folder.mkdir(parents=True, exist_ok=True)
    chromium = os.environ.get("MATWISE_CHROMIUM") or shutil.which("chromium")
    apps = [(("demo",), PAGES), ((), NEW_PAGES)]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
        for arguments, addresses in apps:
            with tempfile.TemporaryDirectory() as data:
                running, link = start(*arguments, data=Path(data))
                try:
                    look(browser, link, addresses, folder, readme=readme)
                finally:
                    running.terminate()
                    running.wait()
        browser.close()


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
