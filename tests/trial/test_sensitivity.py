"""Whether the verdict hangs on what can't be known."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from matwise.trial.analysis import VerdictOfDays
from matwise.trial.answer import Answer
from matwise.trial.from_table import answer_table
from matwise.trial.sensitivity import Hinge, Sensitivity, Variant
from tests.trial.builders import a_table, noisy


def ask(pain: Sequence[object], carryover: str = "average") -> Answer:
    return answer_table(a_table(pain), "pain", carryover=carryover)


def doubts(answer: Answer) -> Sensitivity:
    assert answer.sensitivity is not None
    return answer.sensitivity


def under(answer: Answer, hinge: Hinge) -> list[Variant]:
    return [one for one in doubts(answer).variants if one.hinge is hinge]


def test_a_large_difference_hangs_on_nothing() -> None:
    answer = ask(noisy(60, mat=-4))

    assert answer.verdict is VerdictOfDays.HELPS
    assert doubts(answer).hangs_on == ()
    assert "hangs on" not in " ".join(answer.sentences)


def test_a_verdict_that_hangs_on_something_says_on_what_and_what_it_would_be() -> None:
    answer = ask(noisy(40, mat=-1.3), carryover="none")
    said = " ".join(answer.sentences)

    assert answer.verdict is VerdictOfDays.HELPS
    assert {one.verdict for one in doubts(answer).hangs_on} == {VerdictOfDays.NOT_ENOUGH_DAYS}
    assert "This verdict hangs on what can't be known" in said
    assert "it would be “not enough days yet”" in said


def test_carry_over_of_none_one_and_two_days_is_tried_whatever_was_asked() -> None:
    tried = [under(ask(noisy(60), carryover=given), Hinge.CARRYOVER) for given in ("none", "average", "1")]

    assert tried[0] == tried[1] == tried[2]
    assert len(tried[0]) == 3  # blocks of two days have no day left two days after a switch


def test_the_variant_that_leaves_one_day_out_is_the_answer_that_was_asked_to() -> None:
    left_out = ask(noisy(60), carryover="1")
    variant = under(ask(noisy(60), carryover="none"), Hinge.CARRYOVER)[1]

    assert left_out.effect is not None
    assert variant.mean == pytest.approx(left_out.effect.mean)
    assert (variant.low, variant.high) == pytest.approx((left_out.effect.q025, left_out.effect.q975))


def test_a_sceptic_finds_less_and_an_open_mind_finds_more() -> None:
    answer = ask(noisy(30, mat=-3))
    sceptic, open_minded = under(answer, Hinge.PRIOR)

    assert answer.effect is not None
    assert open_minded.mean < answer.effect.mean < sceptic.mean < 0


def test_without_missing_days_there_is_no_worst_case_of_them() -> None:
    assert under(ask(noisy(60)), Hinge.MISSING) == []


def test_the_worst_case_moves_the_difference_by_the_share_missing_in_both_arms() -> None:
    pain: list[object] = [*noisy(60)]
    pain[4] = pain[5] = pain[6] = None  # two mat days and a rest day of thirty each
    answer = ask(pain, carryover="none")
    worst = under(answer, Hinge.MISSING)[0]

    assert answer.effect is not None
    assert worst.mean - answer.effect.mean == pytest.approx(3 / 30)


def test_where_there_are_too_few_days_nothing_is_tried() -> None:
    assert ask(noisy(10)).sensitivity is None


def test_the_days_of_the_week_are_tried_from_four_weeks_on() -> None:
    assert under(ask(noisy(27)), Hinge.WEEKDAY) == []
    assert len(under(ask(noisy(28)), Hinge.WEEKDAY)) == 1
