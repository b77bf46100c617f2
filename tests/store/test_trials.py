from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from matwise.errors import InvalidInputError
from matwise.store import trials
from matwise.store.database import Database
from matwise.store.refusal import ConflictError, NotKeptError
from matwise.store.trials import KeptTrial
from matwise.trial.design import Design, Order, Question, Schedule, Versus
from matwise.trial.schedule import schedule

from .kept import EVENING, LATER, ME, a_schedule, read


def _begin(db: Database, trial_id: str = "t-1", schedule: Schedule | None = None, person: str = ME) -> KeptTrial:
    return db.write(lambda c: trials.begin(c, person, trial_id, schedule or a_schedule(), EVENING))


def _end(db: Database, trial_id: str = "t-1") -> KeptTrial:
    return db.write(lambda c: trials.end(c, trial_id, LATER, "holidays"))


@pytest.mark.parametrize("days", [14, 84])
def test_a_trial_comes_back_with_its_days_as_they_were_dealt(db: Database, days: int) -> None:
    begun = _begin(db, schedule=a_schedule(days))

    assert begun == KeptTrial("t-1", ME, a_schedule(days), EVENING)
    assert read(db, lambda c: (trials.current(c, ME), trials.all_of(c, ME))) == (begun, (begun,))


def test_three_arms_their_order_and_the_days_off_come_back_too(db: Database) -> None:
    off = frozenset({date(2026, 3, 3), date(2026, 3, 20)})
    design = Design(Question("pain", Versus.BOTH), 36, 4, 1, date(2026, 3, 1), 5, Order.LATIN_SQUARE, off)
    begun = _begin(db, schedule=schedule(design))

    assert read(db, lambda c: trials.current(c, ME)) == begun
    assert begun.schedule == schedule(design)
    assert sum(day.off for day in begun.schedule.days) == 2


def test_the_same_trial_begun_again_is_one_trial(db: Database) -> None:
    begun = _begin(db)
    again = db.write(lambda c: trials.begin(c, ME, "t-1", a_schedule(), LATER))

    assert again == begun


@pytest.mark.parametrize("other", [a_schedule(seed=8), replace(a_schedule(), days=a_schedule().days[:-1])], ids=repr)
def test_the_same_id_with_other_days_is_a_conflict(db: Database, other: Schedule) -> None:
    begun = _begin(db)

    with pytest.raises(ConflictError, match="new id"):
        _begin(db, schedule=other)
    assert read(db, lambda c: trials.all_of(c, ME)) == (begun,)


def test_a_second_trial_beside_the_first_is_refused_until_that_has_ended(db: Database) -> None:
    _begin(db)
    with pytest.raises(ConflictError, match="End it"):
        _begin(db, "t-2")
    ended = _end(db)
    second = _begin(db, "t-2")

    assert ended == KeptTrial("t-1", ME, a_schedule(), EVENING, LATER, "holidays")
    assert read(db, lambda c: (trials.current(c, ME), trials.all_of(c, ME))) == (second, (ended, second))


def test_ending_again_changes_nothing(db: Database) -> None:
    _begin(db)
    ended = _end(db)
    again = db.write(lambda c: trials.end(c, "t-1", EVENING, "another reason"))

    assert again == ended
    assert read(db, lambda c: trials.current(c, ME)) is None


def test_what_never_began_can_not_end_and_a_reason_has_its_length(db: Database) -> None:
    with pytest.raises(NotKeptError, match="no trial 't-9'"):
        _end(db, "t-9")
    with pytest.raises(InvalidInputError, match="at most 1000"):
        db.write(lambda c: trials.end(c, "t-9", LATER, "x" * 1001))


def test_everybody_has_a_trial_of_their_own(db: Database) -> None:
    mine, theirs = _begin(db), _begin(db, "t-2", person="somebody")

    assert read(db, lambda c: (trials.current(c, ME), trials.current(c, "somebody"))) == (mine, theirs)
