"""The interface in other languages: every text has words that fit, and the compiled file is made of exactly those."""

from __future__ import annotations

import pytest
from babel.messages.catalog import Message
from tools import translate

from matwise.content.catalogue import FILE, ORIGINAL, WORDS, languages

TRANSLATED = sorted(path.parent.name for path in WORDS.glob("*/interface.po"))


def test_every_language_with_a_catalogue_can_be_chosen() -> None:
    assert TRANSLATED
    assert set(languages()) == {ORIGINAL, *TRANSLATED}


@pytest.mark.parametrize("language", TRANSLATED)
def test_every_text_of_today_has_words_that_fit(language: str) -> None:
    # tools/translate.py todo says which have none yet, put takes them over.
    assert translate.faults(language) == []


@pytest.mark.parametrize("language", TRANSLATED)
def test_the_compiled_file_is_what_the_catalogue_gives(language: str) -> None:
    assert (WORDS / language / FILE).read_bytes() == translate.as_mo(translate.catalogue(language))


@pytest.mark.parametrize(
    ("english", "words"),
    [
        ("{days} days", "{tage} Tage"),
        ("{days} days", "Tage"),
        ("{days} days", "{days} von {days} Tagen"),
        ("%(days)s days", "%(tage)s Tage"),
        (("{number} day", "{number} days"), ("{number} Tag", "{zahl} Tage")),
    ],
)
def test_words_that_fill_in_something_else_do_not_fit(
    english: str | tuple[str, str], words: str | tuple[str, str]
) -> None:
    assert translate.misfits(Message(english, words))


def test_one_thing_may_be_said_without_its_number() -> None:
    assert translate.misfits(Message(("{number} day", "{number} days"), ("ein Tag", "{number} Tage"))) == ""
