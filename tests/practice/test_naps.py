"""A trial that asks whether the mat makes one sleep in the session."""

from __future__ import annotations

import csv
from datetime import timedelta
from pathlib import Path

import pytest

from matwise.errors import InvalidInputError
from matwise.practice import answer, beside, connect, guide, measure, outlook, plan
from matwise.practice.plan import Due
from matwise.screening.rule import Reply
from matwise.store.database import Database
from matwise.trial.design import Arm
from tests.practice.people import MONDAY_EVENING, a_database, answers_all

DAYS = 20
MORNING = MONDAY_EVENING - timedelta(hours=10)


def asks_about_naps(db: Database, versus: str = "rest") -> None:
    answers_all(db)
    answer.begin(
        db,
        "00000000-trial",
        scale="nap",
        versus=versus,
        days=DAYS,
        block_days=1,
        washin_days=0,
        starts_on=MONDAY_EVENING.date(),
        seed=3,
        now=MORNING,
    )


def has_slept(db: Database, number: int, minutes: float) -> None:
    """The session of this day of the trial, with a nap of so many minutes."""
    begun = MONDAY_EVENING + timedelta(days=number)
    session = f"session-{number:04}"
    planned = guide.start(db, session, guide.TODAY, Reply.NO, begun).session.planned_minutes
    ended = begun + timedelta(minutes=planned + 3)
    guide.finish(db, session, planned, ended)
    guide.report(db, session, ended, nap_minutes=minutes)


def test_whoever_naps_on_the_mat_and_not_on_the_towel_is_told_so(tmp_path: Path) -> None:
    with a_database(tmp_path) as db:
        asks_about_naps(db)
        trial = answer.latest(db)
        assert trial is not None
        for number, day in enumerate(trial.schedule.days):
            if day.off:
                continue
            naps = (4.0, 3.0) if day.arm is Arm.MAT else (0.0, 1.0)
            has_slept(db, number, naps[number % 2])
        later = MONDAY_EVENING + timedelta(days=DAYS)
        found = answer.answer(db, trial, later)
        several = beside.all_ratings(db, trial, later)
        folder = next(path.parent for path in connect.export(db, tmp_path, later) if path.name == "days.csv")
        with (folder / "days.csv").open(encoding="utf-8") as file:
            rows = list(csv.DictReader(file))

    assert found.effect is not None
    assert found.p_benefit is not None
    assert found.p_benefit > 0.99
    assert 4 < found.effect.mean < 8  # of five minutes 3.5 on the mat against half a minute without
    assert several is None
    assert {row["nap"] for row in rows if row["arm"] == "mat"} == {"8", "6"}


def test_a_day_without_a_session_can_not_be_compared_by_naps(tmp_path: Path) -> None:
    with a_database(tmp_path) as db:
        for versus in ("nothing", "both"):
            with pytest.raises(InvalidInputError, match="there is no nap in it"):
                asks_about_naps(db, versus)
            with pytest.raises(InvalidInputError, match="there is no nap in it"):
                outlook.outlook(
                    db,
                    scale="nap",
                    versus=versus,
                    days=28,
                    block_days=1,
                    washin_days=0,
                    starts_on=MONDAY_EVENING.date(),
                    today=MONDAY_EVENING.date(),
                )


def test_naps_are_told_after_the_session_and_never_rated(tmp_path: Path) -> None:
    with a_database(tmp_path) as db:
        asks_about_naps(db)
        has_slept(db, 0, 2)
        tonight = MONDAY_EVENING + timedelta(hours=2)

        assert Due.EVENING not in plan.today(db, tonight).due
        assert "nap" not in {one.id for one in measure.evening(db, tonight).scales}
        with pytest.raises(InvalidInputError, match="this one is not rated"):
            measure.keep(db, "c", "nap", "evening", "3", tonight)
