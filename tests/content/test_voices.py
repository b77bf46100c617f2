from __future__ import annotations

import hashlib
import shutil
from pathlib import Path

import numpy as np
import pytest
import soundfile

from matwise.content.breathing import breathing, programme
from matwise.content.reader import ContentError
from matwise.content.voices import read_voice, shipped, voice
from matwise.content.words import languages, lines, words
from matwise.session.loudness import loudness_lufs
from matwise.session.reading import longest_s

EVERY = tuple(one.code for one in languages())


def a_copy(tmp_path: Path) -> Path:
    folder = tmp_path / "hibari-en"
    shutil.copytree(voice("en").folder, folder)
    return folder


@pytest.mark.parametrize("code", EVERY)
def test_every_line_has_a_clip_of_exactly_its_words(code: str) -> None:
    spoken = {line: entry.text_sha256 for line, entry in voice(code).table.lines.items()}

    # A changed sentence needs a new clip: tools/speak.py --language.
    assert spoken == {line.id: hashlib.sha256(line.text.encode()).hexdigest() for line in lines(code)}


@pytest.mark.parametrize("code", EVERY)
def test_every_clip_is_the_one_that_was_made_and_as_long_as_the_table_says(code: str) -> None:
    ours = voice(code)
    for line, entry in ours.table.lines.items():
        path = ours.folder / f"{line}{ours.table.suffix}"
        told = soundfile.info(path)

        assert hashlib.sha256(path.read_bytes()).hexdigest() == entry.clip_sha256
        assert told.frames / told.samplerate == pytest.approx(entry.duration_s, abs=0.001)
        assert (told.samplerate, told.channels) == (ours.rate_hz, 1)


@pytest.mark.parametrize(("code", "most_bytes"), [("en", 13_000_000), ("de", 4e6), ("sv", 4e6), ("es", 4e6)])
def test_no_clip_is_left_over_and_all_are_small_enough_to_ship(code: str, most_bytes: float) -> None:
    clips = [path for path in voice(code).folder.iterdir() if path.name != "voice.yaml"]

    assert {clip.stem for clip in clips} == set(voice(code).table.lines)
    assert sum(clip.stat().st_size for clip in clips) < most_bytes


@pytest.mark.parametrize("code", EVERY)
def test_clips_begin_and_end_softly_at_one_loudness(code: str) -> None:
    ours = voice(code)
    for line in ours.speech_s():
        clip = ours.clip(line)

        assert np.abs(clip[[0, -1]]).max() < 0.01, line
        assert np.abs(clip).max() < (0.8 if code == "en" else 1.0), line  # the mix holds peaks above 0.6 down
        assert loudness_lufs(clip, ours.rate_hz) == pytest.approx(-20, abs=0.3 if code == "en" else 0.4), line


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
    with pytest.raises(ContentError, match="want one of de, en, es, sv"):
        voice("tlh")


def test_every_language_has_a_voice_that_ships_and_says_what_it_is() -> None:
    assert set(shipped()) == set(EVERY)
    for code in EVERY:
        table = voice(code).table

        assert table.language == code
        assert "Apache-2.0" in table.licence


@pytest.mark.parametrize("code", EVERY)
def test_no_clip_takes_longer_than_a_person_may_take_for_it(code: str) -> None:
    led = [programme(name) for name in breathing()]
    longest = longest_s({line.id: line.text for line in lines(code)}, led)

    assert {line: seconds for line, seconds in voice(code).speech_s().items() if seconds > longest[line]} == {}


def test_a_sentence_that_was_changed_is_not_heard_as_it_was() -> None:
    ours, changed = voice("de"), {**words("de"), "half_way": "Die Hälfte ist geschafft."}
    left = ours.saying(changed)

    assert ours.saying(words("de")) is ours
    assert set(ours.speech_s()) - set(left.speech_s()) == {"half_way"}
    with pytest.raises(ContentError, match="no clip"):
        left.clip("half_way")
    assert left.clip("stop_rule").size == ours.clip("stop_rule").size
