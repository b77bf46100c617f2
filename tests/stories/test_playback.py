"""What the player makes of time, asked of its own script in a real browser."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.live import Live

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytestmark = pytest.mark.browser

OVER_S = 382.0


def asks(app: Live, browser: Browser, name: str, cases: list[list[Any]]) -> list[Any]:
    page = app.page(browser)
    answers: list[Any] = page.evaluate(
        "async ([name, cases]) => { const all = await import('/static/js/playback.js');"
        " return cases.map((args) => all[name](...args)); }",
        [name, cases],
    )
    return answers


def test_times_are_written_and_spoken_as_people_say_them(app: Live, browser: Browser) -> None:
    seconds: list[list[Any]] = [[0], [9.99], [60], [460], [3599.9]]

    assert asks(app, browser, "clock", seconds) == ["0:00", "0:09", "1:00", "7:40", "59:59"]
    assert asks(app, browser, "spokenTime", [[0], [61], [120]]) == ["0 seconds", "1 minute 1 second", "2 minutes"]
    assert asks(app, browser, "roughly", [[20], [720], [3900], [90000]]) == [
        "1 minute",
        "12 minutes",
        "1 hour 5 minutes",
        "25 hours",
    ]


def test_what_was_heard_twice_counts_once_and_what_was_skipped_counts_not(app: Live, browser: Browser) -> None:
    cases: list[list[Any]] = [
        [[[0, 100], [50, 120]], 0, 200],
        [[[0, 100], [150, 160]], 90, 155],
        [[], 0, 100],
        [[[0, 50]], 60, 100],
    ]

    assert asks(app, browser, "overlap", cases) == [120, 15, 0, 0]


@pytest.mark.parametrize(
    ("position_s", "away_s", "playing", "kind"),
    [
        (0.4, 500, True, "fresh"),
        (200, 5, True, "go_on"),
        (200, 181, False, "go_on"),
        (200, 183, False, "over"),
        (200, 183, True, "over"),
        (390, 1, True, "over"),
    ],
)
def test_who_comes_back_is_met_by_the_clock_on_the_wall(
    app: Live, browser: Browser, *, position_s: float, away_s: float, playing: bool, kind: str
) -> None:
    saved = {"position_s": position_s, "saved_ms": 1_000_000, "playing": playing}
    (offer,) = asks(app, browser, "comeBack", [[saved, 1_000_000 + 1000 * away_s, OVER_S]])

    assert offer["kind"] == kind


def test_where_the_clock_is_is_offered_only_to_who_was_still_listening(app: Live, browser: Browser) -> None:
    saved = {"position_s": 100, "saved_ms": 0, "playing": True}
    cases = [[saved, 60_000, OVER_S], [saved, 5_000, OVER_S], [saved | {"playing": False}, 60_000, OVER_S]]

    assert [offer["byClock_s"] for offer in asks(app, browser, "comeBack", cases)] == [160, None, None]


def test_a_clock_that_was_set_back_never_sends_anybody_backwards(app: Live, browser: Browser) -> None:
    saved = {"position_s": 100, "saved_ms": 9_000_000, "playing": True}
    (offer,) = asks(app, browser, "comeBack", [[saved, 0, OVER_S]])

    assert (offer["kind"], offer["position_s"]) == ("go_on", 100)
