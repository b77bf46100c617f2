from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from matwise.errors import InvalidInputError
from matwise.measures.skin_temperature import by_day, change

temperatures = st.lists(st.floats(28, 37), min_size=1, max_size=60).map(np.array)


def test_a_day_is_the_median_of_its_readings() -> None:
    days, values = by_day([3, 2, 3, 3], [33.0, 34.0, 39.0, 33.2])

    assert days.tolist() == [2, 3]
    assert values.tolist() == [34.0, 33.2]


def test_the_first_week_has_nothing_to_compare_with_and_a_warm_day_stands_out_by_its_warmth() -> None:
    values = np.full(20, 34.0)
    values[15] = 35.5
    changes = change(np.arange(20), values)

    assert np.isnan(changes[:7]).all()
    assert changes[15] == 1.5
    assert changes[16] == 0.0  # one warm day does not move the median


@given(temperatures, st.floats(-3, 3))
def test_another_place_on_the_skin_that_is_always_warmer_changes_nothing(values: np.ndarray, warmer: float) -> None:
    days = np.arange(values.size)

    assert np.allclose(change(days, values), change(days, values + warmer), equal_nan=True)


def test_days_without_a_value_are_not_counted() -> None:
    assert np.isnan(change(np.arange(0, 60, 5), np.full(12, 34.0))).all()  # never seven in four weeks


@pytest.mark.parametrize("days", [[2, 1], [1, 1], [1]])
def test_days_out_of_order_are_refused(days: list[int]) -> None:
    with pytest.raises(InvalidInputError, match="days in order"):
        change(days, [34.0, 34.1])
