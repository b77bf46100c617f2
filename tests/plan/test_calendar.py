"""Days between sessions."""

from __future__ import annotations

from datetime import timedelta

import pytest

from matwise.plan.calendar import days_since_last, goes_back_on, in_order, latest, missed_days
from matwise.plan.progression import next_rung
from tests.plan.builders import TODAY, a_ladder, an_effort, go


@pytest.mark.parametrize(("days", "missed"), [(0, 0), (1, 0), (2, 1), (8, 7), (-3, 0)])
def test_only_whole_days_between_are_missed(days: int, missed: int) -> None:
    assert missed_days(TODAY, TODAY + timedelta(days=days)) == missed


def test_days_since_the_last_session() -> None:
    assert days_since_last([], TODAY) is None
    assert days_since_last([an_effort(days_ago=5), an_effort(days_ago=2)], TODAY) == 2


def test_the_latest_session_of_a_day_is_the_last_given() -> None:
    first, second = an_effort(pain=1), an_effort(pain=9)

    assert latest([first, second, an_effort(days_ago=7)]) == second
    assert latest([]) is None
    assert in_order([second, first])[0] == second


def test_the_day_on_which_a_pause_leads_back_is_told_exactly() -> None:
    efforts = [an_effort(3, days_ago=4, pain=5)]
    day = goes_back_on(efforts)

    assert day is not None
    before = next_rung(a_ladder(), efforts, go(), day - timedelta(days=1)).rung
    then = next_rung(a_ladder(), efforts, go(), day).rung
    assert before is not None
    assert then is not None
    assert (before.number, then.number) == (3, 2)
    assert goes_back_on([]) is None
