"""Breathing programmes, aims and beds: what can be chosen for a session."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from matwise.content import aims as aims_room
from matwise.content import beds as beds_room
from matwise.content import breathing as breathing_room
from matwise.content.aims import aims, aims_in
from matwise.content.beds import beds, beds_in
from matwise.content.breathing import breathing, breathing_in, programme
from matwise.content.ladder import ladder
from matwise.content.reader import ContentError
from matwise.content.words import words
from matwise.errors import InvalidInputError
from matwise.screening.limits import Placement
from matwise.session.cue import Bed


def test_the_usual_programme_is_four_in_and_six_out_and_slows_down_later() -> None:
    usual = programme()

    assert usual.id == "longer_exhale"
    assert usual.breath(0.0).breaths_per_min == 6
    assert usual.breath(0.0).inhale_s == 4
    assert usual.breath(300.0).breaths_per_min < 6


@pytest.mark.parametrize("name", breathing())
def test_every_programme_breathes_out_longer_than_in_and_never_slower_than_four_a_minute(name: str) -> None:
    for at_s in range(0, 700, 7):
        if breathing()[name].programme.path:
            breath = programme(name).breath(float(at_s))

            assert breath.exhale_s > breath.whole_inhale_s
            assert 4 <= breath.breaths_per_min <= 8


def test_only_one_programme_asks_to_hold_the_breath_and_it_can_do_without() -> None:
    held = [name for name, one in breathing().items() if one.programme.has_holds]

    assert held == ["with_pauses"]
    assert not programme("with_pauses").without_holds().has_holds


def test_the_pace_of_resonance_is_the_persons_own_and_five_and_a_half_at_first() -> None:
    assert programme("resonance").breath(0.0).breaths_per_min == pytest.approx(5.5)
    assert programme("resonance", 4.5).breath(0.0).breaths_per_min == pytest.approx(4.5)
    with pytest.raises(InvalidInputError, match="a pace only with resonance"):
        programme("longer_exhale", 5.0)
    with pytest.raises(InvalidInputError, match="one of longer_exhale"):
        programme("box")


def test_the_five_paces_are_those_from_which_one_may_choose() -> None:
    paces = [programme("find_pace").breath(at_s).breaths_per_min for at_s in (0.0, 120.0, 240.0, 360.0, 480.0)]

    assert paces == pytest.approx([6.5, 6.0, 5.5, 5.0, 4.5], abs=0.03)


def test_everything_that_can_be_chosen_has_a_name() -> None:
    for stem, ids in (("breathing", breathing()), ("aim", aims()), ("bed", [bed.value for bed in Bed])):
        assert all(words("en")[f"{stem}_{name}"] for name in ids)


def test_every_moment_of_the_day_has_an_aim_that_a_routine_or_rung_can_be_used_for() -> None:
    there = {rung.placement for rung in ladder().rungs} | {one.rung.placement for one in ladder().routines}

    assert set(aims()) == {"morning", "evening", "pain", "work", "neck", "passenger"}
    assert all(aim.placements & there for aim in aims().values())
    assert aims()["passenger"].placements == {Placement.SEAT}
    assert all(Placement.FEET_STANDING not in aims()[name].placements for name in ("evening", "pain"))


def test_every_bed_can_be_chosen() -> None:
    assert set(beds()) == set(Bed)


BROKEN: list[tuple[Path, Callable[[Path], object], str, str, str]] = [
    (breathing_room.FILE, breathing_in, "default: longer_exhale", "default: shorter", "one of longer_exhale"),
    (breathing_room.FILE, breathing_in, "id: sighing", "id: resonance", "every id once"),
    (breathing_room.FILE, breathing_in, "instruction: breathing_pace", "instruction: hum", "no words for hum"),
    (breathing_room.FILE, breathing_in, "[van_diest_2014]", "[somebody]", "ids of sources.yaml"),
    (breathing_room.FILE, breathing_in, "[van_diest_2014]", "[]", "ids of sources.yaml"),
    (
        breathing_room.FILE,
        breathing_in,
        "exhale_s: 7.2}\n    sources",
        "exhale_s: 3.2}\n    sources",
        "more than inhale_s",
    ),
    (
        breathing_room.FILE,
        breathing_in,
        "at_s: 120, inhale_s: 4, exhale_s: 6}",
        "at_s: 0, inhale_s: 4, exhale_s: 6}",
        "rising times",
    ),
    (aims_room.FILE, aims_in, "opening: neck_opening", "opening: passenger_opening", "said at every placement"),
    (aims_room.FILE, aims_in, "breathing: no_guidance", "breathing: box", "one of longer_exhale"),
    (aims_room.FILE, aims_in, "id: work", "id: evening", "an id used once"),
    (aims_room.FILE, aims_in, "sources: [van_diest_2014]", "sources: []", "ids of sources.yaml"),
    (aims_room.FILE, aims_in, "bed: waves", "bed: whales", "what its type asks for"),
    (beds_room.FILE, beds_in, "  - {id: rain, level_db: 0}\n", "", "every bed that can be made"),
    (beds_room.FILE, beds_in, "id: waves, level_db: 0", "id: waves, level_db: 40", "-18 to 6"),
]


@pytest.mark.parametrize(("file", "reading", "old", "new", "says"), BROKEN, ids=[one[3] or "gone" for one in BROKEN])
def test_a_broken_choice_is_named_with_what_would_be_right(
    tmp_path: Path, file: Path, reading: Callable[[Path], object], old: str, new: str, says: str
) -> None:
    text = file.read_text(encoding="utf-8")
    assert old in text
    broken = tmp_path / file.name
    broken.write_text(text.replace(old, new, 1), encoding="utf-8")

    with pytest.raises(ContentError, match=re.escape(says)) as refused:
        reading(broken)
    assert re.search(rf"{file.stem}\.yaml line \d+", str(refused.value))
