from __future__ import annotations

from dataclasses import replace
from functools import partial

import numpy as np
import pytest

from matwise.errors import InvalidInputError
from matwise.measures.reading import Recording
from matwise.store import imports, recordings, sessions
from matwise.store.database import Database
from matwise.store.everything import everything
from matwise.store.imports import State
from matwise.store.refusal import ConflictError, NotKeptError

from .kept import EVENING, LATER, ME, a_recording, a_session, an_import, read


def begun(db: Database, **changed: object) -> None:
    db.write(lambda c: imports.begin(c, replace(an_import(), **changed)))  # type: ignore[arg-type]  # as a test wants it


def test_an_import_goes_from_running_over_paused_to_done_and_remembers_how_far_it_came(db: Database) -> None:
    begun(db)
    db.write(lambda c: imports.advance(c, ME, "i-1", 4096, {"kept": 12}))
    db.write(lambda c: imports.pause(c, ME, "i-1"))
    with pytest.raises(ConflictError, match="paused"):
        db.write(lambda c: imports.advance(c, ME, "i-1", 8192, {}))
    db.write(lambda c: imports.go_on(c, ME, "i-1"))
    db.write(lambda c: imports.end(c, ME, "i-1", LATER))
    (kept,) = read(db, lambda c: imports.all_of(c, ME))

    assert (kept.state, kept.position, kept.report, kept.ended_at) == (State.DONE, 4096, {"kept": 12}, LATER)
    with pytest.raises(ConflictError, match="done"):
        db.write(lambda c: imports.pause(c, ME, "i-1"))


def test_begun_twice_it_is_one_and_another_file_needs_another_id(db: Database) -> None:
    begun(db)
    begun(db)

    assert len(read(db, lambda c: imports.all_of(c, ME))) == 1
    with pytest.raises(ConflictError, match="new id"):
        begun(db, sha256="1" * 64)


def test_one_that_never_began_can_not_go_on(db: Database) -> None:
    for act in (imports.pause, imports.go_on):
        with pytest.raises(NotKeptError):
            db.write(partial(act, person=ME, import_id="nothing"))
    with pytest.raises(NotKeptError):
        db.write(lambda c: imports.undo(c, ME, "nothing", LATER))


def test_a_recording_comes_back_to_a_tenth_of_a_millisecond_and_is_kept_once(db: Database) -> None:
    begun(db)
    first = db.write(lambda c: recordings.keep(c, ME, "i-1", a_recording()))
    second = db.write(lambda c: recordings.keep(c, ME, "i-1", a_recording()))
    (kept,) = read(db, lambda c: recordings.all_of(c, ME))

    assert first == kept.id
    assert second is None
    assert np.allclose(kept.rr_ms, [812.0, 798.5, 830.0], atol=0.05)
    assert kept.at == EVENING
    assert kept.duration_s == pytest.approx(2.4405)
    assert read(db, lambda c: recordings.is_known(c, ME, a_recording()))
    assert not read(db, lambda c: recordings.is_known(c, ME, a_recording(at=LATER)))


def test_a_recording_is_told_which_session_it_belongs_to(db: Database) -> None:
    begun(db)
    db.write(lambda c: sessions.begin(c, a_session()))
    kept_id = db.write(lambda c: recordings.keep(c, ME, "i-1", a_recording())) or ""
    db.write(lambda c: recordings.belongs_to(c, ME, kept_id, "s-1", "before"))
    (kept,) = read(db, lambda c: recordings.all_of(c, ME, "s-1"))

    assert kept.moment == "before"
    with pytest.raises(NotKeptError):
        db.write(lambda c: recordings.belongs_to(c, ME, "nothing", "s-1", "after"))


@pytest.mark.parametrize(
    "wrong",
    [
        replace(a_recording(), at=None),
        a_recording(()),
        a_recording((float("nan"),)),
        a_recording((2e9,)),
    ],
)
def test_a_recording_without_moment_or_beats_is_refused(db: Database, wrong: Recording) -> None:
    begun(db)
    with pytest.raises(InvalidInputError, match="moment of the first one"):
        db.write(lambda c: recordings.keep(c, ME, "i-1", wrong))


def test_an_export_says_the_intervals_of_a_recording(db: Database) -> None:
    begun(db)
    db.write(lambda c: recordings.keep(c, ME, "i-1", a_recording()))
    (table,) = (one for one in read(db, lambda c: everything(c, ME)) if one.name == "recordings")

    assert dict(zip(table.columns, table.rows[0], strict=True))["rr_ms"] == "812 798.5 830"
