"""Tables of days as people keep them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matwise.errors import InvalidInputError
from matwise.trial.options import FREE, RatingRange
from matwise.trial.series import Series
from matwise.trial.table import parse_series, read_table
from tests.trial.builders import a_table


def problems_of(text: str) -> list[str]:
    with pytest.raises(InvalidInputError) as caught:
        read_table(text)
    return [str(problem) for problem in caught.value.problems]


RATING = RatingRange()


def column(text: str, range_: RatingRange = RATING, name: str = "pain") -> tuple[Series, list[str]]:
    found, problems = parse_series(read_table(text), name, range_)
    return found, [str(problem) for problem in problems]


def test_a_plain_table_is_read() -> None:
    table = read_table("day,arm,pain,notes\n1,mat,5,fine\n2, Rest ,,\n4,mat,3.5,\n")

    assert table.ratings == ("pain", "notes")
    assert [(row.line, row.day, row.arm) for row in table.rows] == [(2, 1, "mat"), (3, 2, "rest"), (4, 4, "mat")]
    assert table.arms == ("mat", "rest")
    assert table.warnings == ()


@pytest.mark.parametrize(
    "text",
    [
        "\ufeffday,arm,pain\r\n1,mat,5\r\n2,rest,6\r\n",
        "day;arm;pain\n1;mat;5\n2;rest;6",
        "day\tarm\tpain\n1\tmat\t5\n2\trest\t6\n",
        'Day , ARM,pain\n\n 1,mat,5\n,,\n2,"rest", 6\n',
        "pain,day,arm\n5,1,mat\n6,2,rest\n",
    ],
)
def test_other_hands_are_read_too(text: str) -> None:
    found, problems = column(text)

    assert problems == []
    assert [(one.day, one.arm, one.y) for one in found.days] == [(1, "mat", 5.0), (2, "rest", 6.0)]


def test_dates_become_day_numbers() -> None:
    found, _ = column("day,arm,pain\n2026-02-27,mat,5\n2026-03-01,rest,6\n")

    assert found.day == (1, 3)


def test_lines_out_of_order_are_put_in_order_and_said() -> None:
    table = read_table(a_table([1, 2, 3], days=[3, 2, 1]))

    assert [row.day for row in table.rows] == [1, 2, 3]
    assert [row.cells["pain"] for row in table.rows] == ["3", "2", "1"]
    assert "order" in table.warnings[0]


@given(st.permutations(range(1, 13)))
def test_the_order_of_lines_never_matters(order: list[int]) -> None:
    arms = ["mat" if day % 2 else "rest" for day in order]
    shuffled = read_table(a_table(order, arms, order))

    assert [(row.day, row.arm, row.cells["pain"]) for row in shuffled.rows] == [
        (day, "mat" if day % 2 else "rest", str(day)) for day in range(1, 13)
    ]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "table: got nothing; want a first line such as day,arm,pain and a line a day"),
        ("\n , \n", "table: got nothing"),
        ("day,arm,pain\n", "table: got no days; want a line a day below the first line"),
        ("date,arm,pain\n1,mat,5", "line 1: got columns date, arm, pain; want a column named day"),
        ("day,arm,pain,pain\n1,mat,5,5", "line 1: got 'pain' more than once; want each column named once"),
        ("day,arm,pain\n1,mat,5,9", "line 2: got 4 columns; want 3, as in the first line"),
        ("day,arm,pain\none,mat,5", "line 2, day: got 'one'; want a whole number"),
        ("day,arm,pain\n1.5,mat,5", "line 2, day: got '1.5'; want a whole number"),
        ("day,arm,pain\n1_0,mat,5", "line 2, day: got '1_0'; want a whole number"),
        ("day,arm,pain\n1,mat,5\n2026-03-01,rest,5", "line 3, day: got '2026-03-01'; want a whole number"),
        ("day,arm,pain\n2026-02-30,mat,5", "line 2, day: got '2026-02-30'; want"),
        ("day,arm,pain\n1,,5", "line 2, arm: got nothing; want the arm of the day, such as mat or rest"),
        ("day,arm,pain\n1", "line 2, arm: got nothing"),
        ("day,arm,pain\n4,mat,5\n5,rest,5\n4,rest,6", "line 4, day: got '4', as on line 2; want each day once"),
        ("day,arm,pain\n1,mat,5\n99999999,rest,5", "line 3, day: got '99999999'; want at most 3660 days"),
    ],
)  # fmt: skip
def test_a_line_that_cannot_be_read_is_named_with_what_would_be_right(text: str, said: str) -> None:
    assert problems_of(text)[0].startswith(said)


def test_every_line_that_cannot_be_read_is_named_at_once() -> None:
    found = problems_of("day,arm,pain\nx,mat,5\n2,,5\n3,mat,5\n3,rest,5\n4,mat,5,6\n")

    assert [one.split(":")[0] for one in found] == ["line 2, day", "line 3, arm", "line 6", "line 5, day"]


def test_text_that_is_no_table_is_refused() -> None:
    assert problems_of("day,arm,pain\n" + '"' + "x" * 200_000)[0].startswith("table: got text that is no table")


@pytest.mark.parametrize("value", ["five", "5 points", "NA", "inf", "-inf", "nan", "1e400", "5,5", "1_0", "11", "-1"])
def test_a_rating_that_is_none_is_named_with_line_and_column(value: str) -> None:
    _, problems = column(f'day,arm,pain\n1,mat,5\n2,rest,"{value}"\n')

    assert len(problems) == 1
    assert problems[0].startswith(f"line 3, pain: got {value!r}; want a number from 0 to 10")


def test_readings_without_ends_take_any_finite_number() -> None:
    found, problems = column(a_table(["-40.5", "1e3", "1e300", "inf"]), FREE)

    assert found.y == (-40.5, 1000.0)
    assert [one.split(":")[0] for one in problems] == ["line 4, pain", "line 5, pain"]


def test_a_column_that_is_not_there_is_answered_with_those_that_are() -> None:
    _, problems = column(a_table([5, 6]), name="stress")

    assert problems == ["outcome: got 'stress'; want one of the columns pain"]


def test_columns_that_are_not_asked_about_may_hold_anything() -> None:
    found, problems = column("day,arm,notes,pain\n1,mat,slept badly,5\n2,rest,,6\n")

    assert problems == []
    assert found.y == (5.0, 6.0)
