from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest

from matwise.errors import InvalidInputError
from matwise.plan.rung import Move, SkinNextDay
from matwise.practice import answer, guide, measure, plan
from matwise.store.refusal import ConflictError

from .people import MONDAY_EVENING, a_database, answers_all


def test_a_rating_sent_twice_is_kept_once(tmp_path: Path) -> None:
    with a_database(tmp_path) as db:
        first = measure.keep(db, "c-1", "pain", "evening", "4", MONDAY_EVENING)
        again = measure.keep(db, "c-1", "pain", "evening", "4", MONDAY_EVENING + timedelta(seconds=9))

        assert again == first
        with pytest.raises(ConflictError):
            measure.keep(db, "c-1", "pain", "evening", "5", MONDAY_EVENING)


@pytest.mark.parametrize("value", ["12", "-1", "seven", "7.5", "", "٧", "1e1", "0x3", "NaN"])
def test_a_value_off_the_scale_is_refused_and_what_was_kept_stays(tmp_path: Path, value: str) -> None:
    with a_database(tmp_path) as db:
        measure.keep(db, "c-1", "pain", "evening", "4", MONDAY_EVENING)
        with pytest.raises(InvalidInputError, match="whole number from 0 to 10"):
            measure.keep(db, "c-2", "pain", "evening", value, MONDAY_EVENING)

        assert measure.evening(db, MONDAY_EVENING).given == {"pain": 4}


def test_a_rating_after_midnight_belongs_to_the_day_that_just_ended(tmp_path: Path) -> None:
    with a_database(tmp_path) as db:
        late = MONDAY_EVENING.replace(hour=1) + timedelta(days=1)
        measure.keep(db, "c-1", "pain", "evening", "4", late)
        measure.keep(db, "c-2", "pain", "evening", "6", late.replace(hour=21))

        days = dict(measure.recent(db, 5, late.replace(hour=22)))
        assert days == {date(2026, 11, 23): {"pain": 4}, date(2026, 11, 24): {"pain": 6}}


def test_a_complaint_in_own_words_gets_a_scale_of_its_own(tmp_path: Path) -> None:
    with a_database(tmp_path) as db:
        measure.name_complaint(db, 2, "  stiff   neck ", MONDAY_EVENING)
        measure.keep(db, "c-1", "complaint_2", "evening", "8", MONDAY_EVENING)

        evening = measure.evening(db, MONDAY_EVENING)
        assert evening.complaints == {2: "stiff neck"}
        assert "stiff neck" in next(scale.question for scale in evening.scales if scale.id == "complaint_2")
        assert evening.given == {"complaint_2": 8}


@pytest.mark.parametrize(("slot", "words"), [(3, "neck"), (1, "   "), (1, "x" * 61)])
def test_a_complaint_that_can_not_be_kept_says_why(tmp_path: Path, slot: int, words: str) -> None:
    with a_database(tmp_path) as db, pytest.raises(InvalidInputError, match="complaint"):
        measure.name_complaint(db, slot, words, MONDAY_EVENING)


def test_the_skin_is_asked_about_on_the_day_after_and_only_once(tmp_path: Path) -> None:
    with a_database(tmp_path) as db:
        answers_all(db)
        guide.start(db, "session-0", guide.TODAY, "no", MONDAY_EVENING)
        guide.finish(db, "session-0", 5, MONDAY_EVENING + timedelta(minutes=12))
        tomorrow = MONDAY_EVENING + timedelta(days=1)
        assert measure.evening(db, MONDAY_EVENING + timedelta(hours=1)).skin_due is None
        due = measure.evening(db, tomorrow).skin_due
        assert due is not None
        measure.keep_skin(db, due.id, "fine", tomorrow)

        assert measure.evening(db, tomorrow).skin_due is None
        with pytest.raises(InvalidInputError, match="one of fine, red"):
            measure.keep_skin(db, due.id, "green", tomorrow)


