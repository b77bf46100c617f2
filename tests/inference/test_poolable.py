from __future__ import annotations

from dataclasses import replace

from matwise.inference.poolable import BOUND, NO_EFFECT, NO_VARIANCE, Candidate, judge

ONE = Candidate("A 2010", "pain", "waiting", "two weeks", "g", -0.7, 0.09)
TWO = replace(ONE, study="B 2012", effect=-1.0)


def test_studies_that_ask_the_same_may_be_pooled() -> None:
    judged = judge([ONE, TWO])

    assert judged.usable == (ONE, TWO)
    assert judged.refused == ()


def test_what_asks_something_else_is_not_pooled_and_it_says_what_differs() -> None:
    for other, named in (
        (replace(TWO, comparator="the same rest"), "what they compare with: the same rest, waiting"),
        (replace(TWO, outcome="sleep"), "what was measured: pain, sleep"),
        (replace(TWO, span="a year"), "when it was measured: a year, two weeks"),
        (replace(TWO, metric="points"), "the kind of effect: g, points"),
    ):
        (refused,) = judge([ONE, other]).refused
        assert named in refused


def test_the_same_people_do_not_count_twice() -> None:
    (refused,) = judge([ONE, TWO, replace(TWO, effect=-0.5)]).refused

    assert refused == "B 2012 would count 2 times, with the same people."


def test_what_can_not_be_used_is_left_out_by_name_and_the_others_are_pooled() -> None:
    unknown = replace(ONE, study="C", effect=None)
    unsure = replace(ONE, study="D", variance=None)
    bound = replace(ONE, study="E", effect=None, is_bound=True)
    judged = judge([ONE, unknown, TWO, unsure, bound])

    assert judged.usable == (ONE, TWO)
    assert judged.left_out == ((unknown, NO_EFFECT), (unsure, NO_VARIANCE), (bound, BOUND))
    assert judged.refused == ()


def test_one_study_is_no_pool() -> None:
    assert judge([ONE]).refused == ("Only 1 of them can be used; to pool takes two.",)
