from __future__ import annotations

import statistics
from collections import defaultdict
from datetime import date, timedelta

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from matwise.measures.daily import daily
from matwise.measures.reading import Readings

told = st.lists(
    st.tuples(st.integers(0, 5 * 86_400_000), st.integers(-720, 840), st.floats(20, 250)), min_size=0, max_size=60
)


def readings(rows: list[tuple[int, int, float]]) -> Readings:
    at, offset, value = zip(*rows, strict=True) if rows else ((), (), ())
    return Readings(
        "heart_rate", "watch", np.array(at, np.int64), np.array(offset, np.int16), np.array(value, np.float64)
    )


@given(told)
def test_each_day_on_the_wall_has_its_own_median_and_span(rows: list[tuple[int, int, float]]) -> None:
    by_day: dict[int, list[float]] = defaultdict(list)
    for at_ms, offset_min, value in rows:
        moment = timedelta(milliseconds=at_ms, minutes=offset_min)
        by_day[moment.days].append(value)
    found = daily(readings(rows))
    wanted = [(day, statistics.median(v), min(v), max(v), len(v)) for day, v in sorted(by_day.items())]

    assert found.day.tolist() == [one[0] for one in wanted]
    assert np.allclose(found.median, [one[1] for one in wanted], rtol=1e-12)
    assert found.lowest.tolist() == [one[2] for one in wanted]
    assert found.highest.tolist() == [one[3] for one in wanted]
    assert found.count.tolist() == [one[4] for one in wanted]


def test_the_clock_on_the_wall_decides_the_day() -> None:
    found = daily(readings([(86_400_000 - 60_000, 60, 62.0), (86_400_000 - 60_000, 0, 64.0)]))

    assert [date(1970, 1, 1) + timedelta(days=int(one)) for one in found.day] == [date(1970, 1, 1), date(1970, 1, 2)]
    assert found.median.tolist() == [64.0, 62.0]
