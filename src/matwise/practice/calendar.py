"""Have the plan's sessions and the days of a trial in one's own calendar: reminders without an account."""

from __future__ import annotations

import math
import os
import uuid
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from matwise.content.ladder import ladder
from matwise.content.phrases import phrases
from matwise.errors import InvalidInputError, Problem
from matwise.exchange import appointments
from matwise.exchange.appointments import Appointment
from matwise.exchange.calendar_file import MEDIA_TYPE as MEDIA_TYPE  # noqa: PLC0414 – told to the doors
from matwise.exchange.calendar_file import calendar_file
from matwise.exchange.local_zone import known_zone, local_zone
from matwise.plan.rung import Rung
from matwise.practice import guide, plan, say, screen
from matwise.practice.person import ME
from matwise.screening.gate import Permission
from matwise.screening.rule import Reply
from matwise.sentence import ENGLISH, Sentence, Tongue, said
from matwise.settings import Settings
from matwise.store import calendars, trials
from matwise.store.calendars import KeptCalendar, KeptEntry
from matwise.store.database import Database
from matwise.store.sessions import KeptSession
from matwise.trial.design import Arm, TrialDay

AHEAD_DAYS = 14  # further on the plan is a guess: it changes with every session
REMIND_BEFORE = timedelta(minutes=10)
A_ZONE, A_TIME = Sentence("a time zone such as Europe/Berlin"), Sentence("a time such as 20:00")
USUAL_SESSION, USUAL_EVENING = time(20, 0), time(21, 30)


@dataclass(frozen=True, slots=True)
class _Planned:
    """What the plan says as of now: the rung, its whole length in minutes, and on which days which arm."""

    rung: Rung
    minutes: int
    days: Mapping[date, Arm]


def times(db: Database) -> KeptCalendar:
    """Where the person lives and when sessions and ratings have their time; nothing is kept by looking."""
    return _kept(db) or _new()


def find(db: Database, now: datetime) -> KeptCalendar:
    """The person's calendar; it gets its identity when it is asked for the first time."""
    new = _new()
    return _kept(db) or db.write(lambda c: calendars.find(c, ME) or calendars.keep(c, ME, new, now))


def _kept(db: Database) -> KeptCalendar | None:
    with db.read() as c:
        return calendars.find(c, ME)


def _new() -> KeptCalendar:
    return KeptCalendar(str(uuid.uuid4()), local_zone(os.environ), USUAL_SESSION, USUAL_EVENING)


def keep_times(db: Database, zone: str, session_at: str, evening_at: str, now: datetime) -> KeptCalendar:
    """Keep where the person lives and when sessions and ratings have their time, as they were typed.

    Raises:
        InvalidInputError: names every one that can't be read.
    """
    problems = []
    if known_zone(zone) is None:
        problems.append(Problem("zone", ascii(zone)[:60], A_ZONE))
    read: dict[str, time] = {}
    for name, typed in (("session_at", session_at), ("evening_at", evening_at)):
        try:
            read[name] = datetime.strptime(typed.strip(), "%H:%M").time()  # noqa: DTZ007 – a time on the wall
        except ValueError:
            problems.append(Problem(name, ascii(typed)[:40], A_TIME))
    if problems:
        raise InvalidInputError(*problems)
    changed = replace(find(db, now), zone=zone, session_at=read["session_at"], evening_at=read["evening_at"])
    return db.write(lambda c: calendars.keep(c, ME, changed, now))


def file(db: Database, now: datetime, settings: Settings, spoken: Tongue = ENGLISH) -> bytes:
    """The calendar as it stands now, as iCalendar; what changed since it was asked for last is told as a change.

    What it was told before is kept in English, so that another language is no change: `spoken` only writes it.
    """
    calendar = find(db, now)
    zone = ZoneInfo(calendar.zone)
    wanted = tuple(_wanted(db, calendar, now, settings))
    today = now.astimezone(zone).date()
    with db.read() as c:
        known = tuple(_appointment(entry) for entry in calendars.entries(c, ME))
    told = _told(known, wanted, today, now)
    if set(told) != set(known):
        entries = [_entry(one) for one in told]
        db.write(lambda c: calendars.replace_entries(c, ME, entries))
    return calendar_file(said(phrases().take_along["calendar_title"], spoken), _in(spoken, told, wanted))


def _in(spoken: Tongue, told: Sequence[Appointment], wanted: Sequence[Appointment]) -> tuple[Appointment, ...]:
    """The same appointments in another language; what was told once and nobody would say now stays as it is."""
    texts = [text for one in wanted for text in (one.title, one.description)]
    sayable = {str(text): text for text in (*_usual_texts(), *texts)}

    def again(text: str) -> str:
        return said(sayable.get(text, text), spoken)

    return tuple(replace(one, title=again(one.title), description=again(one.description)) for one in told)


def _usual_texts() -> Iterator[str]:
    known = phrases()
    yield known.take_along["calendar_session"]
    yield from map(_title, Arm)
    yield from known.arm_today.values()
    yield from _descriptions().values()
    yield from (_about(rung, None) for rung in ladder().rungs)


