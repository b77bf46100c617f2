from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from matwise.exchange.wearables import makers
from tests.practice.people import MONDAY_EVENING
from tests.practice.told_files import HEAD, Lines

from .listening import Listening, listening
from .test_accessibility import SMALLEST_TARGET_PX, TOO_SMALL, TOO_WIDE, violations

pytestmark = pytest.mark.browser

DAYS = [b"heart_rate;watch;2026-02-%02d 06:30:00+01:00;%d\n" % (day, 60 + day) for day in range(1, 29)]
RING = [b"heart_rate;ring;2026-02-%02d 06:30:00+01:00;%d\n" % (day, 50 + day) for day in range(1, 9)]
FILE = HEAD + b"".join(DAYS + RING) + b"what\nheart_rate;watch;2026-02-01 08:30:00;62\nrr;strap;;800 810\n"


@pytest.fixture(autouse=True)
def known_makers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(makers, "MAKERS", (Lines(),))


def wrong_with(page: Page) -> list[object]:
    found: list[object] = list(violations(page))
    page.emulate_media(color_scheme="dark", reduced_motion="reduce")
    found += violations(page)
    page.emulate_media(color_scheme="light", reduced_motion="reduce")
    found += page.evaluate(TOO_SMALL, SMALLEST_TARGET_PX)
    return found + [page.url] * (page.evaluate(TOO_WIDE) > 0)


def hand_over(page: Page, app: Listening, folder: Path) -> None:
    path = folder / "my watch.txt"
    path.write_bytes(FILE)
    page.goto(f"{app.base}/measure/import")
    page.get_by_label("File", exact=True).set_input_files(path)
    page.get_by_role("button", name="See what is in it").click()


@pytest.mark.parametrize("scripts", [True, False], ids=["with a script", "without one"])
def test_ana_imports_a_file_sees_what_is_in_it_and_takes_it_out_again(
    tmp_path: Path, browser: Browser, *, scripts: bool
) -> None:
    with listening(tmp_path, lambda: MONDAY_EVENING) as app:
        context = browser.new_context(viewport={"width": 360, "height": 800}, reduced_motion="reduce")
        if not scripts:
            # The link of the terminal needs a script once; the cookie it leaves is all that is needed afterwards.
            app.enter(context)
            state = context.storage_state()
            context = browser.new_context(
                viewport={"width": 360, "height": 800}, java_script_enabled=False, storage_state=state
            )
            page = context.new_page()
        else:
            page = app.enter(context)
        hand_over(page, app, tmp_path)
        expect(page.get_by_role("heading", name="What is in this file")).to_be_visible(timeout=20_000)
        found = wrong_with(page) if scripts else []
        expect(page.get_by_text("38 read: 37 fit")).to_have_count(0)
        expect(page.get_by_text("39 read: 37 fit, 0 fit and are marked as unusual, 2 can’t be kept.")).to_be_visible()
        page.get_by_label("When the recording began").fill("2026-02-03 07:30")
        page.get_by_role("button", name="Look again").click()
        expect(page.get_by_text("39 read: 38 fit")).to_be_visible(timeout=20_000)
        page.get_by_role("button", name="Bring it in").click()
        expect(page.get_by_role("heading", name="Brought in")).to_be_visible(timeout=20_000)
        found += wrong_with(page) if scripts else []
        page.get_by_role("link", name="See it over time").click()
        expect(page.get_by_role("heading", name="Heart rate", exact=True)).to_be_visible()
        found += wrong_with(page) if scripts else []
        page.go_back()
        page.get_by_role("button", name="Take it out again").click()
        expect(page.get_by_role("heading", name="Taken out again")).to_be_visible(timeout=20_000)
        page.goto(f"{app.base}/measure/readings")
        expect(page.get_by_text("Nothing was measured yet.")).to_be_visible()
        page.goto(f"{app.base}/measure/import")
        found += wrong_with(page) if scripts else []
        context.close()

        assert found == []


def test_the_forms_and_pictures_of_blood_pressure_have_no_violation(tmp_path: Path, browser: Browser) -> None:
    with listening(tmp_path, lambda: MONDAY_EVENING) as app:
        context = browser.new_context(viewport={"width": 360, "height": 800}, reduced_motion="reduce")
        page = app.enter(context)
        page.goto(f"{app.base}/measure/hand")
        found = wrong_with(page)
        page.get_by_label("Upper").first.fill("132")
        page.get_by_role("button", name="Keep both readings").click()
        expect(page.get_by_role("alert")).to_contain_text("diastolic_1")
        found += wrong_with(page)
        page.get_by_label("Lower").first.fill("84")
        page.get_by_role("button", name="Keep both readings").click()
        expect(page.get_by_role("status").filter(has_text="Kept.")).to_be_visible()
        found += wrong_with(page)
        page.goto(f"{app.base}/measure/readings")
        expect(page.get_by_role("heading", name="Blood pressure")).to_be_visible()
        found += wrong_with(page)
        context.close()

        assert found == []
