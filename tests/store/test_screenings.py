from __future__ import annotations

from datetime import timedelta
from functools import partial

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from matwise.screening.limits import Area
from matwise.screening.rule import Answer, Reply
from matwise.store import screenings
from matwise.store.database import Database
from matwise.store.refusal import ConflictError, NotKeptError

from .kept import EVENING, LATER, ME, read, somebody_new

NO = Answer(Reply.NO)
ANSWERS = st.builds(Answer, st.sampled_from(Reply), st.frozensets(st.sampled_from(Area)))


def _begin(db: Database, screening_id: str = "c-1", person: str = ME) -> str:
    return db.write(lambda c: screenings.begin(c, person, screening_id, EVENING)).id


def _answer(db: Database, screening_id: str, rule_id: str, answer: Answer = NO) -> None:
    db.write(lambda c: screenings.keep_answer(c, screening_id, rule_id, answer, EVENING))


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(answers=st.dictionaries(st.from_regex(r"[a-z_]{1,20}", fullmatch=True), ANSWERS, max_size=6))
def test_answers_come_back_as_they_were_given(db: Database, answers: dict[str, Answer]) -> None:
    person = somebody_new()
    open_id = _begin(db, person, person)
    for rule_id, answer in answers.items():
        _answer(db, open_id, rule_id, answer)
    kept = read(db, lambda c: screenings.unfinished(c, person))

    assert kept == screenings.KeptScreening(open_id, person, EVENING, None, answers, dict.fromkeys(answers, EVENING))


def test_an_answer_given_again_takes_the_place_of_the_first(db: Database) -> None:
    _begin(db)
    eczema = Answer(Reply.YES, frozenset({Area.UPPER_BACK, Area.NECK}))
    _answer(db, "c-1", "eczema")
    _answer(db, "c-1", "eczema", eczema)
    kept = read(db, lambda c: screenings.unfinished(c, ME))

    assert kept is not None
    assert kept.answers == {"eczema": eczema}


def test_a_check_is_under_way_until_it_is_finished_and_then_it_is_the_latest(db: Database) -> None:
    _begin(db)
    _answer(db, "c-1", "pregnant")
    before = read(db, lambda c: (screenings.unfinished(c, ME), screenings.latest(c, ME)))
    done = db.write(lambda c: screenings.finish(c, "c-1", LATER))

    assert before == (screenings.KeptScreening("c-1", ME, EVENING, None, {"pregnant": NO}, {"pregnant": EVENING}), None)
    assert done == screenings.KeptScreening("c-1", ME, EVENING, LATER, {"pregnant": NO}, {"pregnant": EVENING})
    assert read(db, lambda c: (screenings.unfinished(c, ME), screenings.latest(c, ME))) == (None, done)


def test_two_windows_that_begin_at_once_share_one_check(db: Database) -> None:
    first, second = _begin(db, "c-1"), _begin(db, "c-2")

    assert (first, second) == ("c-1", "c-1")


def test_finishing_again_does_not_make_a_check_younger(db: Database) -> None:
    _begin(db)
    first = db.write(lambda c: screenings.finish(c, "c-1", EVENING))
    again = db.write(lambda c: screenings.finish(c, "c-1", LATER))

    assert again == first


def test_a_finished_check_can_not_be_changed_or_begun_again(db: Database) -> None:
    _begin(db)
    db.write(lambda c: screenings.finish(c, "c-1", EVENING))

    with pytest.raises(ConflictError, match="Begin a new one"):
        _answer(db, "c-1", "pregnant")
    with pytest.raises(ConflictError):
        _begin(db, "c-1")
    assert read(db, lambda c: screenings.latest(c, ME)) == screenings.KeptScreening("c-1", ME, EVENING, EVENING, {}, {})


def test_the_check_finished_last_is_the_latest_even_when_the_clock_was_set_back(db: Database) -> None:
    _begin(db, "c-1")
    db.write(lambda c: screenings.finish(c, "c-1", EVENING))
    _begin(db, "c-2")
    db.write(lambda c: screenings.finish(c, "c-2", EVENING - timedelta(days=3)))
    latest = read(db, lambda c: screenings.latest(c, ME))

    assert latest is not None
    assert latest.id == "c-2"


def test_what_was_never_begun_can_neither_be_answered_nor_finished(db: Database) -> None:
    with pytest.raises(NotKeptError, match="no safety check 'c-9'"):
        _answer(db, "c-9", "pregnant")
    with pytest.raises(NotKeptError):
        db.write(lambda c: screenings.finish(c, "c-9", EVENING))


def test_the_safety_check_of_somebody_else_is_never_mine(db: Database) -> None:
    _begin(db, "c-1", "somebody")
    db.write(lambda c: screenings.finish(c, "c-1", EVENING))

    assert read(db, lambda c: (screenings.unfinished(c, ME), screenings.latest(c, ME))) == (None, None)
    with pytest.raises(ConflictError):
        _begin(db, "c-1", ME)


def test_a_doubt_is_not_taken_back_by_a_later_no(db: Database) -> None:
    _begin(db)
    db.write(lambda c: screenings.finish(c, "c-1", EVENING))
    for recheck_id, reply in (("k-1", Reply.NO), ("k-2", Reply.UNKNOWN), ("k-2", Reply.UNKNOWN), ("k-3", Reply.NO)):
        db.write(partial(screenings.keep_recheck, person=ME, recheck_id=recheck_id, reply=reply, at=EVENING))

    kept = read(db, lambda c: screenings.latest(c, ME))
    assert kept is not None
    assert kept.doubted
    with pytest.raises(ConflictError, match="was 'unknown' before"):
        db.write(lambda c: screenings.keep_recheck(c, ME, "k-2", Reply.NO, EVENING))
