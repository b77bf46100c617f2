from __future__ import annotations

import hashlib
import shutil
from pathlib import Path

import numpy as np
import pytest
import soundfile

from matwise.content.reader import ContentError
from matwise.content.voices import read_voice, voice
from matwise.content.words import lines
from matwise.session.loudness import loudness_lufs


def a_copy(tmp_path: Path) -> Path:
    folder = tmp_path / "hibari-en"
    shutil.copytree(voice("en").folder, folder)
    return folder


def test_every_line_has_a_clip_of_exactly_its_words() -> None:
    spoken = {line: entry.text_sha256 for line, entry in voice("en").table.lines.items()}

    # A changed sentence needs a new clip: tools/speak.py.
    assert spoken == {line.id: hashlib.sha256(line.text.encode()).hexdigest() for line in lines("en")}


def test_every_clip_is_the_one_that_was_made_and_as_long_as_the_table_says() -> None:
    ours = voice("en")
    for line, entry in ours.table.lines.items():
        path = ours.folder / f"{line}.flac"
        told = soundfile.info(path)

        assert hashlib.sha256(path.read_bytes()).hexdigest() == entry.clip_sha256
        assert told.frames / told.samplerate == pytest.approx(entry.duration_s, abs=0.001)
        assert (told.samplerate, told.channels) == (ours.rate_hz, 1)


def test_no_clip_is_left_over_and_all_are_small_enough_to_ship() -> None:
    clips = list(voice("en").folder.glob("*.flac"))

    assert {clip.stem for clip in clips} == set(voice("en").table.lines)
    assert sum(clip.stat().st_size for clip in clips) < 13_000_000


def test_clips_begin_and_end_softly_at_one_loudness() -> None:
    ours = voice("en")
    for line in ours.speech_s():
        clip = ours.clip(line)

        assert np.abs(clip[[0, -1]]).max() < 0.01, line
        assert np.abs(clip).max() < 0.8, line
        assert loudness_lufs(clip, ours.rate_hz) == pytest.approx(-20, abs=0.3), line


def test_a_voice_that_lacks_a_clip_is_refused_by_name(tmp_path: Path) -> None:
    folder = a_copy(tmp_path)
    (folder / "stop_rule.flac").unlink()

    with pytest.raises(ContentError, match=r"no stop_rule\.flac"):
        read_voice(folder)


def test_a_damaged_clip_is_refused_when_it_is_played(tmp_path: Path) -> None:
    folder = a_copy(tmp_path)
    (folder / "stop_rule.flac").write_bytes(b"not a clip")
    shutil.copy(folder / "half_way.flac", folder / "sit_first.flac")
    damaged = read_voice(folder)

    with pytest.raises(ContentError, match=r"stop_rule\.flac"):
        damaged.clip("stop_rule")
    with pytest.raises(ContentError, match=r"as voice\.yaml says"):
        damaged.clip("sit_first")
    with pytest.raises(ContentError, match="no clip"):
        damaged.clip("nobody_said_this")


def test_a_new_clip_changes_the_fingerprint(tmp_path: Path) -> None:
    folder = a_copy(tmp_path)
    table = folder / "voice.yaml"
    clip_sha256 = voice("en").table.lines["half_way"].clip_sha256
    table.write_text(table.read_text(encoding="utf-8").replace(clip_sha256, "f" * 64), encoding="utf-8")

    assert read_voice(folder).fingerprint != voice("en").fingerprint


def test_a_language_nobody_speaks_is_refused_with_those_that_exist() -> None:
    with pytest.raises(ContentError, match="want one of en"):
        voice("tlh")
