from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import icalendar
import pytest

from matwise.content.phrases import phrases
from matwise.errors import InvalidInputError
from matwise.practice import answer, calendar, guide, screen
from matwise.screening.gate import NotAllowedError
from matwise.settings import Settings
from matwise.store.database import Database

from .people import MONDAY_EVENING, a_database, answers_all

TODAY = MONDAY_EVENING.date()
BERLIN = ZoneInfo("Europe/Berlin")
ABOUT_HEALTH = ("trial", "pain", "back", "neck", "feet", "hands", "seat", "stomach", "safety", "pregnan", "skin")


@contextmanager
def somebody(folder: Path, *, checked: bool = True) -> Iterator[tuple[Database, Settings]]:
    """Somebody in Berlin whose sessions are at 20:15."""
    with a_database(folder) as db:
        if checked:
            answers_all(db)
        calendar.keep_times(db, "Europe/Berlin", "20:15", "21:30", MONDAY_EVENING)
        yield db, Settings(folder, 8765)


def read(db: Database, settings: Settings, now: datetime = MONDAY_EVENING) -> dict[date, list[Any]]:
    """The events a calendar library finds, by day."""
    found = icalendar.Calendar.from_ical(calendar.file(db, now, settings))
    assert isinstance(found, icalendar.Calendar)
    assert not found.errors
    by_day: dict[date, list[Any]] = {}
    for event in found.events:
        assert not event.errors
        starts = event.start
        by_day.setdefault(starts.date() if isinstance(starts, datetime) else starts, []).append(event)
    return by_day


def begin_trial(db: Database, versus: str = "rest") -> None:
    answer.begin(
        db,
        "trial-1",
        scale="pain",
        versus=versus,
        days=15 if versus == "both" else 14,
        block_days=1,
        washin_days=0,
        starts_on=TODAY,
        seed=7,
        now=MONDAY_EVENING,
    )


def test_without_a_safety_check_no_session_stands_in_the_calendar(tmp_path: Path) -> None:
    with somebody(tmp_path, checked=False) as (db, settings):
        assert read(db, settings) == {}


def test_the_plans_sessions_stand_there_for_two_weeks_with_a_reminder(tmp_path: Path) -> None:
    with somebody(tmp_path) as (db, settings):
        found = read(db, settings)
        (event,) = found[TODAY]
        (alarm,) = event.walk("VALARM")

        assert sorted(found) == [TODAY + timedelta(days=n) for n in range(14)]
        assert event.start == datetime(2026, 11, 23, 20, 15, tzinfo=BERLIN)
        assert timedelta(minutes=10) < event.end - event.start < timedelta(minutes=20)
        assert alarm.TRIGGER == -calendar.REMIND_BEFORE


def test_no_session_stands_behind_the_last_day_of_the_safety_check(tmp_path: Path) -> None:
    with somebody(tmp_path) as (db, settings):
        verdict = screen.verdict(db)
        assert verdict is not None
        now = MONDAY_EVENING + (verdict.valid_until - TODAY) - timedelta(days=3)

        assert max(read(db, settings, now)) == verdict.valid_until


def test_a_trial_has_a_day_each_and_a_session_where_its_arm_has_one(tmp_path: Path) -> None:
    with somebody(tmp_path) as (db, settings):
        begin_trial(db, "nothing")
        found = read(db, settings)
        titles = {day: sorted(str(event["SUMMARY"]) for event in events) for day, events in found.items()}

        assert sorted(titles) == [TODAY + timedelta(days=n) for n in range(14)]
        assert {tuple(told) for told in titles.values()} == {
            ("Matwise: mat day", "Matwise: mat day"),
            ("Matwise: free day",),
        }


@pytest.mark.parametrize("versus", [None, "rest", "breath", "nothing", "both"])
def test_no_title_tells_of_health_or_of_a_part_of_the_body(tmp_path: Path, versus: str | None) -> None:
    with somebody(tmp_path) as (db, settings):
        if versus is not None:
            begin_trial(db, versus)
        titles = {str(event["SUMMARY"]).lower() for events in read(db, settings).values() for event in events}
        alarms = {
            str(alarm["DESCRIPTION"]).lower()
            for events in read(db, settings).values()
            for event in events
            for alarm in event.walk("VALARM")
        }

        assert titles
        assert not [(word, title) for word in ABOUT_HEALTH for title in titles | alarms if word in title]


