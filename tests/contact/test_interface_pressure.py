from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matwise.contact.body import Body, Sex, body
from matwise.contact.interface_pressure import PressureField, interface_pressure, spread
from matwise.contact.placement import Placement
from matwise.contact.region import Region
from matwise.contact.support import BED, CARPET, FLOOR, Support
from matwise.errors import InvalidInputError

SUPPORTS = {"bed": BED, "carpet": CARPET, "floor": FLOOR}
heights = st.floats(1.45, 2.05)
indices = st.floats(18.0, 38.0)
placements = st.sampled_from(list(Placement))


def a_body(**changes: float) -> Body:
    return body(changes.get("height_m", 1.75), changes.get("weight_kg", 75.0))


def field(placement: Placement, support: Support = FLOOR, person: Body | None = None) -> PressureField:
    return interface_pressure(placement, person or a_body(), support)


def regions_pressed(found: PressureField) -> set[Region]:
    return {one for one, pressed in zip(found.region, found.pressure_pa > 0, strict=True) if pressed}


@pytest.mark.parametrize("placement", list(Placement))
@pytest.mark.parametrize("support", SUPPORTS.values(), ids=SUPPORTS)
def test_the_support_carries_the_load_in_every_variant(placement: Placement, support: Support) -> None:
    found = field(placement, support)

    assert found.force_n() == pytest.approx(found.weight_n, rel=1e-6)


@settings(max_examples=25, deadline=None)
@given(placement=placements, height=heights, index=indices, sex=st.sampled_from([None, *Sex]))
def test_any_body_always_comes_to_rest_in_balance_and_alike_on_both_sides(
    placement: Placement, height: float, index: float, sex: Sex | None
) -> None:
    found = field(placement, FLOOR, body(height, index * height**2, sex))
    half = found.x_m.size // 2

    assert found.force_n() == pytest.approx(found.weight_n, rel=1e-6)
    assert (found.pressure_pa[:half] == found.pressure_pa[half:]).all()
    assert (found.x_m[:half] == -found.x_m[half:]).all()


@settings(max_examples=25, deadline=None)
@given(placement=placements, height=heights, index=indices)
def test_no_pressure_is_ever_negative_and_each_lies_in_its_interval(
    placement: Placement, height: float, index: float
) -> None:
    found = field(placement, FLOOR, body(height, index * height**2))

    assert (found.low_pa >= 0).all()
    assert (found.low_pa <= found.pressure_pa).all()
    assert (found.pressure_pa <= found.high_pa).all()


@settings(max_examples=25, deadline=None)
@given(placement=placements, height=heights, index=st.floats(18.0, 32.0), more=st.floats(1.03, 1.3))
def test_more_weight_in_the_same_shape_always_presses_more_skin_and_harder(
    placement: Placement, height: float, index: float, more: float
) -> None:
    light = body(height, index * height**2)
    heavy = replace(light, weight_kg=light.weight_kg * more)
    before, after = field(placement, FLOOR, light), field(placement, FLOOR, heavy)

    assert after.force_n()[0] > before.force_n()[0]
    assert after.contact_m2() >= before.contact_m2()
    assert after.pressure_pa.max() > before.pressure_pa.max()


@pytest.mark.parametrize("placement", list(Placement))
def test_a_heavier_person_of_the_same_height_is_carried_by_more_force_on_more_skin(placement: Placement) -> None:
    fields = [field(placement, FLOOR, a_body(weight_kg=weight)) for weight in (50.0, 65.0, 80.0, 100.0, 120.0)]
    forces = [float(one.force_n()[0]) for one in fields]
    areas = [one.contact_m2() for one in fields]

    assert forces == sorted(forces)
    assert areas == sorted(areas)


@pytest.mark.parametrize("placement", list(Placement))
def test_a_harder_base_presses_less_skin_and_that_harder(placement: Placement) -> None:
    soft, middle, hard = (field(placement, support) for support in (BED, CARPET, FLOOR))

    assert soft.contact_m2() > middle.contact_m2() >= hard.contact_m2()
    assert soft.pressure_pa.max() < middle.pressure_pa.max() <= hard.pressure_pa.max()


def test_standing_presses_far_harder_than_feet_that_rest_in_sitting() -> None:
    standing, seated = field(Placement.FEET_STANDING), field(Placement.FEET_SEATED)
    mean = [float(one.force_n()[0]) / one.contact_m2() for one in (standing, seated)]

    assert mean[0] > 3 * mean[1]


@pytest.mark.parametrize(
    ("placement", "region"),
    [
        (Placement.FEET_STANDING, Region.SOLE),
        (Placement.FEET_SEATED, Region.SOLE),
        (Placement.SEAT, Region.SEAT),
        (Placement.LOWER_BACK, Region.LOWER_BACK),
        (Placement.WHOLE_BACK, Region.UPPER_BACK),
        (Placement.NECK, Region.NECK),
        (Placement.STOMACH, Region.STOMACH),
        (Placement.THIGHS, Region.THIGH_BACK),
        (Placement.CALVES, Region.CALF),
        (Placement.HANDS, Region.PALM),
    ],
)
def test_every_placement_presses_the_skin_it_is_named_for_on_the_mat(placement: Placement, region: Region) -> None:
    found = field(placement)
    named = np.array([one is region for one in found.region])

    assert (found.pressure_pa[named & found.on_mat] > 0).any()
    assert region in regions_pressed(found)


def test_lying_without_a_mat_presses_no_skin_on_one() -> None:
    bare = field(Placement.WHOLE_BACK, replace(FLOOR, mat=False))

    assert not bare.on_mat.any()
    assert bare.contact_m2(only_mat=True) == 0


def test_a_longer_mat_carries_more_of_the_body() -> None:
    carried = []
    for length in (40.0, 55.0, 70.0, 90.0):
        found = field(Placement.WHOLE_BACK, replace(FLOOR, mat_length_cm=length))
        carried.append(float((found.pressure_pa * found.area_m2)[found.on_mat].sum()))

    assert carried == sorted(carried)


def test_a_figure_is_wider_the_less_is_known_of_the_base() -> None:
    sure, unsure = (field(Placement.WHOLE_BACK, replace(BED, base_spread=one)) for one in (1.0, 2.0))
    widths = []
    for found in (sure, unsure):
        middle, low, high = found.interval(lambda pressure: float(pressure.max()))
        widths.append(high - low)

        assert low < middle < high
    assert widths[1] > 1.2 * widths[0]


def test_what_is_uncertain_adds_up_in_quadrature_each_side_by_itself() -> None:
    low, high = spread([[10.0], [7.0], [14.0], [6.0], [13.0]])

    assert low[0] == pytest.approx(10 - 5)
    assert high[0] == pytest.approx(10 + 5)


@pytest.mark.parametrize("name", ["base_kpa_per_mm", "mat_kpa_per_mm", "mat_thickness_mm", "mat_length_cm"])
def test_a_support_of_no_size_or_stiffness_is_refused(name: str) -> None:
    with pytest.raises(InvalidInputError, match=name):
        replace(FLOOR, **{name: 0.0})  # type: ignore[arg-type]  # a float by its name
