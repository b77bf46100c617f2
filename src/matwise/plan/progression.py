"""From what a person reported to the rung of today: a pure function in which unknown answers never lead upwards."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from matwise.plan import words
from matwise.plan.calendar import MISSED_DAYS_BACK, MISSED_DAYS_RESTART, in_order, missed_days
from matwise.plan.ladder import Ladder
from matwise.plan.rung import Effort, Move, Routine, Rung, SkinNextDay, Step
from matwise.plan.signs import is_calm, is_warning, naps_grow
from matwise.screening.rule import Outcome
from matwise.screening.verdict import Verdict
from matwise.sentence import Sentence


@dataclass(frozen=True, slots=True)
class _Way:
    """The ladder with the rungs the limits leave open."""

    ladder: Ladder
    open_rungs: frozenset[int]

    def counts_at(self, level: int) -> int:
        """The rung on which calm days count: the level, or the open start below a start that is closed."""
        if level > self.ladder.last_start or level in self.open_rungs:
            return level
        return max((number for number in self.open_rungs if number < level), default=level)

    def above(self, number: int) -> Rung | None:
        """The rung that comes next, if the limits leave it open; closed starts are passed over."""
        following = number + 1
        while following <= self.ladder.last_start and following not in self.open_rungs:
            following += 1
        return self.ladder.rungs[following] if following in self.open_rungs else None


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a person stands: the rung they have earned, and on how many days they were calm there."""

    level: int = 0
    calm_days: int = 0
    last_calm_on: date | None = None


@dataclass(frozen=True, slots=True)
class _Story:
    """What led here: the place before the last session, the place today, and the pause between."""

    before: _Place
    place: _Place
    last: Effort | None
    missed: int
    sleepy: bool = False


def next_rung(ladder: Ladder, efforts: Sequence[Effort], verdict: Verdict, today: date) -> Step:
    """The rung of today, with the reasons and what would change it.

    Up after enough calm days on a rung; back after strong pain, dizziness, a session ended early or a long pause; rest
    while the skin is not reported fine. The verdict bounds it: a rung the limits forbid is never offered, the nearest
    one below it is. Nothing is remembered: the same efforts give the same step.
    """
    done = in_order(efforts)
    why_rest = _refused(verdict, today) or _resting(done, today)
    if why_rest is not None:
        return _rest(why_rest)
    way = _Way(ladder, frozenset(rung.number for rung in ladder.rungs if _allowed(rung, verdict)))
    story = _story(way, done, today)
    rung = _offered(way, story)
    if rung is None:
        return _rest(words.NOTHING_ALLOWED)
    move = _move(rung, story)
    still = _calm_days_to_come(way, story.place, rung)
    return Step(
        rung=rung,
        move=move,
        because=_because(way, story, rung, move),
        up_if=words.up_if(way.above(rung.number), rung, still, top=rung.number == ladder.top),
        keep_if=words.KEEP_IF,
        back_if=words.BACK_IF,
    )


def routines_open(ladder: Ladder, efforts: Sequence[Effort], verdict: Verdict, today: date) -> tuple[Routine, ...]:
    """The routines a person may choose today.

    A routine opens once a session on its rung (or a higher one) was finished without a warning sign. It is closed while
    the person rests, stands lower, or the limits forbid it.
    """
    step = next_rung(ladder, efforts, verdict, today)
    if step.rung is None:
        return ()
    finished = max((one.rung for one in efforts if not is_warning(one)), default=-1)
    level = min(step.rung.number, finished)
    return tuple(one for one in ladder.routines if one.opens_after_rung <= level and _allowed(one.rung, verdict))


def _refused(verdict: Verdict, today: date) -> str | None:
    if verdict.outcome >= Outcome.ASK_A_CLINICIAN or not verdict.rules_version:
        return words.NOT_ALLOWED
    if not verdict.screened_on <= today <= verdict.valid_until:
        return words.CHECK_RUN_OUT
    return None


def _resting(done: Sequence[Effort], today: date) -> str | None:
    """Why today is for rest, or None. The latest that was said of the skin counts until somebody says "fine"."""
    skins = (one.skin_later if one.skin_later is not None else one.skin_next_day for one in reversed(done))
    skin = next((one for one in skins if one is not None), None)
    if skin is SkinNextDay.BRUISED_OR_BROKEN:
        return words.SKIN_BROKEN
    if skin is SkinNextDay.RED:
        return words.SKIN_RED
    signs = [Sentence.joined(signs) for one in done if one.on == today and (signs := words.warning_signs(one))]
    return words.REST_TODAY.format(signs=signs[-1]) if signs else None


