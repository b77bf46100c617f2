from __future__ import annotations

from datetime import datetime, timedelta, timezone
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matwise.exchange.wearables import blood_pressure_csv
from matwise.exchange.wearables.clock import day_first, moment
from matwise.exchange.wearables.maker import ImportRejectedError, Told
from matwise.exchange.wearables.makers import recognise
from matwise.exchange.wearables.opened import open_file
from matwise.measures.reading import Readings, Rejected

BERLIN = ZoneInfo("Europe/Berlin")
BEGAN = datetime(2026, 3, 2, 7, 30, tzinfo=timezone(timedelta(hours=1)))

WITHINGS = 'Date,"Heart rate",Systolic,Diastolic,Comments\n"2026-03-02 07:30:00",62,128,81,"after coffee, sitting"\n'
OMRON = "Date;Time;SYS (mmHg);DIA (mmHg);Pulse (bpm)\n02.03.2026;07:30;128;81;62\n"
MONITOR = "timestampUnixMs,systolic,diastolic,pulse,notes\n1772433000000,128,81,62,\n"
GERMAN = "Datum\tOberer Wert [mmHg]\tUnterer Wert [mmHg]\tPuls\n2026-03-02T07:30\t128\t81\t62\n"
AMERICAN = "Date,Time,Systolic,Diastolic\n03/02/2026,7:30 am,128,81\n03/22/2026,7:30 pm,120,80\n"


def told(path: Path) -> tuple[dict[str, list[tuple[int, float]]], list[Rejected]]:
    opened = open_file(path)
    found = list(recognise(opened).read(opened, Told(zone=BERLIN)))
    readings = {
        one.measure: list(zip(one.at_ms.tolist(), one.values.tolist(), strict=True))
        for one in found
        if isinstance(one, Readings)
    }
    return readings, [one for one in found if isinstance(one, Rejected)]


@pytest.mark.parametrize("table", [WITHINGS, OMRON, MONITOR, GERMAN, AMERICAN])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_tables_of_many_programs_say_the_same(tmp_path: Path, table: str, encoding: str) -> None:
    path = tmp_path / "bp.csv"
    path.write_text(table, encoding=encoding)
    readings, rejected = told(path)
    at_ms = round(BEGAN.timestamp() * 1000)

    assert recognise(open_file(path)) is blood_pressure_csv
    assert rejected == []
    assert readings["systolic"][0] == (at_ms, 128.0)
    assert readings["diastolic"][0] == (at_ms, 81.0)
    assert readings.get("heart_rate", [(at_ms, 62.0)])[0] == (at_ms, 62.0)


def test_rows_that_can_not_be_meant_are_rejected_with_their_line(tmp_path: Path) -> None:
    path = tmp_path / "bp.csv"
    path.write_text(
        "Date,Systolic,Diastolic\n2026-03-02 07:30,81,128\n2026-03-02 07:31,,80\nyesterday,120,80\n"
        "2026-03-02 07:33,120,80\n"
    )
    readings, rejected = told(path)

    assert [one.where for one in rejected] == ["line 2", "line 3", "line 4"]
    assert [value for _, value in readings["systolic"]] == [120.0]


def test_dates_that_could_be_either_are_asked_about_and_not_guessed(tmp_path: Path) -> None:
    path = tmp_path / "bp.csv"
    path.write_text("Date,Systolic,Diastolic\n03/04/2026,120,80\n05/04/2026,121,80\n")
    with pytest.raises(ImportRejectedError, match="tell days from months"):
        told(path)


def test_an_hour_that_never_was_is_no_moment_and_of_one_that_came_twice_the_first_counts() -> None:
    known = day_first([])

    assert moment("2026-03-29 02:30", BERLIN, known) is None
    twice = moment("2026-10-25 02:30", BERLIN, known)
    assert twice is not None
    assert twice.utcoffset() == timedelta(hours=2)
    assert moment("2016-12-31T23:59:60+00:00", BERLIN, known) == datetime.fromisoformat("2017-01-01T00:00:00+00:00")


@given(st.datetimes(datetime(1990, 1, 1), datetime(2040, 1, 1)))  # noqa: DTZ001 – read in a zone below
def test_a_moment_is_the_same_however_it_is_written(at: datetime) -> None:
    at = at.replace(microsecond=0)
    ways = ["%Y-%m-%d %H:%M:%S", "%d.%m.%Y %H:%M:%S", "%Y-%m-%dT%H:%M:%S"]
    found = {moment(at.strftime(way), BERLIN, day_first([at.strftime(way)])) for way in ways}

    assert len(found) == 1
