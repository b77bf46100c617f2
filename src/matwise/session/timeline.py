"""From a rung to everything that is heard in its session, second by second."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime

from matwise.errors import InvalidInputError, Problem
from matwise.plan.rung import Rung
from matwise.screening.gate import LONGEST_MINUTES, SHORTEST_MINUTES, Permission
from matwise.screening.limits import Placement
from matwise.sentence import Sentence
from matwise.session.afterwards import write_afterwards, write_five_more, write_open_quiet
from matwise.session.breathing import Breathing
from matwise.session.cue import Chapter, Cue, Kind, Timeline, Under
from matwise.session.on_mat import every, write_on_mat
from matwise.session.programme import Programme, steady
from matwise.session.script import ARMS, Script, script, spoken
from matwise.session.sheet import AFTER_BELL_S, AFTER_LINE_S, BELL_S, Sheet
from matwise.session.wishes import FIVE_MINUTES, FROM_TO, Wishes, impossible, longest_minutes

WHILE_STANDING = Sentence("{programme} while standing")
HARMLESS = Sentence("one that makes nobody dizzy")


def timeline(
    rung: Rung,
    permission: Permission,
    *,
    arm: str,
    words: Mapping[str, str],
    speech_s: Mapping[str, float],
    breathing: Breathing | Programme,
    now: datetime,
    wishes: Wishes | None = None,
    planned: Rung | None = None,
) -> Timeline:
    """A whole session on this rung; between `on_mat_from_s` and `on_mat_until_s` lie exactly its minutes.

    Args:
        rung: where, through what, on what and for how long.
        permission: asked first; without it there is no timeline. Where it says so, breathing is without its pauses.
        arm: "mat", or the very same session, to the same tenth of a second, lying on a towel ("rest") or with nothing
            there ("breath").
        words: text of every line by id (content.words).
        speech_s: length of every clip by line id, in s (content.voices).
        breathing: one breath that stays, or a programme (content.breathing).
        now: the moment of asking.
        wishes: what the person chose; the usual session if left out.
        planned: the rung as the plan has it, where `rung` is shorter (wishes.own_length).

    Raises:
        NotAllowedError: the safety check does not allow this session now.
        InvalidInputError: no such arm, minutes out of range, wishes that don't fit, or a line without words or clip.
    """
    permission.check(rung.placement, rung.layer, rung.minutes, now)
    chosen = wishes or Wishes()
    programme = breathing if isinstance(breathing, Programme) else steady(breathing)
    if permission.verdict.limits.no_breath_holds:
        programme = programme.without_holds()
    _check(rung, arm, programme, chosen)
    five_on_mat = rung.minutes + FIVE_MINUTES <= longest_minutes(planned or rung, permission)
    said = script(rung.placement, rung.layer, chosen, programme, five_more_on_mat=five_on_mat)
    sheet = Sheet(spoken(said.lines(), arm, words, speech_s), words, chosen.levels)
    empty = Timeline(_title(rung, arm, chosen, words), (), 0.0, 0.0, 0.0)
    return _written(empty, sheet, said, programme, chosen, 60.0 * rung.minutes, five_on_mat=five_on_mat)


def _written(
    empty: Timeline,
    sheet: Sheet,
    said: Script,
    programme: Programme,
    wishes: Wishes,
    on_mat_s: float,
    *,
    five_on_mat: bool,
) -> Timeline:
    """The session from its first word to whatever comes last."""
    from_s = _before(sheet, said, wishes.settle_in_s)
    until_s = from_s + on_mat_s
    write_on_mat(sheet, said, programme, wishes, from_s, until_s)
    ends_s = write_afterwards(sheet, said, until_s)
    five_more = open_end = None
    if said.five_more:
        five_more, ends_s = write_five_more(sheet, said, ends_s, on_mat=five_on_mat, ring=wishes.bells.ring)
    if said.open_quiet is not None:
        open_end, ends_s = write_open_quiet(sheet, said.open_quiet, ends_s, wishes.bells, wishes.levels.bell_db)
    return replace(
        empty,
        cues=sheet.cues(),
        duration_s=round(ends_s, 3),
        on_mat_from_s=from_s,
        on_mat_until_s=until_s,
        under=None if wishes.bed is None else Under(wishes.bed, wishes.levels.bed_db),
        five_more=five_more,
        open_end=open_end,
    )


def prolonged(heard: Timeline, duration_s: float, words: Mapping[str, str]) -> Timeline:
    """A session with an open end as a longer one: its quiet and its bells go on until `duration_s`.

    Raises:
        InvalidInputError: it has no open end, or is longer already.
    """
    if heard.open_end is None or not heard.duration_s <= duration_s < float("inf"):
        got = f"{duration_s:g} s" if heard.open_end is not None else "a session without an open end"
        raise InvalidInputError(Problem("duration_s", got, f"an open end, and {heard.duration_s:g} s or more"))
    bells = tuple(open_bells(heard, duration_s - BELL_S, words["sound_bell"]))
    return replace(heard, cues=(*heard.cues, *bells), duration_s=round(duration_s, 3))


def open_bells(heard: Timeline, until_s: float, text: str) -> Iterator[Cue]:
    """The bells of an open end, from the end of what is written down to `until_s`, which may be never."""
    end = heard.open_end
    if end is None or end.bell_every_s is None:
        return
    for at_s in every(end.bell_every_s, end.from_s + end.bell_every_s, until_s):
        if at_s >= heard.cues[-1].at_s:
            yield Cue(round(at_s, 3), BELL_S, Kind.BELL, Chapter.OPEN_QUIET, text, level_db=end.bell_db)


def _check(rung: Rung, arm: str, programme: Programme, wishes: Wishes) -> None:
    problems = []
    if arm not in ARMS:
        problems.append(Problem("arm", repr(arm), " or ".join(map(repr, ARMS))))
    if not SHORTEST_MINUTES <= rung.minutes <= LONGEST_MINUTES:
        wanted = FROM_TO.format(least=SHORTEST_MINUTES, most=LONGEST_MINUTES)
        problems.append(Problem("minutes", repr(rung.minutes), wanted))
    if programme.never_standing and rung.placement is Placement.FEET_STANDING:
        problems.append(Problem("breathing", WHILE_STANDING.format(programme=programme.id), HARMLESS))
    problems += impossible(wishes, rung)
    if problems:
        raise InvalidInputError(*problems)


def _title(rung: Rung, arm: str, wishes: Wishes, words: Mapping[str, str]) -> str:
    named = words.get(f"rung_{rung.id}", rung.title)
    title = words[f"title_{arm}"].format(rung=named, minutes=rung.minutes)
    aim = words.get(f"aim_{wishes.aim.id}")
    return title if aim is None else words["title_aim"].format(aim=aim, title=title)


def _before(sheet: Sheet, said: Script, settle_in_s: float) -> float:
    """Settling in and getting on; gives when the time on the mat starts, in whole s."""
    at_s = 1.0 + settle_in_s
    for line in said.settling_in:
        at_s = sheet.say(line, at_s, Chapter.SETTLING_IN) + AFTER_LINE_S
    if said.sound_check is not None:
        at_s = sheet.say(said.sound_check, at_s, Chapter.SETTLING_IN) + AFTER_LINE_S
        if said.begins is None:
            sheet.sound(Kind.BELL, at_s, BELL_S, Chapter.SETTLING_IN)
            at_s += AFTER_BELL_S
    for line in said.after_the_bell:
        at_s = sheet.say(line, at_s, Chapter.SETTLING_IN) + AFTER_LINE_S
    for line in said.getting_on:
        at_s = sheet.say(line, at_s, Chapter.GETTING_ON) + AFTER_LINE_S
    return float(round(at_s + said.getting_on_s))
