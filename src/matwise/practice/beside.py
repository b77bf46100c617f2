"""What stands beside the answer: the moment right after a session, the other ratings, and a report for a clinician."""

from __future__ import annotations

from datetime import datetime
from importlib.metadata import version
from typing import TYPE_CHECKING

from matwise.measures.day import day_of
from matwise.measures.rating import Moment
from matwise.practice import measure
from matwise.practice.answer import answer, latest
from matwise.sentence import Sentence
from matwise.store.database import Database
from matwise.store.trials import KeptTrial
from matwise.trial.design import Arm

# What calculates is imported where it is needed: the first page does not wait for it.
if TYPE_CHECKING:
    from matwise.trial.acute import AcuteAnswer
    from matwise.trial.outcomes import Several
    from matwise.trial.randomisation import RandomisationTest
    from matwise.trial.report import CentReport

NAMED = Sentence("“{rating}”")


def right_after(db: Database) -> tuple[AcuteAnswer, ...]:
    """What mat sessions do right away beside rest sessions, for each scale that was rated before and after any."""
    from matwise.trial.acute import SessionRatings, answer_sessions

    kept = [one for one in measure.of_sessions(db) if one.after]
    return tuple(
        answer_sessions(
            [
                SessionRatings(
                    at=one.session.started_at,
                    day=one.session.day,
                    arm=one.session.arm.value,
                    scale=scale.id,
                    before=float(one.before[scale.id].value_0_10) if scale.id in one.before else None,
                    after=float(one.after[scale.id].value_0_10),
                )
                for one in kept
                if scale.id in one.after
            ],
            scale,
        )
        for scale in measure.scales_ever(db)
        if any(scale.id in one.changes for one in kept)
    )


def all_ratings(db: Database, trial: KeptTrial, now: datetime) -> Several | None:
    """Every evening rating of the trial's days side by side; None while only one rating was given."""
    from matwise.trial.from_schedule import GivenRatings, several_in

    primary = trial.schedule.design.question.scale
    first, last = trial.schedule.days[0].on, trial.schedule.days[-1].on
    evening = [one for one in measure.scales_ever(db) if Moment.EVENING in one.moments]
    asked = [*evening, *(one for one in measure.outcomes(db) if one.id == primary and one not in evening)]
    by_day = {one.id: measure.by_day(db, one.id) for one in asked}
    given = []
    for one in asked:
        values = tuple((on, float(value)) for on, value in sorted(by_day[one.id].items()) if first <= on <= last)
        if values or one.id == primary:
            given.append(GivenRatings(one, NAMED.format(rating=one.own_words or one.question), values))
    if len(given) < 2:
        return None
    return several_in(trial.schedule, tuple(given), day_of(now), ended=trial.ended_at is not None)


def prepare(db: Database, now: datetime) -> None:
    """Work out what the answer page will show, so that the next look at it waits for nothing."""
    trial = latest(db)
    if trial is not None:
        answer(db, trial, now)
        all_ratings(db, trial, now)
        randomisation(db, trial, now)
    right_after(db)


def randomisation(db: Database, trial: KeptTrial, now: datetime) -> RandomisationTest | None:
    """The check that needs no model; None while the trial runs, or where no other deal could look any different."""
    import numpy as np

    from matwise.trial.randomisation import randomisation_test

    found = answer(db, trial, now)
    if found.running:
        return None
    on = {day.day: day.on for day in trial.schedule.days}
    given = {on[day.day]: day.y for day in found.days if day.y is not None}
    chance = np.random.Generator(np.random.PCG64(trial.schedule.design.seed))
    contrast = (Arm(found.compared[0]), Arm(found.compared[1]))
    return randomisation_test(trial.schedule, given, contrast, chance)


def report(db: Database, trial: KeptTrial, now: datetime) -> CentReport:
    """The trial by the items of CENT 2015: a paragraph, its periods, a table."""
    from matwise.trial.report import cent_report

    tested = randomisation(db, trial, now)
    return cent_report(
        answer(db, trial, now),
        trial.schedule,
        version=version("matwise"),
        randomisation_p=None if tested is None else tested.p,
    )
