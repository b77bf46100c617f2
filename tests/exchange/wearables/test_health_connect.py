from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from matwise.exchange.wearables import health_connect
from matwise.exchange.wearables.maker import ImportRejectedError, Told
from matwise.exchange.wearables.opened import open_file

from .found import found_in, utc, zipped

RECORD = (
    "row_id INTEGER PRIMARY KEY AUTOINCREMENT, uuid BLOB UNIQUE NOT NULL, last_modified_time INTEGER,"
    " client_record_id TEXT, device_info_id INTEGER, app_info_id INTEGER, dedupe_hash BLOB UNIQUE"
)
INSTANT = f"{RECORD}, time INTEGER NOT NULL, zone_offset INTEGER, local_date INTEGER"
INTERVAL = (
    f"{RECORD}, start_time INTEGER NOT NULL, start_zone_offset INTEGER, end_time INTEGER NOT NULL,"
    " end_zone_offset INTEGER, local_date INTEGER"
)
SERIES = "parent_key INTEGER NOT NULL, epoch_millis INTEGER NOT NULL"
AT_MS = 1_772_323_200_000  # 2026-03-01T00:00:00Z
SCHEMA = f"""
CREATE TABLE application_info_table (row_id INTEGER PRIMARY KEY, package_name TEXT NOT NULL UNIQUE, app_name TEXT);
CREATE TABLE heart_rate_record_table ({INTERVAL});
CREATE TABLE heart_rate_record_series_table ({SERIES}, beats_per_minute INTEGER NOT NULL);
CREATE TABLE skin_temperature_record_table ({INTERVAL}, baseline REAL);
CREATE TABLE skin_temperature_delta_table ({SERIES}, delta REAL);
CREATE TABLE resting_heart_rate_record_table ({INSTANT}, beats_per_minute INTEGER,
  local_date_time INTEGER AS (time + 1000 * zone_offset));
CREATE TABLE heart_rate_variability_rmssd_record_table ({INSTANT}, heart_rate_variability_millis REAL);
CREATE TABLE blood_pressure_record_table ({INSTANT}, systolic REAL, diastolic REAL, body_position TEXT);
CREATE TABLE sleep_session_record_table ({INTERVAL}, title TEXT);
CREATE TABLE sleep_stages_table (parent_key INTEGER, stage_start_time INTEGER, stage_end_time INTEGER,
  stage_type INTEGER);
INSERT INTO application_info_table VALUES (1, 'com.fitbit.FitbitMobile', 'Fitbit'), (2, 'jp.co.omron', 'Omron');
INSERT INTO heart_rate_record_table (row_id, uuid, app_info_id, start_time, start_zone_offset, end_time)
  VALUES (5, x'01', 1, {AT_MS}, 3600, {AT_MS + 60_000});
INSERT INTO heart_rate_record_series_table
  VALUES (5, {AT_MS}, 61), (5, {AT_MS + 30_500}, 62), (99, {AT_MS + 60_000}, 63);
INSERT INTO skin_temperature_record_table (row_id, uuid, app_info_id, start_time, start_zone_offset, end_time, baseline)
  VALUES (1, x'02', 1, {AT_MS}, 3600, {AT_MS + 60_000}, 33.5);
INSERT INTO skin_temperature_delta_table VALUES (1, {AT_MS}, 0.4);
INSERT INTO resting_heart_rate_record_table (uuid, app_info_id, time, zone_offset, beats_per_minute)
  VALUES (x'03', 1, {AT_MS}, 3600, 55), (x'04', 1, 'noon', 3600, 55);
INSERT INTO heart_rate_variability_rmssd_record_table
  (uuid, app_info_id, time, zone_offset, heart_rate_variability_millis) VALUES (x'05', 1, {AT_MS}, NULL, 40.9);
INSERT INTO blood_pressure_record_table (uuid, app_info_id, time, zone_offset, systolic, diastolic)
  VALUES (x'06', 2, {AT_MS}, 32400, 125, 68);
INSERT INTO sleep_session_record_table (row_id, uuid, app_info_id, start_time, end_time, end_zone_offset)
  VALUES (1, x'07', 1, {AT_MS - 28_800_000}, {AT_MS}, 3600), (2, x'08', 2, {AT_MS - 3_600_000}, {AT_MS}, 3600);
INSERT INTO sleep_stages_table VALUES (1, {AT_MS - 28_800_000}, {AT_MS - 27_000_000}, 1),
  (1, {AT_MS - 27_000_000}, {AT_MS - 3_600_000}, 4), (1, {AT_MS - 3_600_000}, {AT_MS}, 6);
"""  # noqa: S608 – our own figures
FITBIT, OMRON, AT = "com.fitbit.FitbitMobile", "jp.co.omron", utc("2026-03-01T00:00:00")


def database(path: Path, schema: str = SCHEMA) -> Path:
    with closing(sqlite3.connect(path)) as db:
        db.executescript(schema)
        db.commit()
    return path


