"""The ladder as it is written."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import pytest

from matwise.content.ladder import FILE, ladder, ladder_in
from matwise.content.reader import ContentError
from matwise.plan.rung import Rung
from matwise.screening.limits import Base, Layer, Placement

# From the gentlest: how hard the spikes press on each square centimetre (evidence: bed before floor, seat before back).
HARDER = [Placement.FEET_SEATED, Placement.SEAT, Placement.WHOLE_BACK]


def test_it_starts_with_feet_or_seat_five_minutes_through_a_heavy_shirt() -> None:
    starts = ladder().rungs[: ladder().last_start + 1]

    assert [rung.placement for rung in starts] == [Placement.FEET_SEATED, Placement.SEAT]
    assert {(rung.layer, rung.minutes) for rung in starts} == {(Layer.HEAVY_SHIRT, 5)}
    assert {rung.base for rung in starts} <= {Base.CHAIR, Base.BED}


def test_it_ends_with_ten_to_twenty_minutes_on_the_whole_back() -> None:
    last = ladder().rungs[-3:]

    assert [rung.minutes for rung in last] == [10, 15, 20]
    assert {rung.placement for rung in last} == {Placement.WHOLE_BACK}


def test_from_rung_to_rung_only_one_thing_gets_harder() -> None:
    def harder(below: Rung, above: Rung) -> list[bool]:
        return [
            HARDER.index(above.placement) > HARDER.index(below.placement),
            above.layer < below.layer,
            above.base < below.base and above.placement is below.placement,
            above.minutes > below.minutes,
        ]

    for below, above in pairwise(ladder().rungs):
        assert sum(harder(below, above)) == 1, (below.id, above.id)


def test_no_rung_asks_for_bare_skin_standing_neck_or_stomach() -> None:
    for rung in ladder().rungs:
        assert rung.layer > Layer.BARE
        assert rung.placement in HARDER
        assert rung.sessions_to_climb >= 2


def test_the_routines_of_the_house_are_all_there_with_their_cautions() -> None:
    routines = {routine.id: routine for routine in ladder().routines}

    assert set(routines) == {
        *("feet_at_work", "car_passenger", "lower_back_knees_up", "neck_pillow", "stomach_evening"),
        *("standing_morning", "bare_skin"),
    }
    assert "Never while you drive" in routines["car_passenger"].caution
    assert "breathe" in routines["stomach_evening"].how
    assert all(routine.caution.strip() and routine.when.strip() for routine in routines.values())


def test_standing_is_late_short_and_with_support() -> None:
    routines = {routine.id: routine for routine in ladder().routines}
    standing = [one for one in routines.values() if one.rung.placement is Placement.FEET_STANDING]

    assert [one.id for one in standing] == ["standing_morning"]
    assert standing[0].rung.support
    assert standing[0].rung.minutes <= 2
    assert standing[0].rung.layer > Layer.BARE
    assert standing[0].opens_after_rung >= ladder().top - 1


def test_bare_skin_is_optional_and_after_everything_else() -> None:
    bare = [one for one in ladder().routines if one.rung.layer is Layer.BARE]

    assert [one.id for one in bare] == ["bare_skin"]
    assert bare[0].opens_after_rung == ladder().top


def test_the_stomach_is_always_through_cloth() -> None:
    for routine in ladder().routines:
        if routine.rung.placement in {Placement.STOMACH, Placement.NECK}:
            assert routine.rung.layer >= Layer.HEAVY_SHIRT


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("minutes: 20", "minutes: 45", "2 to 30"),
        ("id: carpet_20", "id: carpet_15", "no other rung"),
        ("opens_after_rung: 9", "opens_after_rung: 12", "the number of a rung"),
        ("sources: [alignmat", "sources: [somebody", "an id of sources.yaml"),
        ("layer: bare", "layer: nothing", "Invalid enum value"),
        ("    base: carpet\n", "", "base"),
    ],
)
def test_a_broken_ladder_is_refused_by_file(tmp_path: Path, old: str, new: str, said: str) -> None:
    copy = tmp_path / "ladder.yaml"
    copy.write_text(FILE.read_text().replace(old, new, 1))

    with pytest.raises(ContentError, match=r"ladder\.yaml") as refusal:
        ladder_in(copy)
    assert said in str(refusal.value)
