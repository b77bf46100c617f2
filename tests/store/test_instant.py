from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matwise.errors import InvalidInputError
from matwise.measures.day import day_of
from matwise.store import drafts, ratings
from matwise.store.database import Database
from matwise.store.instant import instant_columns

from .kept import EVENING, ME, a_rating, read

OFFSETS = st.integers(-12 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))


@given(at=st.datetimes(datetime(1, 1, 3), datetime(9999, 12, 29), timezones=OFFSETS))  # noqa: DTZ001 – the zone is drawn
def test_later_always_sorts_later_as_text(at: datetime) -> None:
    first, second = (instant_columns("at", moment)["at_utc"] for moment in (at, at + timedelta(microseconds=1)))

    assert isinstance(first, str)
    assert isinstance(second, str)
    assert len(first) == len(second) == 27
    assert first < second


@pytest.mark.parametrize(
    "at",
    [
        EVENING,
        datetime(2011, 12, 29, 23, 59, 59, 999999, tzinfo=timezone(timedelta(hours=-10))),  # Samoa before its jump
        datetime(2011, 12, 31, tzinfo=timezone(timedelta(hours=14))),  # and after
        datetime(2026, 10, 25, 2, 30, tzinfo=timezone(timedelta(hours=2))),  # the hour that happens twice: first
        datetime(2026, 10, 25, 2, 30, tzinfo=timezone(timedelta(hours=1))),  # and second time
        datetime(2026, 1, 1, tzinfo=timezone(timedelta(hours=-12))),
        datetime(1970, 1, 1, tzinfo=UTC),
        datetime(1, 1, 2, tzinfo=UTC),
    ],
    ids=str,
)
def test_a_moment_comes_back_as_it_was_with_its_place_and_its_day(db: Database, at: datetime) -> None:
    db.write(lambda c: ratings.keep(c, ME, a_rating(at=at)))
    (kept,) = read(db, lambda c: ratings.all_of(c, ME))

    assert (kept.at, kept.at.utcoffset()) == (at, at.utcoffset())
    assert list(read(db, lambda c: ratings.by_day(c, ME, "pain", "evening"))) == [day_of(at)]


def test_the_day_is_the_one_on_the_wall_not_the_one_in_greenwich(db: Database) -> None:
    early = datetime(2026, 3, 3, 6, 0, tzinfo=timezone(timedelta(hours=13)))  # in Greenwich the evening before
    db.write(lambda c: ratings.keep(c, ME, a_rating(at=early)))

    assert list(read(db, lambda c: ratings.by_day(c, ME, "pain", "evening"))) == [date(2026, 3, 3)]


@pytest.mark.parametrize(
    "at",
    [EVENING.replace(tzinfo=None), datetime.min.replace(tzinfo=timezone(timedelta(hours=1)))],
    ids=["no zone", "before the year 1"],
)
def test_a_moment_that_is_none_is_refused(db: Database, at: datetime) -> None:
    with pytest.raises(InvalidInputError):
        db.write(lambda c: drafts.keep(c, ME, "evening", "pain", "4", at))

    assert read(db, lambda c: drafts.of(c, ME, "evening")) == {}


def test_an_offset_with_seconds_keeps_the_exact_instant(db: Database) -> None:
    amsterdam_1900 = datetime(1900, 6, 1, 12, tzinfo=timezone(timedelta(minutes=19, seconds=32)))
    db.write(lambda c: ratings.keep(c, ME, a_rating(at=amsterdam_1900)))
    (kept,) = read(db, lambda c: ratings.all_of(c, ME))

    assert kept.at == amsterdam_1900
    assert kept.at.utcoffset() == timedelta(minutes=19)
