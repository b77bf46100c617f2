"""Choose what a session sounds like, and find it again: aim, breathing, bed, bells, length."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from datetime import datetime

import msgspec

from matwise.content.aims import aims
from matwise.content.beds import beds
from matwise.content.breathing import breathing, programme
from matwise.content.words import words
from matwise.errors import ONE_OF, InvalidInputError, Problem
from matwise.measures.day import day_of
from matwise.plan.rung import Rung
from matwise.practice.person import ME
from matwise.screening.limits import Placement
from matwise.sentence import Sentence
from matwise.session.aim import NO_AIM, Aim
from matwise.session.cue import Bed
from matwise.session.programme import PACES_PER_MIN, Programme
from matwise.session.wishes import (
    BED_DB,
    BELL_DB,
    BELL_EVERY_S,
    FROM_TO,
    LONGEST_SETTLE_IN_S,
    VOICE_DB,
    Bells,
    Levels,
    Wishes,
)
from matwise.store import sessions, trials
from matwise.store.database import Database

NO_BED = "none"  # as against "whatever suits the aim"
USUAL_BELLS, NO_BELLS, OWN_BELLS = "usual", "none", "own"
BELLS = (USUAL_BELLS, NO_BELLS, OWN_BELLS)


class Wanted(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """What a person chose to hear, by content ids and numbers; the usual session is the default.

    `minutes` None: as many as the plan has. `breathing`, `bed` None: what suits the aim. `bells`: usual, none or own,
    every `bell_every_min` minutes or at the minutes of `bell_at_min`. Levels in dB against the usual. `language` and
    `voice` are those of the settings when it began.
    """

    aim: str | None = None
    minutes: int | None = None
    breathing: str | None = None
    pace_per_min: float | None = None
    bed: str | None = None
    bed_db: float = 0.0
    bells: str = USUAL_BELLS
    bell_every_min: float | None = None
    bell_at_min: tuple[float, ...] = ()
    bell_db: float = 0.0
    voice_db: float = 0.0
    settle_in_s: float = 0.0
    scan: bool = False
    familiar: bool = False
    five_more: bool = False
    open_end: bool = False
    language: str | None = None
    voice: str | None = None

    def text(self) -> str:
        """As it is kept with the session."""
        return msgspec.json.encode(self).decode()


USUAL = Wanted()
A_NUMBER = Sentence("a number")
NUMBERS = {
    "minutes": Sentence("a whole number"),
    "bell_at_min": Sentence("minutes with a space between, such as 5 10 12.5"),
}
_YES = ("yes", "on", "1", "true")
_SET_ELSEWHERE = ("language", "voice")
FIELDS = tuple(field.name for field in msgspec.structs.fields(Wanted) if field.name not in _SET_ELSEWHERE)


def kept(content: str) -> Wanted:
    """What a session was made of; what is no longer known of it is left to the usual."""
    try:
        return msgspec.json.decode(content, type=Wanted)
    except msgspec.ValidationError:
        return USUAL


def until_the_alarm(content: str) -> str:
    """The same content without the blocks behind the alarm."""
    return msgspec.structs.replace(kept(content), five_more=False, open_end=False).text()


def read(told: Mapping[str, str]) -> Wanted:
    """What a form or a terminal says, field by field; an empty field means the usual.

    Raises:
        InvalidInputError: names every field that can't be read, or holds what there is not.
    """
    found: dict[str, object] = {}
    problems: list[Problem] = []
    for name, said in told.items():
        if name not in FIELDS:
            problems.append(Problem("field", ascii(name)[:60], ONE_OF.format(known=", ".join(FIELDS))))
        elif said.strip():
            value = _value(name, said.strip())
            if isinstance(value, Problem):
                problems.append(value)
            else:
                found[name] = value
    wanted = msgspec.convert(found, Wanted)
    problems += _unknown(wanted)
    if problems:
        raise InvalidInputError(*problems)
    return wanted


def _value(name: str, said: str) -> object:
    if name in {"scan", "familiar", "five_more", "open_end"}:
        return said.lower() in _YES
    if name in {"aim", "breathing", "bed", "bells"}:
        return said
    try:
        if name == "bell_at_min":
            return tuple(float(part.replace(",", ".")) for part in said.replace(";", " ").split())
        return int(said) if name == "minutes" else float(said.replace(",", "."))
    except ValueError:
        return Problem(name, ascii(said)[:40], NUMBERS.get(name, A_NUMBER))


def _unknown(wanted: Wanted) -> Iterator[Problem]:
    offered = {
        "aim": (wanted.aim, aims()),
        "breathing": (wanted.breathing, breathing()),
        "bed": (wanted.bed, (NO_BED, *(bed.value for bed in beds()))),
        "bells": (wanted.bells, BELLS),
    }
    for name, (value, known) in offered.items():
        if value is not None and value not in known:
            yield Problem(name, ascii(value)[:40], ONE_OF.format(known=", ".join(known)))
    low, high = (limit / 60 for limit in BELL_EVERY_S)
    numbers = {
        "pace_per_min": (wanted.pace_per_min, PACES_PER_MIN),
        "bed_db": (wanted.bed_db, BED_DB),
        "bell_db": (wanted.bell_db, BELL_DB),
        "voice_db": (wanted.voice_db, VOICE_DB),
        "settle_in_s": (wanted.settle_in_s, (0.0, LONGEST_SETTLE_IN_S)),
        "bell_every_min": (wanted.bell_every_min, (low, high)),
    }
    for name, (number, (least, most)) in numbers.items():
        if number is not None and not least <= number <= most:
            yield Problem(name, f"{number:g}", FROM_TO.format(least=least, most=most))
    if wanted.bells == OWN_BELLS and wanted.bell_every_min is None and not wanted.bell_at_min:
        yield Problem(
            "bells",
            Sentence("own times, but none"),
            Sentence("every so many minutes, or the minutes at which they ring"),
        )


def composed(wanted: Wanted) -> tuple[Wishes, Programme]:
    """What the session rooms make of it: the wishes, and the breathing programme.

    Raises:
        InvalidInputError: it names what there is not, or holds a number out of range.
    """
    problems = tuple(_unknown(wanted))
    if problems:
        raise InvalidInputError(*problems)
    aim = NO_AIM if wanted.aim is None else aims()[wanted.aim]
    led = programme(wanted.breathing or aim.programme, wanted.pace_per_min)
    bed = aim.bed if wanted.bed is None else None if wanted.bed == NO_BED else Bed(wanted.bed)
    own = wanted.bells == OWN_BELLS
    bells = Bells(
        ring=wanted.bells != NO_BELLS,
        every_s=60 * wanted.bell_every_min if own and wanted.bell_every_min is not None else None,
        at_s=tuple(60 * minute for minute in wanted.bell_at_min) if own else (),
    )
    return (
        Wishes(
            aim=aim,
            bed=bed,
            bells=bells,
            levels=Levels(wanted.voice_db, wanted.bell_db, 0.0, (beds()[bed] if bed else 0.0) + wanted.bed_db),
            settle_in_s=wanted.settle_in_s,
            scan=wanted.scan,
            familiar=wanted.familiar,
            five_more=wanted.five_more,
            open_end=wanted.open_end,
        ),
        led,
    )


def fitting(wanted: Wanted, rung: Rung, longest_minutes: int) -> Wanted:
    """The same without what can't be had on this rung: another place, or fewer minutes than it has now."""
    standing = rung.placement is Placement.FEET_STANDING
    elsewhere = wanted.aim is not None and (wanted.aim not in aims() or not _meant_for(aims()[wanted.aim], rung))
    unknown = wanted.breathing is not None and wanted.breathing not in breathing()
    dizzying = standing and not unknown and _led(wanted).never_standing
    minutes = None if wanted.minutes is None or wanted.minutes >= longest_minutes else wanted.minutes
    length = longest_minutes if minutes is None else minutes
    at = tuple(one for one in wanted.bell_at_min if one < length)
    bells = wanted.bells if wanted.bells != OWN_BELLS or at or wanted.bell_every_min is not None else USUAL_BELLS
    without_led = unknown or dizzying
    return msgspec.structs.replace(
        wanted,
        aim=None if elsewhere else wanted.aim,
        minutes=minutes,
        breathing=None if without_led else wanted.breathing,
        pace_per_min=None if without_led else wanted.pace_per_min,
        bell_at_min=at,
        bells=bells,
        scan=wanted.scan and not standing,
    )


