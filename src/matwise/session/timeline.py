"""From a rung to everything that is heard in its session, second by second."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import count

from matwise.errors import InvalidInputError, Problem
from matwise.plan.rung import Rung
from matwise.screening.gate import LONGEST_MINUTES, SHORTEST_MINUTES, Permission
from matwise.session.breathing import Breathing
from matwise.session.cue import Chapter, Cue, Kind, Timeline
from matwise.session.script import ARMS, Script, Spoken, script, spoken

BELL_S = 9.0
STRIKE_S = 3.0
AFTER_LINE_S = 1.6  # between two sentences, so that each can be followed
AFTER_BELL_S = 4.0  # the loudest of a bell is over
BREATHING_SHARE, BREATHING_MAX_S = 0.55, 300.0
SPOKEN_BREATHS = 4
FADING_BREATHS = 5
FADE_STEP_DB = 3.5
DUCKED_DB = -9.0  # a tone under a sentence
DUCKED_WORD_DB, WORD_S = -5.0, 2.0  # under a single word the tone must stay clear: the word teaches it
GETTING_UP_S = 10.0  # for rolling over or lifting the feet, before the next sentence
HALF_WAY_BELL_DB, INTERVAL_BELL_DB = -9.0, -18.0
INTERVAL_S = 300.0
INTERVAL_CLEAR_S = 30.0
CLOSING_LEAD_S = 5.0  # between the last word and the closing bell, for the last stretch

# What to expect, at s on the mat. The sting peaks within half a minute and then eases: Olsson & von Scheele (2011),
# doi:10.1089/acm.2010.0135.
EXPECT = ((30.0, "seconds_30"), (75.0, "stop_reminder"), (120.0, "minutes_2"), (300.0, "minutes_5"))

# Quiet after the last word, for those who are awake and sit before they stand. Sources say one to two minutes
# (content/words: sit_first); the longer one is what the safety check and the words ask for.
SITTING_S = 120.0
STEP_S = 30.0
# Each step: s between strikes, level of the strikes and of the voice in dB. Denser and louder for three minutes.
ALARM = (
    (10.0, -24.0, None),
    (7.5, -19.0, -8.0),
    (6.0, -14.0, -5.0),
    (5.0, -9.0, -2.0),
    (3.0, -4.0, 0.0),
    (2.0, 0.0, 2.0),
)
ALARM_VOICE_AT_S = 12.0
TAIL_S = 4.0


def timeline(
    rung: Rung,
    permission: Permission,
    *,
    arm: str,
    words: Mapping[str, str],
    speech_s: Mapping[str, float],
    breathing: Breathing,
    now: datetime,
) -> Timeline:
    """A whole session on this rung; between `on_mat_from_s` and `on_mat_until_s` lie exactly its minutes.

    Args:
        rung: where, through what, on what and for how long.
        permission: asked first; without it there is no timeline.
        arm: "mat", or "rest" for the very same session lying on a towel, to the same tenth of a second.
        words: text of every line by id (content.words).
        speech_s: length of every clip by line id, in s (content.voices).
        breathing: pace of the breath tones.
        now: the moment of asking.

    Raises:
        NotAllowedError: the safety check does not allow this session now.
        InvalidInputError: no such arm, minutes out of range, or a line without words or clip.
    """
    permission.check(rung.placement, rung.layer, rung.minutes, now)
    _check(rung, arm)
    said = script(rung.placement, rung.layer)
    sheet = _Sheet(spoken(said.lines(), arm, words, speech_s), words)
    on_mat_from_s = _before(sheet, said)
    on_mat_until_s = on_mat_from_s + 60.0 * rung.minutes
    _on_mat(sheet, said, breathing, on_mat_from_s, on_mat_until_s)
    ends_s = _after(sheet, said, on_mat_until_s)
    title = words[f"title_{arm}"].format(rung=rung.title, minutes=rung.minutes)
    return Timeline(title, sheet.cues(), round(ends_s, 3), on_mat_from_s, on_mat_until_s)


def _check(rung: Rung, arm: str) -> None:
    problems = []
    if arm not in ARMS:
        problems.append(Problem("arm", repr(arm), " or ".join(map(repr, ARMS))))
    if not SHORTEST_MINUTES <= rung.minutes <= LONGEST_MINUTES:
        wanted = f"from {SHORTEST_MINUTES} to {LONGEST_MINUTES}"
        problems.append(Problem("minutes", repr(rung.minutes), wanted))
    if problems:
        raise InvalidInputError(*problems)


class _Sheet:
    """The cues written down so far; knows when somebody speaks, so that nobody interrupts."""

    def __init__(self, lines: Mapping[str, Spoken], words: Mapping[str, str]) -> None:
        self.lines = lines
        self._words = words
        self._cues: list[Cue] = []
        self._voices: list[tuple[float, float]] = []

    def cues(self) -> tuple[Cue, ...]:
        """All cues in order of time."""
        return tuple(sorted(self._cues, key=lambda cue: (cue.at_s, cue.kind.value)))

    def say(self, line: str, at_s: float, chapter: Chapter, level_db: float = 0.0) -> float:
        """Write a line down; gives when it ends, in s."""
        said = self.lines[line]
        start_s = round(at_s, 3)
        self._cues.append(Cue(start_s, said.duration_s, Kind.VOICE, chapter, said.text, said.line, level_db))
        self._voices.append((start_s, start_s + said.duration_s))
        return start_s + said.duration_s

    def sound(self, kind: Kind, at_s: float, duration_s: float, chapter: Chapter, level_db: float = 0.0) -> None:
        """Write a bell or a tone down; softer while somebody speaks."""
        start_s = round(at_s, 3)
        if kind is not Kind.BELL:  # the voice itself waits until a bell has faded
            level_db += self._ducked_db(start_s, start_s + duration_s)
        self._cues.append(
            Cue(start_s, duration_s, kind, chapter, self._words[f"sound_{kind.value}"], level_db=level_db)
        )

    def _ducked_db(self, from_s: float, until_s: float) -> float:
        touch_s = 0.001  # times are whole thousandths; cues that only meet don't overlap
        over_s = [end - start for start, end in self._voices if start + touch_s < until_s and end > from_s + touch_s]
        if not over_s:
            return 0.0
        return DUCKED_DB if max(over_s) > WORD_S else DUCKED_WORD_DB

    def is_quiet(self, from_s: float, until_s: float, gap_s: float = AFTER_LINE_S) -> bool:
        """Whether nobody speaks in this time, nor within `gap_s` of it."""
        return all(until_s + gap_s <= start or from_s >= end + gap_s for start, end in self._voices)

    def free_from(self, at_s: float, duration_s: float) -> float:
        """The first moment from `at_s` on with room for a line of this length."""
        ends = [end + AFTER_LINE_S for _, end in self._voices if end + AFTER_LINE_S > at_s]
        return next(
            moment
            for moment in (at_s, *sorted(ends))
            if self.is_quiet(moment, moment + duration_s, AFTER_LINE_S - 0.001)
        )


def _before(sheet: _Sheet, said: Script) -> float:
    """Settling in and getting on; gives when the time on the mat starts, in whole s."""
    at_s = 1.0
    for line in said.settling_in:
        at_s = sheet.say(line, at_s, Chapter.SETTLING_IN) + AFTER_LINE_S
    sheet.sound(Kind.BELL, at_s, BELL_S, Chapter.SETTLING_IN)
    at_s += AFTER_BELL_S
    for line in said.after_the_bell:
        at_s = sheet.say(line, at_s, Chapter.SETTLING_IN) + AFTER_LINE_S
    for line in said.getting_on:
        at_s = sheet.say(line, at_s, Chapter.GETTING_ON) + AFTER_LINE_S
    return float(round(at_s + said.getting_on_s))


@dataclass(frozen=True, slots=True)
class _OnMat:
    """When what happens between the two bells, in s."""

    from_s: float
    until_s: float
    breathing_from_s: float
    breaths: int
    quiet_from_s: float
    closing_s: float

    @property
    def half_way_s(self) -> float:
        return (self.from_s + self.until_s) / 2

    def chapter(self, at_s: float) -> Chapter:
        return Chapter.BREATHING if round(at_s, 3) < self.quiet_from_s else Chapter.QUIET


def _on_mat(sheet: _Sheet, said: Script, breathing: Breathing, from_s: float, until_s: float) -> None:
    sheet.sound(Kind.BELL, from_s, BELL_S, Chapter.BREATHING)
    at_s = sheet.say(said.arrive, from_s + AFTER_BELL_S, Chapter.BREATHING) + AFTER_LINE_S
    at_s = sheet.say("belly_breathing", at_s, Chapter.BREATHING) + AFTER_LINE_S
    closing_s = until_s - CLOSING_LEAD_S - sheet.lines["closing"].duration_s
    breaths = _breaths(breathing, at_s - from_s, until_s - from_s, closing_s - from_s)
    times = _OnMat(from_s, until_s, at_s, breaths, round(at_s + breaths * breathing.breath_s, 3), closing_s)

    sheet.say("closing", closing_s, Chapter.CLOSING)
    sheet.sound(Kind.BELL, times.half_way_s, BELL_S, times.chapter(times.half_way_s), HALF_WAY_BELL_DB)
    spoken_half_way_s = times.half_way_s + AFTER_BELL_S / 2
    sheet.say("half_way", spoken_half_way_s, times.chapter(spoken_half_way_s))
    # The end of the breathing first: what to expect makes way for it, never the other way round.
    _place(sheet, "own_breath", times.quiet_from_s + AFTER_LINE_S, times)
    for on_mat_s, line in EXPECT:
        _place(sheet, line, from_s + on_mat_s, times)
    _pace(sheet, breathing, times)
    _interval_bells(sheet, times)
    sheet.sound(Kind.BELL, until_s, BELL_S, Chapter.CLOSING)


def _breaths(breathing: Breathing, starts_s: float, on_mat_s: float, closing_s: float) -> int:
    """How many breaths are paced: about half of a short session, five minutes of a long one, three if there is room."""
    share_s = min(BREATHING_SHARE * on_mat_s - starts_s, BREATHING_MAX_S)
    room_s = closing_s - AFTER_LINE_S - starts_s
    return max(0, min(max(3, int(share_s / breathing.breath_s)), int(room_s / breathing.breath_s)))


def _place(sheet: _Sheet, line: str, at_s: float, times: _OnMat) -> None:
    """Say a line at `at_s` or as soon after as nobody else speaks; a short session that has no room goes without."""
    duration_s = sheet.lines[line].duration_s
    start_s = sheet.free_from(at_s, duration_s)
    if start_s + duration_s + 2 * AFTER_LINE_S <= times.closing_s:
        sheet.say(line, start_s, times.chapter(start_s))


def _pace(sheet: _Sheet, breathing: Breathing, times: _OnMat) -> None:
    """In and out: the first breaths that nobody talks over are spoken, then tones alone, which fade at the end."""
    in_s, out_s = sheet.lines["breathe_in"].duration_s, sheet.lines["breathe_out"].duration_s
    fading = min(FADING_BREATHS, times.breaths // 2)
    spoken_so_far = 0
    for number in range(times.breaths):
        inhale_s = times.breathing_from_s + number * breathing.breath_s
        exhale_s = inhale_s + breathing.inhale_s + breathing.hold_s
        words_fit = in_s + 1 < breathing.inhale_s and sheet.is_quiet(inhale_s, exhale_s + out_s, gap_s=1.0)
        if spoken_so_far < SPOKEN_BREATHS and words_fit:
            sheet.say("breathe_in", inhale_s, Chapter.BREATHING)
            sheet.say("breathe_out", exhale_s, Chapter.BREATHING)
            spoken_so_far += 1
        fade_db = min(0.0, FADE_STEP_DB * (times.breaths - fading - number - 1))
        sheet.sound(Kind.INHALE, inhale_s, breathing.inhale_s, Chapter.BREATHING, fade_db)
        sheet.sound(Kind.EXHALE, exhale_s, breathing.exhale_s, Chapter.BREATHING, fade_db)


def _interval_bells(sheet: _Sheet, times: _OnMat) -> None:
    """A very soft bell every five minutes of the quiet, unless something else is heard about then."""
    for at_s in _every(INTERVAL_S, times.from_s + INTERVAL_S, times.closing_s - INTERVAL_CLEAR_S):
        # Half-way has its own bell and its own words, so the words tell of both.
        alone = sheet.is_quiet(at_s, at_s + BELL_S, INTERVAL_CLEAR_S)
        if alone and at_s > times.quiet_from_s + INTERVAL_CLEAR_S:
            sheet.sound(Kind.BELL, at_s, BELL_S, Chapter.QUIET, INTERVAL_BELL_DB)


def _after(sheet: _Sheet, said: Script, until_s: float) -> float:
    """Getting up, two minutes to sit, and the alarm; gives when all is over, in s."""
    at_s = until_s + AFTER_BELL_S
    for number, line in enumerate(said.getting_up):
        at_s = sheet.say(line, at_s, Chapter.GETTING_UP) + (AFTER_LINE_S if number else GETTING_UP_S)
    alarm_from_s = at_s + SITTING_S
    for number, (every_s, level_db, voice_db) in enumerate(ALARM):
        step_s = alarm_from_s + number * STEP_S
        if voice_db is not None:
            line = said.waking[min(len(said.waking) - 1, number // 2)]
            sheet.say(line, step_s + ALARM_VOICE_AT_S, Chapter.ALARM, voice_db)
        for strike_s in _every(every_s, step_s, step_s + STEP_S):
            sheet.sound(Kind.ALARM, strike_s, STRIKE_S, Chapter.ALARM, level_db)
    return alarm_from_s + len(ALARM) * STEP_S + TAIL_S


def _every(step_s: float, from_s: float, until_s: float) -> Iterator[float]:
    for number in count():
        at_s = from_s + number * step_s
        if at_s >= until_s - 1e-6:
            return
        yield at_s
