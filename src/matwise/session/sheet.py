"""The sheet on which a session is written down, cue by cue, so that nobody interrupts anybody."""

from __future__ import annotations

from collections.abc import Mapping

from matwise.session.cue import Chapter, Cue, Kind
from matwise.session.script import Spoken
from matwise.session.wishes import Levels

AFTER_LINE_S = 1.6  # between two sentences, so that each can be followed
BELL_S = 9.0
AFTER_BELL_S = 4.0  # the loudest of a bell is over
DUCKED_DB = -9.0  # a tone under a sentence
DUCKED_WORD_DB, WORD_S = -5.0, 2.0  # under a single word the tone must stay clear: the word teaches it
TOUCH_S = 0.001  # times are whole thousandths; cues that only meet don't overlap


class Sheet:
    """The cues written down so far; knows when somebody speaks and at which level each kind of sound is wished."""

    def __init__(self, lines: Mapping[str, Spoken], words: Mapping[str, str], levels: Levels) -> None:
        self.lines = lines
        self._words = words
        self._levels = {
            Kind.VOICE: levels.voice_db,
            Kind.BELL: levels.bell_db,
            Kind.INHALE: levels.tone_db,
            Kind.EXHALE: levels.tone_db,
            Kind.ALARM: 0.0,  # what wakes is never turned down
        }
        self._cues: list[Cue] = []
        self._voices: list[tuple[float, float]] = []
        self._bells: list[tuple[float, float]] = []

    def cues(self) -> tuple[Cue, ...]:
        """All cues in order of time."""
        return tuple(sorted(self._cues, key=lambda cue: (cue.at_s, cue.kind.value)))

    def say(self, line: str, at_s: float, chapter: Chapter, level_db: float = 0.0, *, wakes: bool = False) -> float:
        """Write a line down; gives when it ends, in s. What wakes is never turned down."""
        said = self.lines[line]
        start_s = round(at_s, 3)
        if not wakes:
            level_db += self._levels[Kind.VOICE]
        self._cues.append(Cue(start_s, said.duration_s, Kind.VOICE, chapter, said.text, said.line, level_db, wakes))
        self._voices.append((start_s, start_s + said.duration_s))
        return start_s + said.duration_s

    def sound(self, kind: Kind, at_s: float, duration_s: float, chapter: Chapter, level_db: float = 0.0) -> None:
        """Write a bell or a tone down; softer while somebody speaks."""
        start_s = round(at_s, 3)
        level_db += self._levels[kind]
        if kind is not Kind.BELL:  # the voice itself waits until a bell has faded
            level_db += self._ducked_db(start_s, start_s + duration_s)
        text, wakes = self._words[f"sound_{kind.value}"], kind is Kind.ALARM
        self._cues.append(Cue(start_s, duration_s, kind, chapter, text, level_db=level_db, wakes=wakes))

    def own_bell(self, at_s: float, chapter: Chapter, level_db: float) -> None:
        """Write a bell down at the very moment a person chose; lines that have a choice wait until it has rung."""
        self.sound(Kind.BELL, at_s, BELL_S, chapter, level_db)
        self._bells.append((at_s, at_s + AFTER_BELL_S - AFTER_LINE_S))

    def is_quiet(self, from_s: float, until_s: float, gap_s: float = AFTER_LINE_S) -> bool:
        """Whether nobody speaks in this time, nor within `gap_s` of it."""
        return all(until_s + gap_s <= start or from_s >= end + gap_s for start, end in self._voices)

    def spoken_s(self, from_s: float, until_s: float) -> float:
        """How long somebody speaks between these moments, the pauses after each line with it, in s."""
        over = (min(end + AFTER_LINE_S, until_s) - max(start, from_s) for start, end in self._voices)
        return sum(max(0.0, shared_s) for shared_s in over)

    def free_from(self, at_s: float, duration_s: float) -> float:
        """The first moment from `at_s` on with room for a line of this length."""
        busy = (*self._voices, *self._bells)
        ends = [end + AFTER_LINE_S for _, end in busy if end + AFTER_LINE_S > at_s]
        gap_s = AFTER_LINE_S - TOUCH_S
        return next(
            moment
            for moment in (at_s, *sorted(ends))
            if all(moment + duration_s + gap_s <= start or moment >= end + gap_s for start, end in busy)
        )

    def _ducked_db(self, from_s: float, until_s: float) -> float:
        over_s = [end - start for start, end in self._voices if start + TOUCH_S < until_s and end > from_s + TOUCH_S]
        if not over_s:
            return 0.0
        return DUCKED_DB if max(over_s) > WORD_S else DUCKED_WORD_DB
