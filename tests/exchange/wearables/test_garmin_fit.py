from __future__ import annotations

import zipfile
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from fit_tool.fit_file_builder import FitFileBuilder
from fit_tool.profile.messages.file_id_message import FileIdMessage
from fit_tool.profile.messages.hrv_message import HrvMessage
from fit_tool.profile.messages.record_message import RecordMessage
from fit_tool.profile.profile_type import FileType, Manufacturer
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from matwise.exchange.wearables import garmin_fit
from matwise.exchange.wearables.maker import Found, ImportRejectedError, Told
from matwise.exchange.wearables.makers import recognise
from matwise.exchange.wearables.opened import open_file
from matwise.measures.reading import Readings, Recording, Rejected

BERLIN = ZoneInfo("Europe/Berlin")
BEGAN = datetime(2026, 3, 2, 6, 30, tzinfo=UTC)
CALM = settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])


def a_fit(rates: Sequence[int], beats_s: Sequence[float]) -> bytes:
    """An activity as a watch writes it: a heart rate a second, beats five to a message."""
    builder = FitFileBuilder(auto_define=True, min_string_size=50)
    head = FileIdMessage()
    head.type, head.manufacturer = FileType.ACTIVITY, Manufacturer.GARMIN.value
    head.time_created = round(BEGAN.timestamp() * 1000)
    builder.add(head)
    for second, rate in enumerate(rates):
        record = RecordMessage()
        record.timestamp, record.heart_rate = round(BEGAN.timestamp() * 1000) + 1000 * second, rate
        builder.add(record)
    for start in range(0, len(beats_s), 5):
        beats = HrvMessage()
        beats.time = [*beats_s[start : start + 5], *[65.535] * 5][:5]
        builder.add(beats)
    return bytes(builder.build().to_bytes())


def told(path: Path) -> tuple[list[Readings], list[Recording], list[Rejected]]:
    found: list[Found] = list(garmin_fit.read(open_file(path), Told(zone=BERLIN)))
    readings = [one for one in found if isinstance(one, Readings)]
    recordings = [one for one in found if isinstance(one, Recording)]
    return readings, recordings, [one for one in found if isinstance(one, Rejected)]


def written(path: Path, content: bytes) -> Path:
    path.write_bytes(content)
    return path


@CALM
@given(
    st.lists(st.integers(40, 200), min_size=1, max_size=30), st.lists(st.integers(300, 2000), min_size=1, max_size=23)
)
def test_rates_and_beats_come_back_with_their_moments(tmp_path: Path, rates: list[int], beats: list[int]) -> None:
    path = written(tmp_path / "morning.fit", a_fit(rates, [one / 1000 for one in beats]))
    (readings,), (recording,), rejected = told(path)

    assert recognise(open_file(path)) is garmin_fit
    assert readings.values.tolist() == rates
    assert readings.at_ms[0] == round(BEGAN.timestamp() * 1000)
    assert set(readings.offset_min.tolist()) == {60}
    assert recording.rr_ms == pytest.approx(beats)
    assert recording.at == BEGAN
    assert readings.source.startswith("garmin")
    assert rejected == []


def test_a_beat_that_no_heart_makes_is_rejected_and_what_fills_a_message_is_no_beat(tmp_path: Path) -> None:
    path = written(tmp_path / "morning.fit", a_fit([60], [0.8, 0.1, 0.82, 9.0]))
    _, (recording,), rejected = told(path)

    assert recording.rr_ms == pytest.approx([800, 820])
    assert [one.where for one in rejected] == ["morning.fit, beat 2", "morning.fit, beat 4"]


def test_of_an_archive_every_whole_file_is_read_and_a_damaged_one_is_named(tmp_path: Path) -> None:
    whole = a_fit([60, 61], [0.8] * 5)
    with zipfile.ZipFile(tmp_path / "days.zip", "w") as archive:
        archive.writestr("a.fit", whole)
        archive.writestr("b.fit", whole[:-20])
        archive.writestr("readme.txt", "hello")
    readings, recordings, rejected = told(tmp_path / "days.zip")

    assert recognise(open_file(tmp_path / "days.zip")) is garmin_fit
    assert (len(readings), len(recordings)) == (1, 1)
    assert [one.where for one in rejected] == ["b.fit"]


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.integers(12, 300), st.binary(min_size=1, max_size=12))
def test_a_damaged_file_is_refused_and_raises_nothing_else(tmp_path: Path, at: int, noise: bytes) -> None:
    whole = a_fit([60, 61, 62], [0.8, 0.81])
    path = written(tmp_path / "damaged.fit", whole[:at] + noise + whole[at + len(noise) :])
    try:
        told(path)
    except ImportRejectedError as error:
        assert "damaged" in str(error) or "no FIT" in str(error)  # noqa: PT017 – either is right


def test_the_clock_on_the_wall_is_that_of_the_zone_that_was_said(tmp_path: Path) -> None:
    path = written(tmp_path / "morning.fit", a_fit([60], [0.8]))
    found = [one for one in garmin_fit.read(open_file(path), Told()) if isinstance(one, Recording)]

    assert found[0].at is not None
    assert found[0].at.utcoffset() == timedelta(0)
