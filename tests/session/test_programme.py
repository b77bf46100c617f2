from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matwise.errors import InvalidInputError
from matwise.session.breathing import EXHALE_S, INHALE_S, Breathing
from matwise.session.programme import PACES_PER_MIN, Programme, Waypoint, at_pace, paced, steady

SLOWER = Programme(
    "slower", "belly_breathing", (Waypoint(0.0, Breathing(3.0, 0.0, 4.0)), Waypoint(60.0, Breathing(4.0, 0.0, 6.0)))
)


def test_between_two_waypoints_the_breath_glides_and_then_it_stays() -> None:
    assert SLOWER.breath(0.0) == Breathing(3.0, 0.0, 4.0)
    assert SLOWER.breath(30.0) == Breathing(3.5, 0.0, 5.0)
    assert SLOWER.breath(60.0) == SLOWER.breath(999.0) == Breathing(4.0, 0.0, 6.0)


def test_it_deepens_breath_by_breath_and_no_breath_is_cut_off() -> None:
    breaths = list(SLOWER.breaths(120.0))

    assert all(start + one.breath_s == pytest.approx(next_) for (start, one), (next_, _) in pairwise(breaths))
    assert all(earlier.breath_s <= later.breath_s for (_, earlier), (_, later) in pairwise(breaths))
    assert breaths[-1][0] + breaths[-1][1].breath_s <= 120.0


@given(st.floats(*PACES_PER_MIN))
def test_a_pace_a_person_chose_is_always_met_with_the_longer_way_out(pace: float) -> None:
    breathing = at_pace(SLOWER, pace).breath(0.0)

    assert breathing.breaths_per_min == pytest.approx(pace)
    assert breathing.exhale_s == pytest.approx(1.5 * breathing.inhale_s)
    assert INHALE_S[0] <= breathing.inhale_s <= INHALE_S[1]
    assert breathing.exhale_s <= EXHALE_S[1]
    assert breathing == paced(pace)


@pytest.mark.parametrize("pace", [4.4, 6.6, float("nan"), -5.0])
def test_a_pace_nobody_resonates_at_is_refused(pace: float) -> None:
    with pytest.raises(InvalidInputError, match=r"4\.5 to 6\.5 breaths a minute"):
        at_pace(SLOWER, pace)


def test_without_holds_the_explanation_speaks_of_none() -> None:
    held = Programme("held", "breathing_pauses", (Waypoint(0.0, Breathing(4.0, 1.0, 6.0, 1.0)),))

    assert not held.without_holds().has_holds
    assert held.without_holds().instruction == "belly_breathing"
    assert SLOWER.without_holds() is SLOWER


def test_waypoints_out_of_order_and_a_length_that_ends_before_them_are_refused_together() -> None:
    points = (Waypoint(10.0, Breathing()), Waypoint(5.0, Breathing()))
    with pytest.raises(InvalidInputError) as refused:
        Programme("odd", "belly_breathing", points, longest_s=5.0)

    assert [problem.where for problem in refused.value.problems] == ["path", "longest_s"]


def test_where_nothing_is_led_there_is_no_breath_to_ask_for() -> None:
    free = Programme("free", "breathing_free", ())

    assert list(free.breaths(300.0)) == []
    with pytest.raises(InvalidInputError, match="one that leads the breath"):
        free.breath(0.0)
    assert len(list(steady(Breathing()).breaths(300.0))) == 30