def test_what_is_typed_is_kept_before_it_is_valid(tmp_path: Path) -> None:
    with a_database(tmp_path) as db:
        measure.keep_draft(db, "complaint", "words", "stiff ne", MONDAY_EVENING)

    with a_database(tmp_path) as db:
        assert measure.drafts_of(db, "complaint") == {"words": "stiff ne"}


def test_red_skin_rests_the_mat_until_it_is_fine_and_the_first_look_stays_on_record(tmp_path: Path) -> None:
    with a_database(tmp_path) as db:
        answers_all(db)
        guide.start(db, "session-0", guide.TODAY, "no", MONDAY_EVENING)
        guide.finish(db, "session-0", 5, MONDAY_EVENING + timedelta(minutes=12))
        tuesday, wednesday = (MONDAY_EVENING + timedelta(days=n) for n in (1, 2))
        measure.keep_skin(db, "session-0", "red", tuesday)
        with pytest.raises(guide.NothingTodayError, match="red"):
            guide.start(db, "session-2", guide.TODAY, "no", tuesday)
        assert measure.evening(db, tuesday).skin_due is None
        assert measure.evening(db, wednesday).skin_due is not None
        measure.keep_skin(db, "session-0", "fine", wednesday)

        assert guide.start(db, "session-3", guide.TODAY, "no", wednesday).session.rung == 0
        kept = guide.find(db, "session-0")
        assert (kept.skin_next_day, kept.skin_later) == (SkinNextDay.RED, SkinNextDay.FINE)


def test_a_slip_about_the_skin_can_be_corrected_on_its_day(tmp_path: Path) -> None:
    with a_database(tmp_path) as db:
        answers_all(db)
        guide.start(db, "session-0", guide.TODAY, "no", MONDAY_EVENING)
        guide.finish(db, "session-0", 5, MONDAY_EVENING + timedelta(minutes=12))
        for value in ("red", "fine"):
            measure.keep_skin(db, "session-0", value, MONDAY_EVENING + timedelta(days=1))

        assert guide.find(db, "session-0").skin_next_day is SkinNextDay.FINE


def test_an_interruption_does_not_lead_back(tmp_path: Path) -> None:
    with a_database(tmp_path) as db:
        answers_all(db)
        for session_id, at in (("session-1", MONDAY_EVENING), ("session-2", MONDAY_EVENING + timedelta(days=1))):
            guide.start(db, session_id, guide.TODAY, "no", at)
            guide.stop(db, session_id, "interrupted", 2, at + timedelta(minutes=4))

        step = plan.today(db, MONDAY_EVENING + timedelta(days=2)).step
        assert step is not None
        assert step.move is not Move.BACK
        assert not any("ended" in why for why in step.because)


def test_an_ended_trial_keeps_the_words_of_its_question(tmp_path: Path) -> None:
    with a_database(tmp_path) as db:
        measure.name_complaint(db, 1, "stiff neck", MONDAY_EVENING)
        starts_on = MONDAY_EVENING.date() - timedelta(days=20)
        chosen = {"versus": "nothing", "days": 14, "block_days": 1, "washin_days": 0, "starts_on": starts_on, "seed": 3}
        answer.begin(db, "trial-1", scale="complaint_1", now=MONDAY_EVENING - timedelta(days=20), **chosen)  # type: ignore[arg-type]  # one of each
        answer.end(db, "done", MONDAY_EVENING)
        measure.name_complaint(db, 1, "sore knee", MONDAY_EVENING)
        measure.keep(db, "c-1", "complaint_1_2", "evening", "4", MONDAY_EVENING)
        trial = answer.latest(db)
        assert trial is not None

        assert "stiff neck" in measure.scale(db, trial.schedule.design.question.scale).question
        assert [one.own_words for one in measure.scales(db) if one.own_words] == ["sore knee"]
        assert measure.name_complaint(db, 1, "Stiff neck", MONDAY_EVENING).id == "complaint_1"
