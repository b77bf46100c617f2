from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pytest

from matwise.content.words import lines
from matwise.exchange.espeak import RATE_HZ, Espeak, EspeakVoice, NotSpokenError, espeak
from matwise.session.clip import LOUDNESS_LUFS
from matwise.session.loudness import loudness_lufs
from tests.exchange.programs import installed

TEXTS = {"half_way": "Du hast die Hälfte.", "is_over": "Deine Zeit ist vorbei."}


def a_program(folder: Path, monkeypatch: pytest.MonkeyPatch, kind: str = "speaks", version: str = "9.1") -> Espeak:
    installed(folder, monkeypatch, kind, version)
    found = espeak()
    assert found is not None
    return found


def test_without_the_program_or_with_a_broken_one_there_is_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for kind in (None, "has no version", "fails at everything"):
        installed(tmp_path / str(kind), monkeypatch, kind)

        assert espeak() is None


def test_it_says_each_line_cut_and_as_loud_as_all_clips(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    spoken = EspeakVoice(a_program(tmp_path, monkeypatch), "de", TEXTS)

    assert spoken.program.version == "9.1"
    for line, seconds in spoken.speech_s().items():
        clip = spoken.clip(line)

        assert clip.size / spoken.rate_hz == pytest.approx(seconds, abs=1e-6)
        assert loudness_lufs(clip, RATE_HZ) == pytest.approx(LOUDNESS_LUFS, abs=0.3)
        assert np.abs(clip[[0, -1]]).max() < 0.01


def test_it_knows_which_languages_it_speaks_and_takes_nothing_else_for_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = a_program(tmp_path, monkeypatch)

    assert program.speaks("sv")
    for code in ("tlh", "--help", "de; rm", "../de", ""):
        assert not program.speaks(code)


@pytest.mark.parametrize("kind", ["fails at speaking", "says nothing", "gives no sound"])
def test_a_program_that_does_not_speak_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str) -> None:
    program = a_program(tmp_path / kind.replace(" ", "_"), monkeypatch, kind)

    with pytest.raises(NotSpokenError, match="espeak-ng"):
        EspeakVoice(program, "de", TEXTS).speech_s()


def test_the_fingerprint_changes_with_the_program_the_language_and_a_text(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = a_program(tmp_path / "old", monkeypatch)
    new = a_program(tmp_path / "new", monkeypatch, version="9.2")
    told = {
        EspeakVoice(program, code, texts).fingerprint
        for program, code, texts in (
            (old, "de", TEXTS),
            (new, "de", TEXTS),
            (old, "sv", TEXTS),
            (old, "de", {**TEXTS, "is_over": "Vorbei."}),
        )
    }

    assert len(told) == 4


@pytest.mark.skipif(shutil.which("espeak-ng") is None, reason="espeak-ng is not installed here")
@pytest.mark.parametrize("code", ["de", "sv", "es"])
def test_the_real_program_speaks_every_language_at_a_calm_pace(code: str) -> None:
    program = espeak()
    assert program is not None
    assert program.speaks(code)
    texts = {line.id: line.text for line in lines(code)[::20]}
    spoken = EspeakVoice(program, code, texts).speech_s()

    assert 10 < sum(map(len, texts.values())) / sum(spoken.values()) < 18  # characters a second
