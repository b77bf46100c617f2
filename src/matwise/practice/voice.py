"""Choose who speaks a session, in which language, and see who says which line."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from types import MappingProxyType

from matwise.content import voices, words
from matwise.content.breathing import breathing, programme
from matwise.content.phrases import phrases
from matwise.content.words import Language
from matwise.errors import InvalidInputError, Problem
from matwise.exchange import recordings
from matwise.exchange.espeak import EspeakVoice, NotSpokenError, espeak
from matwise.exchange.recordings import Checked, Recordings
from matwise.sentence import OR, Sentence, listed
from matwise.session.programme import PACES_PER_MIN
from matwise.session.reading import longest_s
from matwise.session.several import Several
from matwise.session.sound import Voice
from matwise.session.unspoken import Signal
from matwise.settings import Settings, keep_settings

AT_MOST = Sentence("{file}, at most {longest_s:.1f} s\n    {text}\n")
RECORDING_OF = Sentence("a recording of “{text}”")
FOLDER = Sentence("a folder in {folder}")


class Source(StrEnum):
    """Where the sound of a line comes from, in the order in which they are asked."""

    RECORDING = "recording"
    CLIPS = "clips"
    PROGRAM = "program"
    BELL = "bell"


@dataclass(frozen=True, slots=True)
class Report:
    """Who says which line, by its id, and the same in plain sentences."""

    by_line: Mapping[str, Source]
    sentence: str


@dataclass(frozen=True, slots=True)
class Speaking:
    """Everything a session needs to be heard in a language: its words, somebody who says them all, and who that is."""

    language: Language
    words: Mapping[str, str]
    voice: Voice
    report: Report


@dataclass(frozen=True, slots=True)
class ToRead:
    """One line of the reading list: how its file is called, the longest it may take, in s, and the sentence."""

    file: str
    longest_s: float
    text: str


@dataclass(frozen=True, slots=True)
class Finding:
    """What is wrong with a file of a folder of recordings, and what would be right."""

    file: str
    got: str
    want: str


def languages() -> tuple[Language, ...]:
    """Every language a session can be spoken in, English first."""
    return words.languages()


def spoken_language(settings: Settings | None, wished: Iterable[str] = ()) -> str:
    """In which language sessions are spoken: the one that was chosen, else the first wished one there is.

    Args:
        settings: what was chosen, and the language of the machine.
        wished: languages that count before that of the machine, such as those a browser asks for.
    """
    if settings is not None and settings.language is not None:
        return settings.language
    known = {one.code for one in languages()}
    of_machine = (settings.locale,) if settings is not None else ()
    return next((one for one in (*wished, *of_machine) if one in known), words.ORIGINAL)


def speaking(settings: Settings | None, language: str | None = None, voice: str | None = None) -> Speaking:
    """The words of a language and a voice that has every one of them.

    Own recordings come first, then the clips that come with Matwise, then the program espeak-ng where it is installed;
    what nobody can say is two strokes of a small bell, and the words stand on the screen.

    Args:
        settings: where things are kept; language and voice where the others are left out. None: English, by the clips.
        language: code of the language.
        voice: name of the folder of own recordings.

    Raises:
        InvalidInputError: nobody wrote the sentences in this language.
    """
    code = language or spoken_language(settings)
    name = voice or (settings.voice if settings else None)
    known = words.language(code)
    own = _own(settings, name, code) if settings and name else None
    by_line: dict[str, Source] = {}
    heard: list[Voice] = []
    for source, one in _in_order(code, _texts(code), None if own is None else own.recordings):
        new = [line for line in one.speech_s() if line not in by_line]
        by_line |= dict.fromkeys(new, source)
        heard += [one] if new else []
    sentence = Sentence.joined(_sentences(code, Counter(by_line.values()), name, own))
    speaks = heard[0] if len(heard) == 1 else Several(tuple(heard))
    return Speaking(known, words.words(code), speaks, Report(MappingProxyType(by_line), sentence))


def voice_report(settings: Settings, language: str | None = None, voice: str | None = None) -> Report:
    """Who says which line.

    Raises:
        InvalidInputError: see `speaking`.
    """
    return speaking(settings, language, voice).report


def reading_list(language: str) -> tuple[ToRead, ...]:
    """Every line a person would read aloud to lend a session their voice, in the order of a session.

    Raises:
        InvalidInputError: see `speaking`.
    """
    longest = _longest_s(language)
    return tuple(ToRead(f"{line}.wav", longest[line], text) for line, text in _texts(language).items())


def reading_list_csv(language: str) -> str:
    """The reading list as a table: file, longest_s, text."""
    table = io.StringIO()
    writer = csv.writer(table, lineterminator="\r\n")
    writer.writerow(("file", "longest_s", "text"))
    writer.writerows((row.file, f"{row.longest_s:.1f}", row.text) for row in reading_list(language))
    return table.getvalue()


def reading_list_text(language: str) -> str:
    """The reading list to print: each file, the longest it may take, and below it the sentence."""
    rows = (AT_MOST.format(file=row.file, longest_s=row.longest_s, text=row.text) for row in reading_list(language))
    return Sentence.joined(rows, "\n")


def check(folder: Path, language: str) -> tuple[Finding, ...]:
    """What is wrong with a folder of recordings, file by file; nothing where all is well.

    Raises:
        InvalidInputError: there is no such folder, or no such language.
    """
    found = recordings.checked(folder, _longest_s(language))
    named = {name for name, fault in found.faults if not fault.usable}
    texts = _texts(language)
    faults = [Finding(name, fault.got, fault.want) for name, fault in found.faults]
    missing = [
        Finding(f"{line}.wav", Sentence("missing"), RECORDING_OF.format(text=texts[line]))
        for line in found.missing
        if not any(Path(name).stem == line for name in named)
    ]
    return (*faults, *missing)


def own_voices(settings: Settings) -> tuple[str, ...]:
    """The names of the voices whose own recordings lie in the data folder."""
    folder = settings.voices_dir
    return tuple(sorted(one.name for one in folder.iterdir() if one.is_dir())) if folder.is_dir() else ()


def use(settings: Settings, name: str | None, language: str | None = None) -> Settings:
    """Choose whose recordings are heard, None for the clips that come with Matwise; gives the settings from now on.

    Raises:
        InvalidInputError: there is no such voice, it has no recording that can be heard, or no such language.
    """
    code = words.language(language or spoken_language(settings)).code
    if name is not None:
        here = own_voices(settings)
        if name not in here:
            want = listed([repr(one) for one in here], OR) if here else FOLDER.format(folder=settings.voices_dir)
            raise InvalidInputError(Problem("voice", repr(name), want))
        own = _own(settings, name, code)
        if own is None or not own.recordings.by_line:
            folder = settings.voices_dir / name / code
            raise InvalidInputError(
                Problem(
                    "voice",
                    Sentence("{name} without a recording").format(name=repr(name)),
                    Sentence("recordings in {folder}").format(folder=folder),
                )
            )
    return keep_settings(settings, code, name)


def _in_order(code: str, texts: Mapping[str, str], own: Recordings | None) -> Iterator[tuple[Source, Voice]]:
    """Everybody who may say a line, the best first; together they have every line."""
    left = dict(texts)
    if own is not None:
        yield Source.RECORDING, own
        left = {line: text for line, text in left.items() if line not in own.by_line}
    if code in voices.shipped():
        # A sentence that was changed and not spoken again must not be heard as it was.
        clips = voices.voice(code).saying(texts)
        yield Source.CLIPS, clips
        left = {line: text for line, text in left.items() if line not in clips.table.lines}
    spoken = _spoken_by_program(code, left) if left else None
    if spoken is not None:
        yield Source.PROGRAM, spoken
    elif left:
        yield Source.BELL, Signal(tuple(left))


def _spoken_by_program(code: str, texts: Mapping[str, str]) -> EspeakVoice | None:
    program = espeak()
    if program is None or not program.speaks(code):
        return None
    spoken = EspeakVoice(program, code, MappingProxyType(dict(texts)))
    try:
        spoken.speech_s()
    except NotSpokenError:
        return None  # it is there and does not work: the bell rings instead, and the report says so
    return spoken


def _sentences(code: str, count: Mapping[Source, int], name: str | None, own: Checked | None) -> Iterator[str]:
    said, total = phrases().voice, sum(count.values())
    for source in Source:
        if source is Source.BELL and count.get(source):
            yield said["bell"].format(count=count[source], total=total)
        elif count.get(source):
            engine = voices.voice(code).table.engine if source is Source.CLIPS else ""
            who = said[source.value].format(name=name, engine=engine)
            yield said["all" if count[source] == total else "some"].format(count=count[source], total=total, who=who)
    if name is not None and not count.get(Source.RECORDING):
        yield said["no_recordings"].format(name=name)
    unusable = {file for file, fault in own.faults if not fault.usable} if own else set()
    if unusable:
        yield said["unusable"].format(name=name, count=len(unusable))


def _own(settings: Settings, name: str, code: str) -> Checked | None:
    """What lies in the folder of a voice for a language, None where there is none."""
    folder = settings.voices_dir / name / code
    return recordings.checked(folder, _longest_s(code), thorough=False) if folder.is_dir() else None


def _texts(code: str) -> Mapping[str, str]:
    return {line.id: line.text for line in words.lines(code)}


def _longest_s(code: str) -> Mapping[str, float]:
    paces = {name: PACES_PER_MIN if offered.own_pace else (None,) for name, offered in breathing().items()}
    led = [programme(name, pace) for name, these in paces.items() for pace in these]
    return longest_s(_texts(code), led)
