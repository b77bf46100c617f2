"""Safety checks as they were answered, question by question."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, RowMapping, Select, select, update
from sqlalchemy.dialects.sqlite import insert

from matwise.screening.limits import Area
from matwise.screening.rule import Answer, Reply
from matwise.store.entry import check_ids
from matwise.store.instant import instant, instant_columns, instant_or_none
from matwise.store.refusal import ConflictError, NotKeptError
from matwise.store.tables import rechecks, screening_answers, screenings


@dataclass(frozen=True, slots=True)
class KeptScreening:
    """One safety check with the answers given so far; `finished_at` None while it is under way.

    `doubted`: the person has said since that something changed, or that they don't know.
    """

    id: str
    person: str
    begun_at: datetime
    finished_at: datetime | None
    answers: dict[str, Answer]
    answered_at: dict[str, datetime]
    doubted: bool = False


def begin(c: Connection, person: str, screening_id: str, at: datetime) -> KeptScreening:
    """Begin a safety check, or go on with the one under way: there is only ever one, whatever id it has.

    Raises:
        ConflictError: the id belongs to a check that is finished or to somebody else's.
    """
    check_ids(person=person, screening_id=screening_id)
    under_way = unfinished(c, person)
    if under_way is not None:
        return under_way
    if c.execute(select(screenings.c.id).where(screenings.c.id == screening_id)).first() is not None:
        raise ConflictError(f"The safety check {screening_id!r} is finished or not yours. Begin one with a new id.")
    c.execute(insert(screenings).values(id=screening_id, person=person, doubted=0, **instant_columns("begun", at)))
    return KeptScreening(screening_id, person, at, None, {}, {})


def keep_answer(c: Connection, screening_id: str, rule_id: str, answer: Answer, at: datetime) -> None:
    """Keep one answer, in place of an earlier one to the same question.

    Raises:
        NotKeptError: there is no such safety check.
        ConflictError: it is finished; its answers stay as they are.
    """
    check_ids(rule_id=rule_id)
    check = _row(c, screening_id)
    if check["finished_utc"] is not None:
        raise ConflictError(f"The safety check {screening_id!r} is finished. Begin a new one to answer differently.")
    told = {
        "reply": answer.reply.value,
        "areas": " ".join(sorted(area.value for area in answer.areas)),
        **instant_columns("at", at),
    }
    new = insert(screening_answers).values(screening_id=screening_id, person=check["person"], rule_id=rule_id, **told)
    c.execute(new.on_conflict_do_update(index_elements=["screening_id", "rule_id"], set_=told))


def finish(c: Connection, screening_id: str, at: datetime) -> KeptScreening:
    """Finish a safety check; finishing again changes nothing.

    Raises:
        NotKeptError: there is no such safety check.
    """
    if _row(c, screening_id)["finished_utc"] is None:
        c.execute(update(screenings).where(screenings.c.id == screening_id).values(**instant_columns("finished", at)))
    return _kept(c, _row(c, screening_id))


def unfinished(c: Connection, person: str) -> KeptScreening | None:
    """The safety check under way."""
    row = c.execute(_of(person).where(screenings.c.finished_utc.is_(None))).mappings().first()
    return None if row is None else _kept(c, row)


def latest(c: Connection, person: str) -> KeptScreening | None:
    """The safety check that was finished last."""
    row = c.execute(_of(person).where(screenings.c.finished_utc.is_not(None))).mappings().first()
    return None if row is None else _kept(c, row)


def keep_recheck(c: Connection, person: str, recheck_id: str, reply: Reply, at: datetime) -> None:
    """Keep the reply to "has anything changed?"; the same id again keeps it once.

    Raises:
        ConflictError: the id came before with another reply.
    """
    check_ids(person=person, recheck_id=recheck_id)
    known = c.execute(select(rechecks).where(rechecks.c.id == recheck_id)).mappings().first()
    if known is None:
        if reply is not Reply.NO:
            # Marked on the check itself, so that no clock decides which came first.
            finished = (screenings.c.person == person, screenings.c.finished_utc.is_not(None))
            c.execute(update(screenings).where(*finished).values(doubted=1))
        c.execute(insert(rechecks).values(id=recheck_id, person=person, reply=reply.value, **instant_columns("at", at)))
    elif (known["person"], known["reply"]) != (person, reply.value):
        raise ConflictError(f"The reply {recheck_id!r} was {known['reply']!r} before. Send a new one with a new id.")


def last_recheck(c: Connection, person: str) -> tuple[Reply, datetime] | None:
    """The latest reply to "has anything changed?" and when it was given, or None."""
    wanted = select(rechecks).where(rechecks.c.person == person).order_by(rechecks.c.seq.desc()).limit(1)
    row = c.execute(wanted).mappings().first()
    return None if row is None else (Reply(row["reply"]), instant(row, "at"))


def _of(person: str) -> Select[tuple[object, ...]]:
    return select(screenings).where(screenings.c.person == person).order_by(screenings.c.seq.desc()).limit(1)


def _row(c: Connection, screening_id: str) -> RowMapping:
    row = c.execute(select(screenings).where(screenings.c.id == screening_id)).mappings().first()
    if row is None:
        raise NotKeptError("safety check", screening_id)
    return row


def _kept(c: Connection, row: RowMapping) -> KeptScreening:
    wanted = select(screening_answers).where(screening_answers.c.screening_id == row["id"])
    given = c.execute(wanted.order_by(screening_answers.c.rule_id)).mappings().all()
    return KeptScreening(
        id=row["id"],
        person=row["person"],
        begun_at=instant(row, "begun"),
        finished_at=instant_or_none(row, "finished"),
        answers={
            one["rule_id"]: Answer(Reply(one["reply"]), frozenset(Area(area) for area in one["areas"].split()))
            for one in given
        },
        answered_at={one["rule_id"]: instant(one, "at") for one in given},
        doubted=bool(row["doubted"]),
    )
