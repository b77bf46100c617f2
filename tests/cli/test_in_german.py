"""The terminal of somebody whose machine speaks German."""

from __future__ import annotations

from pathlib import Path

import pytest
from tools import translate

from matwise.content.catalogue import tongue
from matwise.practice import screen
from matwise.sentence import said

from .terminal import Said, answers_file, matwise

GERMAN = "de_AT.UTF-8"


@pytest.fixture(scope="module")
def english() -> tuple[str, ...]:
    """Every text of the interface of more than three words, with nothing to fill in."""
    texts = [str(message.id) for message in translate.texts()]
    return tuple(text for text in texts if text.count(" ") > 2 and not set("{%") & set(text))


def german(data: Path, *words: str, typed: str = "") -> Said:
    return matwise(data, *words, typed=typed, locale=GERMAN)


def test_the_way_from_the_first_question_to_the_audio_file_is_in_german(
    tmp_path: Path, english: tuple[str, ...]
) -> None:
    told = {
        "screen": german(tmp_path, "screen", "--answers", str(answers_file(tmp_path))),
        "plan": german(tmp_path, "plan"),
        "guide": german(tmp_path, "guide", "--changed", "no", "--words", "words.txt", "--out", "s.mp3"),
        "report": german(tmp_path, "measure", "--session", typed="ja\n3\nnein\n5\n\n\n\n"),
        "rate": german(tmp_path, "measure", "pain", "4"),
        "begin": german(tmp_path, "answer", "--begin", "pain:rest", "--days", "28"),
        "power": german(tmp_path, "trial", "power", "--design", "4"),
        "explain": german(tmp_path, "explain", "back_pain"),
        "voice": german(tmp_path, "voice"),
        "calendar": german(tmp_path, "calendar"),
    }

    assert {name: one.err for name, one in told.items() if one.status} == {}
    assert {name: text for name, one in told.items() for text in english if text in " ".join(one.out.split())} == {}
    assert "Du kannst die Matte benutzen." in told["screen"].out
    assert "Noch nicht genug Tage" in told["begin"].out
    assert "Atme" in (tmp_path / "words.txt").read_text("utf-8")


def test_a_question_takes_german_words_and_says_so(tmp_path: Path) -> None:
    first = screen.questions()[0]
    asked = german(tmp_path, "screen", typed="vielleicht\nnein\nno\n")

    assert said(first.question, tongue("de")) in " ".join(asked.out.split())
    assert "[nein/ja/unbekannt/n/j/u]" in asked.out
    assert asked.out.count("Bitte wähle eins von dem, was angeboten wird") == 1
    assert "3 von " in asked.out


def test_what_is_wrong_is_said_in_german(tmp_path: Path) -> None:
    wrong = german(tmp_path, "measure", "pain", "elf")

    assert wrong.status == 2
    assert "eine ganze Zahl von 0 bis 10" in wrong.err


def test_the_language_chosen_for_matwise_counts_over_that_of_the_machine(tmp_path: Path) -> None:
    chosen = german(tmp_path, "voice", "use", "--language", "en")

    assert "Sessions that begin from now on" in matwise(tmp_path, "voice", "use", "--language", "en").out
    assert "English" in chosen.out
    assert "Do the safety check first" in german(tmp_path, "plan").out
