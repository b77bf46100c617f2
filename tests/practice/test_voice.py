from __future__ import annotations

import csv
import io
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import soundfile

from matwise.content import voices
from matwise.content.voices import voice
from matwise.content.words import lines, words
from matwise.errors import InvalidInputError
from matwise.practice import guide
from matwise.practice import voice as practice
from matwise.practice.voice import Source
from matwise.session.sound import RATE_HZ
from matwise.settings import Settings, read_settings
from tests.exchange.programs import installed
from tests.practice.people import MONDAY_EVENING, a_database, answers_all

SPOKEN_RATE_HZ = 24_000
LINES = len(lines("en"))


def of(folder: Path, language: str = "en", voice: str | None = None) -> Settings:
    return Settings(folder, 0, language, voice)


def records(folder: Path, *names: str, language: str = "en", who: str = "anna", factor: float = 0.5) -> Path:
    """Somebody reads these lines aloud and puts the files where own recordings lie."""
    own = folder / "voices" / who / language
    own.mkdir(parents=True, exist_ok=True)
    for name in names:
        sound = np.pad(voice("en").clip(name) * np.float32(factor), SPOKEN_RATE_HZ // 4)
        soundfile.write(own / f"{name}.wav", sound, SPOKEN_RATE_HZ)
    return own


def without_clips(monkeypatch: pytest.MonkeyPatch, *changed: str) -> None:
    """Matwise as it would be if these German sentences had been changed and not spoken again; all of them if none."""
    if not changed:
        monkeypatch.setattr(voices, "shipped", dict)
        return
    monkeypatch.setattr(
        practice, "_texts", lambda code: {line.id: line.text + "!" * (line.id in changed) for line in lines(code)}
    )


@pytest.mark.parametrize("language", [one.code for one in practice.languages()])
def test_every_language_is_spoken_by_its_clips_alone(tmp_path: Path, language: str) -> None:
    told = practice.speaking(of(tmp_path, language))

    assert told.voice is voice(language)
    assert told.words == words(language)
    assert set(told.report.by_line.values()) == {Source.CLIPS}
    assert told.report.sentence.startswith(f"All {LINES} lines are spoken by ")
    assert voice(language).table.engine in told.report.sentence


def test_without_settings_it_is_english_by_the_clips() -> None:
    assert practice.speaking(None).voice is voice("en")


@pytest.mark.parametrize(
    ("chosen", "locale", "wished", "spoken"),
    [
        (None, None, (), "en"),
        (None, "de", (), "de"),
        (None, "de", ("sv", "en"), "sv"),
        (None, "fr", ("it",), "en"),
        ("es", "de", ("sv",), "es"),
    ],
)
def test_a_session_is_spoken_in_the_first_wished_language_there_is(
    tmp_path: Path, chosen: str | None, locale: str | None, wished: tuple[str, ...], spoken: str
) -> None:
    settings = Settings(tmp_path, 8765, language=chosen, locale=locale)

    assert practice.spoken_language(settings, wished) == spoken


def test_own_recordings_come_first_and_the_clips_say_the_rest(tmp_path: Path) -> None:
    records(tmp_path, "half_way", "is_over")
    told = practice.speaking(of(tmp_path, voice="anna"))

    assert [line for line, source in told.report.by_line.items() if source is Source.RECORDING] == [
        "half_way",
        "is_over",
    ]
    assert told.report.sentence == (
        f"2 of {LINES} lines are spoken by “anna”, your own recordings. "
        f"{LINES - 2} of {LINES} lines are spoken by hibari-tts, from clips that come with Matwise."
    )
    for line in ("half_way", "stop_rule"):
        assert told.voice.clip(line).size / told.voice.rate_hz == pytest.approx(told.voice.speech_s()[line], abs=0.001)
    assert set(told.voice.speech_s()) == {line.id for line in lines("en")}


def test_a_recording_that_can_t_be_used_is_told_and_its_line_is_said_by_somebody_else(tmp_path: Path) -> None:
    own = records(tmp_path, "half_way", "is_over")
    (own / "is_over.wav").write_bytes(b"broken")
    told = practice.voice_report(of(tmp_path, voice="anna"))

    assert told.by_line["is_over"] is Source.CLIPS
    assert told.sentence.endswith(
        "Recordings of “anna” that can’t be used: 1. The command matwise voice check says why."
    )


def test_a_voice_without_recordings_in_a_language_is_told(tmp_path: Path) -> None:
    records(tmp_path, "half_way")

    assert "“anna” has no recordings in this language" in practice.voice_report(of(tmp_path, "de", "anna")).sentence


def test_a_sentence_that_was_changed_is_spoken_by_the_program_never_as_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    without_clips(monkeypatch, "half_way", "stop_rule", "is_over")
    installed(tmp_path / "bin", monkeypatch)
    told = practice.voice_report(of(tmp_path, "de"))

    assert [line for line, source in told.by_line.items() if source is Source.PROGRAM] == [
        "stop_rule", "half_way", "is_over"
    ]  # fmt: skip
    assert f"3 of {LINES} lines are spoken by the program espeak-ng on this machine." in told.sentence


@pytest.mark.parametrize("program", [None, "fails at speaking"])
def test_what_nobody_can_say_is_a_bell_and_the_report_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, program: str | None
) -> None:
    without_clips(monkeypatch)
    installed(tmp_path / "bin", monkeypatch, program)
    told = practice.speaking(of(tmp_path, "de"))

    assert set(told.report.by_line.values()) == {Source.BELL}
    assert told.report.sentence.startswith(
        f"{LINES} of {LINES} lines can’t be spoken here: two strokes of a small bell"
    )
    assert set(told.voice.speech_s()) == {line.id for line in lines("de")}
    assert np.abs(told.voice.clip("stop_rule")).max() > 0.1


