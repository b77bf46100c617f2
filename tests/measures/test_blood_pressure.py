from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from matwise.errors import InvalidInputError
from matwise.measures.blood_pressure import Occasions, occasions, period

MINUTE, DAY = 60.0, 86_400.0


def test_two_readings_a_minute_apart_are_one_occasion_and_their_mean() -> None:
    found = occasions([0, MINUTE, 12 * 3600], [132, 126, 121], [84, 82, 79])

    assert found.systolic.tolist() == [129.0, 121.0]
    assert found.diastolic.tolist() == [83.0, 79.0]
    assert found.readings.tolist() == [2, 1]
    assert found.at_s.tolist() == [0.0, 12 * 3600.0]


@given(st.permutations(range(8)))
def test_the_order_in_which_readings_are_told_does_not_matter(order: list[int]) -> None:
    at = np.array([0, 1, 2, 700, 701, 1440, 1441, 2880]) * MINUTE
    upper, lower = np.arange(120, 128), np.arange(70, 78)
    here, there = occasions(at, upper, lower), occasions(at[order], upper[order], lower[order])

    assert np.array_equal(here.systolic, there.systolic)
    assert np.array_equal(here.at_s, there.at_s)


def a_week(first_day: float) -> tuple[Occasions, list[int]]:
    at = [day * DAY + hour * 3600 for day in range(7) for hour in (7, 20)]
    upper = [first_day if day == 0 else 120.0 for day in range(7) for _ in range(2)]
    return occasions(at, upper, [80.0] * 14), [day for day in range(7) for _ in range(2)]


@pytest.mark.parametrize("first_day", [120.0, 160.0])
def test_the_first_day_does_not_count(first_day: float) -> None:
    found = period(*a_week(first_day))

    assert found is not None
    assert (found.systolic, found.diastolic, found.days, found.occasions) == (120.0, 80.0, 6, 12)


def test_fewer_than_three_days_after_the_first_say_nothing_together() -> None:
    found, days = a_week(120.0)
    short = Occasions(found.at_s[:6], found.systolic[:6], found.diastolic[:6], found.readings[:6])

    assert period(short, days[:6]) is None
    assert period(occasions([], [], []), []) is None


@pytest.mark.parametrize("wrong", [([0], [80], [120]), ([0], [120, 121], [80, 81]), ([0], [np.nan], [80])])
def test_what_can_not_be_a_blood_pressure_is_refused(wrong: tuple[list[float], ...]) -> None:
    with pytest.raises(InvalidInputError, match="blood pressure"):
        occasions(*wrong)
