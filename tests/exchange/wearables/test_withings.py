from __future__ import annotations

from pathlib import Path

from matwise.exchange.wearables import withings

from .found import found_in, utc, zipped

RATES = 'start,duration,value\n2026-03-01T09:22:00+01:00,"[60,60]","[57,58]"\n2026-03-01T10:00:00+01:00,[60],[70]\n'
PLACES = "start,duration,value\n2026-03-01T09:22:00+01:00,[60],[44.1]\n"
NIGHTS = (
    'from,to,"light (s)","deep (s)","rem (s)","awake (s)","Average heart rate"\n'
    "2026-02-28T23:10:00+01:00,2026-03-01T07:00:00+01:00,14400,7200,5400,600,55\n"
)
PRESSURES = 'Date,"Heart rate",Systolic,Diastolic,Comments\n"2026-03-01 07:30:00",62,128,81,\n'


def test_the_tables_of_an_archive_are_read_and_places_are_no_rates(tmp_path: Path) -> None:
    files = {"raw_hr_hr.csv": RATES, "raw_location_latitude.csv": PLACES, "sleep.csv": NIGHTS, "bp.csv": PRESSURES}
    found = found_in(zipped(tmp_path / "data.zip", files))
    cuff, at = "Blood-pressure cuff", utc("2026-03-01T06:30:00")

    assert found.maker is withings
    assert found.readings == {
        ("heart_rate", "Withings"): [
            (utc("2026-03-01T08:22:00"), 57.0),
            (utc("2026-03-01T08:23:00"), 58.0),
            (utc("2026-03-01T09:00:00"), 70.0),
        ],
        ("sleep_duration", "Withings"): [(utc("2026-03-01T06:00:00"), 450.0)],
        ("systolic", cuff): [(at, 128.0)],
        ("diastolic", cuff): [(at, 81.0)],
        ("heart_rate", cuff): [(at, 62.0)],
    }
    assert found.rejected == []


def test_the_pressures_of_an_archive_are_those_of_the_table_alone(tmp_path: Path) -> None:
    alone = tmp_path / "bp.csv"
    alone.write_text(PRESSURES)
    archive = found_in(zipped(tmp_path / "data.zip", {"sleep.csv": NIGHTS, "bp.csv": PRESSURES}))

    assert found_in(alone).readings.items() <= archive.readings.items()


def test_rows_that_can_not_be_meant_are_listed(tmp_path: Path) -> None:
    wrong = (
        RATES + 'yesterday,[60],[70]\n2026-03-01T11:00:00+01:00,[60],"[70,71]"\n2026-03-01T12:00:00+01:00,[60],[x]\n'
    )
    path = zipped(tmp_path / "data.zip", {"raw_tracker_hr.csv": wrong})
    found = found_in(path)

    assert [one.where for one in found.rejected] == ["line 4", "line 5", "line 6"]
    assert [one.why for one in found.rejected] == [withings.NO_ROW, withings.UNEVEN, withings.NO_ROW]