def test_every_line_has_exactly_one_source_whatever_is_missing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    records(tmp_path, "half_way", language="de")
    for program in ("speaks", None):
        for changed in ((), ("stop_rule",)):
            with monkeypatch.context() as patch:
                without_clips(patch, *changed)
                installed(tmp_path / f"{program} {changed}", patch, program)
                told = practice.speaking(of(tmp_path, "de", "anna"))

            assert set(told.report.by_line) == set(told.voice.speech_s()) == {line.id for line in lines("de")}
            assert told.report.by_line["half_way"] is Source.RECORDING


def test_an_unknown_language_is_refused_with_those_there_are(tmp_path: Path) -> None:
    with pytest.raises(InvalidInputError, match="want one of de, en, es, sv"):
        practice.speaking(of(tmp_path, "tlh"))


def test_the_reading_list_names_every_line_its_file_and_the_time_it_may_take() -> None:
    rows = practice.reading_list("sv")
    table = list(csv.DictReader(io.StringIO(practice.reading_list_csv("sv"))))

    assert [row.file for row in rows] == [f"{line.id}.wav" for line in lines("sv")]
    assert [(row["file"], float(row["longest_s"]), row["text"]) for row in table] == [
        (row.file, row.longest_s, row.text) for row in rows
    ]
    assert all(row.text in practice.reading_list_text("sv") for row in rows)
    longest = {row.file: row.longest_s for row in rows}
    assert (longest["breathe_in.wav"], longest["breathe_in_again.wav"]) == (2.4, 1.2)


def test_checking_a_folder_names_what_is_missing_and_what_is_wrong_once(tmp_path: Path) -> None:
    own = records(tmp_path, "half_way", "is_over", language="de")
    (own / "is_over.wav").write_bytes(b"broken")
    found = {one.file: one for one in practice.check(own, "de")}

    assert len(found) == LINES - 1
    assert "half_way.wav" not in found
    assert found["stop_rule.wav"].got == "missing"
    assert words("de")["stop_rule"] in found["stop_rule.wav"].want
    assert "nothing that can be read" in found["is_over.wav"].got


def test_a_voice_is_chosen_once_it_can_be_heard_and_is_chosen_for_the_next_time_too(tmp_path: Path) -> None:
    records(tmp_path, "half_way", language="de")
    (tmp_path / "voices" / "bob").mkdir()
    chosen = practice.use(of(tmp_path), "anna", "de")
    environ = {"MATWISE_DATA": str(tmp_path)}

    assert (chosen.language, chosen.voice) == ("de", "anna")
    assert replace(read_settings(environ), port=0) == chosen
    assert practice.own_voices(chosen) == ("anna", "bob")
    assert (practice.use(chosen, None).language, read_settings(environ).voice) == ("de", None)
    for name, wants in (("cleo", "'anna' or 'bob'"), ("bob", "recordings in"), ("../anna", "'anna' or 'bob'")):
        with pytest.raises(InvalidInputError, match=wants):
            practice.use(chosen, name)


def test_a_session_is_spoken_captioned_and_entitled_in_the_language_of_the_settings(tmp_path: Path) -> None:
    with a_database(tmp_path) as db:
        answers_all(db)
        settings = of(tmp_path, "de")
        started = guide.start(db, "session-0", guide.TODAY, "no", MONDAY_EVENING, settings=settings)
        again = guide.playable(db, "session-0", MONDAY_EVENING, settings)
        made = guide.audio(db, "session-0", settings, MONDAY_EVENING)

    assert started.timeline.title.startswith("Zuerst die Füße, im Sitzen")
    assert "Hallo. Das ist deine Zeit auf der Matte." in guide.captions(started.timeline)
    assert again.timeline == started.timeline
    info = soundfile.info(made.path)
    assert info.frames / info.samplerate == pytest.approx(started.timeline.duration_s, abs=0.2)
    assert info.samplerate == RATE_HZ


def test_a_session_with_own_recordings_leaves_room_for_them(tmp_path: Path) -> None:
    own = records(tmp_path, "half_way")
    slowly = np.concatenate([voice("en").clip(line) * np.float32(0.5) for line in ("wake_softly", "welcome_mat")])
    soundfile.write(own / "arrive.wav", slowly[: 6 * SPOKEN_RATE_HZ], SPOKEN_RATE_HZ)
    with a_database(tmp_path) as db:
        answers_all(db)
        settings = of(tmp_path, voice="anna")
        heard = guide.start(db, "session-0", guide.TODAY, "no", MONDAY_EVENING, settings=settings).timeline
        told = practice.speaking(settings)

    for cue in heard.cues:
        if cue.line is not None:
            assert told.voice.speech_s()[cue.line] <= cue.duration_s + 1e-6
    assert told.report.by_line["half_way"] is Source.RECORDING
