from __future__ import annotations

import math
import re
from collections.abc import Sequence
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matwise.errors import InvalidInputError
from matwise.trial.design import Arm, TrialDay
from matwise.web.picture import DAYS_IN_ROW, days_picture, density_picture, marker, points_label

MONDAY = date(2026, 11, 23)
X = tuple(-4 + 0.05 * step for step in range(161))


def some_days(arms: Sequence[Arm], washin: frozenset[int] = frozenset()) -> tuple[TrialDay, ...]:
    return tuple(
        TrialDay(day, MONDAY + timedelta(days=day - 1), arm, day in washin) for day, arm in enumerate(arms, start=1)
    )


def a_bell_curve(mean: float = -1.0, sd: float = 0.5) -> tuple[float, ...]:
    return tuple(math.exp(-0.5 * ((x - mean) / sd) ** 2) for x in X)


def numbers(path: str) -> list[float]:
    return [float(number) for number in re.findall(r"-?\d+(?:\.\d+)?", path)]


def test_a_higher_rating_is_drawn_higher() -> None:
    days = some_days([Arm.MAT, Arm.MAT, Arm.REST])
    ratings = {days[0].on: 2.0, days[1].on: 9.0, days[2].on: 5.0}
    marks = days_picture(days, ratings, days[-1].on).rows[0].marks

    assert marks[1].y < marks[2].y < marks[0].y
    assert marks[0].x < marks[1].x < marks[2].x


def test_every_arm_has_a_shape_of_its_own() -> None:
    outlines = {re.sub(r"[\d.\s-]", "", marker(arm, 50, 50, 7)) for arm in Arm}

    assert len(outlines) == len(Arm)


def test_a_missing_day_is_a_gap_and_breaks_the_line() -> None:
    days = some_days([Arm.MAT] * 5)
    ratings = {day.on: 4.0 for day in days if day.day != 3}
    row = days_picture(days, ratings, days[-1].on).rows[0]

    assert [gap.day.day for gap in row.gaps] == [3]
    assert row.line.count("M") == 2  # 1–2 and 4–5


def test_today_without_a_rating_is_not_yet_a_gap() -> None:
    days = some_days([Arm.MAT] * 5)
    row = days_picture(days, {}, days[2].on).rows[0]

    assert [gap.day.day for gap in row.gaps] == [1, 2]
    assert row.today_x is not None


def test_blocks_become_bands_and_their_washin_days_lead_them() -> None:
    days = some_days([Arm.MAT] * 4 + [Arm.REST] * 4, washin=frozenset({5}))
    mat, rest = days_picture(days, {}, MONDAY).rows[0].bands

    assert (mat.arm, rest.arm) == (Arm.MAT, Arm.REST)
    assert (mat.washin_width, rest.first, rest.last) == (0.0, 5, 8)
    assert rest.washin_width == pytest.approx(rest.width / 4, abs=0.1)
    assert rest.x == pytest.approx(mat.x + mat.width, abs=0.1)


@given(days=st.integers(1, 84), data=st.data())
def test_nothing_is_ever_drawn_outside_the_picture(days: int, data: st.DataObject) -> None:
    arms = data.draw(st.lists(st.sampled_from(Arm), min_size=days, max_size=days))
    values = data.draw(st.lists(st.one_of(st.none(), st.integers(0, 10)), min_size=days, max_size=days))
    dealt = some_days(arms)
    ratings = {day.on: float(value) for day, value in zip(dealt, values, strict=True) if value is not None}
    picture = days_picture(dealt, ratings, dealt[-1].on)

    assert len(picture.rows) == math.ceil(days / DAYS_IN_ROW)
    assert sum(len(row.marks) for row in picture.rows) == len(ratings)
    for row in picture.rows:
        assert all(row.top <= mark.y <= row.bottom for mark in row.marks)
        assert all(picture.left <= mark.x <= picture.right for mark in row.marks)
        assert all(band.x + band.width <= picture.right + 0.2 for band in row.bands)
        assert row.bottom <= picture.height


def test_ratings_off_the_scale_and_a_trial_without_days_are_refused_at_once() -> None:
    with pytest.raises(InvalidInputError) as refused:
        days_picture([], {MONDAY: 12.0}, MONDAY)

    assert [problem.where for problem in refused.value.problems] == ["rating of 2026-11-23", "days"]


def test_the_curve_peaks_above_the_mean_and_stands_on_its_base() -> None:
    picture = density_picture(X, a_bell_curve(), mean=-1.0, low=-1.98, high=-0.02, matters=1.0)
    drawn = numbers(picture.area)
    points = list(zip(drawn[::2], drawn[1::2], strict=True))

    peak = min(points, key=lambda point: point[1])
    assert peak[0] == pytest.approx(picture.mean_x, abs=2)
    assert peak[1] == pytest.approx(picture.top, abs=0.5)
    assert points[0][1] == points[-1][1] == picture.base


def test_interval_zone_and_zero_stand_in_their_order() -> None:
    picture = density_picture(X, a_bell_curve(), mean=-1.0, low=-1.98, high=-0.02, matters=0.5)

    assert picture.low_x < picture.mean_x < picture.high_x < picture.zero_x
    assert picture.zone_x < picture.zero_x < picture.zone_x + picture.zone_width
    assert picture.zero_x == pytest.approx(picture.zone_x + picture.zone_width / 2, abs=0.2)


@given(mean=st.floats(-3, 3), sd=st.floats(0.2, 2), matters=st.floats(0.1, 3))
def test_the_zone_the_interval_and_zero_always_lie_within_the_picture(mean: float, sd: float, matters: float) -> None:
    picture = density_picture(
        X, a_bell_curve(mean, sd), mean=mean, low=mean - 1.96 * sd, high=mean + 1.96 * sd, matters=matters
    )

    xs = (picture.low_x, picture.high_x, picture.zero_x, picture.zone_x, picture.zone_x + picture.zone_width)
    assert all(0 <= x <= picture.width for x in xs)
    assert 2 <= len(picture.ticks) <= 9
    assert picture.ticks == tuple(sorted(picture.ticks, key=lambda tick: tick.at))


@pytest.mark.parametrize(
    ("x", "density", "where"),
    [
        ((0.0, 1.0), (1.0, 1.0), "curve"),
        ((0.0, 2.0, 1.0), (1.0, 1.0, 1.0), "x"),
        ((0.0, 1.0, 2.0), (0.0,) * 3, "density"),
    ],
)
def test_a_curve_that_can_not_be_drawn_is_refused(x: tuple[float, ...], density: tuple[float, ...], where: str) -> None:
    with pytest.raises(InvalidInputError, match=where):
        density_picture(x, density, mean=0, low=0, high=1, matters=1)


@pytest.mark.parametrize(("value", "label"), [(0.0, "0"), (-1.5, "−1.5"), (2.0, "+2")])
def test_differences_carry_their_sign(value: float, label: str) -> None:
    assert points_label(value) == label
