from __future__ import annotations

import math

import pytest

from matwise.errors import InvalidInputError
from matwise.session.breathing import Breathing


def test_the_default_is_six_breaths_a_minute_with_the_longer_way_out() -> None:
    breathing = Breathing()

    assert 60 / breathing.breath_s == 6
    assert breathing.exhale_s > breathing.inhale_s


@pytest.mark.parametrize(("inhale_s", "exhale_s"), [(5.0, 5.0), (6.0, 4.0), (math.nan, 6.0), (4.0, math.nan)])
def test_an_out_breath_that_is_not_longer_is_refused(inhale_s: float, exhale_s: float) -> None:
    with pytest.raises(InvalidInputError, match=r"exhale_s|inhale_s"):
        Breathing(inhale_s=inhale_s, exhale_s=exhale_s)


def test_every_wrong_part_is_named_at_once() -> None:
    with pytest.raises(InvalidInputError) as refused:
        Breathing(inhale_s=1.0, hold_s=9.0, exhale_s=0.5, rest_s=-1.0)

    assert [problem.where for problem in refused.value.problems] == [
        "inhale_s",
        "hold_s",
        "exhale_s",
        "rest_s",
        "exhale_s",
    ]


def test_a_breath_slower_than_four_a_minute_is_refused() -> None:
    with pytest.raises(InvalidInputError, match="at most 15 s"):
        Breathing(inhale_s=6.0, exhale_s=10.0)


def test_a_second_in_breath_counts_as_in_breath() -> None:
    sigh = Breathing(2.6, 0.0, 7.2, 0.0, 1.4)

    assert sigh.breath_s == pytest.approx(11.2)
    with pytest.raises(InvalidInputError, match="exhale_s"):
        Breathing(4.0, 0.0, 5.0, 0.0, 1.5)


def test_without_holds_the_pace_stays_and_the_pauses_are_breathed_out() -> None:
    held = Breathing(4.0, 1.0, 6.0, 1.0)

    assert held.has_holds
    assert held.without_holds() == Breathing(4.0, 0.0, 8.0, 0.0)
    assert held.without_holds().breaths_per_min == held.breaths_per_min
    assert Breathing(4.0, 4.0, 6.5, 0.5).without_holds().exhale_s == 10.0  # no longer way out than anybody has
