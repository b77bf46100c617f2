from __future__ import annotations

import json
import stat
import sys
from pathlib import Path

import icalendar
import pytest

from matwise.practice import guide
from matwise.store.database import Database, open_database
from tests.practice.people import MONDAY_EVENING

from .terminal import Said, answers_file, matwise

MAGIC = {"mp3": b"ID3", "opus": b"OggS", "flac": b"fLaC", "wav": b"RIFF"}
SHORT = ("--changed", "no", "--minutes", "2")


def screened(folder: Path) -> None:
    assert matwise(folder, "screen", "--answers", str(answers_file(folder))).status == 0


def kept(folder: Path) -> Database:
    return open_database(folder / "matwise.db", MONDAY_EVENING)


def a_player(folder: Path, monkeypatch: pytest.MonkeyPatch, name: str = "mpv", status: int = 0) -> Path:
    """A program of this name, alone on the path, that writes down what it was told and ends."""
    place = folder / "programs"
    place.mkdir()
    program, said = place / name, place / "said.json"
    program.write_text(
        f"#!{sys.executable}\nimport json, pathlib, sys\n"
        f"pathlib.Path({str(said)!r}).write_text(json.dumps(sys.argv[1:]))\nsys.exit({status})\n",
        "utf-8",
    )
    program.chmod(program.stat().st_mode | stat.S_IXUSR)
    monkeypatch.setenv("PATH", str(place))
    return said


@pytest.mark.parametrize("ending", MAGIC)
def test_a_session_comes_as_the_kind_of_file_that_was_asked_for(tmp_path: Path, ending: str) -> None:
    screened(tmp_path)
    by_format = matwise(tmp_path, "guide", *SHORT, "--format", ending)
    by_name = matwise(tmp_path, "guide", *SHORT, "--out", f"mine.{ending}")

    assert (by_format.status, by_name.status) == (0, 0), by_format.err + by_name.err
    for name in (f"session.{ending}", f"mine.{ending}"):
        assert (tmp_path / name).read_bytes().startswith(MAGIC[ending])


def test_the_words_come_along_as_text_captions_and_cue_sheet(tmp_path: Path) -> None:
    screened(tmp_path)
    said = [matwise(tmp_path, "guide", *SHORT, "--words", f"words.{kind}") for kind in ("txt", "vtt", "json")]

    assert [one.status for one in said] == [0, 0, 0], said[0].err
    assert (tmp_path / "words.txt").read_text("utf-8").startswith("Feet first, sitting (2 min)")
    assert (tmp_path / "words.vtt").read_text("utf-8").startswith("WEBVTT")
    assert json.loads((tmp_path / "words.json").read_bytes())["cues"]


def test_every_wish_of_the_form_can_be_typed_and_is_kept(tmp_path: Path) -> None:
    screened(tmp_path)
    wishes = ["--aim", "evening", "--breathing", "resonance", "--pace", "5", "--bed", "waves", "--bed-db", "-3"]
    wishes += ["--bells", "own", "--bell-every", "1", "--bell-at", "1.5", "--bell-db", "-6", "--voice-db", "2"]
    wishes += ["--settle-in", "30", "--scan", "--familiar"]
    said = matwise(tmp_path, "guide", "--changed", "no", "--minutes", "4", *wishes)
    assert said.status == 0, said.err
    db = kept(tmp_path)
    last = guide.last(db)
    db.close()
    assert last is not None

    assert json.loads(last.content) == {
        "aim": "evening",
        "minutes": 4,
        "breathing": "resonance",
        "pace_per_min": 5.0,
        "bed": "waves",
        "bed_db": -3.0,
        "bells": "own",
        "bell_every_min": 1.0,
        "bell_at_min": [1.5],
        "bell_db": -6.0,
        "voice_db": 2.0,
        "settle_in_s": 30.0,
        "scan": True,
        "familiar": True,
        "language": "en",
    }


def test_what_can_not_be_had_is_named_as_it_was_typed_all_at_once(tmp_path: Path) -> None:
    screened(tmp_path)
    said = matwise(tmp_path, "guide", *SHORT, "--bed", "whales", "--pace", "99", "--settle-in", "soon")

    assert said.status == 2
    assert all(f"{one}: got" in said.err for one in ("--bed", "--pace", "--settle-in"))
    assert list(tmp_path.glob("session.*")) == []


