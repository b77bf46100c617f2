"""Live the days of an invented person, so that every page has something to show. Their ratings are simulated."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

import numpy as np

from matwise.measures.rating import Moment
from matwise.practice import answer, guide, measure, screen
from matwise.store.database import Database
from matwise.trial.design import Arm, Schedule

DAYS_BEFORE_TRIAL = 21  # enough sessions to climb some rungs before the question is asked
TRIAL_DAYS = 56
BLOCK_DAYS = 4
COMPLAINT = "Stiff shoulders at my desk"

# Of this invented person: points on a 0–10 rating.
RELAXES = {Arm.MAT: 0.9, Arm.REST: 0.2}
USUAL_PAIN, MAT_EFFECT, REST_EFFECT, SPREAD, RHO = 6.5, -3.0, -0.6, 1.1, 0.3


def live(db: Database, now: datetime, rng: np.random.Generator) -> None:
    """Live `DAYS_BEFORE_TRIAL` days and then a trial of `TRIAL_DAYS` days that ended yesterday.

    Everything goes through the same doors as a real person's: safety check, sessions, ratings, trial.
    """
    first = now.replace(hour=19, minute=0, second=0, microsecond=0) - timedelta(days=DAYS_BEFORE_TRIAL + TRIAL_DAYS)
    moods = _moods(rng)
    schedule: Schedule | None = None
    measure.name_complaint(db, 1, COMPLAINT, first)
    for number in range(DAYS_BEFORE_TRIAL + TRIAL_DAYS):
        at = first + timedelta(days=number)
        if number % 27 == 0:
            _screen(db, at)
        if number == DAYS_BEFORE_TRIAL:
            schedule = _begin(db, at)
        arm = _arm(schedule, at)
        _session(db, at, arm, rng)
        _evening(db, at, arm, next(moods), rng)
    _screen(db, now)


def _screen(db: Database, at: datetime) -> None:
    check = screen.resume(db, at)
    for rule in check.unanswered:
        screen.keep_answer(db, check.id, rule.id, "no", (), at)
    screen.finish(db, check.id, at)


def _begin(db: Database, at: datetime) -> Schedule:
    begun = answer.begin(
        db,
        "demo-trial",
        scale="pain",
        versus="rest",
        days=TRIAL_DAYS,
        block_days=BLOCK_DAYS,
        washin_days=0,
        starts_on=at.date(),
        seed=7,
        now=at,
    )
    return begun.schedule


def _arm(schedule: Schedule | None, at: datetime) -> Arm:
    if schedule is None:
        return Arm.MAT
    return next(day.arm for day in schedule.days if day.on == at.date())


def _session(db: Database, at: datetime, arm: Arm, rng: np.random.Generator) -> None:
    if arm is Arm.NOTHING or rng.random() < 0.12:
        return
    session_id = f"demo-{at.date()}"
    try:
        started = guide.start(db, session_id, guide.TODAY, "no", at)
    except guide.NothingTodayError:
        return
    ended = at + timedelta(seconds=started.timeline.duration_s)
    _before_and_after(db, session_id, arm, at, ended, rng)
    guide.finish(db, session_id, started.session.planned_minutes, ended)
    if arm is Arm.MAT:
        felt = {"worst_pain_0_10": int(rng.integers(2, 6)), "dizzy": False, "warmth": True}
        guide.report(
            db,
            session_id,
            ended,
            nap_minutes=float(rng.choice([0, 0, 0, 2, 5])),
            tingling=bool(rng.random() < 0.6),
            **felt,
        )
        measure.keep_skin(db, session_id, "fine", at + timedelta(hours=14))


def _before_and_after(
    db: Database, session_id: str, arm: Arm, at: datetime, ended: datetime, rng: np.random.Generator
) -> None:
    """Lying down relaxes this person; the mat adds a little."""
    before = 4.5 + rng.normal(0, 1.2)
    after = 3.0 + 0.7 * before + RELAXES[arm] + rng.normal(0, 0.8)
    for moment, value, when in ((Moment.BEFORE, before, at), (Moment.AFTER, after, ended)):
        rated = str(int(np.clip(round(value), 0, 10)))
        measure.keep(db, f"{session_id}-{moment}-relaxation", "relaxation", moment, rated, when, session_id)


def _evening(db: Database, at: datetime, arm: Arm, mood: float, rng: np.random.Generator) -> None:
    effect = {Arm.MAT: MAT_EFFECT, Arm.REST: REST_EFFECT, Arm.NOTHING: 0.0}[arm]
    if rng.random() < 0.1:
        return
    evening = at + timedelta(hours=2)
    true = {"pain": USUAL_PAIN + effect + mood, "stress": 5.0 + 0.7 * mood, "sleep": 6.2 - 0.6 * mood}
    true["complaint_1"] = USUAL_PAIN + 0.5 + 0.6 * effect + mood
    for scale, value in true.items():
        rated = int(np.clip(round(value + rng.normal(0, 0.3)), 0, 10))
        measure.keep(db, f"demo-{scale}-{at.date()}", scale, Moment.EVENING, str(rated), evening)


def _moods(rng: np.random.Generator) -> Iterator[float]:
    mood = rng.normal(0, SPREAD)
    while True:
        yield float(mood)
        mood = RHO * mood + rng.normal(0, SPREAD * (1 - RHO**2) ** 0.5)
