"""Make of what is heard in a session what can be taken along: an audio file, its words on a screen and on paper."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from matwise.content.words import words
from matwise.errors import ONE_OF, InvalidInputError, Problem
from matwise.exchange import cue_sheet
from matwise.exchange.audio_format import Format
from matwise.exchange.cue_sheet import Part
from matwise.practice import wishes
from matwise.practice.voice import spoken_language
from matwise.session.cue import Chapter, Timeline
from matwise.settings import Settings

# What makes sound is imported where it is needed: the first page does not wait for it.
if TYPE_CHECKING:
    from matwise.exchange.audio_file import AudioFile
    from matwise.exchange.audio_tags import Labels

ARTIST = "Matwise"
FORMATS: tuple[Format, ...] = tuple(Format)
# ISO 639-1 to 639-2 (T), as an audio file names a language.
_LONG_CODES = {"en": "eng", "de": "deu", "sv": "swe", "es": "spa"}
_NO_LANGUAGE = "und"


def format_named(ending: str) -> Format:
    """The kind of file with this ending, such as "mp3" or ".FLAC".

    Raises:
        InvalidInputError: there is no such kind; says which there are.
    """
    try:
        return Format(ending.removeprefix(".").lower())
    except ValueError:
        offered = ", ".join(kind.value for kind in FORMATS)
        raise InvalidInputError(Problem("format", ascii(ending)[:40], ONE_OF.format(known=offered))) from None


def language_of(content: str, settings: Settings | None) -> str:
    """Code of the language in which a session of this content is spoken."""
    return wishes.kept(content).language or spoken_language(settings)


def rendered(
    heard: Timeline,
    content: str,
    settings: Settings,
    progress: Callable[[float], None] | None = None,
    *,
    kind: Format = Format.MP3,
) -> AudioFile:
    """A session as a file with its title, chapters and cover; made once, then found again by its content.

    Args:
        heard: what is heard when. Whether it may be heard was asked before.
        content: what was chosen to be heard, as it is kept with the session.
        settings: where files lie, and who speaks.
        progress: told the share that is done, from 0 to 1.
        kind: of file.
    """
    from matwise.exchange import audio_file
    from matwise.practice.voice import speaking

    code = language_of(content, settings)
    voice = speaking(settings, code, wishes.kept(content).voice).voice
    return audio_file.cached(heard, voice, settings.audio_dir, progress, format=kind, labels=_labels(code))


def captions(heard: Timeline) -> str:
    """What is said, as WebVTT."""
    return cue_sheet.captions(heard)


def sheet(heard: Timeline) -> bytes:
    """Every cue with its start and end, as JSON for other programs."""
    return cue_sheet.cue_sheet(heard)


def script(heard: Timeline, language: str) -> tuple[Part, ...]:
    """What is said, chapter by chapter, to read beforehand or to print."""
    return cue_sheet.parts(heard, _chapters(language))


def script_text(heard: Timeline, language: str) -> str:
    """The same as plain text."""
    return cue_sheet.printed(heard, _chapters(language))


def _labels(code: str) -> Labels:
    from matwise.exchange.audio_tags import Labels
    from matwise.exchange.cover import cover

    return Labels(ARTIST, ARTIST, _LONG_CODES.get(code, _NO_LANGUAGE), _chapters(code), cover())


def _chapters(code: str) -> Mapping[str, str]:
    known = words(code)
    return {chapter.value: known[f"chapter_{chapter.value}"] for chapter in Chapter}
