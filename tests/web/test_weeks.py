from __future__ import annotations

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from matwise.trial.design import Arm, TrialDay
from matwise.web.weeks import weeks


def some_days(count: int, start: date) -> tuple[TrialDay, ...]:
    return tuple(TrialDay(n + 1, start + timedelta(days=n), Arm.MAT, washin=False) for n in range(count))


@given(count=st.integers(1, 84), start=st.dates(date(2020, 1, 1), date(2040, 1, 1)))
def test_every_day_of_the_trial_stands_once_under_its_weekday(count: int, start: date) -> None:
    drawn = weeks(some_days(count, start), {}, start)
    cells = [cell for week in drawn for cell in week.cells]

    assert [cell.day.day for cell in cells if cell.day] == list(range(1, count + 1))
    assert all(cell.on.weekday() == place % 7 for place, cell in enumerate(cells))
    assert all(any(cell.day for cell in week.cells) for week in drawn)


def test_today_the_past_and_the_ratings_are_marked() -> None:
    monday = date(2026, 11, 23)
    (week,) = weeks(some_days(7, monday), {monday: 4.0}, monday + timedelta(days=2))

    assert [cell.past for cell in week.cells] == [True, True, False, False, False, False, False]
    assert [cell.today for cell in week.cells].index(True) == 2
    assert week.cells[0].rating == 4.0


def test_no_days_make_no_weeks() -> None:
    assert weeks((), {}, date(2026, 11, 23)) == ()


def test_a_week_can_begin_with_another_day() -> None:
    monday = date(2026, 11, 23)
    first, second = weeks(some_days(7, monday), {}, monday, first_weekday=6)

    assert [cell.on for cell in first.cells][:2] == [monday - timedelta(days=1), monday]
    assert sum(cell.day is not None for week in (first, second) for cell in week.cells) == 7
