from __future__ import annotations

from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import Connection

from matwise.screening.rule import Answer, Reply
from matwise.store import (
    addresses,
    calendars,
    drafts,
    imports,
    questionnaires,
    ratings,
    readings,
    recordings,
    screenings,
    sessions,
    tables,
    trials,
)
from matwise.store.database import Database
from matwise.store.erase import erase
from matwise.store.everything import KeptTable, everything
from matwise.store.failure import StorageBusyError

from .kept import (
    EVENING,
    LATER,
    a_calendar,
    a_rating,
    a_recording,
    a_schedule,
    a_session,
    an_entry,
    an_import,
    read,
    some_answers,
    some_readings,
)

ANA, BEN = "marker-ana", "marker-ben"  # planted in every text that can hold one


def _live(c: Connection, person: str, ratings_given: int = 3) -> None:
    """Something of this person in every table."""
    screenings.begin(c, person, f"{person}-check", EVENING)
    screenings.keep_answer(c, f"{person}-check", f"{person}-rule", Answer(Reply.YES), EVENING)
    screenings.keep_recheck(c, person, f"{person}-recheck", Reply.NO, EVENING)
    sessions.begin(c, a_session(f"{person}-session", person=person, routine=person))
    sessions.report(c, f"{person}-session", LATER, stop_reason="dizzy", worst_pain_0_10=9)
    for number in range(ratings_given):
        rating = a_rating(f"{person}-rating-{number}", number % 11, scale=person, session_id=f"{person}-session")
        ratings.keep(c, person, rating)
    ratings.keep_complaint(c, person, 1, f"sore {person}", EVENING)
    drafts.keep(c, person, "evening", "words", f"typed {person} " * 300, EVENING)
    trials.begin(c, person, f"{person}-trial", a_schedule(), EVENING)
    trials.end(c, f"{person}-trial", LATER, f"because of {person}")
    addresses.renew(c, person, f"{person}-secret-of-22-characters", EVENING)
    calendars.keep(c, person, a_calendar(id=f"{person}-calendar"), EVENING)
    imports.begin(c, an_import(f"{person}-import", person=person, file_name=f"export of {person}.zip"))
    measured = some_readings([91.0], source=f"watch of {person}")
    readings.keep(c, person, f"{person}-import", measured, measured.values > 90)
    readings.choose_source(c, person, measured.measure, measured.source, EVENING)
    recordings.keep(c, person, f"{person}-import", a_recording(source=f"strap of {person}"))
    questionnaires.keep(c, some_answers(f"{person}-answers", person=person, instrument=person))
    calendars.replace_entries(c, person, [an_entry(uid=f"{person}-entry", title=f"Session of {person}")])


def _traces(path: Path, mark: str) -> int:
    """How often a text occurs in the bytes of the database and of all that lies beside it."""
    return sum(file.read_bytes().count(mark.encode()) for file in path.parent.rglob("*") if file.is_file())


def _rows(kept: tuple[KeptTable, ...]) -> dict[str, int]:
    return {table.name: len(table.rows) for table in kept}


def test_nothing_of_a_person_is_left_in_the_bytes_of_the_file_or_its_log(db: Database, path: Path) -> None:
    db.write(partial(_live, person=ANA, ratings_given=400))
    db.write(partial(_live, person=BEN))
    planted = _traces(path, ANA)
    rows = erase(db, ANA)

    assert planted > 1000
    assert rows > 400
    assert _traces(path, ANA) == 0
    db.close()
    assert _traces(path, ANA) == 0


def test_every_table_is_emptied_of_one_person_and_nobody_else_loses_a_row(db: Database) -> None:
    for person in (ANA, BEN):
        db.write(partial(_live, person=person))
    bens = read(db, lambda c: everything(c, BEN))
    before = _rows(read(db, lambda c: everything(c, ANA)))
    erased = erase(db, ANA)

    assert set(before) == set(tables.metadata.tables)
    assert min(before.values()) >= 1
    assert erased == sum(before.values())
    assert set(_rows(read(db, lambda c: everything(c, ANA))).values()) == {0}
    assert read(db, lambda c: everything(c, BEN)) == bens


def test_a_person_who_was_erased_can_begin_anew(db: Database) -> None:
    db.write(partial(_live, person=ANA))
    erase(db, ANA)
    db.write(partial(_live, person=ANA))

    assert erase(db, ANA) > 0
    assert erase(db, ANA) == 0


def test_as_long_as_somebody_reads_the_person_is_told_that_traces_are_left(
    db: Database, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("matwise.store.erase.PATIENCE_S", 0.05)
    db.write(partial(_live, person=ANA))
    with db.read() as c:
        ratings.all_of(c, ANA)
        with pytest.raises(StorageBusyError, match="erase once more"):
            erase(db, ANA)
    erase(db, ANA)

    assert _traces(path, ANA) == 0
