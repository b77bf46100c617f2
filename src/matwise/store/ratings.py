"""Ratings as they were given, and the complaints they speak of."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Connection, RowMapping, insert, select, update

from matwise.errors import InvalidInputError, Problem
from matwise.measures.day import day_of
from matwise.measures.rating import Moment, Rating
from matwise.sentence import Sentence
from matwise.store.entry import check_ids, check_text
from matwise.store.instant import instant, instant_columns
from matwise.store.refusal import ConflictError, NotKeptError
from matwise.store.tables import complaints as complaints_table
from matwise.store.tables import ratings, sessions

LONGEST_COMPLAINT = 200  # characters


@dataclass(frozen=True, slots=True)
class NamedComplaint:
    """A complaint in the person's words. `version` counts the different words its `slot` has held, from 1 on."""

    slot: int
    version: int
    words: str
    current: bool


def keep(c: Connection, person: str, rating: Rating) -> Rating:
    """Keep a rating and give it as it is kept; the same `client_id` again keeps it once.

    A newer rating of the same scale, moment, day and session takes the place of an older one, which stays on record.
    The day is the one `rating.at` belongs to by the person's own clock, assigned now and never again.

    Raises:
        InvalidInputError: names everything that can't be kept.
        ConflictError: the `client_id` came before with another rating.
        NotKeptError: its session was never begun.
    """
    _check(person, rating)
    known = c.execute(
        select(ratings).where(ratings.c.person == person, ratings.c.client_id == rating.client_id)
    ).mappings()
    row = known.first()
    if row is not None:
        return _same(_rating(row), rating)
    _check_session(c, person, rating.session_id)
    told = {
        "person": person,
        "client_id": rating.client_id,
        "scale": rating.scale,
        "moment": rating.moment.value,
        "value_0_10": rating.value_0_10,
        "day": day_of(rating.at).isoformat(),
        "session_id": rating.session_id,
        **instant_columns("at", rating.at),
    }
    _insert(c, told)
    return rating


def all_of(
    c: Connection, person: str, scale: str | None = None, moment: str | None = None, *, superseded: bool = False
) -> tuple[Rating, ...]:
    """The ratings that count, oldest first; with `superseded` every rating ever given."""
    wanted = select(ratings).where(ratings.c.person == person)
    if scale is not None:
        wanted = wanted.where(ratings.c.scale == scale)
    if moment is not None:
        wanted = wanted.where(ratings.c.moment == str(moment))
    if not superseded:
        wanted = wanted.where(ratings.c.superseded_by.is_(None))
    return tuple(_rating(row) for row in c.execute(wanted.order_by(ratings.c.at_utc, ratings.c.seq)).mappings())


def by_day(c: Connection, person: str, scale: str, moment: str) -> dict[date, int]:
    """The rating that counts on each day: the latest, where several sessions of a day were rated."""
    wanted = select(ratings.c.day, ratings.c.value_0_10).where(
        ratings.c.person == person,
        ratings.c.scale == scale,
        ratings.c.moment == str(moment),
        ratings.c.superseded_by.is_(None),
    )
    rows = c.execute(wanted.order_by(ratings.c.day, ratings.c.at_utc, ratings.c.seq)).all()
    return {date.fromisoformat(day): value for day, value in rows}


def keep_complaint(c: Connection, person: str, slot: int, words: str, at: datetime) -> None:
    """Name a complaint; earlier names stay on record.

    Raises:
        InvalidInputError: names everything that can't be kept.
    """
    check_ids(person=person)
    check_text("complaint", words, LONGEST_COMPLAINT)
    if slot not in (1, 2) or not words:
        raise InvalidInputError(
            Problem(
                "complaint",
                Sentence("number {slot}, {number} characters").format(slot=repr(slot), number=len(words)),
                Sentence("a few words for 1 or 2"),
            )
        )
    if complaints(c, person).get(slot) != words:
        c.execute(insert(complaints_table).values(person=person, slot=slot, words=words, **instant_columns("at", at)))


def complaints(c: Connection, person: str) -> dict[int, str]:
    """The complaints of a person in their own words, by number."""
    wanted = select(complaints_table.c.slot, complaints_table.c.words).where(complaints_table.c.person == person)
    return {row.slot: row.words for row in c.execute(wanted.order_by(complaints_table.c.seq))}


def complaints_ever(c: Connection, person: str) -> tuple[NamedComplaint, ...]:
    """Every complaint a person has ever named, in the order of number and time; the same words again are the same."""
    wanted = select(complaints_table.c.slot, complaints_table.c.words).where(complaints_table.c.person == person)
    names: dict[int, dict[str, str]] = {}
    current: dict[int, str] = {}
    for slot, words in c.execute(wanted.order_by(complaints_table.c.seq)):
        current[slot] = words.casefold()
        names.setdefault(slot, {})[words.casefold()] = words
    return tuple(
        NamedComplaint(slot, version, words, current=key == current[slot])
        for slot, known in sorted(names.items())
        for version, (key, words) in enumerate(known.items(), start=1)
    )


def _insert(c: Connection, told: Mapping[str, object]) -> None:
    same_thing = (
        ratings.c.person == told["person"],
        ratings.c.scale == told["scale"],
        ratings.c.moment == told["moment"],
        ratings.c.day == told["day"],
        ratings.c.session_id.is_not_distinct_from(told["session_id"]),
        ratings.c.superseded_by.is_(None),
    )
    standing = c.execute(select(ratings.c.client_id, ratings.c.at_utc).where(*same_thing)).first()
    # A rating can arrive late, from a phone that was offline: the newer one counts, not the one that came last.
    late = standing is not None and str(told["at_utc"]) < standing.at_utc
    c.execute(
        insert(ratings).values(superseded_by=standing.client_id if standing is not None and late else None, **told)
    )
    if standing is not None and not late:
        replaced = (ratings.c.person == told["person"], ratings.c.client_id == standing.client_id)
        c.execute(update(ratings).where(*replaced).values(superseded_by=told["client_id"]))


def _check(person: str, rating: Rating) -> None:
    check_ids(person=person, client_id=rating.client_id, scale=rating.scale)
    value = rating.value_0_10
    if type(value) is not int or not 0 <= value <= 10:
        raise InvalidInputError(Problem(rating.scale, ascii(value)[:80], Sentence("a whole number from 0 to 10")))


def _check_session(c: Connection, person: str, session_id: str | None) -> None:
    if session_id is None:
        return
    known = select(sessions.c.id).where(sessions.c.id == session_id, sessions.c.person == person)
    if c.execute(known).first() is None:
        raise NotKeptError("session", session_id)


def _same(kept: Rating, again: Rating) -> Rating:
    # Not the moment: a retry is sent later than the first try.
    told = (kept.scale, kept.moment, kept.value_0_10, kept.session_id)
    if told != (again.scale, again.moment, again.value_0_10, again.session_id):
        raise ConflictError(
            f"The rating {again.client_id!r} was kept before as {kept.value_0_10} ({kept.scale}, {kept.moment}). "
            "Send the new one with an id of its own."
        )
    return kept


def _rating(row: RowMapping) -> Rating:
    return Rating(
        client_id=row["client_id"],
        scale=row["scale"],
        moment=Moment(row["moment"]),
        value_0_10=row["value_0_10"],
        at=instant(row, "at"),
        session_id=row["session_id"],
    )
