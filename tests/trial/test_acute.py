"""Does it help right now?"""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import numpy as np
import pytest

from matwise.errors import InvalidInputError
from matwise.measures.rating import Better, Moment, Scale
from matwise.trial.acute import AcuteAnswer, SessionRatings, answer_sessions
from matwise.trial.analysis import VerdictOfDays

STRESS = Scale("stress", "How tense are you?", "not at all", "very", Better.LOWER, 1.0, (Moment.BEFORE, Moment.AFTER))
START = datetime(2026, 11, 23, 18, tzinfo=UTC)


def a_session(
    nth: int, arm: str = "mat", before: float | None = 6, after: float | None = 4, scale: str = "stress"
) -> SessionRatings:
    at = START + timedelta(days=nth)
    return SessionRatings(at, at.date(), arm, scale, before, after)


def some_sessions(n: int = 24, *, mat: float = -2.0, seed: int = 1, noise: float = 1.0) -> list[SessionRatings]:
    rng = np.random.Generator(np.random.PCG64(seed))
    out = []
    for nth in range(n):
        arm = ("mat", "rest")[(nth + nth // 2) % 2]
        before = 6 + 1.5 * rng.standard_normal()
        after = 5 + 0.5 * (before - 6) + mat * (arm == "mat") + noise * rng.standard_normal()
        out.append(a_session(nth, arm, float(np.clip(np.rint(before), 0, 10)), float(np.clip(np.rint(after), 0, 10))))
    return out


def ask(sessions: list[SessionRatings], *, finished: bool = True) -> AcuteAnswer:
    return answer_sessions(sessions, STRESS, finished=finished)


def test_a_clear_difference_right_after_helps_right_away() -> None:
    answer = ask(some_sessions())

    assert answer.verdict is VerdictOfDays.HELPS
    assert answer.sentence.startswith("The mat helps you right away: just after mat sessions your ratings were about")
    assert answer.sentence.endswith("points lower than just after rest sessions.")


def test_where_higher_is_better_the_same_sessions_make_it_worse() -> None:
    answer = answer_sessions(some_sessions(), replace(STRESS, better=Better.HIGHER), finished=True)

    assert answer.verdict is VerdictOfDays.MAKES_WORSE
    assert answer.p_benefit is not None
    assert answer.p_benefit < 0.01


def test_many_sessions_without_a_difference_say_so() -> None:
    answer = ask(some_sessions(80, mat=0.0, seed=4))

    assert answer.verdict is VerdictOfDays.NO_DIFFERENCE
    assert "give or take 1 point" in answer.sentence


def test_looking_after_every_session_asks_for_more_certainty() -> None:
    between = [
        sessions
        for seed in range(24)
        if 0.975 <= (ask(sessions := some_sessions(12, mat=-1.5, seed=seed)).p_benefit or 0.0) < 0.995
    ]

    assert between
    assert {ask(one).verdict for one in between} == {VerdictOfDays.HELPS}
    assert {ask(one, finished=False).verdict for one in between} == {VerdictOfDays.NOT_ENOUGH_DAYS}


def test_the_mat_alone_gives_a_change_and_never_a_verdict() -> None:
    answer = ask([a_session(nth, after=3 + nth % 2) for nth in range(20)])

    assert answer.verdict is VerdictOfDays.NOT_ENOUGH_DAYS
    assert answer.sentence == (
        "Not enough sessions yet: none of the rest sessions is rated before and after, and an answer needs at least 3 "
        "of each kind."
    )
    assert answer.effect is None
    assert answer.change_by_arm["mat"].q975 < 0
    assert any(said.startswith("Over your mat sessions the rating fell by 2.") for said in answer.sentences)
    assert any("is not yet the work of the mat" in said for said in answer.sentences)


@pytest.mark.parametrize("n", [4, 6])
def test_too_few_sessions_give_no_verdict_however_clear_they_look(n: int) -> None:
    answer = ask(some_sessions(n, mat=-5.0, noise=0.5))

    assert answer.verdict is VerdictOfDays.NOT_ENOUGH_DAYS
    assert answer.sentence.startswith("Not enough sessions yet: ")


def test_eight_very_clear_sessions_are_enough() -> None:
    assert ask(some_sessions(8, mat=-4.0, noise=0.5)).verdict is VerdictOfDays.HELPS


def test_a_session_with_one_rating_is_counted_as_incomplete_and_said() -> None:
    answer = ask([*some_sessions(), a_session(40, after=None)])

    assert (answer.sessions_used, answer.sessions_incomplete) == (24, 1)
    assert "1 session has only one rating and can't be counted." in answer.sentences


def test_other_scales_and_the_order_play_no_part() -> None:
    sessions = some_sessions()
    mixed = [a_session(nth, scale="pain", after=9) for nth in range(10)] + sessions[::-1]

    assert ask(mixed) == ask(sessions)


def test_no_session_at_all_is_an_honest_answer() -> None:
    answer = ask([])

    assert answer.verdict is VerdictOfDays.NOT_ENOUGH_DAYS
    assert answer.sessions_used == 0


def test_ratings_that_are_the_same_every_time_make_no_difference() -> None:
    answer = ask([a_session(nth, ("mat", "rest")[nth % 2]) for nth in range(20)])

    assert answer.verdict is VerdictOfDays.NO_DIFFERENCE


def test_a_third_kind_of_session_leaves_the_question_as_it_was() -> None:
    third = [a_session(30 + nth, "breathing", after=2 + nth % 3) for nth in range(6)]
    answer = ask([*some_sessions(), *third])

    assert answer.verdict is VerdictOfDays.HELPS
    assert set(answer.change_by_arm) == {"mat", "rest", "breathing"}


def test_the_answer_is_ready_for_json() -> None:
    again = json.loads(json.dumps(ask(some_sessions()).to_json()))

    assert again["verdict"] == "helps"
    assert set(again["effect"]) == {"mean", "sd", "q025", "q50", "q975"}


def test_everything_wrong_with_the_sessions_is_named_at_once() -> None:
    naive = SessionRatings(datetime(2026, 11, 23, 18), date(2026, 11, 23), "mat", "stress", 11, 3)  # noqa: DTZ001 – the case
    with pytest.raises(InvalidInputError) as caught:
        ask([a_session(0), a_session(0), naive])

    wrong = [str(problem) for problem in caught.value.problems]
    assert len(wrong) == 3
    assert "got 11; want a number from 0 to 10" in wrong[0]
