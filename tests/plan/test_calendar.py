"""Days between sessions."""

from __future__ import annotations

from datetime import timedelta

import pytest

from matwise.plan.calendar import MISSED_DAYS_BACK, in_order, missed_days
from matwise.plan.progression import next_rung
from tests.plan.builders import TODAY, a_ladder, an_effort, go


@pytest.mark.parametrize(("days", "missed"), [(0, 0), (1, 0), (2, 1), (8, 7), (-3, 0)])
def test_only_whole_days_between_are_missed(days: int, missed: int) -> None:
    assert missed_days(TODAY, TODAY + timedelta(days=days)) == missed


def test_sessions_of_one_day_stay_in_the_order_they_were_given() -> None:
    first, second, earlier = an_effort(pain=1), an_effort(pain=9), an_effort(days_ago=7)

    assert in_order([first, second, earlier]) == (earlier, first, second)


def test_a_pause_of_more_than_a_week_leads_back_on_the_very_day() -> None:
    efforts = [an_effort(3, days_ago=0, pain=5)]
    last_day = TODAY + timedelta(days=MISSED_DAYS_BACK + 1)
    before = next_rung(a_ladder(), efforts, go(), last_day).rung
    then = next_rung(a_ladder(), efforts, go(), last_day + timedelta(days=1)).rung

    assert before is not None
    assert then is not None
    assert (before.number, then.number) == (3, 2)
