from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from matwise.practice import bring_in
from matwise.practice.bring_in import Said
from tests.measures.test_rr_intervals import resting
from tests.practice.people import MONDAY_EVENING

from .somebody import Person, somebody


@pytest.fixture
def ana(tmp_path: Path) -> Iterator[Person]:
    with somebody(tmp_path) as person:
        yield person


def recorded(ana: Person, folder: Path, beats: int) -> None:
    path = folder / f"{beats}.txt"
    path.write_text("".join(f"{one:.0f}\n" for one in resting(beats)))
    look = bring_in.open_for_import(path)
    name = f"r{beats}"
    bring_in.begin(ana.db, name, look, f"{beats:064d}", Said("Europe/Berlin", "2026-02-27 07:30"), MONDAY_EVENING)
    bring_in.bring(ana.db, name, look, lambda: MONDAY_EVENING)


def test_a_recording_says_what_it_is_long_enough_for_and_why_not_the_rest(ana: Person, tmp_path: Path) -> None:
    recorded(ana, tmp_path, 200)
    page = ana.browser.get("/measure/recordings").text

    assert "27 February 2026, 07:30" in page
    assert "3.0 minutes, 200 beats" in page
    assert "RMSSD: how much one beat differs from the next" in page
    assert "would need at least 4.8 min" in page
    assert "windows of 120 s" in page
    assert "Compare it only with your own values" in page


def test_without_one_the_page_says_where_to_begin(ana: Person) -> None:
    page = ana.browser.get("/measure/recordings").text

    assert "There is no recording yet." in page
    assert 'href="/measure/import"' in page
