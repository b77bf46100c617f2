from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.exc import IntegrityError

from matwise.content.stop_reasons import stop_reasons
from matwise.errors import InvalidInputError
from matwise.plan.rung import Effort, SkinNextDay
from matwise.screening.gate import AdverseReport
from matwise.screening.limits import Base, Layer, Placement
from matwise.screening.reaction import WARNING_STOPS
from matwise.store import sessions
from matwise.store.database import Database
from matwise.store.refusal import ConflictError, NotKeptError
from matwise.store.sessions import KeptSession
from matwise.trial.design import Arm

from .kept import EVENING, LATER, ME, a_session, read, somebody_new

NEXT_DAY = EVENING + timedelta(days=1)
ENDED: Mapping[str, Any] = {"ended_at": LATER, "minutes": 9.5, "completed": True}
YES_NO = st.booleans()
FIELDS = {
    "worst_pain_0_10": st.integers(0, 10),
    "dizzy": YES_NO,
    "dozed": YES_NO,
    "warmth": YES_NO,
    "tingling": YES_NO,
    "itch": YES_NO,
    "skin_next_day": st.sampled_from(SkinNextDay),
    "skin_later": st.sampled_from(SkinNextDay),
    "stop_reason": st.sampled_from([reason.id for reason in stop_reasons()]),
}


def _begin(db: Database, session_id: str = "s-1", **changed: object) -> KeptSession:
    return db.write(partial(sessions.begin, session=a_session(session_id, **changed)))


def _report(db: Database, session_id: str = "s-1", at: datetime = LATER, **told: object) -> KeptSession:
    return db.write(lambda c: sessions.report(c, session_id, at, **told))


def _adverse(db: Database) -> tuple[AdverseReport, ...]:
    return read(db, lambda c: sessions.adverse_reports(c, ME))


def _efforts(db: Database) -> tuple[Effort, ...]:
    return read(db, lambda c: sessions.efforts(c, ME))


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    arm=st.sampled_from([Arm.MAT, Arm.REST]),
    placement=st.sampled_from(Placement),
    layer=st.sampled_from(Layer),
    base=st.sampled_from(Base),
    told=st.fixed_dictionaries({}, optional=FIELDS),
)
def test_a_session_comes_back_as_it_was_begun_and_reported(
    db: Database, arm: Arm, placement: Placement, layer: Layer, base: Base, told: dict[str, Any]
) -> None:
    person = somebody_new()
    begun = _begin(db, person, person=person, arm=arm, placement=placement, layer=layer, base=base)
    kept = _report(db, person, **told, **ENDED)

    assert begun == a_session(person, person=person, arm=arm, placement=placement, layer=layer, base=base)
    looked_on = LATER.date() if told.keys() & {"skin_next_day", "skin_later"} else None
    assert kept == replace(begun, **told, **ENDED, skin_day=looked_on)
    assert read(db, lambda c: sessions.find(c, person, person)) == kept
    assert read(db, lambda c: sessions.all_of(c, person)) == (kept,)


def test_the_same_start_sent_again_is_one_session_that_began_the_first_time(db: Database) -> None:
    first = _begin(db)
    again = _begin(db, started_at=LATER, day=NEXT_DAY.date())

    assert again == first
    assert read(db, lambda c: sessions.all_of(c, ME)) == (first,)


@pytest.mark.parametrize(
    "changed", [{"rung": 3}, {"layer": Layer.BARE}, {"arm": Arm.REST}, {"person": "else"}], ids=str
)
def test_the_same_id_with_another_session_is_a_conflict(db: Database, changed: dict[str, Any]) -> None:
    first = _begin(db)

    with pytest.raises(ConflictError, match="new id"):
        _begin(db, **changed)
    assert read(db, lambda c: sessions.all_of(c, ME)) == (first,)


def test_what_was_not_answered_stays_unknown(db: Database) -> None:
    _begin(db)
    _report(db, **ENDED)

    assert _efforts(db) == (Effort(EVENING.date(), 2, completed=True, minutes=9.5),)


def test_efforts_are_sessions_on_the_mat_that_have_ended(db: Database) -> None:
    for session_id, arm in (("mat", Arm.MAT), ("rest", Arm.REST), ("going on", Arm.MAT)):
        _begin(db, session_id.replace(" ", "-"), arm=arm)
    _report(db, "mat", worst_pain_0_10=3, dizzy=False, skin_next_day=SkinNextDay.RED, nap_minutes=4.0, **ENDED)
    _report(db, "rest", **ENDED)

    assert _efforts(db) == (
        Effort(EVENING.date(), 2, True, 9.5, 3, dizzy=False, skin_next_day=SkinNextDay.RED, nap_minutes=4.0),  # noqa: FBT003 – completed
    )


def test_the_first_end_counts_and_a_later_one_changes_nothing(db: Database) -> None:
    _begin(db)
    first = _report(db, **ENDED)
    again = _report(db, ended_at=NEXT_DAY, minutes=20.0, completed=False)

    assert again == first


def test_whoever_gives_a_reason_to_stop_did_not_finish_even_if_the_player_says_so(db: Database) -> None:
    _begin(db)
    _report(db, **ENDED)
    _report(db, stop_reason="dizzy", ended_at=LATER, minutes=9.9, completed=False)
    (effort,) = _efforts(db)

    assert (effort.completed, effort.dizzy) == (False, True)
    assert _adverse(db) == (AdverseReport(EVENING.date(), "dizziness"),)