def test_on_a_towel_day_nothing_asks_for_the_mat(tmp_path: Path) -> None:
    with somebody(tmp_path) as (db, settings):
        begin_trial(db, "rest")
        about = {
            str(event["DESCRIPTION"])
            for events in read(db, settings).values()
            for event in events
            if str(event["SUMMARY"]) == "Matwise: towel day" and isinstance(event.start, datetime)
        }

        assert about == {str(phrases().arm_today["rest"])}


def test_asked_twice_it_is_the_same_to_the_byte(tmp_path: Path) -> None:
    with somebody(tmp_path) as (db, settings):
        first = calendar.file(db, MONDAY_EVENING, settings)

        assert calendar.file(db, MONDAY_EVENING + timedelta(minutes=5), settings) == first


def test_another_time_is_told_as_a_change_of_the_same_entries(tmp_path: Path) -> None:
    with somebody(tmp_path) as (db, settings):
        (before,) = read(db, settings)[TODAY]
        calendar.keep_times(db, "Europe/Berlin", "7:05", "21:30", MONDAY_EVENING)
        (after,) = read(db, settings)[TODAY]

        assert (after["UID"], after["SEQUENCE"]) == (before["UID"], before["SEQUENCE"] + 1)
        assert after.start.time().isoformat() == "07:05:00"


def test_a_bad_reaction_takes_the_sessions_to_come_out_of_the_calendar(tmp_path: Path) -> None:
    with somebody(tmp_path) as (db, settings):
        read(db, settings)
        guide.start(db, "session-0", guide.TODAY, "no", MONDAY_EVENING)
        guide.stop(db, "session-0", "dizzy", 2, MONDAY_EVENING + timedelta(minutes=3))
        found = read(db, settings, MONDAY_EVENING + timedelta(minutes=4))

        assert {str(event["STATUS"]) for events in found.values() for event in events} == {"CANCELLED"}
        assert not [event for events in found.values() for event in events if event.walk("VALARM")]


def test_a_session_done_before_its_time_rings_no_more_and_one_that_is_over_stays(tmp_path: Path) -> None:
    with somebody(tmp_path) as (db, settings):
        read(db, settings)
        guide.start(db, "session-0", guide.TODAY, "no", MONDAY_EVENING)
        guide.finish(db, "session-0", 5, MONDAY_EVENING + timedelta(minutes=10))
        done = read(db, settings, MONDAY_EVENING + timedelta(minutes=11))
        tomorrow = MONDAY_EVENING + timedelta(days=1)
        read(db, settings, tomorrow)
        guide.start(db, "session-1", guide.TODAY, "no", tomorrow + timedelta(hours=2))
        guide.finish(db, "session-1", 5, tomorrow + timedelta(hours=3))
        late = read(db, settings, tomorrow + timedelta(hours=3))

        assert str(done[TODAY][0]["STATUS"]) == "CANCELLED"
        assert str(late[tomorrow.date()][0]["STATUS"]) == "CONFIRMED"


def test_days_that_are_over_stay_and_those_of_an_ended_trial_go(tmp_path: Path) -> None:
    with somebody(tmp_path) as (db, settings):
        begin_trial(db)
        read(db, settings)
        later = MONDAY_EVENING + timedelta(days=3)
        answer.end(db, "enough", later)
        found = read(db, settings, later)
        status = {
            day: {str(event["STATUS"]) for event in events if not isinstance(event.start, datetime)}
            for day, events in found.items()
        }

        assert status[TODAY] == {"CONFIRMED"}
        assert status[TODAY + timedelta(days=5)] == {"CANCELLED"}


def test_looking_at_the_times_keeps_nothing_and_asking_for_the_file_keeps_its_identity(tmp_path: Path) -> None:
    with a_database(tmp_path) as db:
        looked = {calendar.times(db).id for _ in range(2)}
        found = {calendar.find(db, MONDAY_EVENING).id for _ in range(2)}

        assert len(looked) == 2
        assert found == {calendar.times(db).id}


def test_times_that_can_not_be_read_are_all_named_and_nothing_is_kept(tmp_path: Path) -> None:
    with somebody(tmp_path) as (db, _):
        with pytest.raises(InvalidInputError) as refused:
            calendar.keep_times(db, "Berlin", "25:00", "soon", MONDAY_EVENING)

        assert {one.where for one in refused.value.problems} == {"zone", "session_at", "evening_at"}
        assert calendar.times(db).zone == "Europe/Berlin"


def test_a_calendar_lets_nobody_hear_anything(tmp_path: Path) -> None:
    with somebody(tmp_path) as (db, settings):
        calendar.file(db, MONDAY_EVENING, settings)

        assert guide.last(db) is None
        with pytest.raises(NotAllowedError):
            screen.still_allowed(db, MONDAY_EVENING)
