from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from matwise.content.ladder import ladder
from matwise.errors import InvalidInputError
from matwise.practice import answer, guide, minutes_on_mat, plan
from matwise.practice.wishes import Wanted
from matwise.screening.gate import NotAllowedError
from matwise.trial.design import Arm

from .people import MONDAY_EVENING, a_database, answers_all


def test_the_first_session_is_the_gentlest_rung(tmp_path: Path) -> None:
    with a_database(tmp_path) as db:
        answers_all(db)
        started = guide.start(db, "session-0", guide.TODAY, "no", MONDAY_EVENING)

        assert (started.session.rung, started.session.planned_minutes, started.session.arm) == (0, 5, Arm.MAT)
        on_mat_s = started.timeline.on_mat_until_s - started.timeline.on_mat_from_s
        assert on_mat_s == pytest.approx(300, abs=0.5)


def test_the_same_start_sent_twice_is_one_session(tmp_path: Path) -> None:
    with a_database(tmp_path) as db:
        answers_all(db)
        first = guide.start(db, "session-0", guide.TODAY, "no", MONDAY_EVENING)
        again = guide.start(db, "session-0", guide.TODAY, "no", MONDAY_EVENING + timedelta(seconds=2))

        assert again.session == first.session
        assert again.timeline == first.timeline


def test_a_claimed_length_never_exceeds_the_time_that_passed(tmp_path: Path) -> None:
    with a_database(tmp_path) as db:
        answers_all(db)
        guide.start(db, "session-0", guide.TODAY, "no", MONDAY_EVENING)
        ended = guide.finish(db, "session-0", 400.0, MONDAY_EVENING + timedelta(minutes=3))

        assert ended.minutes == pytest.approx(3)


@pytest.mark.parametrize(
    ("wanted", "minutes", "planned", "most"),
    [(True, 5, 10, 10.0), (True, 10, 10, 10.0), (True, 7, 10, 7.0), (False, 5, 10, 5.0)],
    ids=["five more fit", "none left of the plan", "not five left", "not wished for"],
)
def test_five_more_minutes_count_where_the_plan_has_them_on_the_mat(
    *, wanted: bool, minutes: int, planned: int, most: float
) -> None:
    rung = next(one for one in ladder().rungs if one.minutes == planned)

    assert minutes_on_mat.most(Wanted(five_more=wanted), minutes, rung) == most


@pytest.mark.parametrize("reason", ["dizzy", "skin", "numb", "chest"])
def test_a_warning_sign_closes_the_mat_until_the_check_is_done_again(tmp_path: Path, reason: str) -> None:
    with a_database(tmp_path) as db:
        answers_all(db)
        guide.start(db, "session-1", guide.TODAY, "no", MONDAY_EVENING)
        guide.stop(db, "session-1", reason, 2, MONDAY_EVENING + timedelta(minutes=2))
        tomorrow = MONDAY_EVENING + timedelta(days=1)

        with pytest.raises(NotAllowedError):
            guide.session(db, "session-1", MONDAY_EVENING + timedelta(minutes=3))
        with pytest.raises(NotAllowedError):
            guide.start(db, "session-2", guide.TODAY, "no", tomorrow)
        assert plan.Due.SCREEN in plan.today(db, tomorrow).due


def test_every_reason_to_stop_says_what_to_do() -> None:
    reasons = guide.stop_reasons()

    assert {reason.id for reason in reasons} >= {"pain", "dizzy", "skin", "numb", "chest", "other"}
    assert all(reason.advice and (reason.sources or reason.id == "interrupted") for reason in reasons)


def test_a_reason_that_is_not_on_offer_is_refused(tmp_path: Path) -> None:
    with a_database(tmp_path) as db:
        answers_all(db)
        guide.start(db, "session-0", guide.TODAY, "no", MONDAY_EVENING)

        with pytest.raises(InvalidInputError, match="one of pain"):
            guide.stop(db, "session-0", "bored", 1, MONDAY_EVENING)


def test_the_trial_decides_what_today_is(tmp_path: Path) -> None:
    with a_database(tmp_path) as db:
        answers_all(db)
        trial = answer.begin(
            db,
            "t",
            scale="pain",
            versus="nothing",
            days=28,
            block_days=1,
            washin_days=0,
            starts_on=MONDAY_EVENING.date(),
            seed=3,
            now=MONDAY_EVENING,
        )
        for day in trial.schedule.days[:4]:
            at = MONDAY_EVENING + (day.on - MONDAY_EVENING.date())
            if day.arm is Arm.NOTHING:
                with pytest.raises(guide.NothingTodayError):
                    guide.start(db, f"session-{day.day}", guide.TODAY, "no", at)
            else:
                started = guide.start(db, f"session-{day.day}", guide.TODAY, "no", at)
                assert started.session.arm is day.arm

        assert {day.arm for day in trial.schedule.days[:4]} == {Arm.MAT, Arm.NOTHING}


def test_a_session_can_start_right_after_a_check_in_the_small_hours(tmp_path: Path) -> None:
    with a_database(tmp_path) as db:
        night = MONDAY_EVENING.replace(hour=1)
        answers_all(db, night)

        assert guide.start(db, "session-0", guide.TODAY, "no", night + timedelta(minutes=1)).session.rung == 0