@pytest.mark.parametrize(
    ("words", "wrong"),
    [
        (("--format", "exe"), "--format: got 'exe'; want one of mp3, opus, flac, wav"),
        (("--out", "a.ogg"), "--out: got '.ogg'; want one of mp3, opus, flac, wav"),
        (("--out", "a.mp3", "--format", "wav"), "--format: got wav; want mp3"),
        (("--out", "none/a.mp3"), "--out: got none/a.mp3"),
        (("--words", "a.pdf"), "--words: got a.pdf"),
    ],
)
def test_a_file_that_can_not_be_is_refused_before_anything_begins(
    tmp_path: Path, words: tuple[str, ...], wrong: str
) -> None:
    screened(tmp_path)
    said = matwise(tmp_path, "guide", *SHORT, *words)
    db = kept(tmp_path)
    last = guide.last(db)
    db.close()

    assert said.status == 2
    assert wrong in said.err
    assert last is None


def test_nothing_is_written_or_played_without_a_permission(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    said = a_player(tmp_path, monkeypatch)
    refused = matwise(tmp_path, "guide", "--changed", "no", "--play", "--out", "a.mp3", "--words", "a.txt")

    assert refused.status == 2
    assert not said.exists()
    assert not (tmp_path / "a.mp3").exists()
    assert not (tmp_path / "a.txt").exists()


def test_without_a_program_that_plays_that_is_said_and_no_session_begins(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    screened(tmp_path)
    monkeypatch.setenv("PATH", str(tmp_path / "nothing"))
    said = matwise(tmp_path, "guide", *SHORT, "--play")
    db = kept(tmp_path)
    last = guide.last(db)
    db.close()

    assert said.status == 2
    assert "Install one (mpv, ffmpeg or VLC)" in said.err
    assert last is None


def plays(folder: Path, typed: str) -> Said:
    return matwise(folder, "guide", *SHORT, "--play", typed=typed)


def test_a_session_that_was_stopped_early_is_kept_with_its_reason(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    screened(tmp_path)
    said = a_player(tmp_path, monkeypatch)
    played = plays(tmp_path, "interrupted\n")
    db = kept(tmp_path)
    last = guide.last(db)
    db.close()
    told = json.loads(said.read_text("utf-8"))

    assert played.status == 0, played.err
    assert told[-1].endswith(".mp3")
    assert "Ctrl-C stops at any moment" in played.out
    assert last is not None
    assert (last.stop_reason, last.completed, last.minutes) == ("interrupted", False, 0.0)
    assert not list(tmp_path.glob("session.*"))


@pytest.mark.parametrize("name", ["aplay", "paplay"])
def test_a_program_that_knows_no_mp3_gets_a_wav(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    screened(tmp_path)
    said = a_player(tmp_path, monkeypatch, name)
    plays(tmp_path, "interrupted\n")

    assert json.loads(said.read_text("utf-8"))[-1].endswith(".wav")


def test_a_program_that_can_not_play_it_is_no_session_and_says_where_the_file_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    screened(tmp_path)
    a_player(tmp_path, monkeypatch, status=3)
    played = plays(tmp_path, "")
    db = kept(tmp_path)
    last = guide.last(db)
    db.close()

    assert played.status == 2
    assert "mpv could not play it (status 3)" in played.err
    assert str(tmp_path / "audio") in played.err
    assert last is not None
    assert last.ended_at is None


def test_the_plan_comes_as_a_calendar(tmp_path: Path) -> None:
    screened(tmp_path)
    said = matwise(tmp_path, "calendar", "mine.ics")
    found = icalendar.Calendar.from_ical((tmp_path / "mine.ics").read_bytes())
    assert isinstance(found, icalendar.Calendar)

    assert said.status == 0, said.err
    assert not found.errors
    assert len(found.events) == 14


def test_an_address_of_the_whole_internet_is_not_listened_on(tmp_path: Path) -> None:
    said = matwise(tmp_path, "--host", "8.8.8.8", "--port", "0", "--no-browser")

    assert said.status == 2
    assert "--host" in said.err
