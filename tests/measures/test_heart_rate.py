"""Heart rate from the intervals between beats."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from matwise.measures.heart_rate import heart_rate


def test_an_even_beat_has_its_rate_in_every_epoch() -> None:
    assert heart_rate(np.full(240, 1000.0), 30.0) == pytest.approx([60.0] * 8)


def test_a_recording_that_began_earlier_is_cut_at_the_beginning() -> None:
    slow_then_fast = np.array([1200.0] * 50 + [600.0] * 100)  # a minute of each

    assert heart_rate(slow_then_fast, 30.0, begins_at_s=-60.0) == pytest.approx([100.0, 100.0])


def test_a_recording_that_began_later_leaves_the_first_epochs_open() -> None:
    rate = heart_rate(np.full(60, 1000.0), 30.0, begins_at_s=60.0, until_s=150.0)

    assert np.isnan(rate[:2]).all()
    assert rate[2:4] == pytest.approx([60.0, 60.0])
    assert np.isnan(rate[4])


def test_a_missed_beat_is_left_out_and_its_time_is_not() -> None:
    beats = np.full(60, 1000.0)
    beats[10] = 5000.0  # four beats were missed
    rate = heart_rate(beats, 30.0)

    assert rate[:2] == pytest.approx([60.0, 60.0])
    assert rate.size == 3


@given(st.lists(st.floats(1, 5000), max_size=200), st.floats(-600, 600))
def test_a_rate_is_one_a_heart_can_have_or_unknown(rr_ms: list[float], begins_at_s: float) -> None:
    rate = heart_rate(rr_ms, 30.0, begins_at_s, 300.0)

    assert rate.shape == (10,)
    assert ((rate[np.isfinite(rate)] >= 30) & (rate[np.isfinite(rate)] <= 200)).all()
