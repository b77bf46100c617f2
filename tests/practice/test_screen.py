from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from matwise.errors import InvalidInputError
from matwise.practice import connect, guide, screen
from matwise.screening.gate import NotAllowedError
from matwise.screening.rule import Outcome
from matwise.settings import Settings

from .people import MONDAY_EVENING, a_database, answers_all

CONTRAINDICATED: dict[str, dict[str, tuple[str, tuple[str, ...]]]] = {
    "pregnant": {"pregnancy": ("yes", ())},
    "does not know about blood thinners": {"blood_thinner": ("unknown", ())},
    "eczema on the back": {"eczema": ("yes", ("upper_back", "lower_back"))},
    "all three": {
        "pregnancy": ("yes", ()),
        "blood_thinner": ("unknown", ()),
        "eczema": ("yes", ("upper_back", "lower_back")),
    },
}


@pytest.mark.parametrize("who", CONTRAINDICATED)
def test_a_contraindicated_person_never_starts_a_session(tmp_path: Path, who: str) -> None:
    with a_database(tmp_path) as db:
        verdict = answers_all(db, but=CONTRAINDICATED[who])

        assert verdict.outcome >= Outcome.ASK_A_CLINICIAN
        for changed in ("no", "yes", "unknown"):
            with pytest.raises(NotAllowedError):
                guide.start(db, f"session-{changed}", guide.TODAY, changed, MONDAY_EVENING)


def test_somebody_who_was_never_asked_does_not_start(tmp_path: Path) -> None:
    with a_database(tmp_path) as db, pytest.raises(NotAllowedError):
        guide.start(db, "session-0", guide.TODAY, "no", MONDAY_EVENING)


def test_an_answer_left_out_is_not_a_finished_check(tmp_path: Path) -> None:
    with a_database(tmp_path) as db:
        check = screen.resume(db, MONDAY_EVENING)
        for rule in check.unanswered[:-1]:
            screen.keep_answer(db, check.id, rule.id, "no", (), MONDAY_EVENING)

        with pytest.raises(screen.UnansweredError) as error:
            screen.finish(db, check.id, MONDAY_EVENING)
        assert error.value.missing == (check.unanswered[-1],)


def test_a_check_goes_on_where_it_was_left(tmp_path: Path) -> None:
    with a_database(tmp_path) as db:
        check = screen.resume(db, MONDAY_EVENING)
        screen.keep_answer(db, check.id, check.unanswered[0].id, "no", (), MONDAY_EVENING)
        later = screen.resume(db, MONDAY_EVENING + timedelta(hours=5))

        assert later.id == check.id
        assert later.unanswered == check.unanswered[1:]


def test_a_check_expires(tmp_path: Path) -> None:
    with a_database(tmp_path) as db:
        verdict = answers_all(db)
        too_late = MONDAY_EVENING + (verdict.valid_until - MONDAY_EVENING.date()) + timedelta(days=1)

        with pytest.raises(NotAllowedError) as refusal:
            guide.start(db, "session-0", guide.TODAY, "no", too_late)
        assert refusal.value.ask_again


@pytest.mark.parametrize("reply", ["yes", "unknown"])
def test_saying_that_something_changed_closes_the_mat_until_the_check_is_done_again(tmp_path: Path, reply: str) -> None:
    with a_database(tmp_path) as db:
        answers_all(db)
        with pytest.raises(NotAllowedError):
            guide.start(db, "session-1", guide.TODAY, reply, MONDAY_EVENING)
        later = MONDAY_EVENING + timedelta(minutes=1)

        with pytest.raises(NotAllowedError) as refusal:
            guide.start(db, "session-2", guide.TODAY, "no", later)
        assert refusal.value.ask_again
        answers_all(db, later)
        assert guide.start(db, "session-3", guide.TODAY, "no", later + timedelta(minutes=1)).session.id == "session-3"


def test_a_red_flag_in_a_newer_check_counts_before_it_is_finished(tmp_path: Path) -> None:
    with a_database(tmp_path) as db:
        answers_all(db)
        check = screen.resume(db, MONDAY_EVENING)
        flag = check.unanswered[0]
        screen.keep_answer(db, check.id, flag.id, "yes", (), MONDAY_EVENING)

        urgent = screen.help_now(screen.resume(db, MONDAY_EVENING), MONDAY_EVENING)
        assert urgent is not None
        assert urgent.outcome is Outcome.GET_HELP_NOW
        with pytest.raises(NotAllowedError):
            guide.start(db, "session-0", guide.TODAY, "no", MONDAY_EVENING)


def test_an_answer_that_is_not_on_offer_is_refused_with_what_would_be(tmp_path: Path) -> None:
    with a_database(tmp_path) as db:
        check = screen.resume(db, MONDAY_EVENING)

        with pytest.raises(InvalidInputError, match="no, yes or unknown"):
            screen.keep_answer(db, check.id, check.unanswered[0].id, "maybe", (), MONDAY_EVENING)
        with pytest.raises(InvalidInputError, match="the id of a question"):
            screen.keep_answer(db, check.id, "horoscope", "no", (), MONDAY_EVENING)


def test_answers_of_an_old_unfinished_check_are_asked_again(tmp_path: Path) -> None:
    with a_database(tmp_path) as db:
        check = screen.resume(db, MONDAY_EVENING)
        for rule in check.unanswered[:-1]:
            screen.keep_answer(db, check.id, rule.id, "no", (), MONDAY_EVENING)
        later = MONDAY_EVENING + timedelta(days=90)
        screen.keep_answer(db, check.id, check.unanswered[-1].id, "no", (), later)

        assert len(screen.resume(db, later).unanswered) == check.asked - 1
        with pytest.raises(screen.UnansweredError):
            screen.finish(db, check.id, later)


def test_a_doubt_counts_even_when_the_clock_was_put_back(tmp_path: Path) -> None:
    with a_database(tmp_path) as db:
        answers_all(db)
        with pytest.raises(NotAllowedError):
            guide.start(db, "session-1", guide.TODAY, "yes", MONDAY_EVENING - timedelta(hours=1))

        with pytest.raises(NotAllowedError):
            guide.start(db, "session-2", guide.TODAY, "no", MONDAY_EVENING + timedelta(minutes=10))


def test_a_restored_backup_does_not_bring_an_old_go_back(tmp_path: Path) -> None:
    settings = Settings(tmp_path, 0)
    with a_database(tmp_path) as db:
        answers_all(db)
    copy = connect.backup(settings, tmp_path / "copies", MONDAY_EVENING)
    connect.restore(settings, copy, MONDAY_EVENING + timedelta(hours=1))

    with a_database(tmp_path) as db, pytest.raises(NotAllowedError):
        guide.start(db, "session-0", guide.TODAY, "no", MONDAY_EVENING + timedelta(hours=2))
