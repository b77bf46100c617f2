from __future__ import annotations

from datetime import date, timedelta
from functools import partial
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection
from sqlalchemy.exc import IntegrityError

from matwise.errors import InvalidInputError
from matwise.measures.rating import Moment, Rating
from matwise.store import ratings, sessions
from matwise.store.database import Database
from matwise.store.refusal import ConflictError, NotKeptError

from .kept import EVENING, LATER, ME, a_rating, a_session, read, somebody_new

DAY = EVENING.date()


def _keep(db: Database, *given: Rating, person: str = ME) -> None:
    for rating in given:
        db.write(partial(ratings.keep, person=person, rating=rating))


def _by_day(db: Database, person: str = ME) -> dict[date, int]:
    return read(db, lambda c: ratings.by_day(c, person, "pain", "evening"))


def test_a_rating_comes_back_as_it_was_given(db: Database) -> None:
    db.write(lambda c: sessions.begin(c, a_session()))
    rating = a_rating(moment=Moment.AFTER, session_id="s-1", value_0_10=0)
    told = db.write(lambda c: ratings.keep(c, ME, rating))

    assert told == rating
    assert read(db, lambda c: ratings.all_of(c, ME)) == (rating,)


def test_the_same_rating_sent_again_is_kept_once_as_it_was_first(db: Database) -> None:
    _keep(db, a_rating())
    again = db.write(lambda c: ratings.keep(c, ME, a_rating(at=LATER)))

    assert again == a_rating()
    assert read(db, lambda c: ratings.all_of(c, ME, superseded=True)) == (a_rating(),)


@pytest.mark.parametrize("changed", [{"value_0_10": 5}, {"scale": "sleep"}, {"moment": Moment.BEFORE}], ids=str)
def test_the_same_id_with_something_else_in_it_is_a_conflict(db: Database, changed: dict[str, Any]) -> None:
    _keep(db, a_rating())

    with pytest.raises(ConflictError, match="was kept before as 4"):
        _keep(db, a_rating(**changed))
    assert read(db, lambda c: ratings.all_of(c, ME, superseded=True)) == (a_rating(),)


def test_a_newer_rating_of_the_day_counts_and_the_older_one_stays_on_record(db: Database) -> None:
    first, second = a_rating(), a_rating("r-2", 7, at=LATER)
    _keep(db, first, second)

    assert _by_day(db) == {DAY: 7}
    assert read(db, lambda c: ratings.all_of(c, ME)) == (second,)
    assert read(db, lambda c: ratings.all_of(c, ME, superseded=True)) == (first, second)


def test_a_rating_that_arrives_late_does_not_take_the_place_of_a_newer_one(db: Database) -> None:
    _keep(db, a_rating("newer", 7, at=LATER), a_rating("older", 2))

    assert _by_day(db) == {DAY: 7}


def test_ratings_of_other_scales_moments_days_and_sessions_stand_beside_each_other(db: Database) -> None:
    db.write(lambda c: sessions.begin(c, a_session()))
    given_ = (
        a_rating("a"),
        a_rating("b", scale="sleep"),
        a_rating("c", moment=Moment.AFTER),
        a_rating("d", at=EVENING + timedelta(days=1)),
        a_rating("e", session_id="s-1", at=LATER),
    )
    _keep(db, *given_)

    assert set(read(db, lambda c: ratings.all_of(c, ME))) == set(given_)
    assert read(db, lambda c: ratings.all_of(c, ME, "sleep")) == (given_[1],)
    assert read(db, lambda c: ratings.all_of(c, ME, moment="after")) == (given_[2],)


def test_nobody_sees_or_replaces_the_ratings_of_somebody_else(db: Database) -> None:
    _keep(db, a_rating(value=1))
    _keep(db, a_rating(value=9), person="somebody")

    assert (_by_day(db), _by_day(db, "somebody")) == ({DAY: 1}, {DAY: 9})


def test_a_rating_of_a_session_that_never_began_is_refused(db: Database) -> None:
    db.write(lambda c: sessions.begin(c, a_session("theirs", person="somebody")))

    for session_id in ("none", "theirs"):
        with pytest.raises(NotKeptError, match="no session"):
            _keep(db, a_rating(session_id=session_id))
    assert read(db, lambda c: ratings.all_of(c, ME)) == ()


@pytest.mark.parametrize("value", [-1, 11, True, 4.0, float("nan"), None, "4", 2**70])
def test_a_value_that_is_no_whole_number_from_0_to_10_is_refused(db: Database, value: object) -> None:
    with pytest.raises(InvalidInputError, match="want a whole number from 0 to 10"):
        _keep(db, a_rating(value_0_10=value))
    assert _by_day(db) == {}


@pytest.mark.parametrize(
    "client_id", ["", "a" * 65, "with space", "nul\0", "ünï", "half \ud800", "x'; DROP TABLE ratings"]
)
def test_an_id_that_not_every_database_can_keep_is_refused(db: Database, client_id: str) -> None:
    with pytest.raises(InvalidInputError, match="client_id"):
        _keep(db, a_rating(client_id))


@pytest.mark.parametrize("value", [11, -1, 4.5, float("nan"), None, "four"])
def test_the_table_itself_never_holds_a_value_off_the_scale(db: Database, value: object) -> None:
    _keep(db, a_rating())

    def past_the_checks(c: Connection) -> None:
        c.exec_driver_sql("UPDATE ratings SET value_0_10 = ?", (value,))

    with pytest.raises(IntegrityError):
        db.write(past_the_checks)
    assert _by_day(db) == {DAY: 4}


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_the_newest_rating_always_counts_whatever_order_they_arrive_in(db: Database, data: st.DataObject) -> None:
    person = somebody_new()
    minutes = data.draw(st.lists(st.integers(0, 59), unique=True, min_size=1, max_size=8))
    given_ = [a_rating(f"r-{m}", m % 11, at=EVENING.replace(minute=m)) for m in minutes]
    retried = data.draw(st.lists(st.sampled_from(given_), max_size=5))
    _keep(db, *given_, *retried, person=person)

    newest = max(given_, key=lambda rating: rating.at)
    assert _by_day(db, person) == {DAY: newest.value_0_10}
    assert len(read(db, lambda c: ratings.all_of(c, person, superseded=True))) == len(given_)
    assert read(db, lambda c: ratings.all_of(c, person)) == (newest,)


def test_a_complaint_keeps_its_latest_words(db: Database) -> None:
    for slot, words in ((1, "stiff neck"), (2, "Kopf „drückt“ 🙂"), (1, "stiff shoulders"), (1, "stiff shoulders")):
        db.write(partial(ratings.keep_complaint, person=ME, slot=slot, words=words, at=EVENING))

    assert read(db, lambda c: ratings.complaints(c, ME)) == {1: "stiff shoulders", 2: "Kopf „drückt“ 🙂"}
    assert read(db, lambda c: c.exec_driver_sql("SELECT count(*) FROM complaints").scalar()) == 3


@pytest.mark.parametrize(
    ("slot", "words"), [(0, "neck"), (3, "neck"), (1, ""), (1, "x" * 201), (1, "nul\0"), (1, "\udfff")]
)
def test_a_complaint_that_can_not_be_kept_is_refused(db: Database, slot: int, words: str) -> None:
    with pytest.raises(InvalidInputError):
        db.write(lambda c: ratings.keep_complaint(c, ME, slot, words, EVENING))
