"""Days beside their ratings."""

from __future__ import annotations

from matwise.trial.series import Series, SeriesDay, leave_out, series
from tests.trial.builders import a_schedule, day_number, some_ratings


def some_days(arms: str = "mmrrmm") -> Series:
    return Series(tuple(SeriesDay(at, arm, 5.0) for at, arm in enumerate(arms, start=1)))


def test_a_day_without_a_rating_stays_without_one() -> None:
    dealt = a_schedule()
    ratings = some_ratings(dealt)
    found = series(dealt, ratings)

    assert [one.y for one in found.days] == [ratings.get(one.on) for one in dealt.days]
    assert found.arm == tuple(one.arm.value for one in dealt.days)


def test_the_series_ends_with_the_day_asked_for() -> None:
    assert series(a_schedule(), {}, until=day_number(9)).day == tuple(range(1, 10))
    assert series(a_schedule(), {}, until=day_number(0)).days == ()


def test_washin_days_are_neither_used_nor_missing() -> None:
    dealt = a_schedule()
    found = series(dealt, {})

    assert found.used == ()
    assert found.missing == 56 - sum(one.washin for one in dealt.days)


def test_skipped_days_are_missing() -> None:
    found = Series((SeriesDay(1, "mat", 5.0), SeriesDay(4, "rest", None), SeriesDay(6, "rest", 4.0)))

    assert found.missing == 4
    assert len(found.used) == 2
    assert Series(()).missing == 0


def test_days_after_a_switch_are_marked_by_the_calendar() -> None:
    skipping = Series((SeriesDay(1, "m", 1.0), SeriesDay(2, "r", 1.0), SeriesDay(4, "r", 1.0), SeriesDay(5, "m", 1.0)))

    assert [one.washin for one in leave_out(some_days(), 1).days] == [False, False, True, False, True, False]
    assert [one.washin for one in leave_out(skipping, 2).days] == [False, True, False, True]
    assert leave_out(some_days(), 0) == some_days()


def test_the_first_days_are_counted_by_the_calendar() -> None:
    skipping = Series((SeriesDay(3, "m", 1.0), SeriesDay(7, "r", 1.0)))

    assert skipping.first(4).day == (3,)
    assert skipping.first(5).day == (3, 7)
    assert Series(()).first(5) == Series(())
