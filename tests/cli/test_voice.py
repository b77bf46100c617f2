from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pytest
import soundfile

from matwise.content.voices import voice
from matwise.content.words import lines, words

from .terminal import answers_file, matwise

LINES = len(lines("de"))


def records_all(folder: Path, but: str = "") -> Path:
    """Somebody reads every line aloud, `but` one."""
    own = folder / "voices" / "anna" / "en"
    own.mkdir(parents=True)
    for line in voice("en").speech_s():
        if line != but:
            sound = np.pad(voice("en").clip(line) * np.float32(0.5), 4_800)
            soundfile.write(own / f"{line}.wav", sound, voice("en").rate_hz)
    return own


def test_who_speaks_is_said_in_one_sentence_with_who_has_looked_at_the_words(tmp_path: Path) -> None:
    told = matwise(tmp_path, "voice")

    assert told.status == 0, told.err
    assert f"English: All {LINES} lines are spoken by hibari-tts, from clips that come with Matwise." in told.out
    assert "not yet checked by a clinician" in told.out
    assert "de (Deutsch), es (Español), sv (Svenska)" in told.out


def test_the_reading_list_is_printed_or_written_as_text_or_as_a_table(tmp_path: Path) -> None:
    printed = matwise(tmp_path, "voice", "list", "--language", "de")
    written = matwise(tmp_path, "voice", "list", "--language", "de", "--out", "list.csv")
    with (tmp_path / "list.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))

    assert "breathe_in.wav, at most 2.4 s\n    Einatmen.\n" in printed.out
    assert written.status == 0
    assert {row["file"]: row["text"] for row in rows} == {f"{line.id}.wav": line.text for line in lines("de")}
    assert matwise(tmp_path, "voice", "list", "--format", "csv").out.startswith("file,longest_s,text")
    assert matwise(tmp_path, "voice", "list", "--out", "nowhere/list.txt").status == 2
    assert "want one of de, en, es, sv" in matwise(tmp_path, "voice", "list", "--language", "tlh").err


def test_recordings_are_checked_with_a_status_chosen_and_heard(tmp_path: Path) -> None:
    own = records_all(tmp_path, but="half_way")
    (own / "half_wey.wav").write_bytes((own / "is_over.wav").read_bytes())
    lacking = matwise(tmp_path, "voice", "check", str(own))
    (own / "half_wey.wav").rename(own / "half_way.wav")
    whole = matwise(tmp_path, "voice", "check", str(own))
    used = matwise(tmp_path, "voice", "use", "anna")
    matwise(tmp_path, "screen", "--answers", str(answers_file(tmp_path)))
    guided = matwise(tmp_path, "guide", "--changed", "no", "--out", "session.mp3")

    assert lacking.status == 1
    assert "half_wey.wav: the name of no line; want half_way.wav?" in lacking.out
    assert "half_way.wav: missing" in lacking.out
    assert "2 files to put right." in lacking.out
    assert (whole.status, whole.out) == (0, "Every line is there, and nothing is wrong with any of them.\n")
    assert f"All {LINES} lines are spoken by “anna”, your own recordings." in used.out
    assert guided.status == 0, guided.err


def test_a_session_in_german_is_a_german_file(tmp_path: Path) -> None:
    chosen = matwise(tmp_path, "voice", "use", "--language", "de")
    matwise(tmp_path, "screen", "--answers", str(answers_file(tmp_path)))
    guided = matwise(tmp_path, "guide", "--changed", "no", "--out", "session.mp3")

    assert chosen.out.startswith("Deutsch: All")
    assert words("de")["rung_feet_first"] in guided.out


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        (("use", "bob"), "a folder in"),
        (("use", "--language", "tlh"), "want one of de, en, es, sv"),
        (("check", "nowhere"), "a folder with WAV, FLAC, OGG or MP3 files"),
    ],
)
def test_what_there_is_not_is_refused_with_what_there_is(tmp_path: Path, typed: tuple[str, ...], says: str) -> None:
    refused = matwise(tmp_path, "voice", *typed)

    assert refused.status == 2
    assert says in refused.err
