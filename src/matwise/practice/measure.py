"""Rate how it is: before, after and in the evening; look at the skin the day after."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from matwise.content import scales as known
from matwise.errors import InvalidInputError, Problem
from matwise.measures.day import day_of
from matwise.measures.rating import Moment, Rating, Scale, check_rating
from matwise.plan.rung import SkinNextDay
from matwise.practice import guide
from matwise.practice.person import ME
from matwise.practice.plan import skin_due
from matwise.store import drafts, ratings, sessions, trials
from matwise.store.database import Database
from matwise.store.sessions import KeptSession

LONGEST_COMPLAINT = 60  # characters: it must fit on one line of a phone beside its scale


@dataclass(frozen=True, slots=True)
class Evening:
    """What this evening asks for: the scales, what was given already, the skin question if it is due."""

    day: date
    scales: tuple[Scale, ...]
    given: dict[str, int]
    complaints: dict[int, str]
    skin_due: KeptSession | None


def scales(db: Database) -> tuple[Scale, ...]:
    """The scales of this person: the common ones, then their own complaints."""
    with db.read() as c:
        own = ratings.complaints(c, ME)
    return (*known.scales(), *(known.complaint_scale(slot, words) for slot, words in sorted(own.items())))


def scale(db: Database, scale_id: str) -> Scale:
    """One scale by its id.

    Raises:
        InvalidInputError: there is no such scale.
    """
    on_offer = scales(db)
    for one in on_offer:
        if one.id == scale_id:
            return one
    raise InvalidInputError(Problem("scale", repr(scale_id), "one of " + ", ".join(one.id for one in on_offer)))


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


def evening(db: Database, now: datetime) -> Evening:
    """The evening page."""
    asked = tuple(one for one in scales(db) if Moment.EVENING in one.moments)
    with db.read() as c:
        by_day = {one.id: ratings.by_day(c, ME, one.id, Moment.EVENING) for one in asked}
        complaints = ratings.complaints(c, ME)
        kept = sessions.all_of(c, ME)
    day = day_of(now)
    given = {scale_id: days[day] for scale_id, days in by_day.items() if day in days}
    return Evening(day, asked, given, complaints, skin_due(kept, now))


def recent(db: Database, days: int, now: datetime) -> tuple[tuple[date, dict[str, int]], ...]:
    """Evening ratings of the latest `days` days that have any, newest first."""
    with db.read() as c:
        by_scale = {one.id: ratings.by_day(c, ME, one.id, Moment.EVENING) for one in scales(db)}
    known_days = sorted({day for by_day in by_scale.values() for day in by_day if day <= day_of(now)}, reverse=True)
    return tuple(
        (day, {scale_id: by_day[day] for scale_id, by_day in by_scale.items() if day in by_day})
        for day in known_days[:days]
    )


def name_complaint(db: Database, slot: int, words: str, now: datetime) -> Scale:
    """Name a complaint in one's own words; it gets a scale of its own.

    Raises:
        InvalidInputError: slot is not 1 or 2, the words are empty or too long, or a running trial asks about this one.
    """
    said = " ".join(words.split())
    if slot not in (1, 2):
        raise InvalidInputError(Problem("complaint", str(slot), "1 or 2"))
    if not 1 <= len(said) <= LONGEST_COMPLAINT:
        raise InvalidInputError(
            Problem(
                f"complaint {slot}", f"{len(said)} characters", f"a few words, at most {LONGEST_COMPLAINT} characters"
            )
        )
    with db.read() as c:
        running, known_words = trials.current(c, ME), ratings.complaints(c, ME).get(slot)
    asked_about = running is not None and running.schedule.design.question.scale == f"complaint_{slot}"
    if asked_about and known_words not in (None, said):
        raise InvalidInputError(
            Problem(f"complaint {slot}", repr(said), f"{known_words!r} until the trial that asks about it has ended")
        )
    db.write(lambda c: ratings.keep_complaint(c, ME, slot, said, now))
    return known.complaint_scale(slot, said)


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
        raise InvalidInputError(Problem("skin", repr(value), f"one of {wanted}")) from None
    kept = guide.find(db, session_id)
    if day_of(now) <= day_of(kept.started_at):
        raise InvalidInputError(Problem("skin", "the day of the session", "a look on the day after"))
    first = kept.skin_next_day is None or (kept.skin_later is None and kept.skin_day == now.date())
    field = "skin_next_day" if first else "skin_later"
    db.write(lambda c: sessions.report(c, session_id, now, **{field: skin}))


def keep_draft(db: Database, form: str, field: str, value: str, now: datetime) -> None:
    """Keep what is being typed, valid or not, so that nothing is lost."""
    db.write(lambda c: drafts.keep(c, ME, form, field, value, now))


def drafts_of(db: Database, form: str) -> dict[str, str]:
    """What was typed into a form and not yet kept."""
    with db.read() as c:
        return drafts.of(c, ME, form)
