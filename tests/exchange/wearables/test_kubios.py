from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from matwise.exchange.wearables import kubios
from matwise.exchange.wearables.maker import ImportRejectedError

from .found import found_in, utc

HEAD = (
    "HRV ANALYSIS RESULTS - 01-Mar-2026 11:14:02\nKubios HRV Premium\n3.1.0\n\nMeasurement date: {date}\n"
    "RESULTS FOR A SINGLE SAMPLE\n  RMSSD (ms):                 ,     60.5235,            ,\n\n"
)
SECTION = (
    "RR INTERVAL DATA and SPECTRUM ESTIMATES,\n"
    "                              ,    SAMPLE 1,            ,            ,\n"
    "                              ,     RR Data,            ,FFT spectrum,\n"
    "                              ,        Time, RR interval,   Frequency,\n"
    "                              ,         (s),         (s),        (Hz),\n"
    "                              ,      60.664,       0.664,       0.000,\n"
    "                              ,      61.445,       0.781,       0.003,\n"
    "                              ,      62.273,       0.828,            ,\n"
    "                              ,            ,            ,       0.010,\n"
)


def test_a_report_is_one_recording_that_begins_where_its_sample_does(tmp_path: Path) -> None:
    path = tmp_path / "report.txt"
    path.write_text(HEAD.format(date="2026-03-01 10:00:00") + SECTION)
    found = found_in(path)
    (recording,) = found.recordings

    assert found.maker is kubios
    assert recording.rr_ms.tolist() == pytest.approx([664, 781, 828])
    assert recording.at is not None
    assert recording.at.astimezone(UTC) == utc("2026-03-01T09:01:00")


def test_where_its_date_is_left_out_the_person_says_it(tmp_path: Path) -> None:
    path = tmp_path / "report.txt"
    path.write_text(HEAD.format(date="xx/xx/xx xx:xx:xx") + SECTION)
    begun = datetime(2026, 3, 1, 10, tzinfo=UTC)

    assert found_in(path).recordings[0].at is None
    told = found_in(path, at=begun).recordings[0].at
    assert told == utc("2026-03-01T10:01:00")


def test_a_report_without_its_intervals_says_what_is_missing(tmp_path: Path) -> None:
    path = tmp_path / "report.txt"
    path.write_text(HEAD.format(date=""))

    with pytest.raises(ImportRejectedError, match="saved with its intervals"):
        found_in(path)
