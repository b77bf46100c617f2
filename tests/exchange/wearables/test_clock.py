"""Moments and spans that no calendar holds, in every kind of file that has them."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matwise.exchange.wearables.clock import later, noon
from matwise.exchange.wearables.maker import ImportRejectedError

from . import test_kubios, test_oura, test_polar, test_withings
from .found import BERLIN, found_in

RR = "".join(f"{{at}},{700 + n}\n" for n in range(20))
FAR = {
    "a series of the ring with an endless step": json.dumps(
        [test_oura.NIGHT | {"hrv": {"interval": 1e300, "items": [40.0, 41.0], "timestamp": "2026-03-01T00:00:00Z"}}]
    ),
    "a day of the ring in the year 9999": json.dumps([{"day": "9999-12-31", "temperature_deviation": 0.1}] * 2),
    "a day of Polar in the year 1": json.dumps(test_polar.DAYS).replace("2026-03-01", "0001-01-01"),
    "a table of Withings that lasts for ages": test_withings.NIGHTS.replace("2026", "9999"),
    "a report of Kubios that began long ago": (
        test_kubios.HEAD.format(date="2026-03-01 10:00:00") + test_kubios.SECTION.replace("60.664", "999999999999")
    ),
    "beats of the last second there is": "date,rr,since start\n" + RR.replace("{at}", "9999-12-31 23:59:60 +0000"),
    "a start of Empatica in another age": "99999999999.0, IBI\n" + RR.replace("{at}", "999999999999"),
    "beats of Empatica that end in another age": "1772359200.0, IBI\n"
    + "".join(f"{999_999_999_000 + n},0.8\n" for n in range(9)),
}


@pytest.mark.parametrize("name", FAR)
def test_what_lies_outside_of_every_calendar_is_left_out_and_nothing_breaks(tmp_path: Path, name: str) -> None:
    path = tmp_path / "file"
    path.write_text(FAR[name])
    try:
        found = found_in(path)
    except ImportRejectedError:  # nobody recognises it any more
        return

    assert all(1900 <= at.year <= 2200 for rows in found.readings.values() for at, _ in rows)
    assert all(one.at is None or 1900 <= one.at.year <= 2200 for one in found.recordings)


def test_a_row_of_withings_longer_than_a_year_is_rejected(tmp_path: Path) -> None:
    path = tmp_path / "raw_hr_hr.csv"
    path.write_text('start,duration,value\n2026-03-01T09:22:00+01:00,"[999999999999,60,60]","[57,58,59]"\n')

    assert [one.why for one in found_in(path).rejected] == ["It lasts more than a year."]


@given(st.integers(-600_000_000, 4_000_000_000), st.floats(-86_400, 86_400))
def test_later_is_later_also_where_an_hour_is_missing_on_the_wall(at_s: int, by_s: float) -> None:
    at = datetime.fromtimestamp(at_s, UTC).astimezone(BERLIN)
    moved = later(at, by_s)

    assert moved is not None
    assert abs((moved.astimezone(UTC) - at.astimezone(UTC)) - timedelta(seconds=by_s)) < timedelta(microseconds=2)
    assert moved.tzinfo is BERLIN


def test_noon_is_of_the_day_that_is_named() -> None:
    assert noon("2026-03-29", BERLIN) == datetime(2026, 3, 29, 12, tzinfo=BERLIN)
    assert noon("2026-02-30", BERLIN) is None
    assert noon("9999-12-31", BERLIN) is None
