"""Ask one's own question, keep to its schedule, and read the answer with its uncertainty."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING

from matwise.content.scales import NAP
from matwise.errors import ONE_OF, InvalidInputError, MatwiseError, Problem
from matwise.measures.day import day_of
from matwise.practice import measure
from matwise.practice.person import ME
from matwise.sentence import Sentence
from matwise.store import trials
from matwise.store.database import Database
from matwise.store.trials import KeptTrial
from matwise.trial.design import COMPARABLE, Arm, Design, Order, Question, Versus, read_versus

# What calculates is imported where it is needed: the first page does not wait for it.
if TYPE_CHECKING:
    from matwise.trial.answer import Answer


NO_SESSION = (Arm.NOTHING, Versus.BOTH)  # what has days without a session
NAPS_NEED_SESSIONS = Sentence("rest or breath: on a day without a session there is no nap in it")
TODAY_OR_LATER = Sentence("today or a day to come")
ARMS = Sentence("rest, breath, nothing or both")
A_TRIAL_ASKS = Sentence("one that a trial can ask about: {known}")


class TrialRunningError(MatwiseError):
    """A trial is under way; a second one beside it would answer neither question."""

    def __init__(self) -> None:
        super().__init__(Sentence("A trial is running already. End it before you begin another one."))


def begin(  # noqa: PLR0913 – each is one field of the form
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
    order: str = "random",
    cannot: frozenset[date] = frozenset(),
) -> KeptTrial:
    """Begin a trial of one: its days are dealt out now, once, from `seed`.

    Raises:
        TrialRunningError: one is under way.
        InvalidInputError: names everything about the design that can't be used.
    """
    from matwise.trial.schedule import schedule

    running = current(db)
    if running is not None:
        if running.id == trial_id:
            return running
        raise TrialRunningError
    chosen = {one.id: one for one in measure.outcomes(db)}.get(scale)
    if chosen is None:
        offered = ", ".join(one.id for one in measure.outcomes(db))
        raise InvalidInputError(Problem("rating", repr(scale), A_TRIAL_ASKS.format(known=offered)))
    if starts_on < day_of(now):
        raise InvalidInputError(Problem("first day", starts_on.isoformat(), TODAY_OR_LATER))
    if versus not in COMPARABLE:
        raise InvalidInputError(Problem("compared with", repr(versus), ARMS))
    if chosen.id == NAP and versus in NO_SESSION:
        raise InvalidInputError(Problem("compared with", repr(versus), NAPS_NEED_SESSIONS))
    if order not in set(Order):
        raise InvalidInputError(Problem("order", repr(order), ONE_OF.format(known=", ".join(Order))))
    question = Question(chosen.id, read_versus(versus))
    dealt = schedule(Design(question, days, block_days, washin_days, starts_on, seed, Order(order), cannot))
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
    from matwise.trial.from_schedule import answer_trial

    question = trial.schedule.design.question
    given = measure.by_day(db, question.scale)
    return answer_trial(
        trial.schedule,
        {day: float(value) for day, value in given.items()},
        measure.scale(db, question.scale),
        day_of(now),
        ended=trial.ended_at is not None,
    )


def end(db: Database, why: str, now: datetime) -> None:
    """End the trial under way, keeping all of it."""
    running = current(db)
    if running is not None:
        db.write(lambda c: trials.end(c, running.id, now, why))
