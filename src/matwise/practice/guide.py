"""Be guided through a session that needs no screen."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING

from msgspec import structs

from matwise.content import stop_reasons as known_reasons
from matwise.content.ladder import ladder
from matwise.content.stop_reasons import StopReason
from matwise.errors import ONE_OF, InvalidInputError, MatwiseError, Problem
from matwise.measures.day import day_of
from matwise.plan.progression import next_rung, routines_open
from matwise.plan.rung import Rung
from matwise.practice import minutes_on_mat, screen, wishes
from matwise.practice.person import ME
from matwise.practice.wishes import Wanted
from matwise.screening.gate import NotAllowedError, Permission
from matwise.screening.rule import Reply
from matwise.sentence import Sentence
from matwise.session.cue import Timeline
from matwise.session.wishes import longest_minutes, own_length
from matwise.settings import Settings
from matwise.store import sessions, trials
from matwise.store.database import Database
from matwise.store.sessions import KeptSession
from matwise.trial.design import Arm

# What makes sound is imported where it is needed: the first page does not wait for it.
if TYPE_CHECKING:
    from matwise.exchange.audio_file import AudioFile

SESSION_ID = re.compile(r"[A-Za-z0-9-]{8,50}")  # a UUID and the like; too long for any word of an address
FINISHED_SHARE = 0.8  # of the planned minutes: from here on the last words of the session were heard
A_DAY_WITH_NOTHING = Sentence("Today is a day with nothing in your trial: no mat, no lying down. Rate it this evening.")
AS_LONG = Sentence("minutes from 0 to {longest:g}, as long as it was")
PAIN = "worst_pain_0_10"
NAP = "nap_minutes"
OF_REST = ("dizzy", NAP)  # without spikes there is no sting, warmth or itch to ask for
OF_MAT = (PAIN, *OF_REST, "warmth", "tingling", "itch")
TODAY = "rung"  # the choice that means "what the ladder says for today"


class NothingTodayError(MatwiseError):
    """The plan or the trial asks for no session today."""


class NoSuchSessionError(MatwiseError):
    """There is no session of this id."""

    def __init__(self, session_id: str) -> None:
        super().__init__(
            Sentence("There is no session {id} here. Start one from the guide page.").format(id=repr(session_id))
        )


@dataclass(frozen=True, slots=True)
class Started:
    """A session that was let through, and what will be heard in it."""

    session: KeptSession
    timeline: Timeline


def start(
    db: Database,
    session_id: str,
    choice: str,
    changed: str,
    now: datetime,
    told: Mapping[str, str] | None = None,
    settings: Settings | None = None,
) -> Started:
    """Start a session; the same `session_id` again gives the same session.

    `told` is what it shall sound like, as `wishes.read` takes it (None: like the one before); read after the safety
    check, whose answer counts whatever else is wrong. In a trial the first session settles the sound. `settings` say in
    which language and by whom it is spoken (None: English, by the clips that come with Matwise).

    Raises:
        NotAllowedError: the safety check does not allow a session now.
        NothingTodayError: plan or trial ask for none today.
        InvalidInputError: `session_id` is no id, `choice` is neither "rung" nor a routine that is open, or what was
            told can't be read, or can't be had on this rung.
    """
    if not SESSION_ID.fullmatch(session_id):
        raise InvalidInputError(Problem("session_id", ascii(session_id)[:60], Sentence("8 to 50 letters, digits or -")))
    # Asked first even of a start that is sent again: this time the reply may be "yes".
    permission = screen.allow(db, changed, now)
    with db.read() as c:
        known = sessions.find(c, ME, session_id)
    if known is not None:
        return session(db, session_id, now, settings)
    offered = composed(db, session_id, choice, permission, now, told, settings)
    return replace(offered, session=db.write(lambda c: sessions.begin(c, offered.session)))


def composed(
    db: Database,
    session_id: str,
    choice: str,
    permission: Permission,
    now: datetime,
    told: Mapping[str, str] | None = None,
    settings: Settings | None = None,
    *,
    whole: bool = True,
) -> Started:
    """What a session would be, and what would be heard in it, if it began now; nothing of it is kept.

    Not `whole`: it ends with its alarm.

    Raises:
        NotAllowedError, NothingTodayError, InvalidInputError: see `start`.
    """
    arm = _arm_today(db, now)
    if arm is not None and choice != TODAY:
        raise InvalidInputError(
            Problem(
                "choice",
                repr(choice),
                Sentence("{today}: in a trial every session is today's step").format(today=repr(TODAY)),
            )
        )
    planned, routine = _chosen(db, choice, permission, now)
    content = _content(db, told, planned, permission, now, settings)
    rung = planned if content.minutes is None else own_length(planned, content.minutes, permission)
    permission.check(rung.placement, rung.layer, rung.minutes, now)
    begun = KeptSession(
        id=session_id,
        person=ME,
        arm=arm or Arm.MAT,
        rung=rung.number,
        routine=routine,
        placement=rung.placement,
        layer=rung.layer,
        base=rung.base,
        planned_minutes=rung.minutes,
        started_at=now,
        day=now.date(),
        content=content.text() if whole else wishes.until_the_alarm(content.text()),
    )
    return Started(begun, heard_in(begun, permission, now, settings))


def session(
    db: Database, session_id: str, now: datetime, settings: Settings | None = None, *, whole: bool = True
) -> Started:
    """A session that was started, with what is heard in it, as long as it is still allowed.

    Not `whole`: it ends with its alarm. A player can stay out of the blocks behind it, a file played elsewhere can't.

    Raises:
        NoSuchSessionError: there is none of this id.
        NotAllowedError: the safety check does not allow it any more.
    """
    kept = find(db, session_id)
    # Asked as of now: what was reported meanwhile, or an expired check, closes a session that was open before.
    screen.allowed_at(db, Reply.NO, now)
    permission = screen.allowed_at(db, Reply.NO, kept.started_at)
    heard = kept if whole else replace(kept, content=wishes.until_the_alarm(kept.content))
    return Started(heard, heard_in(heard, permission, now, settings))


def playable(
    db: Database, session_id: str, now: datetime, settings: Settings | None = None, *, whole: bool = True
) -> Started:
    """A session that may be heard now: it has not ended, and it is still allowed.

    Raises:
        NoSuchSessionError, NotAllowedError: see `session`.
    """
    if find(db, session_id).ended_at is not None:
        raise NotAllowedError(Sentence("This session has ended. Start a new one from the guide page."))
    return session(db, session_id, now, settings, whole=whole)


def find(db: Database, session_id: str) -> KeptSession:
    """A session as it was kept.

    Raises:
        NoSuchSessionError: there is none of this id.
    """
    with db.read() as c:
        kept = sessions.find(c, ME, session_id)
    if kept is None:
        raise NoSuchSessionError(session_id)
    return kept


def audio(
    db: Database,
    session_id: str,
    settings: Settings,
    now: datetime,
    progress: Callable[[float], None] | None = None,
    *,
    ending: str = "mp3",
    whole: bool = True,
) -> AudioFile:
    """The session as one audio file; made once, then found again by its content.

    Raises:
        NoSuchSessionError, NotAllowedError: see `session`.
        InvalidInputError: there is no kind of file with this ending.
    """
    from matwise.practice import sound

    kind = sound.format_named(ending)
    started = playable(db, session_id, now, settings, whole=whole)
    return sound.rendered(started.timeline, started.session.content, settings, progress, kind=kind)


def captions(heard: Timeline) -> str:
    """What is said, as WebVTT."""
    from matwise.exchange import cue_sheet

    return cue_sheet.captions(heard)


def felt(arm: Arm) -> tuple[str, ...]:
    """What is asked after a session of this arm, by the names `report` takes."""
    return OF_MAT if arm is Arm.MAT else OF_REST


def report(db: Database, session_id: str, now: datetime, **fields: object) -> KeptSession:
    """Keep what a person says of a session: worst pain, dizziness, the nap, warmth, tingling, itch.

    Raises:
        InvalidInputError: a field or its value is not one that can be reported, or the nap is longer than the session.
    """
    strange = [
        Problem("field", ascii(name)[:60], ONE_OF.format(known=", ".join(OF_MAT))) for name in fields.keys() - {*OF_MAT}
    ]
    if strange:
        raise InvalidInputError(*strange)
    kept = find(db, session_id)
    nap = fields.get(NAP)
    if isinstance(nap, (int, float)) and not isinstance(nap, bool):
        longest = max(float(kept.planned_minutes), ((kept.ended_at or now) - kept.started_at).total_seconds() / 60)
        if not 0 <= nap <= longest:
            raise InvalidInputError(Problem(NAP, f"{nap:g}", AS_LONG.format(longest=longest)))
        fields |= {"dozed": nap > 0}
    return db.write(lambda c: sessions.report(c, session_id, now, **fields))


def stop(db: Database, session_id: str, reason: str, minutes: float | None, now: datetime) -> KeptSession:
    """Stop a session early and keep why; without `minutes` the clock says how long it was.

    Raises:
        InvalidInputError: the reason is not one of those on offer, or the minutes are none.
    """
    if reason not in {known.id for known in stop_reasons()}:
        offered = ", ".join(known.id for known in stop_reasons())
        raise InvalidInputError(Problem("reason", repr(reason), ONE_OF.format(known=offered)))
    return _end(db, session_id, minutes, now, stop_reason=reason)


def finish(db: Database, session_id: str, minutes: float | None, now: datetime) -> KeptSession:
    """Keep a session as finished; one that was left well before its time counts as ended early.

    Raises:
        InvalidInputError: the minutes are none.
    """
    return _end(db, session_id, minutes, now)


def stop_reasons() -> tuple[StopReason, ...]:
    """Why a person may want to stop, in their words, with what to do then."""
    return known_reasons.stop_reasons()


def unfinished(db: Database) -> KeptSession | None:
    """The latest session that has no end yet."""
    with db.read() as c:
        kept = [one for one in sessions.all_of(c, ME) if one.ended_at is None]
    return max(kept, key=lambda one: one.started_at, default=None)


def last(db: Database) -> KeptSession | None:
    """The session started last."""
    with db.read() as c:
        kept = sessions.all_of(c, ME)
    return max(kept, key=lambda one: one.started_at, default=None)


def _end(db: Database, session_id: str, minutes: float | None, now: datetime, **fields: object) -> KeptSession:
    kept = find(db, session_id)
    passed = (now - kept.started_at).total_seconds() / 60
    # A clock, a frozen tab or a replayed request can claim more time than went by; the log never holds more.
    said = passed if minutes is None else minutes_on_mat.checked(float(minutes))
    most = minutes_on_mat.most(wishes.kept(kept.content), kept.planned_minutes, rung_of(kept))
    told = max(0.0, min(said, passed, most))
    completed = "stop_reason" not in fields and told >= FINISHED_SHARE * kept.planned_minutes
    fields |= {"ended_at": now, "minutes": told, "completed": completed}
    return db.write(lambda c: sessions.report(c, session_id, now, **fields))


def _arm_today(db: Database, now: datetime) -> Arm | None:
    with db.read() as c:
        trial = trials.current(c, ME)
    today = next((day for day in trial.schedule.days if day.on == day_of(now)), None) if trial else None
    if today is None:
        return None
    if today.off:
        raise NothingTodayError(
            Sentence("Today is off in your trial, as you said beforehand. It goes on with the next day.")
        )
    if today.arm is Arm.NOTHING:
        raise NothingTodayError(A_DAY_WITH_NOTHING)
    return today.arm


def _chosen(db: Database, choice: str, permission: Permission, now: datetime) -> tuple[Rung, str | None]:
    with db.read() as c:
        efforts = sessions.efforts(c, ME)
    if choice == TODAY:
        step = next_rung(ladder(), efforts, permission.verdict, now.date())
        if step.rung is None:
            raise NothingTodayError(Sentence.joined(step.because))
        return step.rung, None
    offered = routines_open(ladder(), efforts, permission.verdict, now.date())
    for routine in offered:
        if routine.id == choice:
            return routine.rung, routine.id
    wanted = ", ".join((TODAY, *(routine.id for routine in offered)))
    raise InvalidInputError(Problem("choice", repr(choice), ONE_OF.format(known=wanted)))


def rung_of(kept: KeptSession) -> Rung:
    """The rung of a session as the plan has it."""
    known = ladder()
    if kept.routine is not None:
        return next(routine.rung for routine in known.routines if routine.id == kept.routine)
    return known.rungs[kept.rung]


def _content(
    db: Database,
    told: Mapping[str, str] | None,
    planned: Rung,
    permission: Permission,
    now: datetime,
    settings: Settings | None,
) -> Wanted:
    """What this session sounds like: what a trial has settled, else what is wanted, else what the last one did."""
    settled = wishes.is_settled(db, now)
    usual = wishes.fitting(wishes.remembered(db, now), planned, longest_minutes(planned, permission))
    if not settled and settings is not None:
        from matwise.practice.voice import spoken_language

        usual = structs.replace(usual, language=spoken_language(settings), voice=settings.voice)
    if told is None:
        return usual
    wanted = structs.replace(wishes.read(told), language=usual.language, voice=usual.voice)
    if wanted.minutes == planned.minutes:
        wanted = structs.replace(wanted, minutes=None)
    if settled and wanted != usual:
        raise InvalidInputError(
            Problem("wishes", Sentence("something else"), Sentence("what the first session of your trial sounded like"))
        )
    return wanted


def heard_in(kept: KeptSession, permission: Permission, now: datetime, settings: Settings | None) -> Timeline:
    """What is heard in a session, second by second; the same session gives the same again.

    Raises:
        NotAllowedError: the permission does not hold for it.
    """
    from matwise.practice.voice import speaking
    from matwise.session.timeline import timeline

    content, planned = wishes.kept(kept.content), rung_of(kept)
    told = speaking(settings, content.language, content.voice)
    chosen, programme = wishes.composed(content)
    return timeline(
        replace(planned, minutes=kept.planned_minutes),
        permission,
        arm=kept.arm.value,
        words=told.words,
        speech_s=told.voice.speech_s(),
        breathing=programme,
        now=now,
        wishes=chosen,
        planned=planned,
    )
