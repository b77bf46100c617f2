from pathlib import Path

import pytest

from matwise.content.mats import COLUMNS, FILE, mats, mats_in
from matwise.content.reader import ContentError

GOOD = {
    **dict.fromkeys(COLUMNS, "unknown"),
    "id": "mine",
    "maker": "Mine",
    "model": "mat",
    "note": "",
    "source": "https://example.org/mat",
}


def a_file(tmp_path: Path, *rows: dict[str, str], header: str = ",".join(COLUMNS)) -> Path:
    path = tmp_path / "mats.csv"
    lines = [",".join({**GOOD, **row}[column] for column in COLUMNS) for row in rows]
    path.write_text("\n".join([header, *lines]) + "\n")
    return path


def test_every_mat_says_who_says_so_and_none_is_there_twice() -> None:
    assert len({mat.id for mat in mats()}) == len(mats()) == 31
    assert all(mat.sources for mat in mats())


def test_what_nobody_says_stays_unknown() -> None:
    by_id = {mat.id: mat for mat in mats()}

    assert by_id["lixada_mat"].spikes_total is None
    assert by_id["lixada_mat"].spikes_per_cm2 is None
    assert by_id["shakti_2011"].length_cm is None  # "at least 73.7" is no length


def test_spikes_per_area_come_from_size_and_count_or_from_an_even_grid() -> None:
    by_id = {mat.id: mat for mat in mats()}
    mat, grid, span = (by_id[one].spikes_per_cm2 for one in ("pranamat", "lyapko_applicator_3_5_mm", "usual_2009"))

    assert mat
    assert mat.middle == pytest.approx(5525 / (73 * 45))
    assert grid
    assert grid.middle == pytest.approx(1 / 0.35**2)
    assert span
    assert (span.low, span.high) == pytest.approx((1.39, 2.77), abs=0.01)


@pytest.mark.parametrize(
    ("column", "text"),
    [
        ("spike_pitch_mm", "~5"),
        ("spike_pitch_mm", ""),
        ("length_cm", "0.73"),  # metres
        ("spikes_total", "6210.5"),
        ("spikes_total", "8000 to 4000"),
        ("width_cm", "not found"),
        ("source", "a friend"),
        ("id", "My Mat"),
        ("maker", " "),
        ("tip", ""),
    ],
)
def test_a_broken_row_is_refused_with_file_line_and_column(tmp_path: Path, column: str, text: str) -> None:
    with pytest.raises(ContentError, match=rf"mats\.csv line 3, {column}: got '{text}'"):
        mats_in(a_file(tmp_path, {}, {"id": "other", column: text}))


def test_every_broken_row_is_named_at_once(tmp_path: Path) -> None:
    with pytest.raises(ContentError) as refused:
        mats_in(a_file(tmp_path, {"discs": "many"}, {"id": "other", "width_cm": "wide"}))

    assert [problem.where for problem in refused.value.problems] == [
        "mats.csv line 2, discs",
        "mats.csv line 3, width_cm",
    ]


def test_a_mat_that_is_there_twice_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ContentError, match="line 3, id"):
        mats_in(a_file(tmp_path, {}, {}))


def test_a_table_with_other_columns_or_a_short_row_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ContentError, match="line 1"):
        mats_in(a_file(tmp_path, {}, header="id,maker"))
    short = tmp_path / "mats.csv"
    short.write_text(",".join(COLUMNS) + "\nmine,Mine\n")
    with pytest.raises(ContentError, match="line 2: got 2 cells"):
        mats_in(short)


def test_the_file_that_ships_is_the_one_that_is_read() -> None:
    assert mats_in(FILE) == mats()
