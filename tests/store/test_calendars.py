from __future__ import annotations

from datetime import time
from functools import partial

import pytest

from matwise.errors import InvalidInputError
from matwise.store import calendars
from matwise.store.calendars import KeptEntry
from matwise.store.database import Database

from .kept import EVENING, LATER, ME, a_calendar, an_entry, read


def test_the_identity_of_a_calendar_stays_whatever_else_changes(db: Database) -> None:
    first = db.write(partial(calendars.keep, person=ME, calendar=a_calendar(), at=EVENING))
    moved = a_calendar(id="another", zone="Asia/Tokyo", session_at=time(7), evening_at=time(22))
    kept = db.write(partial(calendars.keep, person=ME, calendar=moved, at=LATER))

    assert first == a_calendar()
    assert kept == a_calendar(zone="Asia/Tokyo", session_at=time(7), evening_at=time(22))
    assert read(db, lambda c: calendars.find(c, ME)) == kept
    assert read(db, lambda c: calendars.find(c, "ben")) is None


@pytest.mark.parametrize(
    "entry", [an_entry(), an_entry(time=None, zone=None, minutes=None, remind_after=None, cancelled=True)]
)
def test_an_entry_comes_back_as_it_was_kept(db: Database, entry: KeptEntry) -> None:
    db.write(partial(calendars.replace_entries, person=ME, told=[entry]))

    assert read(db, lambda c: calendars.entries(c, ME)) == (entry,)


def test_what_is_told_now_takes_the_place_of_what_was_told_and_of_nobody_elses(db: Database) -> None:
    for person in (ME, "ben"):
        db.write(partial(calendars.replace_entries, person=person, told=[an_entry(uid="old")]))
    db.write(partial(calendars.replace_entries, person=ME, told=[an_entry(uid="b"), an_entry(uid="a")]))

    assert [entry.uid for entry in read(db, lambda c: calendars.entries(c, ME))] == ["a", "b"]
    assert [entry.uid for entry in read(db, lambda c: calendars.entries(c, "ben"))] == ["old"]


def test_a_text_that_can_not_be_kept_leaves_what_was_there(db: Database) -> None:
    db.write(partial(calendars.replace_entries, person=ME, told=[an_entry()]))
    with pytest.raises(InvalidInputError, match="title"):
        db.write(partial(calendars.replace_entries, person=ME, told=[an_entry(uid="new", title="x" * 1001)]))

    assert read(db, lambda c: calendars.entries(c, ME)) == (an_entry(),)
