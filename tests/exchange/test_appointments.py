from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matwise.errors import InvalidInputError
from matwise.exchange.appointments import Appointment, revised, sessions, trial_days, uid
from matwise.trial.design import Arm, Design, Question
from matwise.trial.schedule import schedule
from tests.session.sessions import a_rung

BERLIN = ZoneInfo("Europe/Berlin")
CALENDAR = UUID("5b1c1a52-5d0e-4b0e-9a39-0d6c2a1f7c11")
MADE_AT = datetime(2026, 10, 1, 9, tzinfo=UTC)
LATER = datetime(2026, 10, 2, 9, tzinfo=UTC)


def an_appointment(name: str = "a", title: str = "Whole back") -> Appointment:
    return Appointment(name, datetime(2026, 11, 23, 20, tzinfo=BERLIN), 27, title, "", timedelta(minutes=-10), MADE_AT)


def days_of(cannot: frozenset[date] = frozenset(), trial: str = "1") -> tuple[Appointment, ...]:
    design = Design(Question("pain", Arm.REST), 28, 3, 0, date(2026, 10, 12), 7, cannot=cannot)
    return trial_days(
        schedule(design),
        CALENDAR,
        trial,
        titles={arm: f"title {arm.value}" for arm in Arm},
        descriptions={arm: f"what to do: {arm.value}" for arm in Arm},
        evening=time(21, 30),
        zone=BERLIN,
        changed_at=MADE_AT,
    )


def sessions_on(*days: date, at: time = time(7)) -> tuple[Appointment, ...]:
    return sessions(
        days,
        a_rung(20),
        CALENDAR,
        at=at,
        zone=BERLIN,
        description="Take the mat.",
        remind_before=timedelta(minutes=15),
        minutes=27,
        changed_at=MADE_AT,
    )


def test_a_name_is_the_same_for_ever_and_tells_nothing() -> None:
    assert uid(CALENDAR, "trial/1/2026-10-12") == uid(CALENDAR, "trial/1/2026-10-12")
    assert uid(CALENDAR, "trial/1/2026-10-12") != uid(CALENDAR, "trial/1/2026-10-13")
    assert uid(CALENDAR, "trial/1/2026-10-12") != uid(UUID(int=1), "trial/1/2026-10-12")
    assert "trial" not in uid(CALENDAR, "trial/1/2026-10-12")
    assert str(CALENDAR) not in uid(CALENDAR, "trial/1/2026-10-12")


def test_every_day_of_a_trial_that_is_not_off_is_a_whole_day_of_its_arm() -> None:
    off = date(2026, 10, 20)
    days = days_of(frozenset({off}))
    dealt = schedule(Design(Question("pain", Arm.REST), 28, 3, 0, date(2026, 10, 12), 7, cannot=frozenset({off})))

    assert [(day.starts, day.title) for day in days] == [
        (day.on, f"title {day.arm.value}") for day in dealt.days if not day.off
    ]
    assert len(days) == 28
    assert off not in {day.starts for day in days}
    assert all(day.minutes is None for day in days)


def test_the_evening_reminder_keeps_its_time_on_the_wall_when_the_clocks_change() -> None:
    reminders = {day.starts: day.remind_after for day in days_of()}

    assert reminders[date(2026, 10, 24)] == timedelta(hours=21, minutes=30)
    assert reminders[date(2026, 10, 25)] == timedelta(hours=22, minutes=30)  # the hour from 2 to 3 comes twice


def test_days_of_two_trials_never_share_a_name() -> None:
    assert not {day.uid for day in days_of()} & {day.uid for day in days_of(trial="2")}


def test_a_day_that_changes_its_arm_keeps_its_name() -> None:
    moved = {day.starts: day for day in days_of(frozenset({date(2026, 10, 14)}))}
    kept = {day.starts: day for day in days_of()}
    same = kept.keys() & moved.keys()

    assert any(kept[on].title != moved[on].title for on in same)
    assert all(kept[on].uid == moved[on].uid for on in same)


def test_sessions_are_at_the_same_time_on_the_wall_on_both_sides_of_a_change_of_the_clocks() -> None:
    made = sessions_on(date(2026, 10, 26), date(2026, 10, 24), date(2026, 10, 24))
    moments = [one.starts for one in made if isinstance(one.starts, datetime)]

    assert [moment.strftime("%d %H:%M") for moment in moments] == ["24 07:00", "26 07:00"]
    assert moments[1].astimezone(UTC) - moments[0].astimezone(UTC) == timedelta(days=2, hours=1)
    assert {one.remind_after for one in made} == {timedelta(minutes=-15)}
    assert {(one.title, one.minutes) for one in made} == {("Whole back", 27)}


def test_what_did_not_change_stays_to_the_byte() -> None:
    known = revised((), [an_appointment("a"), an_appointment("b")], MADE_AT)
    wanted = [replace(one, changed_at=LATER) for one in known]

    assert revised(known, wanted, LATER) == known


def test_what_changed_gets_the_next_sequence_and_the_moment_of_the_change() -> None:
    known = revised((), [an_appointment("a"), an_appointment("b")], MADE_AT)
    first, second = revised(known, [an_appointment("a", title="Neck"), an_appointment("b")], LATER)

    assert (first.title, first.sequence, first.changed_at) == ("Neck", 1, LATER)
    assert second == known[1]


def test_what_is_no_longer_wanted_is_cancelled_once_and_can_come_back() -> None:
    known = revised((), [an_appointment()], MADE_AT)
    (gone,) = revised(known, [], LATER)
    (still_gone,) = revised([gone], [], LATER + timedelta(days=1))
    (back,) = revised([gone], [an_appointment()], LATER)

    assert (gone.cancelled, gone.sequence, gone.remind_after) == (True, 1, None)
    assert still_gone == gone
    assert (back.cancelled, back.sequence, back.remind_after) == (False, 2, timedelta(minutes=-10))


@given(wanted=st.lists(st.dictionaries(st.sampled_from("abc"), st.sampled_from(["x", "y"])), max_size=6))
def test_the_sequence_of_a_name_never_falls_and_grows_with_every_change(wanted: list[dict[str, str]]) -> None:
    known: tuple[Appointment, ...] = ()
    for turn, titles in enumerate(wanted):
        before = {one.uid: one for one in known}
        now = MADE_AT + timedelta(days=turn)
        known = revised(known, [an_appointment(name, title) for name, title in titles.items()], now)

        assert before.keys() <= {one.uid for one in known}
        for one in known:
            old = before.get(one.uid)
            if old is not None:
                told, was = ((each.title, each.cancelled) for each in (one, old))
                assert one.sequence == old.sequence + (told != was)


def test_two_entries_of_one_name_are_refused() -> None:
    with pytest.raises(InvalidInputError, match="wanted, uid"):
        revised((), [an_appointment(), an_appointment()], MADE_AT)
