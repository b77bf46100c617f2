from __future__ import annotations

import json
from pathlib import Path

from matwise.exchange.wearables import oura

from .found import found_in, utc, zipped

NIGHT = {
    "id": "1", "day": "2026-03-01", "type": "long_sleep", "average_hrv": 48, "average_breath": 13.5,
    "lowest_heart_rate": 49, "total_sleep_duration": 27_000,
    "bedtime_start": "2026-02-28T23:10:00+01:00", "bedtime_end": "2026-03-01T07:00:00+01:00",
    "heart_rate": {"interval": 300.0, "items": [None, 55.0, 54.0], "timestamp": "2026-02-28T23:10:00.000+01:00"},
    "hrv": {"interval": 300.0, "items": [None, 40.0, None], "timestamp": "2026-02-28T23:10:00.000+01:00"},
}  # fmt: skip
FIRST_VERSION = {
    "summary_date": "2026-02-28",
    "bedtime_start": "2026-02-28T23:10:00+01:00", "bedtime_end": "2026-03-01T07:00:00+01:00",
    "hr_lowest": 49, "hr_5min": [0, 55, 54], "rmssd": 48, "rmssd_5min": [0, 40, 0],
    "breath_average": 13.5, "total": 27000, "temperature_delta": -0.2,
}  # fmt: skip
SERIES = {
    ("rmssd", "Oura, whole night"): [(utc("2026-03-01T06:00:00"), 48.0)],
    ("respiratory_rate", "Oura, whole night"): [(utc("2026-03-01T06:00:00"), 13.5)],
    ("sleep_duration", "Oura, whole night"): [(utc("2026-03-01T06:00:00"), 450.0)],
    ("heart_rate", "Oura"): [(utc("2026-02-28T22:15:00"), 55.0), (utc("2026-02-28T22:20:00"), 54.0)],
    ("rmssd", "Oura"): [(utc("2026-02-28T22:15:00"), 40.0)],
}


def test_both_versions_say_the_same_of_a_night_and_what_the_ring_did_not_know_is_no_value(tmp_path: Path) -> None:
    new, old = tmp_path / "new", tmp_path / "old"
    new.write_text(json.dumps({"data": [NIGHT], "next_token": None}))
    old.write_text(json.dumps({"sleep": [FIRST_VERSION], "activity": []}))
    colder = {("skin_temperature_change", "Oura"): [(utc("2026-03-01T06:00:00"), -0.2)]}

    assert found_in(new).maker is oura
    assert found_in(new).readings == SERIES
    assert found_in(old).readings == SERIES | colder


def test_a_nap_is_not_the_night(tmp_path: Path) -> None:
    path = tmp_path / "nights"
    path.write_text(json.dumps([NIGHT, NIGHT | {"type": "rest", "bedtime_end": "2026-03-01T14:00:00+01:00"}]))

    assert len(found_in(path).readings["sleep_duration", "Oura, whole night"]) == 1


def test_days_and_moments_of_an_archive_are_read_and_what_has_no_moment_is_listed(tmp_path: Path) -> None:
    days = [
        {"day": "2026-03-01", "temperature_deviation": 0.3, "score": 80},
        {"day": "?", "temperature_deviation": 0.1},
    ]
    rates = [{"bpm": 61, "source": "awake", "timestamp": "2026-03-01T09:00:00+00:00"}, {"bpm": None, "timestamp": "x"}]
    found = found_in(zipped(tmp_path / "oura.zip", {"daily.json": {"data": days}, "rates.json": {"data": rates}}))

    assert found.readings == {
        ("skin_temperature_change", "Oura"): [(utc("2026-03-01T11:00:00"), 0.3)],
        ("heart_rate", "Oura"): [(utc("2026-03-01T09:00:00"), 61.0)],
    }
    assert [(one.where, one.why) for one in found.rejected] == [("data 2", oura.NO_MOMENT)] * 2
