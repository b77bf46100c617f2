"""What is heard at one moment of a session."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """Kinds of cue."""

    VOICE = "voice"
    BELL = "bell"
    INHALE = "inhale"
    EXHALE = "exhale"
    ALARM = "alarm"


class Chapter(StrEnum):
    """Parts of a session, in order."""

    SETTLING_IN = "settling_in"
    GETTING_ON = "getting_on"
    BREATHING = "breathing"
    QUIET = "quiet"
    CLOSING = "closing"
    GETTING_UP = "getting_up"
    ALARM = "alarm"


@dataclass(frozen=True, slots=True)
class Cue:
    """One cue: when, for how long, and what it says (`text` is the caption; `line` is the id of the spoken line)."""

    at_s: float
    duration_s: float
    kind: Kind
    chapter: Chapter
    text: str
    line: str | None = None
    level_db: float = 0.0


@dataclass(frozen=True, slots=True)
class Timeline:
    """A whole session: cues in order of time, its length in s, when the time on the mat starts and ends, in s."""

    title: str
    cues: tuple[Cue, ...]
    duration_s: float
    on_mat_from_s: float
    on_mat_until_s: float
