from functools import cache
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matwise.contact.acupoint import Load, Placed, placed, selectivity, under_load
from matwise.contact.body import Body, Sex, body
from matwise.contact.cun import Place, Rule, spot
from matwise.contact.interface_pressure import interface_pressure
from matwise.contact.placement import Placement
from matwise.contact.region import Face, Region, patches
from matwise.contact.shape import Part
from matwise.contact.support import BARE_FLOOR, BED, FLOOR
from matwise.content.acupoints import acupoints
from matwise.errors import InvalidInputError


@cache
def person() -> Body:
    return body(1.75, 75.0)


@cache
def points() -> tuple[Placed, ...]:
    return placed(acupoints(), person())


@cache
def left() -> dict[str, Placed]:
    return {one.point.code: one for one in points() if not one.right}


def xyz(code: str) -> tuple[float, float, float]:
    x, y, z = left()[code].spot.xyz_m
    return float(x), float(y), float(z)


def apart_m(one: str, other: str) -> float:
    return float(np.linalg.norm(left()[one].spot.xyz_m - left()[other].spot.xyz_m))


def inside(x: float, y: float, polygon: np.ndarray) -> bool:
    """Whether a place lies in an outline, or within a tenth of a millimetre of it."""
    ax, ay = polygon[:, 0], polygon[:, 1]
    bx, by = np.roll(ax, -1), np.roll(ay, -1)
    crosses = ((ay > y) != (by > y)) & (x < (bx - ax) * (y - ay) / np.where(by == ay, 1.0, by - ay) + ax)
    along = np.clip(
        ((x - ax) * (bx - ax) + (y - ay) * (by - ay)) / np.maximum((bx - ax) ** 2 + (by - ay) ** 2, 1e-18), 0, 1
    )
    near = np.hypot(x - ax - along * (bx - ax), y - ay - along * (by - ay)).min() < 1e-4
    return bool(crosses.sum() % 2 == 1 or near)


def test_every_point_lies_on_the_bodys_outline_and_paired_ones_on_both_sides() -> None:
    shown = {face: patches(person(), face) for face in Face}
    off = [
        one.point.code
        for one in points()
        if not any(inside(one.x_m, one.y_m, patch.polygon) for patch in shown[one.spot.face])
    ]

    assert not off
    assert len(points()) == 361 + 309


def test_points_of_the_midline_lie_on_it_and_the_others_beside_it_like_in_a_mirror() -> None:
    for one in points():
        if one.point.paired:
            twin = next(other for other in points() if other.point is one.point and other.right is not one.right)

            assert one.x_m == -twin.x_m
            assert (one.x_m > 0) is not one.right
        else:
            assert one.x_m == pytest.approx(0.0, abs=1e-9)


@pytest.mark.parametrize(
    "channel", ["LU", "LI", "ST", "SP", "HT", "SI", "BL", "KI", "PC", "TE", "GB", "LR", "GV", "CV"]
)
def test_neighbours_on_a_channel_lie_near_each_other(channel: str) -> None:
    # Not from one to the next: where the bladder channel has two branches, and where the kidney's runs inside.
    anew = {("BL40", "BL41"), ("BL54", "BL55"), ("KI10", "KI11")}
    codes = [code for code in left() if code[:2] == channel]
    gaps = {pair: apart_m(*pair) for pair in pairwise(codes) if pair not in anew}

    assert max(gaps.values()) < 0.36, max(gaps, key=lambda pair: gaps[pair])
    assert np.median(list(gaps.values())) < 0.10


def test_bl23_is_level_with_the_second_lumbar_vertebra_and_a_hands_breadth_from_its_twin() -> None:
    assert xyz("BL23")[1] == pytest.approx(xyz("GV4")[1], abs=1e-9)
    assert 0.05 < 2 * xyz("BL23")[0] < 0.10
    assert left()["BL23"].spot.region is Region.LOWER_BACK


def test_ki1_is_the_only_point_of_the_flat_of_the_sole() -> None:
    low = [code for code in left() if xyz(code)[1] < 0.004]

    assert low == ["KI1"]
    assert left()["KI1"].spot.region is Region.SOLE


def test_gv20_is_on_top_of_the_head() -> None:
    assert xyz("GV20")[1] > 1.735
    assert max(left(), key=lambda code: xyz(code)[1]) == "GV20"


def test_st25_is_2_cun_beside_the_navel_and_half_as_far_out_as_the_nipple() -> None:
    assert xyz("ST25")[1] == pytest.approx(xyz("CV8")[1], abs=1e-9)
    assert xyz("ST25")[0] == pytest.approx(xyz("ST17")[0] / 2)


def test_the_cun_of_a_place_add_up_to_its_spans() -> None:
    # 8 cun from the breastbone's end to the navel, 5 from there to the pubic bone, 12 on the forearm, 9 on the chest.
    above, below = xyz("CV16")[1] - xyz("CV8")[1], xyz("CV8")[1] - xyz("CV2")[1]

    assert xyz("CV12")[1] - xyz("CV8")[1] == pytest.approx(above / 2, rel=0.02)
    assert xyz("CV8")[1] - xyz("CV4")[1] == pytest.approx(below * 3 / 5, rel=0.02)
    assert apart_m("PC3", "PC7") == pytest.approx(12 / 3 * apart_m("PC6", "PC4"), rel=0.12)


