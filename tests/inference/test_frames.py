"""Tables of other tools in, draws for other tools out."""

from __future__ import annotations

import sys
import warnings
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matwise.errors import InvalidInputError
from matwise.inference.frames import PeopleDays, days_from, to_arviz
from matwise.inference.priors import Priors
from matwise.inference.regression import compare
from tests.inference.series import some_days

ARMS = {"rest": 0, "mat": 1}
MONDAY = date(2026, 11, 23)


class OnlyAStream:
    """A table that speaks Arrow and nothing else."""

    def __init__(self, table: pa.Table) -> None:
        self._table = table

    def __arrow_c_stream__(self, requested_schema: object = None) -> object:
        return self._table.__arrow_c_stream__(requested_schema)


KINDS: dict[str, Callable[[dict[str, list[Any]]], Any]] = {
    "dict": dict,
    "pandas": pd.DataFrame,
    "polars": pl.DataFrame,
    "arrow": pa.table,
    "stream": lambda columns: OnlyAStream(pa.table(columns)),
}


def a_table(**changed: list[Any]) -> dict[str, list[Any]]:
    """Ana on 23, 24 and 26 November, Ben on 1 and 2 December; Ana's second rating is missing."""
    days = [MONDAY, MONDAY + timedelta(1), MONDAY + timedelta(3), date(2026, 12, 1), date(2026, 12, 2)]
    columns: dict[str, list[Any]] = {
        "who": ["ana", "ana", "ana", "ben", "ben"],
        "day": days,
        "arm": ["mat", "rest", "mat", "rest", "mat"],
        "pain": [3, None, 5, 6, 7],
    }
    return columns | changed


def read(frame: Any) -> PeopleDays:  # noqa: ANN401 (any table)
    return days_from(frame, person="who", day="day", arm="arm", outcome="pain", arms=ARMS)


def problems_of(frame: Any) -> list[str]:  # noqa: ANN401 (any table)
    with pytest.raises(InvalidInputError) as caught:
        read(frame)
    return [str(problem) for problem in caught.value.problems]


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_table_gives_the_same_arrays(kind: str) -> None:
    found = read(KINDS[kind](a_table()))

    assert found.people == ("ana", "ben")
    np.testing.assert_array_equal(found.y, [[3, np.nan, np.nan, 5], [6, 7, np.nan, np.nan]])
    np.testing.assert_array_equal(found.arm, [[1, 0, 0, 1], [0, 1, 1, 1]])
    np.testing.assert_array_equal(found.day, found.day[:, :1] + np.arange(4))
    assert found.day[:, 0].tolist() == [(MONDAY - date(1970, 1, 1)).days, (date(2026, 12, 1) - date(1970, 1, 1)).days]


TOKYO = timezone(timedelta(hours=9))


@pytest.mark.parametrize(("kind", "zone"), [*[(kind, None) for kind in KINDS], ("dict", TOKYO), ("pandas", TOKYO)])
def test_a_moment_counts_by_its_date_where_it_was(kind: str, zone: timezone | None) -> None:
    moments = [datetime.combine(one, datetime.min.time(), zone) for one in a_table()["day"]]

    np.testing.assert_array_equal(read(KINDS[kind](a_table(day=moments))).day, read(a_table()).day)


def test_a_named_zone_is_kept_by_polars_and_arrow() -> None:
    moments = [datetime.combine(one, datetime.min.time(), UTC) - timedelta(hours=9) for one in a_table()["day"]]
    polars = pl.DataFrame(a_table(day=moments)).with_columns(pl.col("day").dt.convert_time_zone("Asia/Tokyo"))

    np.testing.assert_array_equal(read(polars).day, read(a_table()).day)
    np.testing.assert_array_equal(read(polars.to_arrow()).day, read(a_table()).day)


def test_days_may_be_whole_numbers_and_one_person_needs_no_column() -> None:
    found = days_from(
        {"d": [2, 1, 4], "a": [1, 0, 1], "y": [1.5, 2.5, 3.5]}, day="d", arm="a", outcome="y", arms={0: 0, 1: 1}
    )

    np.testing.assert_array_equal(found.y, [[2.5, 1.5, np.nan, 3.5]])
    np.testing.assert_array_equal(found.arm, [[0, 1, 1, 1]])
    np.testing.assert_array_equal(found.day, [[1, 2, 3, 4]])


def test_coded_text_keeps_its_missing_values() -> None:
    table = pa.table(a_table(who=[*"aaab", None]))
    coded = table.set_column(0, "who", table["who"].dictionary_encode())

    assert problems_of(coded) == ["row 4, who: got None; want whose day it is"]
    assert read(pd.DataFrame(a_table()).astype({"who": "category", "arm": "category"})).people == ("ana", "ben")


