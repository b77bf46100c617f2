from __future__ import annotations

from pathlib import Path

import pytest

from matwise.errors import InvalidInputError
from matwise.settings import Settings, keep_settings, read_settings


def read(folder: Path, **environ: str) -> Settings:
    return read_settings({"MATWISE_DATA": str(folder), **environ})


def test_nobody_chose_a_language_or_a_voice_at_first(tmp_path: Path) -> None:
    told = read(tmp_path)

    assert (told.language, told.voice, told.wished) == (None, None, ())
    assert told.voices_dir == tmp_path / "voices"


@pytest.mark.parametrize(
    ("environ", "wished"),
    [
        ({"LANG": "de_AT.UTF-8"}, ("de",)),
        ({"LANG": "de_DE", "LC_ALL": "C.UTF-8"}, ()),
        ({"LANG": "de_DE", "LC_MESSAGES": "sv_SE.UTF-8"}, ("sv",)),
        ({"LANG": "POSIX"}, ()),
        ({"LANG": "de_DE.UTF-8", "MATWISE_LANGUAGE": "es"}, ("es", "de")),
    ],
)
def test_the_language_of_the_machine_is_wished_for_after_the_one_that_was_chosen(
    tmp_path: Path, environ: dict[str, str], wished: tuple[str, ...]
) -> None:
    assert read(tmp_path, **environ).wished == wished


@pytest.mark.parametrize("voice", [None, "anna", "Åsa Öhrn", "studio_2"])
def test_what_was_chosen_is_found_again_and_the_environment_counts_first(tmp_path: Path, voice: str | None) -> None:
    kept = keep_settings(read(tmp_path / "new"), "sv", voice)

    assert read(tmp_path / "new") == kept
    told = read(tmp_path / "new", MATWISE_LANGUAGE="de", MATWISE_VOICE="bob")
    assert (told.language, told.voice) == ("de", "bob")
    assert [path.name for path in (tmp_path / "new").iterdir()] == ["settings.toml"]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("language = ", "TOML"),
        ("tempo = 'slow'", "language or voice"),
        ("voice = 3", "in quotes"),
        ("voice = '../../etc'", "a name of letters"),
        ("language = 'de/../en'", "a code such as en"),
    ],
)
def test_settings_that_can_t_be_used_are_named(tmp_path: Path, text: str, says: str) -> None:
    (tmp_path / "settings.toml").write_text(text, "utf-8")

    with pytest.raises(InvalidInputError, match=says):
        read(tmp_path)


def test_everything_that_is_wrong_is_said_at_once_and_nothing_wrong_is_kept(tmp_path: Path) -> None:
    with pytest.raises(InvalidInputError) as refused:
        read(tmp_path, MATWISE_PORT="many", MATWISE_LANGUAGE="Deutsch", MATWISE_VOICE="a/b")
    with pytest.raises(InvalidInputError, match="a code such as en"):
        keep_settings(read(tmp_path), "", None)

    assert len(refused.value.problems) == 3
    assert not (tmp_path / "settings.toml").exists()
