from __future__ import annotations

import json
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from matwise.exchange.wearables import fitbit
from matwise.exchange.wearables.maker import ImportRejectedError, Told
from matwise.exchange.wearables.makers import recognise
from matwise.exchange.wearables.opened import open_file

from .found import found_in, utc, zipped

RATES = [
    {"dateTime": "03/01/26 04:00:05", "value": {"bpm": 66, "confidence": 2}},
    {"dateTime": "03/01/26 04:00:10", "value": {"bpm": 70, "confidence": 0}},
    {"dateTime": "03/01/26 04:00:15", "value": {"bpm": 67, "confidence": 3}},
    {"dateTime": "13/01/26 04:00:15", "value": {"bpm": 67, "confidence": 3}},
]
RESTING = [
    {"dateTime": "03/01/26 00:00:00", "value": {"date": "03/01/26", "value": 61.4, "error": 6.8}},
    {"dateTime": "03/02/26 00:00:00", "value": {"date": None, "value": 0.0, "error": 0.0}},
]
SLEEP = [
    {
        "logId": 1, "dateOfSleep": "2026-03-01", "startTime": "2026-02-28T23:31:00.000",
        "endTime": "2026-03-01T07:01:30.000", "minutesAsleep": 402, "mainSleep": True,
    },
    {
        "logId": 2, "dateOfSleep": "2026-03-01", "startTime": "2026-03-01T13:00:00.000",
        "endTime": "2026-03-01T13:40:00.000", "minutesAsleep": 35, "mainSleep": False,
    },
]  # fmt: skip
DETAILS = "timestamp,rmssd,coverage,low_frequency,high_frequency\n2026-03-01T01:05:00,38.2,0.93,512.1,301.2\n"
SUMMARY = "timestamp,rmssd,nremhr,entropy\n2026-03-01T00:00:00,39.9,56.1,2.9\n"
GOOGLE_HRV = (
    "timestamp,average heart rate variability milliseconds,data source\n"
    "2026-03-01T00:00:00Z,39.9,Charge 6\n2026-03-02T00:00:00Z,0,Charge 6\n"
)
GOOGLE_RATES = "timestamp,beats per minute,data source\n2026-03-01T00:00:00Z,72.0,Charge 6\n2026-03-01T00:00:05Z,,x\n"
GOOGLE_RESTING = "timestamp,beats per minute\n2026-03-01T00:00:00Z,61.0\n2026-03-02T00:00:00Z,62.5\n"
BREATHS = "timestamp,daily_respiratory_rate\n2026-03-01T00:00:00,14.6\n"
SKIN = "type,sleep_start,sleep_end,nightly_temperature\nSKIN,2026-02-28T23:31,2026-03-01T07:01,33.9\n"
TAKEOUT = {
    "Takeout/Fitbit/Global Export Data/heart_rate-2026-03-01.json": RATES,
    "Takeout/Fitbit/Global Export Data/resting_heart_rate-2026-03-01.json": RESTING,
    "Takeout/Fitbit/Global Export Data/sleep-2026-02-28.json": SLEEP,
    "Takeout/Fitbit/Global Export Data/steps-2026-03-01.json": [{"dateTime": "03/01/26 04:00:00", "value": "7"}],
    "Takeout/Fitbit/Heart Rate Variability/Heart Rate Variability Details - 2026-03-01.csv": DETAILS,
    "Takeout/Fitbit/Heart Rate Variability/Daily Heart Rate Variability Summary - 2026-03-(1).csv": SUMMARY,
    "Takeout/Fitbit/Sleep/Daily Respiratory Rate Summary - 2026-03-01.csv": BREATHS,
    "Takeout/Fitbit/Temperature/Computed Temperature - 2026-03-01.csv": SKIN,
    "Takeout/Mail/All mail.mbox": "From nobody\n",
}


