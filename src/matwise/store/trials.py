"""Trials of one: the question, the days as they were dealt out, and when it began and ended."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, RowMapping, insert, select, update

from matwise.store.entry import check_ids, check_text
from matwise.store.instant import instant, instant_columns, instant_or_none
from matwise.store.refusal import ConflictError, NotKeptError
from matwise.store.tables import trial_days, trials
from matwise.trial.design import Arm, Design, Order, Question, Schedule, TrialDay, read_versus

LONGEST_REASON = 1000  # characters


@dataclass(frozen=True, slots=True)
class KeptTrial:
    """One trial; `ended_at` None while it is under way."""

    id: str
    person: str
    schedule: Schedule
    begun_at: datetime
    ended_at: datetime | None = None
    why_ended: str | None = None


def begin(c: Connection, person: str, trial_id: str, schedule: Schedule, at: datetime) -> KeptTrial:
    """Keep a trial with the days dealt out for it; the same again gives the one that is kept.

    Raises:
        ConflictError: the id came before with another trial, or another trial of this person is under way.
    """
    check_ids(person=person, trial_id=trial_id, scale=schedule.design.question.scale)
    known = c.execute(select(trials).where(trials.c.id == trial_id)).mappings().first()
    if known is not None:
        kept = _kept(c, known)
        if (kept.person, kept.schedule) != (person, schedule):
            raise ConflictError(f"The trial {trial_id!r} was begun differently before. Begin one with a new id.")
        return kept
    if current(c, person) is not None:
        raise ConflictError("A trial is running already. End it before you begin another one.")
    c.execute(
        insert(trials).values(
            id=trial_id, person=person, **_design_columns(schedule.design), **instant_columns("begun", at)
        )
    )
    days = [
        {"trial_id": trial_id, "person": person, "day": d.day, "on_date": d.on.isoformat()}
        | {"arm": d.arm.value, "washin": int(d.washin), "off": int(d.off)}
        for d in schedule.days
    ]
    if days:
        c.execute(insert(trial_days), days)
    return KeptTrial(trial_id, person, schedule, at)


def current(c: Connection, person: str) -> KeptTrial | None:
    """The trial under way, or None."""
    wanted = select(trials).where(trials.c.person == person, trials.c.ended_utc.is_(None))
    row = c.execute(wanted).mappings().first()
    return None if row is None else _kept(c, row)


def all_of(c: Connection, person: str) -> tuple[KeptTrial, ...]:
    """Every trial of a person, in the order they were begun."""
    rows = c.execute(select(trials).where(trials.c.person == person).order_by(trials.c.seq)).mappings().all()
    return tuple(_kept(c, row) for row in rows)


def end(c: Connection, trial_id: str, at: datetime, why: str) -> KeptTrial:
    """End a trial and keep why; ending again changes nothing.

    Raises:
        NotKeptError: there is no such trial.
        InvalidInputError: the reason can't be kept.
    """
    check_text("why", why, LONGEST_REASON)
    running = (trials.c.id == trial_id, trials.c.ended_utc.is_(None))
    c.execute(update(trials).where(*running).values(why_ended=why, **instant_columns("ended", at)))
    row = c.execute(select(trials).where(trials.c.id == trial_id)).mappings().first()
    if row is None:
        raise NotKeptError("trial", trial_id)
    return _kept(c, row)


def _design_columns(design: Design) -> dict[str, Any]:
    return {
        "scale": design.question.scale,
        "versus": design.question.versus.value,
        "days": design.days,
        "block_days": design.block_days,
        "washin_days": design.washin_days,
        "starts_on": design.starts_on.isoformat(),
        "seed": design.seed,
        "arm_order": design.order.value,
        "cannot": " ".join(on.isoformat() for on in sorted(design.cannot)),
    }


def _kept(c: Connection, row: RowMapping) -> KeptTrial:
    design = Design(
        question=Question(row["scale"], read_versus(row["versus"])),
        days=row["days"],
        block_days=row["block_days"],
        washin_days=row["washin_days"],
        starts_on=date.fromisoformat(row["starts_on"]),
        seed=row["seed"],
        order=Order(row["arm_order"]),
        cannot=frozenset(date.fromisoformat(on) for on in row["cannot"].split()),
    )
    dealt = select(trial_days).where(trial_days.c.trial_id == row["id"]).order_by(trial_days.c.day)
    days = tuple(
        TrialDay(one["day"], date.fromisoformat(one["on_date"]), Arm(one["arm"]), bool(one["washin"]), bool(one["off"]))
        for one in c.execute(dealt).mappings()
    )
    return KeptTrial(
        row["id"],
        row["person"],
        Schedule(design, days),
        instant(row, "begun"),
        instant_or_none(row, "ended"),
        row["why_ended"],
    )
