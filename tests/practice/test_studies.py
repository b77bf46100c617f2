from __future__ import annotations

from dataclasses import replace

import pytest

from matwise.content.studies import results
from matwise.practice.studies import FROM_MEANS, derive, questions
from matwise.practice.studies_words import said_together, together


def test_two_trials_of_one_question_are_pooled_and_their_doubt_is_said() -> None:
    found = next(one for one in questions() if one.derived[0].result.outcome_kind == "pressure_pain_threshold")
    effects = [round(one.effect.value, 2) for one in found.derived if one.effect]
    told = together(found)

    assert effects == [0.69, 0.79]
    assert told is not None
    mean, low, high = told
    assert mean == pytest.approx(0.74, abs=0.01)
    assert (low, high) == pytest.approx((0.02, 1.46), abs=0.02)
    assert "nobody can tell how far true effects differ" in said_together(found)[1]


def test_a_bound_is_left_out_by_name_and_one_study_alone_is_not_pooled() -> None:
    found = next(one for one in questions() if one.derived[0].result.outcome_kind == "pain")
    ((left_out, why),) = found.judged.left_out

    assert left_out.study == "Hohmann 2012, back"
    assert "only a bound" in why
    assert together(found) is None
    assert said_together(found) == ("Only 1 of them can be used; to pool takes two.",)


def test_what_is_better_when_it_is_less_counts_for_the_mat() -> None:
    saha = next(one for one in results() if one.id == "saha_2016.disability.two_weeks")
    effect = derive(saha).effect

    assert effect is not None
    assert effect.value == 4.6
    assert effect.variance**0.5 == pytest.approx(1.02, abs=0.005)


def test_printed_means_go_before_everything_else_and_without_a_deviation_there_is_no_effect() -> None:
    bare = next(one for one in results() if one.id == "kjellgren_2011.pain.three_weeks")
    told = replace(bare, mat_mean=3.0, mat_sd=2.0, n_mat=20, control_mean=4.0, control_sd=2.0, n_control=20)

    assert derive(bare).effect is None
    assert derive(told).how == FROM_MEANS
    assert derive(told).effect is not None
    assert derive(replace(told, mat_sd=None)).effect is None
