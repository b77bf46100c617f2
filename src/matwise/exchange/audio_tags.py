"""What an audio file says of itself: title, who made it, its chapters and its cover."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING

from matwise.errors import InvalidInputError, Problem
from matwise.session.cue import Timeline

# What draws it is not needed to tell of it: who only reads a session does not wait for numpy.
if TYPE_CHECKING:
    from matwise.exchange.cover import Cover

MOST_CHAPTERS = 255  # a table of contents in ID3 counts them in one byte

# Neither ID3 nor a Vorbis comment can hold them: NUL ends a text, a lone surrogate is no character at all.
_UNTELLABLE = re.compile(r"[\x00-\x1f\x7f\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Labels:
    """What a timeline does not know of its file, in the person's language.

    `language` is a code of ISO 639-2 ("eng", "deu"); `chapters` names every chapter by its id.
    """

    artist: str
    album: str
    language: str
    chapters: Mapping[str, str]
    cover: Cover


@dataclass(frozen=True, slots=True)
class Mark:
    """A chapter of a file: its name, where it starts and where it ends, in s."""

    name: str
    start_s: float
    end_s: float


@dataclass(frozen=True, slots=True)
class Tags:
    """Everything that is written into a file besides its sound; what is empty is left out."""

    title: str
    duration_s: float
    artist: str = ""
    album: str = ""
    language: str = ""
    marks: tuple[Mark, ...] = ()
    cover: Cover | None = None


def tags(timeline: Timeline, labels: Labels | None = None) -> Tags:
    """What the file of a session says of itself; without labels, its title and length alone.

    Raises:
        InvalidInputError: a chapter has no name, there are too many, or a text holds what no file can.
    """
    problems = [_untellable("title", timeline.title)]
    if labels is not None:
        problems += _problems(timeline, labels)
    if found := [problem for problem in problems if problem is not None]:
        raise InvalidInputError(*found)
    if labels is None:
        return Tags(timeline.title, timeline.duration_s)
    return Tags(
        timeline.title,
        timeline.duration_s,
        labels.artist,
        labels.album,
        labels.language,
        chapter_marks(timeline, labels.chapters),
        labels.cover,
    )


def chapter_marks(timeline: Timeline, names: Mapping[str, str]) -> tuple[Mark, ...]:
    """The chapters of a session without gaps: the first starts with the file, the last ends with it.

    Args:
        timeline: what is heard when.
        names: name of every chapter by its id.

    Raises:
        InvalidInputError: a chapter has no name; says which.
    """
    begun = tuple(_begun(timeline))
    nameless = [chapter for _, chapter in begun if not names.get(chapter, "").strip()]
    if nameless:
        wanted = "a name in the person's language"
        raise InvalidInputError(
            *(Problem(f"chapter {chapter}", "no name", wanted) for chapter in dict.fromkeys(nameless))
        )
    ends_s = (*(at_s for at_s, _ in begun[1:]), timeline.duration_s)
    return tuple(Mark(names[chapter], at_s, end_s) for (at_s, chapter), end_s in zip(begun, ends_s, strict=True))


def _begun(timeline: Timeline) -> Iterator[tuple[float, str]]:
    """When which chapter starts."""
    for number, (chapter, cues) in enumerate(groupby(timeline.cues, key=lambda cue: cue.chapter)):
        yield (next(cues).at_s if number else 0.0), chapter.value


def _problems(timeline: Timeline, labels: Labels) -> Iterator[Problem | None]:
    try:
        marks = chapter_marks(timeline, labels.chapters)
    except InvalidInputError as error:
        yield from error.problems
        marks = ()
    if len(marks) > MOST_CHAPTERS:
        yield Problem("chapters", str(len(marks)), f"at most {MOST_CHAPTERS}")
    yield from (_untellable(f"chapter {number}", mark.name) for number, mark in enumerate(marks, start=1))
    yield _untellable("artist", labels.artist)
    yield _untellable("album", labels.album)
    if not re.fullmatch("[a-z]{3}", labels.language):
        yield Problem("language", ascii(labels.language)[:60], "three letters of ISO 639-2, such as eng or deu")


def _untellable(where: str, text: str) -> Problem | None:
    held = _UNTELLABLE.search(text)
    return Problem(where, ascii(text)[:60], "text without control characters") if held else None
