from collections import Counter
from pathlib import Path

import pytest

from matwise.contact.acupoint import CHANNELS
from matwise.contact.cun import LANDMARKS
from matwise.content.acupoints import COLUMNS, COUNTS, FILE, acupoints, acupoints_in, known_from
from matwise.content.reader import ContentError


def changed(tmp_path: Path, point: str, **cells: str) -> Path:
    """The file that ships with one point's cells changed; no cell that is changed holds a comma."""
    lines = FILE.read_text().splitlines()
    at = next(n for n, line in enumerate(lines) if line.startswith(f"{point},"))
    parts = lines[at].split(",", maxsplit=len(COLUMNS) - 1)
    for column, text in cells.items():
        parts[COLUMNS.index(column)] = text
    lines[at] = ",".join(parts)
    path = tmp_path / "acupoints.csv"
    path.write_text("\n".join(lines) + "\n")
    return path


def test_there_are_361_points_on_14_channels_with_the_known_counts() -> None:
    known = {"LU": 11, "LI": 20, "ST": 45, "SP": 21, "HT": 9, "SI": 19, "BL": 67, "KI": 27, "PC": 9, "TE": 23}
    known |= {"GB": 44, "LR": 14, "GV": 28, "CV": 24}

    assert Counter(point.channel for point in acupoints()) == known == COUNTS
    assert len({point.code for point in acupoints()}) == 361


def test_every_channel_has_its_name_and_every_point_its_own_words_and_an_error() -> None:
    assert all(CHANNELS[point.channel] for point in acupoints())
    assert len({point.where for point in acupoints()}) > 350
    assert all(0.3 <= point.error_cm <= 4 for point in acupoints())


def test_the_six_points_that_the_standard_leaves_open_are_marked() -> None:
    open_ones = {point.code for point in acupoints() if not point.settled}

    assert open_ones == {"LI19", "LI20", "PC8", "PC9", "GB30", "GV26"}


def test_whoever_says_what_is_known_is_a_source() -> None:
    assert len(known_from()) == 5
    assert all(source.title and source.address for source in known_from())


def test_every_landmark_serves_a_rule_or_a_place_of_the_face() -> None:
    used = {(point.rule.place, point.rule.landmark) for point in acupoints() if point.rule.landmark}
    unused = {(place, name) for place, names in LANDMARKS.items() for name in names} - used

    assert {name for _, name in unused} <= {"hairline", "T8"}  # where no point lies


@pytest.mark.parametrize(
    ("column", "text", "said"),
    [
        ("place", "moon", "place: got 'moon'"),
        ("landmark", "T99", "landmark: got T99"),
        ("landmark", "", "up_cun, along_share"),
        ("beside_cun", "wide", "beside_cun: got 'wide'"),
        ("beside_cun", "", "beside_cun, around_deg, across_share"),
        ("error_cm", "0", "error_cm: got 0"),
        ("error_cm", "", "error_cm: got 0"),
        ("settled", "maybe", "settled: got 'maybe'"),
        ("name", "", "name: got ''"),
        ("code", "XX1", "code: got XX1"),
    ],
)
def test_a_broken_point_is_refused_with_file_line_and_column(tmp_path: Path, column: str, text: str, said: str) -> None:
    path = changed(tmp_path, "BL23", **{column: text})
    line = next(n for n, one in enumerate(FILE.read_text().splitlines(), 1) if one.startswith("BL23,"))

    with pytest.raises(ContentError) as refused:
        acupoints_in(path)
    assert f"acupoints.csv line {line}, {said}" in str(refused.value)


def test_a_point_that_is_missing_or_there_twice_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ContentError, match="BL23"):
        acupoints_in(changed(tmp_path, "BL23", code="BL22"))
