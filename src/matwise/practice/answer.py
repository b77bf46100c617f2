"""Ask one's own question, keep to its schedule, and read the answer with its uncertainty."""

from __future__ import annotations

from datetime import date, datetime

from matwise.errors import InvalidInputError, MatwiseError, Problem
from matwise.measures.rating import Moment
from matwise.practice import measure
from matwise.practice.person import ME
from matwise.store import ratings, trials
from matwise.store.database import Database
from matwise.store.trials import KeptTrial
from matwise.trial.answer import Answer, answer_trial
from matwise.trial.design import Arm, Design, Question
from matwise.trial.schedule import schedule


class TrialRunningError(MatwiseError):
    """A trial is under way; a second one beside it would answer neither question."""

    def __init__(self) -> None:
        super().__init__("A trial is running already. End it before you begin another one.")


def begin(
    db: Database,
    trial_id: str,
    *,
    scale: str,
    versus: str,
    days: int,
    block_days: int,
    washin_days: int,
    starts_on: date,
    seed: int,
    now: datetime,
) -> KeptTrial:
    """Begin a trial of one: its days are dealt out now, once, from `seed`.

    Raises:
        TrialRunningError: one is under way.
        InvalidInputError: names everything about the design that can't be used.
    """
    running = current(db)
    if running is not None:
        if running.id == trial_id:
            return running
        raise TrialRunningError
    chosen = measure.scale(db, scale)
    if versus not in (Arm.REST, Arm.NOTHING):
        raise InvalidInputError(Problem("compared with", repr(versus), "rest or nothing"))
    design = Design(Question(chosen.id, Arm(versus)), days, block_days, washin_days, starts_on, seed)
    dealt = schedule(design)
    return db.write(lambda c: trials.begin(c, ME, trial_id, dealt, now))


def current(db: Database) -> KeptTrial | None:
    """The trial under way, or None."""
    with db.read() as c:
        return trials.current(c, ME)


def latest(db: Database) -> KeptTrial | None:
    """The trial under way, else the one begun last."""
    with db.read() as c:
        kept = trials.all_of(c, ME)
    return max(kept, key=lambda trial: trial.begun_at, default=None)


def answer(db: Database, trial: KeptTrial, now: datetime) -> Answer:
    """What the days rated so far say."""
    question = trial.schedule.design.question
    with db.read() as c:
        given = ratings.by_day(c, ME, question.scale, Moment.EVENING)
    return answer_trial(
        trial.schedule,
        {day: float(value) for day, value in given.items()},
        measure.scale(db, question.scale),
        now.date(),
        ended=trial.ended_at is not None,
    )


def end(db: Database, why: str, now: datetime) -> None:
    """End the trial under way, keeping all of it."""
    running = current(db)
    if running is not None:
        db.write(lambda c: trials.end(c, running.id, now, why))