@pytest.mark.parametrize("packed", [False, True])
def test_an_export_is_read_app_by_app_with_the_zone_each_value_has(tmp_path: Path, packed: bool) -> None:  # noqa: FBT001 – what is asked
    path = database(tmp_path / "whatever")
    if packed:
        path = zipped(tmp_path / "export.zip", {"health_connect_export.db": path.read_bytes()})
    found = found_in(path)

    assert found.maker is health_connect
    assert found.readings == {
        ("heart_rate", FITBIT): [(AT, 61.0), (utc("2026-03-01T00:00:30.500"), 62.0)],
        ("heart_rate", "Health Connect"): [(utc("2026-03-01T00:01:00"), 63.0)],
        ("skin_temperature_change", FITBIT): [(AT, 0.4)],
        ("resting_heart_rate", FITBIT): [(AT, 55.0)],
        ("rmssd", FITBIT): [(AT, 40.9)],
        ("systolic", OMRON): [(AT, 125.0)],
        ("diastolic", OMRON): [(AT, 68.0)],
        ("sleep_duration", FITBIT): [(AT, 450.0)],
        ("sleep_duration", OMRON): [(AT, 60.0)],
    }
    assert [one.why for one in found.rejected] == [health_connect.NO_ROW]
    assert found.offsets_min == {60, 540}


HOSTILE = {
    "a view that never ends": """CREATE VIEW resting_heart_rate_record_table AS
        WITH RECURSIVE n(time) AS (SELECT 1 UNION ALL SELECT time + 1 FROM n)
        SELECT time, 0 AS zone_offset, 1 AS app_info_id, 60 AS beats_per_minute FROM n;""",
    "a column that is reckoned": """CREATE TABLE resting_heart_rate_record_table (time, zone_offset, app_info_id,
        beats_per_minute AS (length(zeroblob(1000000000))));
        INSERT INTO resting_heart_rate_record_table VALUES (1, 1, 1);""",
    "a search of text": """CREATE VIRTUAL TABLE resting_heart_rate_record_table
        USING fts5(time, zone_offset, app_info_id, beats_per_minute);""",
}


@pytest.mark.parametrize("name", HOSTILE)
def test_nothing_is_asked_of_a_hostile_database_but_plain_columns(tmp_path: Path, name: str) -> None:
    opened = open_file(database(tmp_path / "export.db", HOSTILE[name]))
    try:
        told = list(health_connect.read(opened, Told())) if health_connect.recognises(opened) else []
    except ImportRejectedError:
        told = []

    assert told == []


def endless() -> bytes:
    """Eight levels of pages, each with dozens of pointers to the same page of the next: a file of endless rows."""
    with closing(sqlite3.connect(":memory:")) as db:
        db.execute("PRAGMA page_size = 512")
        db.execute("CREATE TABLE resting_heart_rate_record_table (time, zone_offset, app_info_id, beats_per_minute)")
        row = (AT_MS, 3600, 1, 60)
        db.executemany("INSERT INTO resting_heart_rate_record_table VALUES (?, ?, ?, ?)", [row] * 800)
        ((root,),) = db.execute("SELECT rootpage FROM sqlite_master")
        content = bytearray(db.serialize())
    pages = [content[at : at + 512] for at in range(0, len(content), 512)]
    top = pages[root - 1]
    assert top[0] == 5  # an inner page
    levels = [root, *(number for number in range(root + 1, root + 8))]
    leaf = next(n for n in range(root + 8, len(pages) + 1) if pages[n - 1][0] == 13)
    for number, below in zip(levels, [*levels[1:], leaf], strict=True):
        page = bytearray(top)
        page[8:12] = below.to_bytes(4, "big")
        for cell in range(int.from_bytes(page[3:5], "big")):
            at = int.from_bytes(page[12 + 2 * cell : 14 + 2 * cell], "big")
            page[at : at + 4] = below.to_bytes(4, "big")
        pages[number - 1] = page
    return b"".join(pages)


def test_pages_that_all_point_to_the_same_one_are_given_up(tmp_path: Path) -> None:
    path = tmp_path / "endless.db"
    path.write_bytes(endless())
    opened = open_file(path)

    assert opened.size < 100_000
    assert health_connect.recognises(opened)
    with pytest.raises(ImportRejectedError, match="interrupted"):
        list(health_connect.read(opened, Told()))


def test_another_database_is_not_recognised(tmp_path: Path) -> None:
    opened = open_file(database(tmp_path / "notes.db", "CREATE TABLE notes (id, words);"))

    assert not health_connect.recognises(opened)


@settings(max_examples=100, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_a_damaged_database_raises_nothing_but_the_declared_error(tmp_path: Path, data: st.DataObject) -> None:
    whole = tmp_path / "whole.db"
    if not whole.exists():
        database(whole)
    damaged = bytearray(whole.read_bytes())
    for _ in range(data.draw(st.integers(1, 20))):
        damaged[data.draw(st.integers(16, len(damaged) - 1))] = data.draw(st.integers(0, 255))
    path = tmp_path / "damaged.db"
    path.write_bytes(damaged)
    opened = open_file(path)
    if health_connect.recognises(opened):
        try:
            told = list(health_connect.read(opened, Told()))
        except ImportRejectedError:
            return
        assert isinstance(told, list)
