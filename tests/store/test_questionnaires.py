from __future__ import annotations

from dataclasses import replace
from functools import partial

import pytest

from matwise.errors import InvalidInputError
from matwise.store import questionnaires
from matwise.store.database import Database
from matwise.store.refusal import ConflictError

from .kept import EVENING, LATER, ME, read, some_answers


def test_answers_come_back_item_by_item_in_the_order_of_their_moments(db: Database) -> None:
    later = some_answers("q-2", at=LATER, answers={"interest": 0, "down": 3})
    for told in (later, some_answers(), later):
        db.write(partial(questionnaires.keep, told=told))

    assert read(db, lambda c: questionnaires.all_of(c, ME)) == (some_answers(), later)
    assert read(db, lambda c: questionnaires.all_of(c, ME, "gad_7")) == ()


def test_a_score_from_elsewhere_is_kept_without_answers(db: Database) -> None:
    told = some_answers(instrument="isi", answers={}, told_score=14.0)
    db.write(lambda c: questionnaires.keep(c, told))

    assert read(db, lambda c: questionnaires.all_of(c, ME, "isi")) == (told,)
    assert told.day == EVENING.date()


@pytest.mark.parametrize("wrong", [{"answers": {}}, {"told_score": 3.0}, {"answers": {}, "told_score": float("inf")}])
def test_neither_nothing_nor_both_can_be_kept(db: Database, wrong: dict[str, object]) -> None:
    with pytest.raises(InvalidInputError):
        db.write(lambda c: questionnaires.keep(c, replace(some_answers(), **wrong)))  # type: ignore[arg-type]  # wrong on purpose


def test_an_id_stands_for_the_same_answers_for_ever(db: Database) -> None:
    db.write(lambda c: questionnaires.keep(c, some_answers()))
    with pytest.raises(ConflictError, match="new id"):
        db.write(lambda c: questionnaires.keep(c, some_answers(answers={"interest": 3})))
