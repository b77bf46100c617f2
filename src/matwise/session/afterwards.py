"""What is heard after the time on the mat: getting up, the alarm, five minutes more, quiet without an end."""

from __future__ import annotations

from matwise.session.cue import Chapter, FiveMore, Kind, OpenEnd
from matwise.session.on_mat import CLOSING_LEAD_S, INTERVAL_BELL_DB, INTERVAL_S, every
from matwise.session.script import Script
from matwise.session.sheet import AFTER_BELL_S, AFTER_LINE_S, BELL_S, Sheet
from matwise.session.wishes import FIVE_MINUTES, Bells

GETTING_UP_S = 10.0  # for rolling over or lifting the feet, before the next sentence

# Quiet after the last word, for those who are awake and sit before they stand. Sources say one to two minutes
# (content/words: sit_first); the longer one is what the safety check and the words ask for.
SITTING_S = 120.0
STRIKE_S = 3.0
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
OPEN_TAIL_S = 20.0  # of the quiet without an end, in a file that must have one


def write_afterwards(sheet: Sheet, said: Script, until_s: float) -> float:
    """Getting up, two minutes to sit, and the alarm; gives when all is over, in s."""
    at_s = until_s + (AFTER_BELL_S if said.ends is None else sheet.lines[said.ends].duration_s + AFTER_LINE_S)
    for number, line in enumerate(said.getting_up):
        at_s = sheet.say(line, at_s, Chapter.GETTING_UP) + (AFTER_LINE_S if number else GETTING_UP_S)
    return _alarm(sheet, said.waking, at_s + SITTING_S, Chapter.ALARM)


def write_five_more(sheet: Sheet, said: Script, from_s: float, *, on_mat: bool, ring: bool) -> tuple[FiveMore, float]:
    """Five more minutes with an end and an alarm of their own; gives them, and when they are over, in s."""
    first, closing, over, *softly = said.five_more
    sheet.say(first, from_s + AFTER_LINE_S, Chapter.FIVE_MORE)
    until_s = from_s + 60.0 * FIVE_MINUTES
    sheet.say(closing, until_s - CLOSING_LEAD_S - sheet.lines[closing].duration_s, Chapter.FIVE_MORE)
    if ring:
        sheet.sound(Kind.BELL, until_s, BELL_S, Chapter.FIVE_MORE)
    at_s = until_s + AFTER_BELL_S
    if on_mat:  # off again, as the first time
        at_s = sheet.say(said.getting_up[0], at_s, Chapter.FIVE_MORE) + GETTING_UP_S
        at_s = sheet.say(said.getting_up[1], at_s, Chapter.FIVE_MORE) + AFTER_LINE_S
    at_s = sheet.say(over, at_s, Chapter.FIVE_MORE) + AFTER_LINE_S
    ends_s = _alarm(sheet, said.waking if on_mat else tuple(softly), at_s + SITTING_S, Chapter.FIVE_MORE)
    return FiveMore(round(from_s, 3), on_mat), ends_s


def write_open_quiet(sheet: Sheet, line: str, from_s: float, bells: Bells, bell_db: float) -> tuple[OpenEnd, float]:
    """Quiet until somebody stops it; gives it, and when the part that is written down is over, in s."""
    at_s = sheet.say(line, from_s + AFTER_LINE_S, Chapter.OPEN_QUIET)
    every_s = bells.every_s or INTERVAL_S
    level_db = bell_db + (bells.level_db if bells.are_own else INTERVAL_BELL_DB)
    ends_s = round(at_s + OPEN_TAIL_S, 3)
    return OpenEnd(round(from_s, 3), every_s if bells.ring else None, level_db), ends_s


def _alarm(sheet: Sheet, waking: tuple[str, ...], from_s: float, chapter: Chapter) -> float:
    for number, (every_s, level_db, voice_db) in enumerate(ALARM):
        step_s = from_s + number * STEP_S
        if voice_db is not None:
            line = waking[min(len(waking) - 1, number // 2)]
            sheet.say(line, step_s + ALARM_VOICE_AT_S, chapter, voice_db, wakes=True)
        for strike_s in every(every_s, step_s, step_s + STEP_S):
            sheet.sound(Kind.ALARM, strike_s, STRIKE_S, chapter, level_db)
    return from_s + len(ALARM) * STEP_S + TAIL_S
