"""What may be chosen, read from words."""

from __future__ import annotations

import pytest

from matwise.errors import InvalidInputError
from matwise.inference.priors import Normal, Priors
from matwise.inference.regression import AVERAGE, NONE, Carryover
from matwise.trial.options import (
    FREE,
    PriorChoice,
    RatingRange,
    read_carryover,
    read_compare,
    read_priors,
    read_range,
)


def test_a_scale_is_its_ends_or_free() -> None:
    assert read_range("0:10") == RatingRange(0, 10)
    assert read_range(" -5:5.5 ") == RatingRange(-5, 5.5)
    assert read_range("FREE") == FREE
    assert FREE.holds(-1e9)
    assert not RatingRange(0, 10).holds(10.1)


@pytest.mark.parametrize("text", ["", "10", "10:0", "5:5", "0:ten", "0:10:20", "0:inf", "nan:10"])
def test_other_scales_are_refused(text: str) -> None:
    with pytest.raises(InvalidInputError, match="want LOW:HIGH such as 0:10, or free"):
        read_range(text)


def test_two_arms_are_compared() -> None:
    assert read_compare(" Mat : rest ") == ("mat", "rest")


@pytest.mark.parametrize("text", ["mat", "mat:", ":rest", "mat:mat", "mat:rest:nothing", ""])
def test_other_comparisons_are_refused(text: str) -> None:
    with pytest.raises(InvalidInputError, match="two different arms, such as mat:rest"):
        read_compare(text)


def test_carry_over_is_none_averaged_or_days() -> None:
    assert read_carryover("none") == NONE
    assert read_carryover("Average ") == AVERAGE
    assert read_carryover("2") == Carryover(days_left_out=2)
    assert read_carryover("0") == NONE


@pytest.mark.parametrize("text", ["", "some", "-1", "1.5", "31", "²"])
def test_other_carry_overs_are_refused(text: str) -> None:
    with pytest.raises(InvalidInputError, match="carryover"):
        read_carryover(text)


def test_chosen_priors_stand_in_for_the_usual_ones() -> None:
    chosen = read_priors(["level=4,2", "effect=-1,0.5 sigma=3"])

    assert chosen == PriorChoice(level=(4, 2), effect=(-1, 0.5), sigma=3)
    assert chosen.over(Priors.for_rating()) == Priors(Normal(4, 2), Normal(-1, 0.5), Normal(0, 2), 3)
    assert read_priors([]).over(Priors.for_rating()) == Priors.for_rating()


def test_every_prior_that_cannot_be_read_is_named() -> None:
    wrong = ["level=5", "effect=0,0", "trend=a,b", "sigma=-1", "rho=0,1", "level", "sigma=inf"]

    with pytest.raises(InvalidInputError) as caught:
        read_priors([*wrong, "level=5,3"])
    assert [problem.got for problem in caught.value.problems] == [repr(one) for one in wrong]
    assert caught.value.problems[1].want == "effect=MEAN,SPREAD such as effect=0,2 (the spread above 0)"


def test_priors_of_another_range_are_stretched() -> None:
    assert Priors.for_rating(0, 100) == Priors(Normal(50, 30), Normal(0, 20), Normal(0, 20), 25)
    assert Priors.for_rating(-5, 5).level == Normal(0, 3)
