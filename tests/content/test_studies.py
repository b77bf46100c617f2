from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from matwise.content import studies
from matwise.content.reader import ContentError
from matwise.content.studies import FILE, contradictions, contradictions_of, p_of_interval, results, results_in

WHOLE = FILE.read_text(encoding="utf-8").splitlines()


def test_every_study_of_a_mat_is_there_and_what_only_resembles_one_is_marked() -> None:
    on_mats = {one.study for one in results() if one.on_mat}

    assert {
        "Hohmann 2012, neck",
        "Olsson 2011",
        "Kjellgren 2011",
        "Saha 2016",
        "Frizziero 2021",
        "Kisker 2023",
    } <= on_mats
    assert {one.study for one in results() if not one.on_mat} == {"Li 2005", "Purepong 2015"}


def test_a_study_that_contradicts_itself_is_found() -> None:
    (found,) = contradictions()

    assert (found.result.study, found.result.measured_at) == ("Saha 2016", "after 14 weeks")
    assert found.p_of_interval == pytest.approx(6e-5, rel=0.05)  # it prints 0.008


def test_a_p_that_agrees_with_its_interval_is_no_contradiction() -> None:
    told = next(one for one in results() if one.difference is not None and one.p_is_bound)
    p = p_of_interval(told)

    assert p is not None
    assert contradictions_of((replace(told, p=p * 1.5, p_is_bound=False),)) == ()
    assert len(contradictions_of((replace(told, p=p / 10, p_is_bound=True),))) == 1


@pytest.mark.parametrize(
    ("column", "wrong", "named"),
    [
        ("p", "0", "p: got '0'"),
        ("p", "1.2", "p: got '1.2'"),
        ("p", "about 0.05", "p: got"),
        ("n_mat", "-1.5", "n_mat"),
        ("difference", "nan", "difference"),
        ("difference", "-9", "inside of its interval"),
        ("ci_low", "not found", "both ends"),
        ("design", "blinded", "one of randomised"),
        ("favours", "us", "one of mat"),
        ("source", "a friend", "an id of sources.yaml"),
        ("outcome", "", "a text"),
        ("id", "saha_2016.pain.two_weeks", "an id no other result has"),
    ],
)
def test_a_broken_row_is_refused_with_its_line_and_column(tmp_path: Path, column: str, wrong: str, named: str) -> None:
    names = studies.COLUMNS
    line = next(n for n, text in enumerate(WHOLE) if text.startswith("saha_2016.disability.two_weeks"))
    cells = WHOLE[line].split(",")
    assert len(cells) == len(names)
    cells[names.index(column)] = wrong
    path = tmp_path / "studies.csv"
    path.write_text("\n".join([*WHOLE[:line], ",".join(cells), *WHOLE[line + 1 :]]) + "\n", encoding="utf-8")

    with pytest.raises(ContentError, match=rf"studies\.csv line {line + 1}(.|\n)*{named}"):
        results_in(path)
