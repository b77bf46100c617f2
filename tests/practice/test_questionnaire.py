from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from matwise.errors import InvalidInputError
from matwise.measures.questionnaire import Size
from matwise.practice import measure
from matwise.practice import questionnaire as practice
from matwise.practice import questionnaire_words as words
from matwise.store import questionnaires
from matwise.store.database import Database

from .people import MONDAY_EVENING, a_database, answers_all

MONTH = timedelta(days=28)


def answer(db: Database, name: str, value: str, months: int = 0, **but: str) -> None:
    given = {one.id: value for one in practice.find(db, name).instrument.items} | but
    answers = practice.checked(db, name, given, incomplete=True)
    practice.finish(db, name, f"form-{months}", answers, MONDAY_EVENING + months * MONTH)


def test_where_am_i_today_is_due_after_the_safety_check_and_every_four_weeks(tmp_path: Path) -> None:
    with a_database(tmp_path) as db:
        assert not practice.due(db, MONDAY_EVENING)
        answers_all(db)
        assert practice.due(db, MONDAY_EVENING)
        answer(db, "snapshot", "3")
        assert practice.due(db, MONDAY_EVENING)  # our own form never stands alone
        answer(db, "phq4", "1")

        assert not practice.due(db, MONDAY_EVENING + timedelta(days=27))
        assert practice.due(db, MONDAY_EVENING + MONTH)


def test_a_score_needs_its_answers_unless_the_person_keeps_it_without(tmp_path: Path) -> None:
    with a_database(tmp_path) as db:
        with pytest.raises(practice.UnansweredError) as refused:
            practice.checked(db, "gad7", {"nervous": "1", "relaxing": ""})
        answer(db, "gad7", "1", relaxing="")
        result = practice.result(db, "gad7")

        assert len(refused.value.missing) == 6
        assert result is not None
        assert words.headline(result) == "GAD-7: no score, since answers are missing"
        assert any("Trouble relaxing" in said for said in words.rests_on(result))


def test_the_latest_of_a_day_counts_and_the_same_form_twice_is_kept_once(tmp_path: Path) -> None:
    with a_database(tmp_path) as db:
        for value in ("1", "1", "2"):
            answer(db, "phq8", value)
        result = practice.result(db, "phq8")

        assert result is not None
        assert [one.score.value for one in result.entries] == [16]
        with db.read() as c:
            assert len(questionnaires.all_of(c, "me", "phq8")) == 2


def test_a_change_is_told_with_what_it_is_held_against(tmp_path: Path) -> None:
    with a_database(tmp_path) as db:
        answer(db, "gad7", "2")
        answer(db, "gad7", "1", 1)
        answer(db, "gad7", "1", 2, nervous="0")
        result = practice.result(db, "gad7")

        assert result is not None
        assert result.since_first is not None
        assert result.since_first.size is Size.MEANINGFUL
        assert result.since_last is not None
        assert result.since_last.size is None
        first, last, because = words.changes(result)
        assert first == (
            "14 on 23 November 2026, 6 now. That is better by enough to matter: "
            "it takes 4.0 points where somebody begins at 14."
        )
        assert last.startswith("7 on 21 December 2026, 6 now. That is not enough to matter yet")
        assert "28 %" in because
        assert words.own_range(result) == "Your 3 scores so far lie between 6 and 14; half of them are at or below 7."


def test_who_begins_mild_is_told_that_getting_better_cannot_show(tmp_path: Path) -> None:
    with a_database(tmp_path) as db:
        answer(db, "gad7", "0", worrying="3")
        answer(db, "gad7", "0", 1)
        result = practice.result(db, "gad7")

        assert result is not None
        assert "can’t get better by 4.0 points" in words.changes(result)[0]


def test_where_no_change_is_known_to_matter_no_verdict_is_given(tmp_path: Path) -> None:
    with a_database(tmp_path) as db:
        answer(db, "phq4", "3")
        answer(db, "phq4", "0", 1)
        result = practice.result(db, "phq4")

        assert result is not None
        moved, because = words.changes(result)
        assert moved == "12 on 23 November 2026, 0 now."
        assert "no verdict" in because


def test_answers_that_worry_bring_help_and_those_under_way_too(tmp_path: Path) -> None:
    with a_database(tmp_path) as db:
        practice.keep_answer(db, "phq4", "nervous", "3", MONDAY_EVENING)
        under_way = practice.help_so_far(db, "snapshot", MONDAY_EVENING)
        practice.keep_answer(db, "snapshot", "chest", "9", MONDAY_EVENING)
        body = practice.help_so_far(db, "phq4", MONDAY_EVENING)
        answer(db, "phq8", "2")
        result = practice.result(db, "phq8")

        assert under_way is not None
        assert under_way.lines
        assert body is not None
        assert "chest pain" in body.say
        assert result is not None
        assert result.help == under_way


def test_what_was_left_lying_yesterday_is_not_mixed_with_today(tmp_path: Path) -> None:
    with a_database(tmp_path) as db:
        practice.keep_answer(db, "phq4", "nervous", "3", MONDAY_EVENING)

        assert practice.typed(db, "phq4", MONDAY_EVENING) == {"nervous": "3"}
        assert practice.typed(db, "phq4", MONDAY_EVENING + timedelta(days=1)) == {}


def test_two_complaints_are_asked_in_own_words_and_compared_on_the_same_ones(tmp_path: Path) -> None:
    with a_database(tmp_path) as db:
        assert practice.find(db, "two_complaints").instrument.items == ()
        measure.name_complaint(db, 1, "stiff neck", MONDAY_EVENING)
        measure.name_complaint(db, 2, "cold feet", MONDAY_EVENING)
        asked = [one.text for one in practice.find(db, "two_complaints").instrument.items]
        answer(db, "two_complaints", "8")
        measure.name_complaint(db, 2, "bad sleep", MONDAY_EVENING + MONTH)
        answer(db, "two_complaints", "6", 1)
        result = practice.result(db, "two_complaints")

        assert asked[0] == "How strong was this in the last week: stiff neck?"
        assert result is not None
        assert result.since_first is not None
        assert (result.since_first.by, result.since_first.items) == (-2, 1)
        assert result.entries[0].score.value == 8


def test_a_told_score_is_taken_only_where_the_questions_are_not_asked(tmp_path: Path) -> None:
    with a_database(tmp_path) as db:
        practice.tell(db, "isi", "t", "14", MONDAY_EVENING)
        told = practice.result(db, "isi")

        assert told is not None
        assert words.headline(told) == "ISI: 14 of 28"
        with pytest.raises(InvalidInputError):
            practice.tell(db, "phq4", "t", "5", MONDAY_EVENING)
        with pytest.raises(practice.NoSuchQuestionnaireError, match="roland_morris"):
            practice.find(db, "phq9")


def test_nothing_ticked_is_an_answer_and_nothing_given_is_none(tmp_path: Path) -> None:
    with a_database(tmp_path) as db:
        practice.finish(db, "roland_morris", "f", practice.checked(db, "roland_morris", {}), MONDAY_EVENING)
        result = practice.result(db, "roland_morris")

        assert result is not None
        assert words.headline(result) == "Roland-Morris: 0 of 24"
        with pytest.raises(InvalidInputError, match="no answer at all"):
            practice.checked(db, "snapshot", {"head": " "})
