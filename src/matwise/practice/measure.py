"""Rate how it is: before, after and in the evening; look at the skin the day after."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from matwise.content import scales as known
from matwise.errors import ONE_OF, InvalidInputError, Problem
from matwise.measures.day import day_of
from matwise.measures.nap import share_0_10
from matwise.measures.rating import Moment, Rating, Scale, change, check_rating, ratings_before
from matwise.plan.rung import SkinNextDay
from matwise.practice import guide
from matwise.practice.person import ME
from matwise.practice.plan import skin_due, skin_told
from matwise.sentence import Sentence
from matwise.store import drafts, ratings, sessions, trials
from matwise.store.database import Database
from matwise.store.ratings import NamedComplaint
from matwise.store.sessions import KeptSession

LONGEST_COMPLAINT = 60  # characters: it must fit on one line of a phone beside its scale


@dataclass(frozen=True, slots=True)
class Evening:
    """What this evening asks for: the scales, what was given already, the skin question if it is due.

    `skin_told` is the session whose skin was looked at today: until the day is over, a slip can be corrected.
    """

    day: date
    scales: tuple[Scale, ...]
    given: dict[str, int]
    complaints: dict[int, str]
    skin_due: KeptSession | None
    skin_told: KeptSession | None


@dataclass(frozen=True, slots=True)
class SessionRatings:
    """One session with its ratings right before and right after, by scale."""

    session: KeptSession
    before: Mapping[str, Rating]
    after: Mapping[str, Rating]

    @property
    def changes(self) -> dict[str, int]:
        """Points by which each scale moved that was rated both times: after minus before."""
        return {scale: change(self.before[scale], one) for scale, one in self.after.items() if scale in self.before}


def scales(db: Database) -> tuple[Scale, ...]:
    """The scales of this person as they are asked now: the common ones, then their own complaints."""
    return _scales(db, former=False)


def scales_ever(db: Database) -> tuple[Scale, ...]:
    """The scales of this person, with those of complaints that have other words by now."""
    return _scales(db, former=True)


def _scales(db: Database, *, former: bool) -> tuple[Scale, ...]:
    with db.read() as c:
        own = ratings.complaints_ever(c, ME)
    return (*known.scales(), *(_scale_of(one) for one in own if former or one.current))


def scale(db: Database, scale_id: str) -> Scale:
    """One scale by its id; that of a complaint keeps its words when the complaint is given others.

    Raises:
        InvalidInputError: there is no such scale.
    """
    for one in (*scales_ever(db), known.nap_scale()):
        if one.id == scale_id:
            return one
    raise InvalidInputError(
        Problem("scale", repr(scale_id), ONE_OF.format(known=", ".join(one.id for one in scales(db))))
    )


def keep(
    db: Database, client_id: str, scale_id: str, moment: str, value: str, now: datetime, session_id: str | None = None
) -> Rating:
    """Keep one rating as it is given; the same `client_id` again keeps it once.

    Raises:
        InvalidInputError: scale, moment or value is not one of those on offer.
        ConflictError: the same `client_id` came with another value.
    """
    rating = check_rating(client_id, scale(db, scale_id), moment, value, now, session_id)
    return db.write(lambda c: ratings.keep(c, ME, rating))


def outcomes(db: Database) -> tuple[Scale, ...]:
    """What a trial can ask about: every evening rating, and the naps in the sessions."""
    return (*(one for one in scales(db) if Moment.EVENING in one.moments), known.nap_scale())


def by_day(db: Database, scale_id: str) -> dict[date, int]:
    """What was said of each day on a scale that a trial can ask about: the evening rating, or the share slept."""
    with db.read() as c:
        if scale_id != known.NAP:
            return ratings.by_day(c, ME, scale_id, Moment.EVENING)
        kept = sessions.all_of(c, ME)
    told: dict[date, list[tuple[float, float]]] = {}
    for one in kept:
        if one.ended_at is not None and one.nap_minutes is not None:
            # Somebody who sleeps on behind the last word has slept all of it.
            told.setdefault(one.day, []).append((one.nap_minutes, max(one.minutes or 0.0, one.nap_minutes)))
    shares = {day: share_0_10(naps) for day, naps in told.items()}
    return {day: share for day, share in shares.items() if share is not None}


def evening(db: Database, now: datetime) -> Evening:
    """The evening page."""
    asked = tuple(one for one in scales(db) if Moment.EVENING in one.moments)
    with db.read() as c:
        by_day = {one.id: ratings.by_day(c, ME, one.id, Moment.EVENING) for one in asked}
        complaints = ratings.complaints(c, ME)
        kept = sessions.all_of(c, ME)
    day = day_of(now)
    given = {scale_id: days[day] for scale_id, days in by_day.items() if day in days}
    return Evening(day, asked, given, complaints, skin_due(kept, now), skin_told(kept, now))


def recent(db: Database, days: int, now: datetime) -> tuple[tuple[date, dict[str, int]], ...]:
    """Evening ratings of the latest `days` days that have any, newest first; of former complaints too."""
    with db.read() as c:
        by_scale = {one.id: ratings.by_day(c, ME, one.id, Moment.EVENING) for one in scales_ever(db)}
    known_days = sorted({day for by_day in by_scale.values() for day in by_day if day <= day_of(now)}, reverse=True)
    return tuple(
        (day, {scale_id: by_day[day] for scale_id, by_day in by_scale.items() if day in by_day})
        for day in known_days[:days]
    )


def name_complaint(db: Database, slot: int, words: str, now: datetime) -> Scale:
    """Name a complaint in one's own words; it gets a scale of its own, and other words another one.

    Raises:
        InvalidInputError: slot is not 1 or 2, the words are empty or too long, or a running trial asks about this one.
    """
    said = " ".join(words.split())
    if slot not in (1, 2):
        raise InvalidInputError(Problem("complaint", str(slot), "1 or 2"))
    if not 1 <= len(said) <= LONGEST_COMPLAINT:
        raise InvalidInputError(
            Problem(
                f"complaint {slot}",
                Sentence("{number} characters").format(number=len(said)),
                Sentence("a few words, at most {most} characters").format(most=LONGEST_COMPLAINT),
            )
        )
    named = _named(db, slot)
    with db.read() as c:
        running = trials.current(c, ME)
    asked_about = running.schedule.design.question.scale if running is not None else None
    renamed = named is not None and named.words.casefold() != said.casefold()
    if named is not None and renamed and _scale_of(named).id == asked_about:
        raise InvalidInputError(
            Problem(
                f"complaint {slot}",
                repr(said),
                Sentence("{words} until the trial that asks about it has ended").format(words=repr(named.words)),
            )
        )
    db.write(lambda c: ratings.keep_complaint(c, ME, slot, said, now))
    return _scale_of(_named(db, slot) or NamedComplaint(slot, 1, said, current=True))


def _named(db: Database, slot: int) -> NamedComplaint | None:
    with db.read() as c:
        return next((one for one in ratings.complaints_ever(c, ME) if one.slot == slot and one.current), None)


def _scale_of(one: NamedComplaint) -> Scale:
    return known.complaint_scale(one.slot, one.words, one.version)


def keep_skin(db: Database, session_id: str, value: str, now: datetime) -> None:
    """Keep how the skin looks on the day after a session, or when it is looked at again.

    The first look stays what it was; only on its own day can it be corrected.

    Raises:
        InvalidInputError: the value is not fine, red or bruised_or_broken.
    """
    try:
        skin = SkinNextDay[value.upper()]
    except KeyError:
        wanted = ", ".join(one.name.lower() for one in SkinNextDay)
        raise InvalidInputError(Problem("skin", repr(value), ONE_OF.format(known=wanted))) from None
    kept = guide.find(db, session_id)
    if day_of(now) <= day_of(kept.started_at):
        raise InvalidInputError(
            Problem("skin", Sentence("the day of the session"), Sentence("a look on the day after"))
        )
    first = kept.skin_next_day is None or (kept.skin_later is None and kept.skin_day == now.date())
    field = "skin_next_day" if first else "skin_later"
    db.write(lambda c: sessions.report(c, session_id, now, **{field: skin}))


def of_session(db: Database, session_id: str) -> SessionRatings:
    """What was rated before and after one session.

    Raises:
        NoSuchSessionError: there is none of this id.
    """
    wanted = guide.find(db, session_id)
    return next(one for one in of_sessions(db) if one.session.id == wanted.id)


def of_sessions(db: Database) -> tuple[SessionRatings, ...]:
    """Every session, in the order they were begun, with what was rated before and after it."""
    with db.read() as c:
        kept = sessions.all_of(c, ME)
        # A newer rating before a session stands in the place of the one before an earlier session of that day.
        before = ratings.all_of(c, ME, moment=Moment.BEFORE, superseded=True)
        after = ratings.all_of(c, ME, moment=Moment.AFTER)
    found = []
    earlier_at: datetime | None = None
    for one in kept:
        own_before = ratings_before(before, one.id, one.started_at, earlier_at)
        own_after = {rating.scale: rating for rating in after if rating.session_id == one.id}
        found.append(SessionRatings(one, own_before, own_after))
        earlier_at = one.started_at
    return tuple(found)


def keep_draft(db: Database, form: str, field: str, value: str, now: datetime) -> None:
    """Keep what is being typed, valid or not, so that nothing is lost."""
    db.write(lambda c: drafts.keep(c, ME, form, field, value, now))


def drafts_of(db: Database, form: str) -> dict[str, str]:
    """What was typed into a form and not yet kept."""
    with db.read() as c:
        return drafts.of(c, ME, form)
