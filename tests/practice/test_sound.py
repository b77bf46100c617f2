from __future__ import annotations

import json
from pathlib import Path

import pytest

from matwise.errors import InvalidInputError
from matwise.exchange.audio_format import Format
from matwise.practice import guide, sound
from matwise.session.cue import Kind
from matwise.settings import Settings

from .people import MONDAY_EVENING, a_database, answers_all


def begun(folder: Path, settings: Settings) -> guide.Started:
    with a_database(folder) as db:
        answers_all(db)
        return guide.start(db, "session-0", guide.TODAY, "no", MONDAY_EVENING, {"minutes": "2"}, settings)


@pytest.mark.parametrize("ending", ["mp3", "opus", "flac", "wav", ".FLAC"])
def test_every_kind_is_known_by_its_ending(ending: str) -> None:
    assert sound.format_named(ending).value == ending.removeprefix(".").lower()


@pytest.mark.parametrize("ending", ["", "ogg", "m4a", "../mp3", "mp3\x00"])
def test_another_ending_is_refused_with_those_there_are(ending: str) -> None:
    with pytest.raises(InvalidInputError, match="mp3, opus, flac, wav"):
        sound.format_named(ending)


@pytest.mark.parametrize("kind", sound.FORMATS)
def test_a_file_of_each_kind_carries_title_chapters_and_cover(tmp_path: Path, kind: Format) -> None:
    settings = Settings(tmp_path, 8765)
    started = begun(tmp_path, settings)
    made = sound.rendered(started.timeline, started.session.content, settings, kind=kind)
    held = made.path.read_bytes()
    head = held[:200_000] if kind is not Format.WAV else held

    assert made.path.suffix == kind.suffix
    assert made.duration_s == started.timeline.duration_s
    assert started.timeline.title.encode() in head or started.timeline.title.encode("utf-16-le") in head
    if kind is not Format.WAV:
        assert b"Getting on" in head or "Getting on".encode("utf-16-le") in head


def test_sheet_captions_and_script_tell_every_spoken_line(tmp_path: Path) -> None:
    settings = Settings(tmp_path, 8765)
    started = begun(tmp_path, settings)
    spoken = [" ".join(cue.text.split()) for cue in started.timeline.cues if cue.kind is Kind.VOICE]
    told = json.loads(sound.sheet(started.timeline))
    parts = sound.script(started.timeline, "en")
    text = " ".join(sound.script_text(started.timeline, "en").split())

    assert [" ".join(cue["text"].split()) for cue in told["cues"] if cue["kind"] == "voice"] == spoken
    assert [line.text for part in parts for line in part.lines if line.is_spoken] == spoken
    assert sound.captions(started.timeline).count(" --> ") >= len(spoken)
    assert all(line in text for line in spoken)


@pytest.mark.parametrize(("language", "chapter"), [("en", "Getting on"), ("de", None), ("sv", None), ("es", None)])
def test_chapters_have_names_in_the_language_of_the_session(tmp_path: Path, language: str, chapter: str | None) -> None:
    settings = Settings(tmp_path, 8765, language=language)
    started = begun(tmp_path, settings)
    names = [part.name for part in sound.script(started.timeline, language)]

    assert sound.language_of(started.session.content, settings) == language
    assert len(set(names)) == len(names) > 3
    assert (chapter in names) if chapter else ("Getting on" not in names)