@pytest.mark.parametrize(
    "told",
    [
        {"worst_pain_0_10": 12},
        {"worst_pain_0_10": True},
        {"worst_pain_0_10": "3"},
        {"worst_pain_0_10": None},
        {"dizzy": 1},
        {"dizzy": "yes"},
        {"skin_next_day": 2},
        {"stop_reason": ""},
        {"stop_reason": "x" * 65},
        {"stop_reason": "nul\0"},
        {**ENDED, "minutes": float("nan")},
        {**ENDED, "minutes": float("inf")},
        {**ENDED, "minutes": -1},
        {**ENDED, "ended_at": LATER.replace(tzinfo=None)},
        {"minutes": 5.0},
        {"ended_at": LATER},
        {"rung": 4},
        {"person": "somebody"},
        {"id = 'x' --": 1},
    ],
    ids=str,
)
def test_what_can_not_be_reported_is_refused_and_nothing_changes(db: Database, told: dict[str, Any]) -> None:
    begun = _begin(db)

    with pytest.raises(InvalidInputError, match="want"):
        _report(db, **told)
    assert read(db, lambda c: sessions.find(c, ME, "s-1")) == begun


def test_every_problem_of_a_report_is_named_at_once(db: Database) -> None:
    _begin(db)

    with pytest.raises(InvalidInputError) as refused:
        _report(db, worst_pain_0_10=12, dizzy="a bit", warmth=True, colour="red")
    assert [problem.where for problem in refused.value.problems] == ["worst_pain_0_10", "dizzy", "field"]


def test_a_session_that_never_began_can_not_be_reported_on(db: Database) -> None:
    with pytest.raises(NotKeptError, match="no session 's-9'"):
        _report(db, "s-9", dizzy=True)


def test_the_session_of_somebody_else_is_never_found(db: Database) -> None:
    _begin(db, person="somebody")

    assert read(db, lambda c: (sessions.find(c, ME, "s-1"), sessions.all_of(c, ME))) == (None, ())


@pytest.mark.parametrize(
    ("told", "what"),
    [
        ({"dizzy": True}, "dizziness"),
        ({"dizzy": True, "stop_reason": "dizzy"}, "dizziness"),
        ({"stop_reason": "skin"}, "trouble with your skin"),
        ({"stop_reason": "numb"}, "numbness"),
        ({"stop_reason": "chest"}, "tightness in the chest or a racing heart"),
        ({"worst_pain_0_10": 9}, "pain of 9 out of 10"),
        ({"skin_next_day": SkinNextDay.BRUISED_OR_BROKEN}, "bruised or broken skin"),
        ({"worst_pain_0_10": 8, "dizzy": False, "skin_next_day": SkinNextDay.RED}, None),
        ({"stop_reason": "interrupted"}, None),
    ],
    ids=str,
)
def test_a_bad_reaction_is_one_report_on_the_day_it_was_told(
    db: Database, told: dict[str, Any], what: str | None
) -> None:
    _begin(db)
    _report(db, at=NEXT_DAY, **told)

    assert _adverse(db) == (() if what is None else (AdverseReport(NEXT_DAY.date(), what),))


def test_reasons_that_count_as_a_bad_reaction_are_those_that_content_calls_a_warning() -> None:
    assert set(WARNING_STOPS) == {reason.id for reason in stop_reasons() if reason.warning}


def test_a_slip_can_be_taken_back_but_a_warning_given_as_reason_to_stop_can_not(db: Database) -> None:
    _begin(db)
    _report(db, worst_pain_0_10=10, stop_reason="numb")
    _report(db, worst_pain_0_10=1, stop_reason="other")

    assert _adverse(db) == (AdverseReport(LATER.date(), "numbness"),)


def test_what_is_said_on_two_days_is_two_reports(db: Database) -> None:
    _begin(db)
    _report(db, dizzy=True, stop_reason="skin")
    _report(db, at=NEXT_DAY, skin_next_day=SkinNextDay.BRUISED_OR_BROKEN)
    _report(db, at=NEXT_DAY + timedelta(days=5), skin_next_day=SkinNextDay.BRUISED_OR_BROKEN, dizzy=True)

    assert [report.on for report in _adverse(db)] == [LATER.date(), NEXT_DAY.date()]
    assert _adverse(db)[0].what in {"dizziness, trouble with your skin", "trouble with your skin, dizziness"}


def test_everything_that_was_ever_said_stays_on_record(db: Database) -> None:
    _begin(db)
    for pain in (3, 10, 10, 4):
        _report(db, worst_pain_0_10=pain)
    said = read(db, lambda c: c.exec_driver_sql("SELECT field, told FROM session_reports ORDER BY seq").all())

    assert [tuple(row) for row in said] == [("worst_pain_0_10", told) for told in ("3", "10", "4")]


@pytest.mark.parametrize(
    "change",
    [
        "minutes = 'NaN'",
        "ended_utc = started_utc, ended_offset_min = 0, completed = 1, minutes = 9e999 - 9e999",
        "ended_utc = started_utc",
        "day = '2026-02-30'",
        "started_utc = 'yesterday'",
        "dizzy = 2",
        "arm = 'nothing'",
        "person = ''",
    ],
)
def test_the_table_itself_never_holds_half_an_end_or_a_day_that_is_none(db: Database, change: str) -> None:
    _begin(db)

    with pytest.raises(IntegrityError):
        db.write(lambda c: c.exec_driver_sql(f"UPDATE sessions SET {change}"))  # noqa: S608 – a list of our own above
