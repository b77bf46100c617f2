import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from matwise.contact.body import BODY_MASS_INDEX, DENSITY_KG_M3, PAIRED, SHARES, Body, Sex, body
from matwise.contact.region import Face, Region, on_map, patches
from matwise.contact.shape import Part
from matwise.errors import InvalidInputError

heights = st.floats(1.45, 2.05)
indices = st.floats(18.0, 40.0)
sexes = st.sampled_from([None, *Sex])


def volume_m3(person: Body) -> float:
    return sum(one.volume_m3 * (2 if part in PAIRED else 1) for part, one in person.segments.items())


@given(height=heights, index=indices, sex=sexes)
def test_a_body_always_weighs_what_its_volume_does(height: float, index: float, sex: Sex | None) -> None:
    person = body(height, index * height**2, sex)

    assert volume_m3(person) * DENSITY_KG_M3 == pytest.approx(person.weight_kg, rel=1e-8)


@pytest.mark.parametrize(
    ("height", "weight"), [(1.50, 45.0), (1.60, 60.0), (1.75, 75.0), (1.85, 85.0), (1.70, 95.0), (1.95, 110.0)]
)
def test_the_skin_is_as_large_as_du_bois_found_it(height: float, weight: float) -> None:
    # Du Bois and Du Bois (1916), doi:10.1001/archinte.1916.00080130010002: 0.007184 W^0.425 H^0.725 m² (kg, cm).
    known = 0.007184 * weight**0.425 * (100 * height) ** 0.725

    assert body(height, weight).skin_m2 == pytest.approx(known, rel=0.08)


@pytest.mark.parametrize("sex", [None, *Sex])
def test_segment_weights_of_de_leva_add_up_to_the_body(sex: Sex | None) -> None:
    person = body(1.75, 75.0, sex)
    twice = {"head": 1, "trunk": 1}

    assert sum(person.mass_kg(one) * twice.get(one, 2) for one in SHARES) == pytest.approx(75.0, rel=2e-3)


@given(height=heights, index=indices, more=st.floats(1.02, 1.3))
def test_whoever_weighs_more_at_the_same_height_is_always_rounder(height: float, index: float, more: float) -> None:
    assume(index * more < BODY_MASS_INDEX[1])
    light, heavy = body(height, index * height**2), body(height, more * index * height**2)

    assert heavy.girth > light.girth
    assert heavy.skin_m2 > light.skin_m2


def test_a_woman_is_narrower_at_the_shoulders_and_wider_at_the_hips_than_a_man_of_the_same_size() -> None:
    woman, man = (body(1.7, 65.0, sex).segments[Part.TRUNK] for sex in (Sex.FEMALE, Sex.MALE))
    shoulders, hips = (woman.centre[:, 1] > 1.35), (woman.centre[:, 1] < 0.92)

    assert woman.side[shoulders].max() < man.side[shoulders].max()
    assert woman.side[hips].max() > man.side[hips].max()


@pytest.mark.parametrize(
    ("height", "weight", "wrong"), [(0.5, 75.0, "height_m"), (1.75, 10.0, "weight_kg"), (2.2, 40.0, "weight_kg")]
)
def test_a_body_nobody_has_is_refused_with_what_would_be_right(height: float, weight: float, wrong: str) -> None:
    with pytest.raises(InvalidInputError, match=wrong):
        body(height, weight)


@pytest.mark.parametrize("face", list(Face))
def test_the_map_is_as_tall_as_the_person_and_the_same_on_both_sides(face: Face) -> None:
    person = body(1.75, 75.0)
    corners = np.concatenate([patch.polygon for patch in patches(person, face)])

    assert corners[:, 1].max() == pytest.approx(1.75, rel=1e-6)
    assert corners[:, 0].max() == pytest.approx(-corners[:, 0].min())


def test_every_region_is_on_exactly_one_face_of_the_map() -> None:
    person = body(1.75, 75.0)
    shown = {face: {patch.region for patch in patches(person, face)} for face in Face}

    assert shown[Face.FRONT] | shown[Face.BACK] == set(Region)
    assert not shown[Face.FRONT] & shown[Face.BACK]


@pytest.mark.parametrize("part", [Part.HEAD, Part.TRUNK, Part.THIGH, Part.FOREARM, Part.FOOT])
def test_every_place_of_the_skin_lies_within_its_segments_outline(part: Part) -> None:
    person = body(1.75, 75.0)
    segment = person.segments[part]
    along, around = np.meshgrid(np.linspace(0, 1, 31), np.linspace(-np.pi / 2, np.pi / 2, 21))
    inside = on_map(part, segment.surface(along, around), Face.FRONT, 1.75)
    corners = [patch.polygon for patch in patches(person, Face.FRONT) if patch.part is part and not patch.mirrored]
    outline = np.concatenate(corners)

    assert (inside.reshape(-1, 2) >= outline.min(axis=0) - 1e-9).all()
    assert (inside.reshape(-1, 2) <= outline.max(axis=0) + 1e-9).all()