@pytest.mark.parametrize(
    ("higher", "lower"),
    [
        ("GV14", "BL11"),
        ("BL17", "BL23"),
        ("BL25", "BL28"),
        ("BL30", "BL36"),
        ("BL36", "BL40"),
        ("BL40", "BL57"),
        ("BL57", "BL60"),
        ("ST36", "ST40"),
        ("SP9", "SP6"),
        ("LI15", "LI11"),
        ("LI11", "LI4"),
        ("PC3", "PC6"),
        ("GB20", "GB21"),
        ("ST34", "ST36"),
        ("CV22", "CV17"),
        ("GB14", "ST2"),
    ],
)
def test_one_point_lies_above_another(higher: str, lower: str) -> None:
    assert xyz(higher)[1] > xyz(lower)[1]


@pytest.mark.parametrize(
    ("code", "part", "face"),
    [
        ("LI4", Part.HAND, Face.BACK),
        ("PC8", Part.HAND, Face.FRONT),
        ("PC6", Part.FOREARM, Face.FRONT),
        ("TE5", Part.FOREARM, Face.BACK),
        ("ST36", Part.SHANK, Face.FRONT),
        ("BL57", Part.SHANK, Face.BACK),
        ("GB20", Part.NECK, Face.BACK),
        ("LR3", Part.FOOT, Face.FRONT),
        ("SI11", Part.TRUNK, Face.BACK),
        ("CV12", Part.TRUNK, Face.FRONT),
        ("GV26", Part.HEAD, Face.FRONT),
        ("BL67", Part.TOE_5, Face.FRONT),
    ],
)
def test_well_known_points_are_on_the_right_part_and_face(code: str, part: Part, face: Face) -> None:
    assert (left()[code].spot.part, left()[code].spot.face) == (part, face)


@settings(max_examples=25, deadline=None)
@given(height=st.floats(1.45, 2.05), index=st.floats(18.0, 38.0), sex=st.sampled_from([None, *Sex]))
def test_a_rule_always_leads_to_the_same_share_of_anybody(height: float, index: float, sex: Sex | None) -> None:
    other = body(height, index * height**2, sex)
    rule = left()["BL23"].point.rule

    assert spot(rule, other).xyz_m[1] / height == pytest.approx(xyz("BL23")[1] / 1.75, abs=2e-3)


@pytest.mark.parametrize(
    "broken",
    [
        {"place": Place.FOREARM, "landmark": "navel", "up_cun": 2.0, "around_deg": 0.0},
        {"place": Place.FOREARM, "landmark": "wrist", "up_cun": 2.0},
        {"place": Place.FOREARM, "around_deg": 0.0},
        {"place": Place.FOREARM, "landmark": "wrist", "up_cun": 2.0, "beside_cun": 1.0},
        {"place": Place.FOREARM, "landmark": "wrist", "up_cun": 2.0, "along_share": 0.5, "around_deg": 0.0},
    ],
)
def test_a_rule_that_leads_nowhere_is_refused(broken: dict[str, object]) -> None:
    with pytest.raises(InvalidInputError):
        Rule(**broken)  # type: ignore[arg-type]  # broken on purpose


def test_a_point_amid_pressed_skin_is_pressed_one_at_its_edge_perhaps_and_one_beyond_not() -> None:
    field = interface_pressure(Placement.WHOLE_BACK, person(), BED)
    found = {one.placed.point.code: one for one in under_load(points(), field)}

    assert found["BL15"].load is Load.YES
    assert {one.load for one in found.values()} == set(Load)
    assert found["BL15"].low_pa < found["BL15"].pressure_pa < found["BL15"].high_pa
    assert all(one.pressure_pa > 0 for one in found.values() if one.load is Load.YES)


def test_points_that_face_no_mat_are_no_part_of_it() -> None:
    found = {
        one.placed.point.code for one in under_load(points(), interface_pressure(Placement.WHOLE_BACK, person(), FLOOR))
    }

    assert not found & {"PC6", "LI4", "ST36", "SP6", "KI1", "CV12"}
    assert {"BL23", "GV4", "BL17"} <= found


@pytest.mark.parametrize("placement", [Placement.WHOLE_BACK, Placement.STOMACH, Placement.SEAT, Placement.THIGHS])
@pytest.mark.parametrize("support", [FLOOR, BED], ids=["floor", "bed"])
def test_a_mat_presses_points_as_it_presses_the_skin_beside_them(placement: Placement, support: object) -> None:
    found = selectivity(points(), person(), interface_pressure(placement, person(), support))  # type: ignore[arg-type]

    assert found.contrast == pytest.approx(1.0, abs=0.14)  # less than the difference that people notice
    assert 0 < found.point_share < 0.25
    assert 0 < found.skin_share < 0.25


@settings(max_examples=10, deadline=None)
@given(seed=st.integers(0, 2**32 - 1))
def test_places_by_chance_are_pressed_as_often_as_their_share_of_skin(seed: int) -> None:
    field = interface_pressure(Placement.WHOLE_BACK, person(), FLOOR)
    facing = np.flatnonzero(field.on_mat)
    chosen = np.random.Generator(np.random.PCG64(seed)).choice(facing, 2000)
    share = float((field.pressure_pa[chosen] > 0).mean())
    found = selectivity(points(), person(), field)

    assert share == pytest.approx(found.area_share, abs=0.06)


def test_selectivity_without_a_mat_is_refused() -> None:
    with pytest.raises(InvalidInputError, match="mat"):
        selectivity(points(), person(), interface_pressure(Placement.WHOLE_BACK, person(), BARE_FLOOR))


def test_the_findings_say_figures_and_that_the_mat_chooses_no_points() -> None:
    found = selectivity(points(), person(), interface_pressure(Placement.WHOLE_BACK, person(), FLOOR))
    said = " ".join(found.findings)

    assert f"{found.points_pressed} of {found.points_facing}" in said
    assert "chooses no points" in said