def _told(
    known: Sequence[Appointment], wanted: Sequence[Appointment], today: date, now: datetime
) -> tuple[Appointment, ...]:
    """What calendars are told: what is over, or has begun, stays as it was."""
    new = {one.uid: one for one in wanted}
    still = [one for one in known if _day(one) >= today or not one.cancelled]
    over = [one for one in still if one.uid not in new and not one.cancelled and _has_begun(one, today, now)]
    return appointments.revised(still, (*wanted, *over), now)


def _wanted(db: Database, calendar: KeptCalendar, now: datetime, settings: Settings) -> Iterator[Appointment]:
    identity, zone = uuid.UUID(calendar.id), ZoneInfo(calendar.zone)
    today = now.astimezone(zone).date()
    with db.read() as c:
        trial = trials.current(c, ME)
    if trial is not None:
        yield from appointments.trial_days(
            trial.schedule,
            identity,
            trial.id,
            titles={arm: _title(arm) for arm in Arm},
            descriptions=_descriptions(),
            evening=calendar.evening_at,
            zone=zone,
            changed_at=now,
        )
    planned = _planned(db, trial.schedule.days if trial else (), today, now, settings)
    if planned is None:
        return
    for arm in dict.fromkeys(planned.days.values()):
        told = appointments.sessions(
            (day for day, due in planned.days.items() if due is arm),
            planned.rung,
            identity,
            at=calendar.session_at,
            zone=zone,
            description=_about(planned.rung, None if trial is None else arm),
            remind_before=REMIND_BEFORE,
            minutes=planned.minutes,
            changed_at=now,
        )
        # Calendars are shared and synchronised: no line of one names a part of the body.
        title = phrases().take_along["calendar_session"] if trial is None else _title(arm)
        yield from (replace(one, title=title) for one in told)


def _title(arm: Arm) -> str:
    return phrases().take_along[f"calendar_{arm}"]


def _descriptions() -> dict[Arm, str]:
    """What the days of a trial ask for."""
    known = phrases()
    return {arm: Sentence.joined((known.arm_today[arm], known.take_along["rate"])) for arm in Arm}


def _about(rung: Rung, arm: Arm | None) -> str:
    """What to know of a session; in a trial, of its arm alone: what the mat asks for does not hold without it."""
    known = phrases()
    if arm is not None:
        return known.arm_today[arm]
    return known.take_along["session_about"].format(rung=say.rung(rung), how=rung.how)


def _planned(
    db: Database, trial_days: Sequence[TrialDay], today: date, now: datetime, settings: Settings
) -> _Planned | None:
    """The plan for the days ahead; None where the safety check or the plan leave no session."""
    stand = plan.today(db, now)
    if stand.refusal is not None or stand.verdict is None or stand.step is None or stand.step.rung is None:
        return None
    rung = stand.step.rung
    permission = screen.allowed_at(db, Reply.NO, now)
    last = min(today + timedelta(days=AHEAD_DAYS - 1), stand.verdict.valid_until)
    ahead = [today + timedelta(days=n) for n in range((last - today).days + 1)]
    dealt = {day.on: Arm.NOTHING if day.off else day.arm for day in trial_days}
    due = {day: dealt.get(day, Arm.MAT) for day in ahead}
    days = {day: arm for day, arm in due.items() if arm is not Arm.NOTHING and not (day == today and stand.done_today)}
    return _Planned(rung, _minutes(rung, permission, now, settings), days)


def _minutes(rung: Rung, permission: Permission, now: datetime, settings: Settings) -> int:
    """From the first word of a session on this rung to the last, in whole minutes; it is the same in every arm."""
    usual = KeptSession(
        id="calendar",
        person=ME,
        arm=Arm.MAT,
        rung=rung.number,
        routine=None,
        placement=rung.placement,
        layer=rung.layer,
        base=rung.base,
        planned_minutes=rung.minutes,
        started_at=now,
        day=now.date(),
    )
    return math.ceil(guide.heard_in(usual, permission, now, settings).duration_s / 60)


def _has_begun(one: Appointment, today: date, now: datetime) -> bool:
    return one.starts <= now if isinstance(one.starts, datetime) else one.starts < today


def _day(one: Appointment) -> date:
    return one.starts.date() if isinstance(one.starts, datetime) else one.starts


def _entry(one: Appointment) -> KeptEntry:
    moment = one.starts if isinstance(one.starts, datetime) else None
    zone = None if moment is None else moment.tzinfo
    return KeptEntry(
        uid=one.uid,
        day=_day(one),
        time=None if moment is None else moment.time(),
        zone=zone.key if isinstance(zone, ZoneInfo) else None,
        minutes=one.minutes,
        title=one.title,
        description=one.description,
        remind_after=one.remind_after,
        changed_at=one.changed_at,
        sequence=one.sequence,
        cancelled=one.cancelled,
    )


def _appointment(entry: KeptEntry) -> Appointment:
    if entry.time is None or entry.zone is None:
        starts: datetime | date = entry.day
    else:
        starts = datetime.combine(entry.day, entry.time, ZoneInfo(entry.zone))
    return Appointment(
        uid=entry.uid,
        starts=starts,
        minutes=entry.minutes,
        title=entry.title,
        description=entry.description,
        remind_after=entry.remind_after,
        changed_at=entry.changed_at,
        sequence=entry.sequence,
        cancelled=entry.cancelled,
    )
