"""The languages of the interface: words from the catalogues beside the sentences, figures and dates by locale."""

from __future__ import annotations

import functools
from collections.abc import Iterable
from datetime import date
from gettext import GNUTranslations, NullTranslations
from pathlib import Path

from matwise.sentence import ENGLISH, Tongue, signed

WORDS = Path(__file__).parent / "words"
FILE = "interface.mo"  # made from interface.po by tools/translate.py
ORIGINAL = "en"
# What a language calls itself, since one looks for one's own.
NAMES = {"en": "English", "de": "Deutsch"}


class Catalogue:
    """One language: its words by catalogue, its figures and dates by the Unicode locale data."""

    def __init__(self, language: str, words: NullTranslations) -> None:
        self.language = language
        self._words = words

    def gettext(self, english: str, /) -> str:
        """As `Tongue.gettext`."""
        return self._words.gettext(english) if english else ""

    def ngettext(self, one: str, many: str, number: int, /) -> str:
        """As `Tongue.ngettext`."""
        return self._words.ngettext(one, many, number)

    def figure(self, value: object, spec: str, /) -> str:
        """As `Tongue.figure`."""
        if isinstance(value, date):
            return self._date(value, spec)
        written = signed(format(value, spec), spec)
        if isinstance(value, float) or "," in spec or "." in spec:
            return written.translate(_marks(self.language))
        return written

    def _date(self, on: date, spec: str) -> str:
        from babel import dates  # only another language pays for the locale data

        if spec in ("long", "full"):
            return dates.format_date(on, "full" if spec == "full" else "long", locale=self.language)
        skeleton = {
            "day": "MMMMd",
            "month_day": "MMMd",
            "weekday": "MMMEd",
            "weekday_long": "MMMMEEEEd",
        }
        if spec not in skeleton:
            return on.isoformat()
        return dates.format_skeleton(skeleton[spec], on, locale=self.language)


@functools.cache
def languages() -> dict[str, str]:
    """The languages of the interface by code, with the name each calls itself; English first."""
    there = {path.parent.name for path in WORDS.glob(f"*/{FILE}")}
    return {code: name for code, name in NAMES.items() if code == ORIGINAL or code in there}


def first_of(wished: Iterable[str]) -> str:
    """The first of these languages there is an interface in; else English."""
    return next((code for code in wished if code in languages()), ORIGINAL)


@functools.cache
def tongue(language: str) -> Tongue:
    """The words of a language; English for one there is no catalogue of."""
    if language == ORIGINAL or language not in languages():
        return ENGLISH
    with (WORDS / language / FILE).open("rb") as file:
        return Catalogue(language, GNUTranslations(file))


@functools.cache
def first_weekday(language: str) -> int:
    """The day a week begins with, 0 for Monday. English stands for Europe here, as its dates do."""
    if language == ORIGINAL:
        return 0
    from babel import Locale

    return Locale(language).first_week_day


@functools.cache
def _marks(language: str) -> dict[int, str]:
    from babel import Locale

    symbols = Locale(language).number_symbols["latn"]
    return str.maketrans({".": symbols["decimal"], ",": symbols["group"]})
