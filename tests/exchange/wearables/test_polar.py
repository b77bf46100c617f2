from __future__ import annotations

import json
from datetime import UTC
from pathlib import Path

import pytest

from matwise.exchange.wearables import polar

from .found import found_in, utc, zipped

DAYS = {
    "deviceDays": [
        {
            "deviceId": "A1", "date": "2026-03-01",
            "samples": [
                {"heartRate": 55, "secondsFromDayStart": 60, "source": "OPTICAL_HEARTRATE"},
                {"heartRate": 0, "secondsFromDayStart": 120},
                {"heartRate": 57, "secondsFromDayStart": "soon"},
            ],
        }
    ]
}  # fmt: skip
PULSES = [
    {
        "date": "2026-03-01",
        "devicePpiSamplesList": [
            {
                "deviceId": "A1",
                "ppiSamples": [
                    {"sampleDateTime": "2026-03-01T01:00:00.000", "pulseLength": 900},
                    {"sampleDateTime": "2026-03-01T01:00:00.900", "pulseLength": 910},
                    {"sampleDateTime": "2026-03-01T01:00:01.810", "pulseLength": 90},
                    {"sampleDateTime": "2026-03-01T02:00:00.000", "pulseLength": 950},
                ],
            }
        ],
    }
]
TRAINING = {
    "exportVersion": "1.6",
    "exercises": [
        {
            "startTime": "2026-03-01T18:00:00.000",
            "timezoneOffset": 120,
            "samples": {
                "heartRate": [
                    {"dateTime": "2026-03-01T18:00:01.000", "value": 92},
                    {"dateTime": "2026-03-01T18:00:02.000"},
                ],
                "rr": [{"duration": "PT0.652S"}, {"duration": "PT0.66S"}, {"duration": "long"}],
            },
        }
    ],
}


def test_an_account_of_flow_is_read(tmp_path: Path) -> None:
    files = {"247ohr_1_2026_03.json": DAYS, "ppi_samples_1.json": PULSES, "training-session-2026.json": TRAINING}
    found = found_in(zipped(tmp_path / "polar.zip", files | {"account-data.json": {"exportVersion": "1.6"}}))
    began = [None if one.at is None else one.at.astimezone(UTC) for one in found.recordings]

    assert found.maker is polar
    assert found.readings == {
        ("heart_rate", "Polar"): [(utc("2026-02-28T23:01:00"), 55.0), (utc("2026-03-01T16:00:01"), 92.0)]
    }
    assert [one.rr_ms.tolist() for one in found.recordings] == [[900, 910], [950], pytest.approx([652, 660])]
    assert began == [utc("2026-03-01T00:00:00"), utc("2026-03-01T01:00:00"), utc("2026-03-01T16:00:00")]
    assert len(found.rejected) == 3


def test_a_single_file_is_read_by_what_is_in_it(tmp_path: Path) -> None:
    path = tmp_path / "whatever"
    path.write_text(json.dumps(DAYS))

    assert list(found_in(path).readings) == [("heart_rate", "Polar")]
