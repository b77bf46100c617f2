"""What a player must know of a session: its parts, and what of them is time on the mat."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from matwise.session.cue import Chapter, Kind, Timeline
from matwise.session.wishes import FIVE_MINUTES


@dataclass(frozen=True, slots=True)
class Part:
    """One part of the sound, in s of the file; a player goes from one to the next only when it is asked to.

    `alarm_s`: when its alarm begins, None without one. `mat_s`: from when to when it is time on the mat, if any of it
    is.
    """

    id: str
    from_s: float
    until_s: float
    alarm_s: float | None
    mat_s: tuple[float, float] | None


def parts(heard: Timeline) -> tuple[Part, ...]:
    """The parts of a session in order: itself, then five minutes more and the open quiet, where it has them."""
    return tuple(_parts(heard))


def _parts(heard: Timeline) -> Iterator[Part]:
    five, quiet = heard.five_more, heard.open_end
    open_from_s = heard.duration_s if quiet is None else quiet.from_s
    ends_s = open_from_s if five is None else five.from_s
    mat_s = (heard.on_mat_from_s, heard.on_mat_until_s)
    yield Part("session", 0.0, ends_s, _alarm_s(heard, Chapter.ALARM), mat_s)
    if five is not None:
        mat = (five.from_s, five.from_s + 60.0 * FIVE_MINUTES) if five.on_mat else None
        yield Part("five_more", five.from_s, open_from_s, _alarm_s(heard, Chapter.FIVE_MORE), mat)
    if quiet is not None:
        yield Part("open_quiet", quiet.from_s, heard.duration_s, None, None)


def _alarm_s(heard: Timeline, chapter: Chapter) -> float | None:
    return next((cue.at_s for cue in heard.cues if cue.chapter is chapter and cue.kind is Kind.ALARM), None)
