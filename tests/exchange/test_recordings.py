from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import soundfile

from matwise.content.voices import voice
from matwise.errors import InvalidInputError
from matwise.exchange import recordings
from matwise.exchange.recordings import checked
from matwise.session.loudness import loudness_lufs
from matwise.session.sound import RATE_HZ

LINES = ("half_way", "is_over", "begins_now")
LONGEST_S = dict.fromkeys(LINES, 5.0)
SPOKEN_RATE_HZ = 24_000


def record(folder: Path, name: str, line: str = "half_way", factor: float = 0.5) -> Path:
    """A line read aloud, as a file of the kind its name ends in."""
    folder.mkdir(exist_ok=True)
    sound = np.pad(voice("en").clip(line) * np.float32(factor), SPOKEN_RATE_HZ // 4)
    soundfile.write(folder / name, sound, SPOKEN_RATE_HZ)
    return folder / name


def test_a_folder_with_every_line_in_any_of_the_four_kinds_has_no_fault(tmp_path: Path) -> None:
    for line, kind in zip(LINES, (".wav", ".flac", ".OGG"), strict=True):
        record(tmp_path, line + kind, line)
    (tmp_path / "half_way.wav").unlink()
    record(tmp_path, "half_way.mp3")
    found = checked(tmp_path, LONGEST_S)

    assert (found.faults, found.missing) == ((), ())
    assert set(found.recordings.by_line) == set(LINES)
    for line, seconds in found.recordings.speech_s().items():
        heard = found.recordings.clip(line)

        assert heard.size / RATE_HZ == pytest.approx(seconds, abs=0.001)
        assert loudness_lufs(heard, RATE_HZ) == pytest.approx(-20, abs=0.5)


def test_a_person_s_file_is_never_changed(tmp_path: Path) -> None:
    path = record(tmp_path, "half_way.wav", factor=0.05)
    before = path.read_bytes()
    checked(tmp_path, LONGEST_S).recordings.clip("half_way")

    assert path.read_bytes() == before
    assert [one.name for one in tmp_path.iterdir()] == ["half_way.wav"]


@pytest.mark.parametrize(
    ("name", "says", "wants"),
    [
        ("half_waay.wav", "the name of no line", "half_way.wav?"),
        ("zzz.wav", "the name of no line", "matwise voice list"),
        ("half_way.m4a", "a file that ends in .m4a", "WAV, FLAC, OGG or MP3"),
        ("half_way", "a file that ends in nothing", "WAV, FLAC, OGG or MP3"),
        ("half_way.wav", "nothing that can be read", "a sound file"),
    ],
)
def test_a_file_that_is_none_of_them_is_named_with_what_would_be_right(
    tmp_path: Path, name: str, says: str, wants: str
) -> None:
    (tmp_path / name).write_bytes(b"no sound at all")
    found = checked(tmp_path, LONGEST_S)
    ((file, fault),) = found.faults

    assert file == name
    assert says in fault.got
    assert wants in fault.want
    assert found.missing == LINES


def test_two_files_for_one_line_are_one_too_many(tmp_path: Path) -> None:
    record(tmp_path, "half_way.flac")
    record(tmp_path, "half_way.wav")
    found = checked(tmp_path, LONGEST_S)

    assert [(name, fault.got) for name, fault in found.faults] == [("half_way.wav", "a second file for half_way")]
    assert found.recordings.by_line["half_way"].path.name == "half_way.flac"


def test_a_file_of_hours_is_refused_without_being_read_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    soundfile.write(tmp_path / "half_way.flac", np.zeros(8_000 * 90, dtype=np.float32), 8_000)
    record(tmp_path, "is_over.wav", "is_over")
    monkeypatch.setattr(recordings, "LARGEST_BYTES", 70_000)
    told = {name: fault for name, fault in checked(tmp_path, LONGEST_S).faults if not fault.usable}

    assert told["half_way.flac"].got == "more than 60 s"
    assert "one line to a file" in told["is_over.wav"].want


def test_sound_that_is_no_numbers_is_refused(tmp_path: Path) -> None:
    soundfile.write(tmp_path / "half_way.wav", np.full(24_000, np.nan, dtype=np.float32), 24_000, subtype="FLOAT")

    ((_, fault),) = checked(tmp_path, LONGEST_S).faults
    assert "no numbers" in fault.got


def test_what_can_be_heard_is_the_same_however_closely_it_is_looked_at(tmp_path: Path) -> None:
    record(tmp_path, "half_way.wav", factor=0.01)
    record(tmp_path, "is_over.wav", "stop_rule")
    record(tmp_path, "begins_now.wav", "begins_now")
    closely, quickly = (checked(tmp_path, LONGEST_S, thorough=thorough) for thorough in (True, False))

    assert closely.recordings == quickly.recordings
    assert closely.missing == quickly.missing == ("is_over",)
    assert len(closely.faults) > len(quickly.faults)


def test_a_file_that_is_replaced_is_another_voice_and_is_not_played_by_the_one_before(tmp_path: Path) -> None:
    record(tmp_path, "half_way.wav")
    before = checked(tmp_path, LONGEST_S).recordings
    record(tmp_path, "half_way.wav", "is_over")
    after = checked(tmp_path, LONGEST_S).recordings

    assert before.fingerprint != after.fingerprint
    with pytest.raises(InvalidInputError, match="another file than before"):
        before.clip("half_way")
    (tmp_path / "half_way.wav").unlink()
    with pytest.raises(InvalidInputError, match="another file than before"):
        after.clip("half_way")


def test_hidden_files_and_folders_are_left_alone_and_no_folder_is_said(tmp_path: Path) -> None:
    (tmp_path / ".DS_Store").write_bytes(b"x")
    (tmp_path / "old").mkdir()

    assert checked(tmp_path, LONGEST_S).faults == ()
    with pytest.raises(InvalidInputError, match="a folder with WAV, FLAC, OGG or MP3 files"):
        checked(tmp_path / "nowhere", LONGEST_S)
