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
    FIVE_MORE = "five_more"
    OPEN_QUIET = "open_quiet"


class Bed(StrEnum):
    """What is heard under a session."""

    RAIN = "rain"
    WAVES = "waves"
    BROWN = "brown"
    DRONE = "drone"


@dataclass(frozen=True, slots=True)
class Cue:
    """One cue: when, for how long, and what it says (`text` is the caption; `line` is the id of the spoken line).

    What `wakes` keeps its level, however loud the rest of the session is.
    """

    at_s: float
    duration_s: float
    kind: Kind
    chapter: Chapter
    text: str
    line: str | None = None
    level_db: float = 0.0
    wakes: bool = False


@dataclass(frozen=True, slots=True)
class Under:
    """What lies under the whole session: the bed and its level in dB against `session.bed.BED_LUFS`."""

    bed: Bed
    level_db: float = 0.0


@dataclass(frozen=True, slots=True)
class OpenEnd:
    """Quiet that ends when somebody stops it: from when on, in s, and how often a bell of which level rings in it.

    `bell_every_s` None: no bell.
    """

    from_s: float
    bell_every_s: float | None
    bell_db: float


@dataclass(frozen=True, slots=True)
class FiveMore:
    """The block of five more minutes: from when on, in s, and whether they may be spent on the mat."""

    from_s: float
    on_mat: bool


@dataclass(frozen=True, slots=True)
class Timeline:
    """A whole session: cues in order of time, its length in s, when the time on the mat starts and ends, in s.

    A player stops at the end of the alarm; `five_more` and `open_end` lie after it and are reached by going there.
    """

    title: str
    cues: tuple[Cue, ...]
    duration_s: float
    on_mat_from_s: float
    on_mat_until_s: float
    under: Under | None = None
    five_more: FiveMore | None = None
    open_end: OpenEnd | None = None
