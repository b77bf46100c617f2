from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matwise.web.forest_picture import Line, forest_picture

from .somebody import somebody

effects = st.tuples(st.floats(-5, 5), st.floats(0.05, 3))


def test_somebody_who_wants_everything_reads_every_number_and_what_contradicts_itself(tmp_path: Path) -> None:
    with somebody(tmp_path) as ana:
        overview = ana.browser.get("/explain").text
        page = ana.browser.get("/explain/studies").text

    assert 'href="/explain/studies"' in overview
    assert "Against waiting: pressure pain threshold" in page
    assert "Left out: Hohmann 2012, back. It reports only a bound" in page
    assert "it prints p = 0.008" in page
    assert page.count("<tr id=") == 67


@given(st.lists(effects, min_size=1, max_size=8))
def test_a_forest_plot_stays_in_its_frame_and_in_order(told: list[tuple[float, float]]) -> None:
    lines = [Line(f"{n}", "", at, at - 2 * se, at + 2 * se, 0.5) for n, (at, se) in enumerate(told)]
    drawn = forest_picture([*lines, Line("all", "", told[0][0], -99.0, 99.0, None)])

    assert [row.name for row in drawn.rows] == [*(one.name for one in lines), "all"]
    for row in drawn.rows:
        assert 0 <= row.low_x <= row.x <= row.high_x <= drawn.width
    assert (drawn.rows[-1].low_cut, drawn.rows[-1].high_cut) == (True, True)
    assert not any(row.low_cut or row.high_cut for row in drawn.rows[:-1])
    for one, two in zip(lines, drawn.rows, strict=False):
        assert (two.x - drawn.zero_x) * one.effect >= -0.2
    assert drawn.ticks[0].at < drawn.zero_x < drawn.ticks[-1].at


def test_a_study_that_weighs_more_is_drawn_larger() -> None:
    small, large = forest_picture([Line("a", "", 0.0, -1, 1, 0.1), Line("b", "", 0.0, -1, 1, 0.9)]).rows

    assert (small.half or 0) < (large.half or 0)
    assert small.diamond.count("L") == 3
    assert pytest.approx(small.x) == large.x
