"""Naps as something a trial can ask about."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matwise.measures.nap import share_0_10

MINUTES = st.floats(0, 40)


@pytest.mark.parametrize(
    ("naps", "share"),
    [
        ([], None),
        ([(0, 0)], None),
        ([(0, 20)], 0),
        ([(5, 20)], 2),  # 2.5, to the even side
        ([(20, 20)], 10),
        ([(0, 10), (10, 30)], 2),  # two sessions of a day count together
    ],
)
def test_the_share_of_a_day_is_that_of_all_its_sessions(naps: list[tuple[float, float]], share: int | None) -> None:
    assert share_0_10(naps) == share


@given(st.lists(st.tuples(MINUTES, MINUTES), min_size=1))
def test_a_share_is_a_rating_from_nought_to_ten(naps: list[tuple[float, float]]) -> None:
    share = share_0_10(naps)

    assert (share is None) is all(minutes == 0 for _, minutes in naps)
    assert share is None or 0 <= share <= 10


@given(st.lists(st.tuples(MINUTES, st.floats(1, 40)), min_size=1), st.floats(0.1, 20))
def test_whoever_sleeps_longer_has_no_smaller_share(naps: list[tuple[float, float]], longer: float) -> None:
    (slept, lasted), *others = naps
    before, after = share_0_10(naps), share_0_10([(slept + longer, lasted), *others])

    assert before is not None
    assert after is not None
    assert after >= before
