"""What is heard when, to read: for programs, for captions, and on paper."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from itertools import groupby

from matwise.exchange.audio_tags import chapter_marks
from matwise.exchange.tables import json_bytes
from matwise.exchange.time_code import time_code
from matwise.session.cue import Cue, Kind, Timeline

VERSION = 1  # raise it whenever a field changes its name or its meaning
PRINTED_WIDTH = 80
_PARTS = ("under", "five_more", "open_end")
_MARGIN = 8  # of the time in front of a line: "1:02:03 "


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the script: its time as "1:05", what is said or heard, and which of both it is."""

    at: str
    text: str
    is_spoken: bool


@dataclass(frozen=True, slots=True)
class Part:
    """A chapter of the script: its name and its lines."""

    name: str
    lines: tuple[Line, ...]


def cue_sheet(timeline: Timeline) -> bytes:
    """The session as JSON: version, title, lengths, and every cue with start and end in s, kind, chapter and text.

    `under`, `five_more` and `open_end` are null where the session has none.
    """
    cues = [
        {
            "start_s": round(cue.at_s, 3),
            "end_s": _end_s(cue),
            "kind": cue.kind.value,
            "chapter": cue.chapter.value,
            "text": cue.text,
            "level_db": round(cue.level_db, 2),
        }
        for cue in timeline.cues
    ]
    told = {
        "version": VERSION,
        "title": timeline.title,
        "duration_s": timeline.duration_s,
        "on_mat_from_s": timeline.on_mat_from_s,
        "on_mat_until_s": timeline.on_mat_until_s,
        **{part: getattr(timeline, part) and asdict(getattr(timeline, part)) for part in _PARTS},
        "cues": cues,
    }
    return json_bytes(told)


def captions(timeline: Timeline) -> str:
    """What is heard, as WebVTT. While somebody speaks, the breath tones go without a caption of their own.

    Source:
        W3C, "WebVTT: The Web Video Text Tracks Format".
    """
    spoken = [cue for cue in timeline.cues if cue.kind is Kind.VOICE]
    shown = [cue for cue in timeline.cues if cue.kind is Kind.VOICE or not _spoken_over(cue, spoken)]
    blocks = [f"{time_code(cue.at_s)} --> {time_code(_end_s(cue))}\n{_escaped(cue.text)}\n" for cue in shown]
    return "\n".join(("WEBVTT\n", *blocks))


def printed(timeline: Timeline, chapters: Mapping[str, str]) -> str:
    """What is said, line by line, to print or to read beforehand; sounds stand in one line as long as nobody speaks.

    Args:
        timeline: what is heard when.
        chapters: name of every chapter by its id.

    Raises:
        InvalidInputError: a chapter has no name; says which.
    """
    title = f"{_on_one_line(timeline.title)}  ({_roughly(timeline.duration_s)})\n"
    told = (
        "\n".join((part.name, *(_line(line.at, line.text) for line in part.lines), ""))
        for part in parts(timeline, chapters)
    )
    return "\n".join((title, *told))


def parts(timeline: Timeline, chapters: Mapping[str, str]) -> tuple[Part, ...]:
    """What is said, chapter by chapter and line by line, as `printed` sets it.

    Raises:
        InvalidInputError: a chapter has no name; says which.
    """
    marks = chapter_marks(timeline, chapters)
    runs = groupby(timeline.cues, key=lambda cue: cue.chapter)
    return tuple(
        Part(_on_one_line(mark.name), tuple(_lines(list(cues)))) for mark, (_, cues) in zip(marks, runs, strict=True)
    )


def _lines(cues: Sequence[Cue]) -> Iterator[Line]:
    for is_voice, run in groupby(cues, key=lambda cue: cue.kind is Kind.VOICE):
        together = list(run)
        if is_voice:
            yield from (Line(_roughly(cue.at_s), _on_one_line(cue.text), is_spoken=True) for cue in together)
        else:
            # A hundred breath tones are one line: what is heard, and until when.
            texts = " · ".join(dict.fromkeys(cue.text for cue in together))
            until = f" – {_roughly(_end_s(together[-1]))}" if len(together) > 1 else ""
            yield Line(_roughly(together[0].at_s), _on_one_line(texts + until), is_spoken=False)


def _line(at: str, text: str) -> str:
    start = f"{at:>{_MARGIN - 1}} "
    return textwrap.fill(
        _on_one_line(text), PRINTED_WIDTH, initial_indent=start, subsequent_indent=" " * _MARGIN, break_on_hyphens=False
    )


def _on_one_line(text: str) -> str:
    return " ".join(text.split())


def _end_s(cue: Cue) -> float:
    return round(cue.at_s + cue.duration_s, 3)


def _spoken_over(cue: Cue, spoken: list[Cue]) -> bool:
    ends_s = cue.at_s + cue.duration_s
    return any(line.at_s < ends_s and cue.at_s < line.at_s + line.duration_s for line in spoken)


def _roughly(at_s: float) -> str:
    minutes, seconds = divmod(int(at_s), 60)
    return f"{minutes // 60}:{minutes % 60:02}:{seconds:02}" if minutes >= 60 else f"{minutes}:{seconds:02}"


def _escaped(text: str) -> str:
    # An empty line would end the caption, so every line break is a space.
    return _on_one_line(text).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
