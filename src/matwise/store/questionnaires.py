"""Questionnaires as they were answered; append-only."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from sqlalchemy import Connection, RowMapping, insert, select

from matwise.errors import InvalidInputError, Problem
from matwise.measures.day import day_of
from matwise.store.entry import check_ids
from matwise.store.instant import instant, instant_columns
from matwise.store.refusal import ConflictError
from matwise.store.tables import questionnaires

LONGEST = 10_000  # characters of the answers, as in the table


@dataclass(frozen=True, slots=True)
class KeptAnswers:
    """One questionnaire as it was answered: item by item, or by a score that was counted elsewhere."""

    id: str
    person: str
    instrument: str
    at: datetime
    answers: Mapping[str, int | str] = field(default_factory=dict)
    told_score: float | None = None

    @property
    def day(self) -> date:
        """The day it belongs to, by the person's own clock."""
        return day_of(self.at)


def keep(c: Connection, told: KeptAnswers) -> KeptAnswers:
    """Keep one, and give it as it is kept; the same id again keeps it once.

    Raises:
        InvalidInputError: names everything that can't be kept.
        ConflictError: the id came before with other answers.
    """
    written = _checked(told)
    known = c.execute(select(questionnaires).where(questionnaires.c.id == told.id)).mappings().first()
    if known is not None:
        return _same(_kept(known), told)
    row = {
        "id": told.id,
        "person": told.person,
        "instrument": told.instrument,
        "answers": written,
        "told_score": told.told_score,
        "day": told.day.isoformat(),
        **instant_columns("at", told.at),
    }
    c.execute(insert(questionnaires).values(**row))
    return told


def all_of(c: Connection, person: str, instrument: str | None = None) -> tuple[KeptAnswers, ...]:
    """Everything that was answered, oldest first; of one questionnaire, or of all."""
    wanted = select(questionnaires).where(questionnaires.c.person == person)
    if instrument is not None:
        wanted = wanted.where(questionnaires.c.instrument == instrument)
    rows = c.execute(wanted.order_by(questionnaires.c.at_utc, questionnaires.c.seq)).mappings()
    return tuple(_kept(row) for row in rows)


def _checked(told: KeptAnswers) -> str:
    items = {f"item {one}": one for one in told.answers}
    check_ids(person=told.person, id=told.id, instrument=told.instrument, **items)
    if bool(told.answers) == (told.told_score is not None):
        got = "both" if told.answers else "neither"
        raise InvalidInputError(Problem(told.instrument, got, "answers, or a score that was counted elsewhere"))
    if told.told_score is not None and not math.isfinite(told.told_score):
        raise InvalidInputError(Problem(told.instrument, repr(told.told_score), "a number"))
    written = json.dumps(dict(told.answers), sort_keys=True, allow_nan=False)
    if len(written) > LONGEST:
        raise InvalidInputError(Problem(told.instrument, f"{len(written)} characters", f"at most {LONGEST}"))
    return written


def _same(kept: KeptAnswers, again: KeptAnswers) -> KeptAnswers:
    # Not the moment: a retry is sent later than the first try.
    if replace(kept, at=again.at) != again:
        raise ConflictError(f"The answers {again.id!r} were kept before and differ. Send them with a new id.")
    return kept


def _kept(row: RowMapping) -> KeptAnswers:
    return KeptAnswers(
        id=row["id"],
        person=row["person"],
        instrument=row["instrument"],
        at=instant(row, "at"),
        answers=json.loads(row["answers"]),
        told_score=row["told_score"],
    )