def test_a_takeout_is_read_with_the_zone_that_each_of_its_files_has(tmp_path: Path) -> None:
    found = found_in(zipped(tmp_path / "takeout.zip", TAKEOUT))

    assert found.maker is fitbit
    assert found.readings == {
        ("heart_rate", "Fitbit"): [(utc("2026-03-01T04:00:05"), 66.0), (utc("2026-03-01T04:00:15"), 67.0)],
        ("resting_heart_rate", "Fitbit"): [(utc("2026-03-01T11:00:00"), 61.4)],
        ("sleep_duration", "Fitbit"): [(utc("2026-03-01T06:01:30"), 402.0)],
        ("rmssd", "Fitbit"): [(utc("2026-03-01T00:05:00"), 38.2)],
        ("rmssd", "Fitbit, whole night"): [(utc("2026-03-01T11:00:00"), 39.9)],
        ("respiratory_rate", "Fitbit, whole night"): [(utc("2026-03-01T11:00:00"), 14.6)],
        ("skin_temperature", "Fitbit, whole night"): [(utc("2026-03-01T06:01:00"), 33.9)],
    }
    assert [one.why for one in found.rejected] == [fitbit.NO_PULSE, fitbit.NO_ROW]
    assert found.offsets_min == {60}


def test_heart_rates_are_the_same_from_wherever_the_export_is_read(tmp_path: Path) -> None:
    path = tmp_path / "any name"
    path.write_text(json.dumps(RATES))
    here, there = found_in(path), found_in(path, ZoneInfo("Asia/Kolkata"))

    assert here.readings == there.readings
    assert (here.offsets_min, there.offsets_min) == ({60}, {330})


@pytest.mark.parametrize(
    ("table", "expected"),
    [
        (GOOGLE_HRV, {("rmssd", "Charge 6"): [(utc("2026-03-01T11:00:00"), 39.9)]}),
        (GOOGLE_RATES, {("heart_rate", "Charge 6"): [(utc("2026-03-01T00:00:00"), 72.0)]}),
        (
            GOOGLE_RESTING,
            {("resting_heart_rate", "Fitbit"): [(utc("2026-03-01T11:00:00"), 61), (utc("2026-03-02T11:00:00"), 62.5)]},
        ),
    ],
    ids=["variability by day", "rates", "rates by day"],
)
def test_midnight_in_a_table_of_days_is_a_day_and_in_a_table_of_moments_a_moment(
    tmp_path: Path, table: str, expected: object
) -> None:
    path = tmp_path / "table"
    path.write_text(table)

    assert found_in(path).readings == expected


def test_a_clock_that_is_put_back_keeps_both_hours_apart(tmp_path: Path) -> None:
    twice = [{"dateTime": f"10/25/26 0{hour}:30:00", "value": {"bpm": 60, "confidence": 1}} for hour in (0, 1)]
    path = tmp_path / "rates"
    path.write_text(json.dumps(twice))
    found = found_in(path)

    assert [at for at, _ in found.readings["heart_rate", "Fitbit"]] == [
        utc("2026-10-25T00:30:00"),
        utc("2026-10-25T01:30:00"),
    ]
    assert found.offsets_min == {120, 60}


def test_a_damaged_file_of_an_archive_is_rejected_and_the_others_are_read(tmp_path: Path) -> None:
    broken = json.dumps(RATES)[:-5]
    found = found_in(zipped(tmp_path / "takeout.zip", {"a.json": broken, "b.json": RATES}))
    alone = tmp_path / "a.json"
    alone.write_text(broken)

    assert len(found.readings["heart_rate", "Fitbit"]) == 2
    assert found.rejected[0].where == "a.json"
    with pytest.raises(ImportRejectedError, match="breaks off"):
        found_in(alone)


@settings(max_examples=200, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_whatever_stands_in_it_nothing_but_the_declared_error_comes_out(tmp_path: Path, data: st.DataObject) -> None:
    whole = bytearray(json.dumps(data.draw(st.sampled_from([RATES, RESTING, SLEEP]))).encode())
    for _ in range(data.draw(st.integers(1, 6))):
        whole[data.draw(st.integers(60, len(whole) - 1))] = data.draw(st.integers(0, 255))
    path = tmp_path / "mutated"
    path.write_bytes(whole)
    opened = open_file(path)
    if fitbit.recognises(opened):
        try:
            told = list(fitbit.read(opened, Told()))
        except ImportRejectedError:
            return
        assert told


def test_json_that_is_nested_without_end_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "deep.json"
    path.write_text('[{"dateTime": "x", "bpm": 1, "confidence": ' + "[" * 100_000)

    with pytest.raises(ImportRejectedError, match="damaged"):
        list(recognise(open_file(path)).read(open_file(path), Told()))
