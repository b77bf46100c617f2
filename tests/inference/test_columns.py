"""Columns for the day of the week and the period."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from matwise.errors import InvalidInputError
from matwise.inference.columns import period_columns, weekday_columns
from matwise.inference.priors import Priors
from matwise.inference.regression import NONE, compare
from tests.inference.series import some_days

RATING = Priors.for_rating()


@given(st.integers(-1000, 1000), st.integers(8, 60))
def test_days_a_week_apart_share_their_columns_and_neighbours_do_not(first: int, n: int) -> None:
    columns = weekday_columns(np.arange(first, first + n))

    np.testing.assert_array_equal(columns[7:], columns[:-7])
    assert (columns[1:] != columns[:-1]).any(1).all()


def test_a_weekly_pattern_is_taken_out_of_the_chance() -> None:
    days = some_days(n=84, rho=0.0, spread=0.8)
    weekly = days.y + np.array([0, 0, 0, 0, 1, 4, 4])[days.day % 7]
    plain = compare(weekly, days.arm, days.day, priors=RATING, carryover=NONE)
    found = compare(weekly, days.arm, days.day, priors=RATING, carryover=NONE, covariates=weekday_columns(days.day))

    assert float(found.sigma) < 0.6 * float(plain.sigma)
    assert float(found.effect.mean) == pytest.approx(-1.0, abs=0.5)


def test_periods_count_from_the_first_day_and_the_first_has_no_column() -> None:
    columns = period_columns(np.array([5, 6, 8, 9, 12]), 4)

    np.testing.assert_array_equal(columns, [[0], [0], [0], [1], [1]])


@pytest.mark.parametrize(("period_days", "want"), [(0, "1 or more"), (1, "3 days or more")])
def test_periods_that_can_not_be_used_are_refused(period_days: int, want: str) -> None:
    with pytest.raises(InvalidInputError, match=want):
        period_columns(np.arange(1, 85), period_days)
