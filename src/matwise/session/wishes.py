"""What a person wishes for in a session, as long as plan and safety check allow it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from matwise.errors import InvalidInputError, Problem
from matwise.plan.rung import Rung
from matwise.screening.gate import LONGEST_MINUTES, SHORTEST_MINUTES, Permission
from matwise.screening.limits import Placement
from matwise.sentence import Sentence
from matwise.session.aim import NO_AIM, Aim
from matwise.session.cue import Bed

FROM_TO = Sentence("from {least:g} to {most:g}")
MOMENTS_BEFORE = Sentence("moments before {seconds} s")
EYES_CLOSED = Sentence("a session in which the eyes may close")
NOT_THERE = Sentence("{aim} for {placement}")
MEANT_FOR = Sentence("one meant for it; this is for {places}")
LONGEST_SETTLE_IN_S = 120.0
BELL_EVERY_S = (30.0, 1200.0)
MOST_BELLS = 40
FIVE_MINUTES = 5
# How far each may be turned up or down against the usual, in dB. The voice is never turned down until it is not heard.
VOICE_DB, BELL_DB, TONE_DB, BED_DB = (-9.0, 6.0), (-24.0, 6.0), (-18.0, 6.0), (-18.0, 6.0)


@dataclass(frozen=True, slots=True)
class Bells:
    """Which bells ring: `ring` False is none at all, not even at the start and the end; the voice says it then.

    `every_s` or `at_s` (s on the mat) are the person's own times, rung at `level_db`; with neither, a very soft bell
    rings every five minutes of a long quiet.
    """

    ring: bool = True
    every_s: float | None = None
    at_s: tuple[float, ...] = ()
    level_db: float = -12.0

    @property
    def are_own(self) -> bool:
        """Whether the person set times of their own."""
        return self.every_s is not None or bool(self.at_s)

    def times_s(self, minutes: float) -> tuple[float, ...]:
        """The person's own times in a session of this length, in s on the mat."""
        step_s = self.every_s or 60.0 * minutes
        every = [number * step_s for number in range(1, int(60 * minutes / step_s) + 1)]
        return tuple(sorted({at_s for at_s in (*every, *self.at_s) if 0 < at_s < 60 * minutes}))


@dataclass(frozen=True, slots=True)
class Levels:
    """Loudness of voice, bells, breath tones and bed against the usual, in dB."""

    voice_db: float = 0.0
    bell_db: float = 0.0
    tone_db: float = 0.0
    bed_db: float = 0.0


@dataclass(frozen=True, slots=True)
class Wishes:
    """Everything a person may choose for a session; the usual session is the default.

    `settle_in_s`: quiet before the first word. `scan`: go through the body, part by part. `familiar`: whoever knows the
    sessions hears neither the sound check nor what to expect; how to stop is always said. `five_more`, `open_end`:
    blocks after the alarm.

    Raises:
        InvalidInputError: a time or a level out of range; names every one.
    """

    aim: Aim = NO_AIM
    bed: Bed | None = None
    bells: Bells = field(default=Bells())
    levels: Levels = field(default=Levels())
    settle_in_s: float = 0.0
    scan: bool = False
    familiar: bool = False
    five_more: bool = False
    open_end: bool = False

    def __post_init__(self) -> None:
        ranges = [
            ("settle_in_s", self.settle_in_s, (0.0, LONGEST_SETTLE_IN_S)),
            ("voice_db", self.levels.voice_db, VOICE_DB),
            ("bell_db", self.levels.bell_db, BELL_DB),
            ("tone_db", self.levels.tone_db, TONE_DB),
            ("bed_db", self.levels.bed_db, BED_DB),
            ("bells.level_db", self.bells.level_db, BELL_DB),
        ]
        if self.bells.every_s is not None:
            ranges.append(("bells.every_s", self.bells.every_s, BELL_EVERY_S))
        problems = [
            Problem(name, f"{got:g}", FROM_TO.format(least=low, most=high))
            for name, got, (low, high) in ranges
            if not low <= got <= high
        ]
        if len(self.bells.at_s) > MOST_BELLS or any(not at_s > 0 for at_s in self.bells.at_s):
            problems.append(
                Problem("bells.at_s", repr(self.bells.at_s)[:60], f"at most {MOST_BELLS} moments after 0 s")
            )
        if problems:
            raise InvalidInputError(*problems)


def longest_minutes(rung: Rung, permission: Permission) -> int:
    """How long a session of this rung may be at most: what the plan says, what the safety check leaves of it."""
    of_screening = permission.verdict.limits.max_minutes
    return min(rung.minutes, LONGEST_MINUTES, LONGEST_MINUTES if of_screening is None else of_screening)


def own_length(rung: Rung, minutes: int, permission: Permission) -> Rung:
    """The same rung for as long as the person wishes.

    Raises:
        InvalidInputError: shorter than the words need, or longer than plan and safety check allow.
    """
    longest = longest_minutes(rung, permission)
    if not SHORTEST_MINUTES <= minutes <= longest:
        raise InvalidInputError(Problem("minutes", repr(minutes), FROM_TO.format(least=SHORTEST_MINUTES, most=longest)))
    return replace(rung, minutes=minutes)


def impossible(wishes: Wishes, rung: Rung) -> Iterator[Problem]:
    """What of these wishes can't be had on this rung."""
    if rung.placement not in wishes.aim.placements:
        places = Sentence.joined(sorted(place.value for place in wishes.aim.placements), ", ")
        got = NOT_THERE.format(aim=wishes.aim.id, placement=rung.placement.value)
        yield Problem("aim", got, MEANT_FOR.format(places=places))
    if wishes.scan and rung.placement is Placement.FEET_STANDING:
        yield Problem("scan", Sentence("standing"), EYES_CLOSED)
    late = [at_s for at_s in wishes.bells.at_s if at_s >= 60 * rung.minutes]
    if late:
        yield Problem(
            "bells.at_s", ", ".join(f"{at_s:g}" for at_s in late), MOMENTS_BEFORE.format(seconds=60 * rung.minutes)
        )
