"""What is heard between the bell that begins the time on the mat and the one that ends it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count

from matwise.errors import InvalidInputError, Problem
from matwise.sentence import Sentence
from matwise.session.breathing import Breathing
from matwise.session.cue import Chapter, Kind
from matwise.session.programme import Programme
from matwise.session.scan import say_scan
from matwise.session.script import Script
from matwise.session.sheet import AFTER_BELL_S, AFTER_LINE_S, BELL_S, Sheet
from matwise.session.wishes import Bells, Wishes

BREATHING_SHARE, BREATHING_SHARE_BEFORE_SCAN = 0.55, 0.35
FEWEST_BREATHS = 3
IN_MINUTES = Sentence("{programme} in {minutes:g} minutes")
AT_LEAST = Sentence("a session of at least {minutes:g} minutes")
SPOKEN_BREATHS = 4
FADING_BREATHS = 5
FADE_STEP_DB = 3.5
SECOND_INHALE_DB = -2.0  # the sip is smaller
HALF_WAY_BELL_DB, INTERVAL_BELL_DB = -9.0, -18.0
INTERVAL_S = 300.0
INTERVAL_CLEAR_S = 30.0
CLOSING_LEAD_S = 5.0  # between the last word and the closing bell, for the last stretch
MIDDLE_SHARE = 0.62  # once the breath is let go and halfway has been said

# What to expect, at s on the mat. The sting peaks within half a minute and then eases: Olsson & von Scheele (2011),
# doi:10.1089/acm.2010.0135.
EXPECT = (
    (30.0, "seconds_30"),
    (75.0, "stop_reminder"),
    (120.0, "minutes_2"),
    (300.0, "minutes_5"),
    (480.0, "minutes_8"),
)


@dataclass(frozen=True, slots=True)
class _Times:
    """When what happens between the two bells, in s; `breaths` with their starts, in s of the session."""

    from_s: float
    until_s: float
    breaths: tuple[tuple[float, Breathing], ...]
    quiet_from_s: float
    closing_s: float

    @property
    def half_way_s(self) -> float:
        return (self.from_s + self.until_s) / 2

    def chapter(self, at_s: float) -> Chapter:
        if round(at_s, 3) >= round(self.closing_s, 3):
            return Chapter.CLOSING
        return Chapter.BREATHING if round(at_s, 3) < self.quiet_from_s else Chapter.QUIET


def write_on_mat(
    sheet: Sheet, said: Script, programme: Programme, wishes: Wishes, from_s: float, until_s: float
) -> None:
    """Write down everything from the first bell to the last.

    Raises:
        InvalidInputError: too short for the breathing programme, the scan or the aim that was chosen.
    """
    times = _begin(sheet, said, programme, wishes, from_s, until_s)
    for at_s in wishes.bells.times_s((until_s - from_s) / 60) if wishes.bells.are_own and wishes.bells.ring else ():
        sheet.own_bell(from_s + at_s, times.chapter(from_s + at_s), wishes.bells.level_db)
    sheet.say("closing", times.closing_s, Chapter.CLOSING)
    _half_way(sheet, wishes.bells, times)
    _steps(sheet, programme, times)
    # The end of the breathing first: what to expect makes way for it, never the other way round.
    if said.let_go is not None:
        _place(sheet, said.let_go, times.quiet_from_s + AFTER_LINE_S, times)
    if said.middle is not None and not _place(sheet, said.middle, from_s + MIDDLE_SHARE * (until_s - from_s), times):
        raise InvalidInputError(
            Problem("minutes", f"{(until_s - from_s) / 60:g}", Sentence("more minutes for this aim"))
        )
    for on_mat_s, line in EXPECT:
        _place(sheet, line, from_s + on_mat_s, times)
    if said.scan:
        say_scan(sheet, said.scan, times.quiet_from_s, times.closing_s)
    _pace(sheet, times)
    if wishes.bells.ring and not wishes.bells.are_own:
        _interval_bells(sheet, times)
    if said.ends is None:
        sheet.sound(Kind.BELL, until_s, BELL_S, Chapter.CLOSING)
    else:
        sheet.say(said.ends, until_s, Chapter.CLOSING)


def _begin(sheet: Sheet, said: Script, programme: Programme, wishes: Wishes, from_s: float, until_s: float) -> _Times:
    """Arriving and the explanation of the breath; then it is known when what comes."""
    if said.begins is None:
        sheet.sound(Kind.BELL, from_s, BELL_S, Chapter.BREATHING)
        at_s = from_s + AFTER_BELL_S
    else:
        at_s = sheet.say(said.begins, from_s, Chapter.BREATHING) + AFTER_LINE_S
    for line in (*said.arrive, programme.instruction):
        at_s = sheet.say(line, at_s, Chapter.BREATHING) + AFTER_LINE_S
    closing_s = until_s - CLOSING_LEAD_S - sheet.lines["closing"].duration_s
    breaths = tuple(
        (at_s + start_s, one)
        for start_s, one in _breaths(programme, wishes, at_s - from_s, until_s - from_s, closing_s - from_s)
    )
    quiet_from_s = breaths[-1][0] + breaths[-1][1].breath_s if breaths else at_s
    return _Times(from_s, until_s, breaths, round(quiet_from_s, 3), closing_s)


def _breaths(
    programme: Programme, wishes: Wishes, starts_s: float, on_mat_s: float, closing_s: float
) -> Iterator[tuple[float, Breathing]]:
    """The breaths that are led: about half of a short session, five minutes of a long one, three if there is room."""
    room_s = closing_s - AFTER_LINE_S - starts_s
    if programme.whole:
        if room_s < programme.longest_s:
            missing = -(-(programme.longest_s - room_s + on_mat_s) // 60)
            got = IN_MINUTES.format(programme=programme.id, minutes=on_mat_s / 60)
            raise InvalidInputError(Problem("breathing", got, AT_LEAST.format(minutes=missing)))
        yield from programme.breaths(programme.longest_s)
        return
    share = BREATHING_SHARE_BEFORE_SCAN if wishes.scan else BREATHING_SHARE
    share_s = min(share * on_mat_s - starts_s, programme.longest_s)
    for number, (at_s, breathing) in enumerate(programme.breaths(room_s)):
        if number >= FEWEST_BREATHS and at_s + breathing.breath_s > share_s:
            return
        yield at_s, breathing


def _half_way(sheet: Sheet, bells: Bells, times: _Times) -> None:
    if bells.ring and not bells.are_own:  # somebody with bells of their own knows what a bell means
        sheet.sound(Kind.BELL, times.half_way_s, BELL_S, times.chapter(times.half_way_s), HALF_WAY_BELL_DB)
    spoken_s = times.half_way_s + AFTER_BELL_S / 2
    sheet.say("half_way", spoken_s, times.chapter(spoken_s))


def _steps(sheet: Sheet, programme: Programme, times: _Times) -> None:
    """What a programme says at its waypoints."""
    starts_s = times.breaths[0][0] if times.breaths else times.quiet_from_s
    for waypoint in programme.path:
        if waypoint.line is not None:
            _place(sheet, waypoint.line, starts_s + waypoint.at_s, times)


def _place(sheet: Sheet, line: str, at_s: float, times: _Times) -> bool:
    """Say a line at `at_s` or as soon after as nobody else speaks; a short session that has no room goes without."""
    duration_s = sheet.lines[line].duration_s
    start_s = sheet.free_from(at_s, duration_s)
    fits = start_s + duration_s + 2 * AFTER_LINE_S <= times.closing_s
    if fits:
        sheet.say(line, start_s, times.chapter(start_s))
    return fits


def _pace(sheet: Sheet, times: _Times) -> None:
    """In and out: the first breaths that nobody talks over are spoken, then tones alone, which fade at the end."""
    fading = min(FADING_BREATHS, len(times.breaths) // 2)
    spoken_so_far = 0
    for number, (at_s, breathing) in enumerate(times.breaths):
        again_s = at_s + breathing.inhale_s
        exhale_s = at_s + breathing.whole_inhale_s + breathing.hold_s
        if spoken_so_far < SPOKEN_BREATHS and _words_fit(sheet, at_s, breathing):
            sheet.say("breathe_in", at_s, Chapter.BREATHING)
            if breathing.second_inhale_s:
                sheet.say("breathe_in_again", again_s, Chapter.BREATHING)
            sheet.say("breathe_out", exhale_s, Chapter.BREATHING)
            spoken_so_far += 1
        fade_db = min(0.0, FADE_STEP_DB * (len(times.breaths) - fading - number - 1))
        sheet.sound(Kind.INHALE, at_s, breathing.inhale_s, Chapter.BREATHING, fade_db)
        if breathing.second_inhale_s:
            sip_db = fade_db + SECOND_INHALE_DB
            sheet.sound(Kind.INHALE, again_s, breathing.second_inhale_s, Chapter.BREATHING, sip_db)
        sheet.sound(Kind.EXHALE, exhale_s, breathing.exhale_s, Chapter.BREATHING, fade_db)


def _words_fit(sheet: Sheet, at_s: float, breathing: Breathing) -> bool:
    """Whether a breath has room for its words, and nobody else speaks in it."""
    lines = sheet.lines
    exhale_s = at_s + breathing.whole_inhale_s + breathing.hold_s
    short_enough = lines["breathe_in"].duration_s + 1 < breathing.inhale_s
    if breathing.second_inhale_s:
        short_enough = (
            lines["breathe_in"].duration_s < breathing.inhale_s
            and lines["breathe_in_again"].duration_s < breathing.second_inhale_s + breathing.hold_s
        )
    return short_enough and sheet.is_quiet(at_s, exhale_s + lines["breathe_out"].duration_s, gap_s=1.0)


def _interval_bells(sheet: Sheet, times: _Times) -> None:
    """A very soft bell every five minutes of the quiet, unless something else is heard about then."""
    for at_s in every(INTERVAL_S, times.from_s + INTERVAL_S, times.closing_s - INTERVAL_CLEAR_S):
        # Half-way has its own bell and its own words, so the words tell of both.
        alone = sheet.is_quiet(at_s, at_s + BELL_S, INTERVAL_CLEAR_S)
        if alone and at_s > times.quiet_from_s + INTERVAL_CLEAR_S:
            sheet.sound(Kind.BELL, at_s, BELL_S, Chapter.QUIET, INTERVAL_BELL_DB)


def every(step_s: float, from_s: float, until_s: float) -> Iterator[float]:
    """Moments `step_s` apart, from `from_s` to before `until_s`."""
    for number in count():
        at_s = from_s + number * step_s
        if at_s >= until_s - 1e-6:
            return
        yield at_s
