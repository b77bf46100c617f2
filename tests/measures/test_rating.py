"""Ratings as they are given."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matwise.errors import InvalidInputError
from matwise.measures.rating import Better, Moment, Rating, Scale, change, check_rating

AT = datetime(2026, 11, 23, 20, 0, tzinfo=UTC)
PAIN = Scale("pain", "How strong was your pain?", "none", "worst", Better.LOWER, 1.0, (Moment.BEFORE, Moment.AFTER))


def given_as(value: str, moment: str = "before", client_id: str = "a-1") -> Rating:
    return check_rating(client_id, PAIN, moment, value, AT, "session-1")


@given(st.integers(0, 10), st.sampled_from(["", " ", "\t", "  "]))
def test_every_whole_number_of_the_scale_is_always_taken_blanks_or_not(number: int, blank: str) -> None:
    assert given_as(f"{blank}{number}{blank}").value_0_10 == number


@pytest.mark.parametrize("value", ["12", "-1", "seven", "7.5", "7,5", "07", "1e1", "٧", "7 8", "nan"])
def test_anything_else_is_refused_with_what_would_be_right(value: str) -> None:
    with pytest.raises(InvalidInputError) as caught:
        given_as(value)

    assert str(caught.value) == f"pain: got {value!r}; want a whole number from 0 to 10"


@pytest.mark.parametrize("value", ["", "   "])
def test_nothing_is_no_rating(value: str) -> None:
    with pytest.raises(InvalidInputError, match="pain: got nothing; want a whole number from 0 to 10"):
        given_as(value)


def test_everything_wrong_is_named_at_once() -> None:
    with pytest.raises(InvalidInputError) as caught:
        given_as("11", moment="evening", client_id=" ")

    assert [problem.where for problem in caught.value.problems] == ["client_id", "pain, moment", "pain"]


def test_a_rating_keeps_who_when_and_where() -> None:
    rating = given_as("6", moment="after", client_id=" a-2 ")

    assert rating == Rating("a-2", "pain", Moment.AFTER, 6, AT, "session-1")


def test_a_change_is_after_minus_before() -> None:
    assert change(given_as("6"), given_as("4", moment="after")) == -2


def test_a_change_needs_the_two_ends_of_one_session() -> None:
    alone = Rating("b", "stress", Moment.BEFORE, 3, AT, None)

    with pytest.raises(InvalidInputError) as caught:
        change(given_as("6"), alone)
    assert [problem.where for problem in caught.value.problems] == ["scale", "session", "moment"]
