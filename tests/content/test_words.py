from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml

from matwise.content import words as room
from matwise.content.reader import HERE, ContentError
from matwise.content.words import lines, words
from matwise.screening.limits import Layer, Placement
from matwise.session.script import ARMS, WRITTEN, script

FILE = HERE / "words" / "en" / "session.yaml"
PROMISES = r"\b(cure|heal|treat|therapy|detox|endorphin|relieve|will feel|will ease|guarantee|proven)"


def broken(tmp_path: Path, old: str, new: str) -> Path:
    text = FILE.read_text(encoding="utf-8")
    assert old in text
    changed = tmp_path / "session.yaml"
    changed.write_text(text.replace(old, new, 1), encoding="utf-8")
    return changed


def test_every_line_is_a_sentence_with_a_source_and_a_date_and_promises_nothing() -> None:
    for line in lines("en"):
        assert line.source
        assert line.reviewed_on.year >= 2026
        assert not re.search(PROMISES, line.text, re.IGNORECASE), line.id
        assert "—" not in line.text


def test_every_placement_and_layer_has_all_its_lines_in_every_arm() -> None:
    known = {line.id: line for line in lines("en")}
    for placement in Placement:
        for layer in Layer:
            for line in script(placement, layer).lines():
                for arm in ARMS:
                    said = known.get(f"{line}_{arm}") or known[line]
                    assert said.arm in {arm, "any"}
                    assert said.placements == "all" or placement in said.placements


def test_what_captions_need_is_written() -> None:
    assert set(WRITTEN) <= set(words("en"))
    assert words("en")["title_rest"].format(rung="Feet", minutes=5) == "Feet, the same on a towel (5 min)"


def test_a_language_nobody_wrote_is_refused_with_those_that_exist() -> None:
    with pytest.raises(ContentError, match="want one of en"):
        words("tlh")


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("id: welcome_rest", "id: welcome_towel", "a twin for every line that names the mat"),
        ("id: welcome_mat\n", "id: Welcome!\n", "small letters"),
        ("id: half_way", "id: stop_rule", "every id once"),
        ("source: alignmat", "source: somebody", "an id of sources.yaml"),
        ("arm: mat", "arm: any", "'mat', as the id says"),
        ("placements: [hands]", "placements: []", '"all" or the placements'),
        ("You are halfway.", "You are halfway", "whole sentences"),
        ("arm: any", "arm: all", "Invalid enum value"),
        ("placements: [hands]", "placements: [face]", "what its type asks for"),
    ],
)
def test_a_broken_line_is_named_with_its_line_number_and_what_would_be_right(
    tmp_path: Path, old: str, new: str, says: str
) -> None:
    with pytest.raises(ContentError, match=re.escape(says)) as refused:
        room._file(broken(tmp_path, old, new))

    number = FILE.read_text(encoding="utf-8").partition(old)[0].count("\n") + 1
    told = int(re.findall(r"session\.yaml line (\d+)", str(refused.value))[0])
    assert abs(told - number) <= 6  # a line has six rows; a lonely twin is told at the other one


def test_the_file_can_be_read_by_any_yaml_reader() -> None:
    assert set(yaml.safe_load(FILE.read_text(encoding="utf-8"))) == {"lines", "written"}
