"""The ratings as they are written."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from matwise.content.reader import ContentError, read
from matwise.content.scales import FILE, complaint_scale, scales, scales_in
from matwise.errors import InvalidInputError
from matwise.measures.rating import Better, Moment


def test_pain_stress_and_sleep_are_asked_in_the_evening() -> None:
    evening = [scale.id for scale in scales() if Moment.EVENING in scale.moments]

    assert evening == ["pain", "stress", "sleep"]


def test_before_and_after_a_session_relaxation_is_asked_too() -> None:
    assert {scale.id for scale in scales() if Moment.AFTER in scale.moments} == {"pain", "stress", "relaxation"}


def test_less_pain_and_better_sleep_are_both_good() -> None:
    better = {scale.id: scale.better for scale in scales()}

    assert better == {
        "pain": Better.LOWER,
        "stress": Better.LOWER,
        "sleep": Better.HIGHER,
        "relaxation": Better.HIGHER,
    }


def test_one_point_is_the_smallest_change_that_matters_and_says_why() -> None:
    assert {scale.smallest_worthwhile_change for scale in scales()} == {1.0}
    written = read(FILE, dict[str, Any]).value
    why = {raw["id"]: raw["why"] for raw in written["scales"]} | {"complaint": written["complaint"]["why"]}
    assert written["scales"][0]["sources"][0] == "salaffi_2004"
    assert all("our own choice" in why[one] for one in ("stress", "sleep", "relaxation", "complaint"))


def test_own_words_make_a_scale_whatever_they_are() -> None:
    scale = complaint_scale(2, "knee {0} & <stairs>")

    assert scale.id == "complaint_2"
    assert "knee {0} & <stairs>" in scale.question
    assert scale.better is Better.LOWER
    assert set(scale.moments) == set(Moment)


def test_there_are_two_slots_for_own_words() -> None:
    with pytest.raises(InvalidInputError, match="1 or 2"):
        complaint_scale(3, "knee")


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("smallest_worthwhile_change: 1.0", "smallest_worthwhile_change: 0", "more than 0"),
        ("sources: [salaffi_2004", "sources: [somebody", "an id of sources.yaml"),
        ("id: stress", "id: pain", "no other scale"),
        ("id: stress", "id: complaint_1", "no other scale"),
        ("moments: [evening]", "moments: []", "at least one"),
        ("better: lower", "better: sideways", "Invalid enum value"),
    ],
)
def test_a_broken_scale_is_refused_with_file_and_line(tmp_path: Path, old: str, new: str, said: str) -> None:
    copy = tmp_path / "scales.yaml"
    copy.write_text(FILE.read_text().replace(old, new, 1))

    with pytest.raises(ContentError, match=r"scales\.yaml line \d+") as refusal:
        scales_in(copy)
    assert said in str(refusal.value)
