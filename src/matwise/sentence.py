"""English sentences that still know what they were made of, so that they can be said in other languages at the door."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from string import Formatter
from typing import Any, Protocol, SupportsIndex


class Tongue(Protocol):
    """What a language needs to offer: its words, and its way to write figures and dates."""

    def gettext(self, english: str, /) -> str:
        """The words for an English text; the text itself where there are none."""

    def ngettext(self, one: str, many: str, number: int, /) -> str:
        """The words for a number of things, by the language's own plural rule."""

    def figure(self, value: object, spec: str, /) -> str:
        """A part as this language writes it.

        Args:
            value: a number, a date or whatever else was filled in.
            spec: a format spec; for dates one of "long", "full", "day", "month_day",
                "weekday", "weekday_long" and "" (as in ISO 8601).
        """


class Sentence(str):
    """English text, and how to say it again: a `str` everywhere, translated only where it is shown.

    Texts are written where they are meant, in English, by name of what is filled in::

        TOO_STRONG = Sentence("Your strongest pain was {pain} of 10.")
        TOO_STRONG.format(pain=7)  # a Sentence again
        Sentence.counted("{number} day", "{number} days", 3)
        Sentence.joined([FIRST, SECOND])

    Parts that are Sentences are translated too. What a person wrote is a plain `str` and never is.
    """

    __slots__ = ("begins", "many", "number", "parts", "pieces", "template")

    template: str
    many: str | None
    number: int
    parts: Mapping[str, object]
    pieces: tuple[str, ...] | None  # of a joined sentence, whose template is what stands between them
    begins: bool  # with a capital letter, whatever the words are

    def __new__(cls, template: str, /, **parts: object) -> Sentence:
        """A sentence; without parts a template too, which `format` fills in later."""
        return _made(template, parts=parts)

    @classmethod
    def counted(cls, one: str, many: str, number: int, /, **parts: object) -> Sentence:
        """The singular or the plural; `{number}` stands for the number."""
        return _made(one, many, number, {"number": number, **parts})

    @classmethod
    def joined(cls, pieces: Iterable[str], between: str = " ") -> Sentence:
        """Several sentences, or words, in a row."""
        return _made(between, pieces=tuple(pieces))

    def format(self, *_: object, **parts: object) -> Sentence:
        """The sentence with these parts filled in by name."""
        return _made(self.template, self.many, self.number, {**self.parts, **parts}, self.pieces, self.begins)

    def begun(self) -> Sentence:
        """With a capital first letter."""
        return _made(self.template, self.many, self.number, self.parts, self.pieces, begins=True)

    def __reduce_ex__(self, _: SupportsIndex) -> tuple[Any, ...]:
        """Copies and pickles keep what it was made of."""
        return _made, (self.template, self.many, self.number, dict(self.parts), self.pieces, self.begins)


class English:
    """The language everything is written in."""

    def gettext(self, english: str, /) -> str:
        """The text itself."""
        return english

    def ngettext(self, one: str, many: str, number: int, /) -> str:
        """One of it, or many."""
        return one if number == 1 else many

    def figure(self, value: object, spec: str, /) -> str:
        """As `Tongue.figure`."""
        if not isinstance(value, date):
            return signed(format(value, spec), spec)
        return {
            "long": f"{value.day} {value:%B %Y}",
            "full": f"{value:%A}, {value.day} {value:%B %Y}",
            "day": f"{value.day} {value:%B}",
            "month_day": f"{value.day} {value:%b}",
            "weekday": f"{value:%a} {value.day} {value:%b}",
            "weekday_long": f"{value:%A}, {value.day} {value:%B}",
        }.get(spec, value.isoformat())


ENGLISH = English()


def signed(figure: str, spec: str) -> str:
    """A figure whose sign was asked for, with a real minus."""
    return figure.replace("-", "−") if spec.startswith("+") else figure


def said(text: str, tongue: Tongue) -> str:
    """A text in another language; a plain `str` stays as it is."""
    if not isinstance(text, Sentence):
        return text
    if text.pieces is not None:
        told = text.template.join(said(piece, tongue) for piece in text.pieces)
    else:
        told = _told(text.template, text.many, text.number, text.parts, tongue)
    return told[:1].upper() + told[1:] if text.begins else told


def _made(
    template: str,
    many: str | None = None,
    number: int = 0,
    parts: Mapping[str, object] | None = None,
    pieces: tuple[str, ...] | None = None,
    begins: bool = False,  # noqa: FBT001, FBT002  # handed over by place by pickle
) -> Sentence:
    text = template.join(pieces) if pieces is not None else _told(template, many, number, parts or {}, ENGLISH)
    made = str.__new__(Sentence, text[:1].upper() + text[1:] if begins else text)
    made.template, made.many, made.number = template, many, number
    made.parts, made.pieces, made.begins = parts or {}, pieces, begins
    return made


def _told(template: str, many: str | None, number: int, parts: Mapping[str, object], tongue: Tongue) -> str:
    words = tongue.gettext(template) if many is None else tongue.ngettext(template, many, number)
    return _Filling(tongue).vformat(words, (), parts) if parts else words


class _Filling(Formatter):
    """Fills parts in the way a language writes them."""

    def __init__(self, tongue: Tongue) -> None:
        self.tongue = tongue

    def format_field(self, value: object, format_spec: str) -> str:
        if isinstance(value, str):
            return format(said(value, self.tongue), format_spec)
        return self.tongue.figure(value, format_spec)


AND = Sentence("{words} and {last}")
OR = Sentence("{words} or {last}")


def listed(words: Sequence[str], last: Sentence | None = None) -> str:
    """Several words as a list: "a, b and c".

    Args:
        words: at least one.
        last: what stands between `{words}` and the `{last}` one, where it is not "and".
    """
    if len(words) == 1:
        return words[0]
    return (last or AND).format(words=Sentence.joined(words[:-1], ", "), last=words[-1])
