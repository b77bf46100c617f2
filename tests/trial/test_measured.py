from __future__ import annotations

from datetime import timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from matwise.trial.measured import Moved, Pair, Quantity, Taken, around, changed, moved
from tests.practice.people import MONDAY_EVENING

START, END = MONDAY_EVENING, MONDAY_EVENING + timedelta(minutes=20)
HEART, VARIATION = Quantity("heart_rate", 4.0, 1.0), Quantity("rmssd", 0.35, 0.02, in_percent=True)


def taken(minutes: float, value: float = 60.0, source: str = "strap", lasts_min: float = 5.0) -> Taken:
    """One that began so many minutes after the session did; before it if negative."""
    at = START + timedelta(minutes=minutes)
    return Taken(at, at + timedelta(minutes=lasts_min), value, source)


def pairs(before: list[float], after: list[float], arm: str = "mat") -> list[Pair]:
    return [Pair(START + timedelta(days=n), arm, *both) for n, both in enumerate(zip(before, after, strict=True))]


def test_the_nearest_before_and_after_count() -> None:
    told = [taken(-100, 1), taken(-30, 2), taken(-6, 3), taken(22, 4), taken(50, 5)]
    found = around(told, START, END)

    assert found is not None
    assert [one.value for one in found] == [3, 4]


@pytest.mark.parametrize(
    "told",
    [
        [taken(-6)],
        [taken(22)],
        [taken(-126), taken(22)],  # began more than two hours before
        [taken(-6), taken(82)],  # more than an hour after
        [taken(-3), taken(22)],  # was not over when the session began
        [taken(-6), taken(15)],  # began while it went on
        [taken(-6, source="strap"), taken(22, source="watch")],
    ],
    ids=["none after", "none before", "too early", "too late", "into it", "in it", "two sources"],
)
def test_without_both_by_one_source_there_is_no_pair(told: list[Taken]) -> None:
    assert around(told, START, END) is None


def test_what_belongs_to_the_session_before_or_behind_it_does_not_count() -> None:
    told = [taken(-30), taken(22)]

    assert around(told, START, END, earlier_ended_at=START - timedelta(minutes=10)) is None
    assert around(told, START, END, later_started_at=END + timedelta(minutes=1)) is None
    assert around(told, START, END, START - timedelta(minutes=40), END + timedelta(minutes=30)) is not None


def test_of_two_sources_with_both_the_one_nearer_to_the_beginning_counts() -> None:
    told = [taken(-60, 1, "ring"), taken(-10, 2, "strap"), taken(22, 3, "ring"), taken(25, 4, "strap")]
    found = around(told, START, END)

    assert found is not None
    assert [one.source for one in found] == ["strap", "strap"]


def test_a_change_is_after_less_before_or_that_in_percent_of_before() -> None:
    (one,) = pairs([40.0], [50.0])

    assert changed(one, in_percent=False) == pytest.approx(10.0)
    assert changed(one, in_percent=True) == pytest.approx(25.0)


def test_fewer_than_three_sessions_have_no_mean() -> None:
    assert moved(HEART, pairs([60.0, 61.0], [55.0, 54.0])) == {"mat": Moved(None, None, None)}


def test_each_kind_of_session_has_a_mean_of_its_own() -> None:
    rng = np.random.default_rng(5)  # noqa: TID251 – a test: chance begins here
    before = (60 + 3 * rng.standard_normal(30)).tolist()
    mat = pairs(before, [one - 6 + by for one, by in zip(before, rng.standard_normal(30), strict=True)])
    rest = pairs(before, [one - 2 + by for one, by in zip(before, rng.standard_normal(30), strict=True)], "rest")
    found = moved(HEART, [*mat, *rest])

    for arm, truth in (("mat", -6.0), ("rest", -2.0)):
        own = found[arm]
        assert own.low is not None
        assert own.mean is not None
        assert own.high is not None
        assert own.low < truth < own.high
        assert abs(own.mean - truth) < 0.6
        assert own.high - own.low < 2.5


@given(st.lists(st.floats(15, 120), min_size=3, max_size=12), st.floats(0.5, 2.0))
def test_the_same_ratio_each_time_is_the_mean_whatever_it_started_from(before: list[float], ratio: float) -> None:
    own = moved(VARIATION, pairs(before, [ratio * one for one in before]))["mat"]

    assert own.mean is not None
    assert own.low is not None
    assert own.high is not None
    assert own.mean == pytest.approx(100 * (ratio - 1), abs=12)
    assert own.low <= 100 * (ratio - 1) + 1e-6
    assert own.high >= 100 * (ratio - 1) - 1e-6


def test_the_interval_holds_the_truth_as_often_as_it_says() -> None:
    rng = np.random.default_rng(7)  # noqa: TID251 – a test: chance begins here
    held = 0
    for _ in range(200):
        before = 60 + 4 * rng.standard_normal(8)
        after = before - 3 + 4 * rng.standard_normal(8)
        own = moved(HEART, pairs(before.tolist(), after.tolist()))["mat"]
        held += own.low is not None and own.high is not None and own.low < -3 < own.high

    assert 183 <= held <= 198  # 95 % of 200, give or take 2.3 standard errors
