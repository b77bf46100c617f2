"""What stands in a person's calendar: the sessions of the plan, the days of a trial, and how a change is told."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID, uuid5
from zoneinfo import ZoneInfo

from matwise.errors import InvalidInputError, Problem
from matwise.plan.rung import Rung
from matwise.trial.design import Arm, Schedule


@dataclass(frozen=True, slots=True)
class Appointment:
    """One entry of a calendar.

    Args:
        uid: its name in every calendar, for ever (see `uid`).
        starts: a moment with its zone, or a whole day.
        minutes: how long; for a whole day, None.
        title: the line that a calendar shows.
        description: what to know, in plain text.
        remind_after: when to remind, counted from the start (negative: before it; a whole day starts at midnight), or
            None for no reminder.
        changed_at: when it was last changed, with its zone.
        sequence: how often it was changed; a calendar keeps the highest.
        cancelled: it does not take place, and says so to calendars that know it already.
        url: where to go for it, or None.
    """

    uid: str
    starts: datetime | date
    minutes: int | None
    title: str
    description: str
    remind_after: timedelta | None
    changed_at: datetime
    sequence: int = 0
    cancelled: bool = False
    url: str | None = None


def uid(calendar: UUID, what: str) -> str:
    """A name for an entry, the same for the same `what` (such as "trial/2026-11-23") of the same calendar.

    It tells nothing of the person (RFC 7986 §5.3).
    """
    return f"{uuid5(calendar, what)}@matwise"


def trial_days(
    schedule: Schedule,
    calendar: UUID,
    trial: str,
    *,
    titles: Mapping[Arm, str],
    descriptions: Mapping[Arm, str],
    evening: time,
    zone: ZoneInfo,
    changed_at: datetime,
) -> tuple[Appointment, ...]:
    """The days of a trial, each a whole day with a reminder to rate it in the evening; days that are off stay empty.

    Args:
        schedule: the days as they were dealt.
        calendar: the person's calendar (see `uid`).
        trial: id of the trial, so that a second one has days of its own.
        titles: the line a calendar shows, by arm.
        descriptions: what the day asks for, by arm.
        evening: when to remind, on the clock of `zone`.
        zone: where the person lives: across a change of the clocks the reminder keeps its time on the wall.
        changed_at: when the schedule was made.
    """
    return tuple(
        Appointment(
            uid(calendar, f"trial/{trial}/{day.on.isoformat()}"),
            day.on,
            None,
            titles[day.arm],
            descriptions[day.arm],
            _since_midnight(day.on, evening, zone),
            changed_at,
        )
        for day in schedule.days
        if not day.off
    )


def sessions(
    days: Iterable[date],
    rung: Rung,
    calendar: UUID,
    *,
    at: time,
    zone: ZoneInfo,
    description: str,
    remind_before: timedelta | None,
    minutes: int,
    changed_at: datetime,
) -> tuple[Appointment, ...]:
    """A session of the plan on each of these days, at the same time on the wall; one a day.

    Args:
        days: on which days.
        rung: where the person stands; its title is the line a calendar shows.
        calendar: the person's calendar (see `uid`).
        at: when, on the clock of `zone`.
        zone: where the person lives.
        description: what to know, in plain text.
        remind_before: how long before the start, or None.
        minutes: from the first word of the file to the last, so more than the time on the mat.
        changed_at: when the plan was made.
    """
    before = None if remind_before is None else -remind_before
    return tuple(
        Appointment(
            uid(calendar, f"session/{day.isoformat()}"),
            datetime.combine(day, at, zone),
            minutes,
            rung.title,
            description,
            before,
            changed_at,
        )
        for day in sorted(set(days))
    )


def revised(known: Iterable[Appointment], wanted: Iterable[Appointment], now: datetime) -> tuple[Appointment, ...]:
    """What is wanted, as an answer to what calendars know already.

    What changed, or comes back, gets the next sequence and `now`; what stayed stays to the byte; what is no longer
    wanted is cancelled.

    Raises:
        InvalidInputError: two entries have the same uid.
    """
    before, after = _by_uid("known", known), _by_uid("wanted", wanted)
    answered = [_answer(before.get(name), one, now) for name, one in after.items()]
    for name, one in before.items():
        if name not in after:
            answered.append(_answer(one, replace(one, cancelled=True, remind_after=None), now))
    return tuple(answered)


def _since_midnight(day: date, at: time, zone: ZoneInfo) -> timedelta:
    """From the start of a day until this time on the wall; on the day the clocks change, an hour more or less."""
    start, end = (datetime.combine(day, moment, zone).astimezone(UTC) for moment in (time(), at))
    return end - start


def _by_uid(where: str, appointments: Iterable[Appointment]) -> dict[str, Appointment]:
    found: dict[str, Appointment] = {}
    for one in appointments:
        if one.uid in found:
            raise InvalidInputError(Problem(f"{where}, uid", one.uid, "an uid of its own"))
        found[one.uid] = one
    return found


def _answer(known: Appointment | None, wanted: Appointment, now: datetime) -> Appointment:
    if known is None:
        return replace(wanted, sequence=0, changed_at=now)
    same = replace(wanted, sequence=known.sequence, changed_at=known.changed_at)
    return known if same == known else replace(wanted, sequence=known.sequence + 1, changed_at=now)