def _meant_for(aim: Aim, rung: Rung) -> bool:
    return rung.placement in aim.placements


def _led(wanted: Wanted) -> Programme:
    aim = NO_AIM if wanted.aim is None else aims().get(wanted.aim, NO_AIM)
    return breathing()[wanted.breathing or aim.programme].programme


def remembered(db: Database, now: datetime) -> Wanted:
    """What the last session sounded like; on the days of a trial, what its first one did.

    In a trial every session sounds like the first, so that its days differ in what is under the body alone.
    """
    with db.read() as c:
        told = sessions.all_of(c, ME)
        trial = trials.current(c, ME)
    if trial is not None:
        days = {day.on for day in trial.schedule.days}
        first = next((one for one in told if day_of(one.started_at) in days), None)
        if day_of(now) in days and first is not None:
            return kept(first.content)
    # A session that was shortened once says nothing of the next one: the plan's minutes are asked for anew.
    return msgspec.structs.replace(kept(told[-1].content), minutes=None) if told else USUAL


def is_settled(db: Database, now: datetime) -> bool:
    """Whether a trial has settled what today's session sounds like."""
    with db.read() as c:
        trial = trials.current(c, ME)
        told = sessions.all_of(c, ME)
    if trial is None:
        return False
    days = {day.on for day in trial.schedule.days}
    return day_of(now) in days and any(day_of(one.started_at) in days for one in told)


def aims_for(placements: Collection[Placement]) -> tuple[str, ...]:
    """Ids of the aims that are meant for one of these placements."""
    return tuple(known for known, aim in aims().items() if aim.placements & set(placements))


def breathing_ids() -> tuple[str, ...]:
    """Ids of the breathing programmes, the usual one first."""
    return tuple(breathing())


def bed_ids() -> tuple[str, ...]:
    """Ids of what can be heard under a session."""
    return tuple(bed.value for bed in beds())


def name(kind: str, id: str, language: str) -> str:  # noqa: A002 - the field's word
    """What an aim, a breathing programme or a bed is called in a language that sessions are spoken in."""
    return words(language)[f"{kind}_{id}"]