def _story(way: _Way, done: Sequence[Effort], today: date) -> _Story:
    if not done:
        return _Story(_Place(), _Place(), None, 0)
    before = _Place()
    for earlier, effort in pairwise(done):
        before = _after_pause(_after(way, before, earlier), missed_days(earlier.on, effort.on))
    missed = missed_days(done[-1].on, today)
    return _Story(before, _after_pause(_after(way, before, done[-1]), missed), done[-1], missed, naps_grow(done))


def _after_pause(place: _Place, missed: int) -> _Place:
    if missed > MISSED_DAYS_RESTART:
        return _Place()
    if missed > MISSED_DAYS_BACK:
        return _Place(max(place.level - 1, 0))
    return place


def _after(way: _Way, place: _Place, effort: Effort) -> _Place:
    number = max(0, min(effort.rung, way.ladder.top))
    reached = effort.completed and not effort.shortened
    level = max(place.level, number if reached else 0)
    if is_warning(effort):
        # Below the rung that hurt, even if the person stood higher: a gentle session that hurts says more.
        return _Place(max(min(level, number) - 1, 0))
    if level > place.level or effort.skin_next_day is SkinNextDay.RED:
        place = _Place(level)
    if not is_calm(effort) or number != way.counts_at(level) or effort.on == place.last_calm_on:
        return place
    days = place.calm_days + 1
    if days >= way.ladder.rungs[number].sessions_to_climb and level < way.ladder.top:
        return _Place(level + 1, 0, effort.on)
    return _Place(level, days, effort.on)


def _allowed(rung: Rung, verdict: Verdict) -> bool:
    return verdict.limits.allows(rung.placement, rung.layer, rung.minutes)


def _offered(way: _Way, story: _Story) -> Rung | None:
    """The highest open rung that was reached; before that, an equally gentle start where the first is closed."""
    reached = [number for number in way.open_rungs if number <= story.place.level]
    if reached:
        return way.ladder.rungs[max(_no_longer(way, story, reached) or reached)]
    starts = [number for number in way.open_rungs if number <= way.ladder.last_start]
    last = story.last
    if not starts or (last is not None and is_warning(last) and last.rung < min(starts)):
        return None
    return way.ladder.rungs[min(starts)]


def _no_longer(way: _Way, story: _Story, reached: Sequence[int]) -> Sequence[int]:
    """The rungs that are no longer than the last one, while naps grow."""
    if not story.sleepy or story.last is None:
        return reached
    minutes = way.ladder.rungs[max(0, min(story.last.rung, way.ladder.top))].minutes
    return [number for number in reached if way.ladder.rungs[number].minutes <= minutes]


def _calm_days_to_come(way: _Way, place: _Place, rung: Rung) -> int:
    done = place.calm_days if rung.number == way.counts_at(place.level) else 0
    return max(rung.sessions_to_climb - done, 1)


def _move(rung: Rung, story: _Story) -> Move:
    if story.last is None or story.missed > MISSED_DAYS_RESTART:
        return Move.START
    stood = max(story.before.level, story.last.rung if story.last.completed else 0)
    if rung.number == stood:
        return Move.STAY
    return Move.UP if rung.number > stood else Move.BACK


def _because(way: _Way, story: _Story, rung: Rung, move: Move) -> tuple[str, ...]:
    last = story.last
    if last is None:
        return (words.FIRST,)
    if move is Move.START:
        return (words.STARTED_AGAIN.format(days=story.missed),)
    said = list(words.warning_signs(last))
    if story.missed > MISSED_DAYS_BACK:
        said.append(words.PAUSED.format(days=story.missed))
    if move is Move.UP:
        said.append(words.climbed(last))
    held = (
        story.sleepy
        and last.nap_minutes is not None
        and rung.number < max(way.open_rungs & {*range(story.place.level + 1)}, default=rung.number)
    )
    if held:
        said.append(words.NAPS_GROW.format(nap=last.nap_minutes, minutes=last.minutes))
    elif rung.number < way.counts_at(story.place.level):
        said.append(words.LIMITED)
    if move is Move.STAY and not is_warning(last) and not held:
        done = rung.sessions_to_climb - _calm_days_to_come(way, story.place, rung)
        said += words.staying(rung, last, done, top=rung.number == way.ladder.top)
    return tuple(said) or (words.GOING_ON,)


def _rest(because: str) -> Step:
    return Step(None, Move.REST, (because,), words.AFTER_REST, words.KEEP_RESTING, words.BACK_IF)