def test_missing_ratings_of_every_kind_are_nan() -> None:
    held = [None, float("nan"), pd.NA, Decimal("2.5"), np.float32(3)]
    rows = np.argwhere(~np.isnan(read(a_table(pain=held)).y))

    assert rows.tolist() == [[1, 0], [1, 1]]


@settings(max_examples=40)
@given(st.permutations(range(5)))
def test_the_order_of_rows_never_matters(order: list[int]) -> None:
    shuffled = read({name: [column[row] for row in order] for name, column in a_table().items()})
    expected = read(a_table())

    at = [shuffled.people.index(one) for one in expected.people]
    np.testing.assert_array_equal(shuffled.y[at], expected.y)
    np.testing.assert_array_equal(shuffled.arm[at], expected.arm)


def test_what_comes_out_goes_into_compare() -> None:
    some = some_days(n=28)
    table = pd.DataFrame({"day": some.day, "arm": np.where(some.arm == 1, "mat", "rest"), "pain": some.y})
    found = days_from(table.dropna(), day="day", arm="arm", outcome="pain", arms=ARMS)
    priors = Priors.for_rating()

    by_table = compare(found.y, found.arm, found.day, priors=priors).effect.mean[0]
    rated = ~np.isnan(some.y)
    assert by_table == pytest.approx(
        float(compare(some.y[rated], some.arm[rated], some.day[rated], priors=priors).effect.mean), abs=1e-12
    )


def test_everything_wrong_is_named_with_its_row() -> None:
    wrong = a_table(arm=["mat", "sofa", "mat", None, "mat"], pain=[3, "much", float("inf"), 6, True])

    assert problems_of(wrong) == [
        "row 1, arm: got 'sofa'; want one of 'rest', 'mat'",
        "row 3, arm: got None; want one of 'rest', 'mat'",
        "row 1, pain: got 'much'; want a finite number, or nothing",
        "row 2, pain: got inf; want a finite number, or nothing",
        "row 4, pain: got True; want a finite number, or nothing",
    ]


@pytest.mark.parametrize("days", [[1, 2, "3", 4, 5], [1, 2, 2.5, 4, 5], [1, 2, None, 4, 5], [1, 2, MONDAY, 4, 5]])
def test_a_day_that_is_none_is_named(days: list[Any]) -> None:
    assert [one.split(":")[0] for one in problems_of(a_table(day=days))] == ["row 2, day"]


def test_a_day_twice_for_one_person_is_named() -> None:
    assert problems_of(a_table(day=[5, 4, 5, 5, 4])) == ["row 2, day: got 5; want each day once a person"]


def test_a_slip_of_the_century_is_named_before_it_fills_the_memory() -> None:
    (said,) = problems_of(a_table(day=[*a_table()["day"][:2], date(9026, 11, 26), *a_table()["day"][3:]]))

    assert said.startswith("day of 'ana': got ")


def test_many_wrong_rows_are_counted_beyond_twenty() -> None:
    n = 50
    said = problems_of({"who": ["a"] * n, "day": list(range(n)), "arm": ["mat"] * n, "pain": ["?"] * n})

    assert len(said) == 21
    assert said[-1].startswith("pain: got 30 more such rows")


def test_a_table_without_its_columns_or_rows_is_told_so() -> None:
    assert problems_of(pl.DataFrame({"day": [1]})) == [
        f"column: got '{name}'; want one of day" for name in ("who", "arm", "pain")
    ]
    assert problems_of(a_table(who=[], day=[], arm=[], pain=[])) == ["table: got no row; want at least one"]
    assert problems_of(a_table(pain=[1]))[0].startswith("table: got columns of different lengths: who 5")
    assert problems_of(3) == ["table: got int; want columns by name, or an Arrow stream"]


def test_arviz_summarises_the_draws_as_the_posterior_does() -> None:
    some = some_days()
    posterior = compare(some.y, some.arm, some.day, priors=Priors.for_rating())
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # ArviZ announces its own refactoring on import
        found = to_arviz(posterior, np.random.Generator(np.random.PCG64(1)), draws=8000)

    assert dict(found.posterior.sizes) == {"chain": 1, "draw": 8000, "arm": 1}
    assert float(found.posterior["effect"].mean()) == pytest.approx(float(posterior.effect.mean), abs=0.03)
    assert float(found.posterior["rho"].mean()) == pytest.approx(float(posterior.rho), abs=0.01)
    assert float(found.posterior["sigma"].mean()) == pytest.approx(float(posterior.sigma), abs=0.01)


def test_without_arviz_the_error_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "arviz", None)
    some = some_days()
    posterior = compare(some.y, some.arm, some.day, priors=Priors.for_rating())

    with pytest.raises(InvalidInputError, match="pip install arviz"):
        to_arviz(posterior, np.random.Generator(np.random.PCG64(1)))
