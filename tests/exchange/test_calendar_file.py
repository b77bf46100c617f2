from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import icalendar
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matwise.errors import InvalidInputError
from matwise.exchange.appointments import Appointment
from matwise.exchange.calendar_file import calendar_file

BERLIN = ZoneInfo("Europe/Berlin")
MADE_AT = datetime(2026, 10, 1, 9, tzinfo=UTC)
TEXTS = st.text(
    st.characters(exclude_categories=["Cs", "Cc", "Zl", "Zp"]) | st.sampled_from('\\;,:\n"'), min_size=1, max_size=80
).filter(lambda text: bool(text.strip()))


def an_appointment(
    starts: datetime | date = datetime(2026, 11, 23, 20, tzinfo=BERLIN),
    uid: str = "a@matwise",
    remind_after: timedelta | None = timedelta(minutes=-10),
) -> Appointment:
    minutes = 27 if isinstance(starts, datetime) else None
    return Appointment(uid, starts, minutes, "Whole back", "Take the mat.", remind_after, MADE_AT)


def read(*appointments: Appointment, name: str = "Matwise") -> icalendar.Calendar:
    found = icalendar.Calendar.from_ical(calendar_file(name, appointments))
    assert isinstance(found, icalendar.Calendar)
    assert not found.errors
    assert not any(event.errors for event in found.events)
    return found


def told(component: icalendar.Component, name: str) -> object:
    value = component[name]
    return getattr(value, "dt", value)


def test_a_calendar_library_reads_a_session_with_its_reminder() -> None:
    (event,) = read(replace(an_appointment(), sequence=3, url="https://mat.example/guide?a=1")).events
    (alarm,) = event.walk("VALARM")

    assert (event.start, event.end) == (
        datetime(2026, 11, 23, 20, tzinfo=BERLIN),
        datetime(2026, 11, 23, 20, 27, tzinfo=BERLIN),
    )
    assert (told(event, "UID"), told(event, "SEQUENCE"), told(event, "STATUS")) == ("a@matwise", 3, "CONFIRMED")
    assert (told(event, "SUMMARY"), told(event, "DESCRIPTION")) == ("Whole back", "Take the mat.")
    assert told(event, "URL") == "https://mat.example/guide?a=1"
    assert told(event, "DTSTAMP") == told(event, "LAST-MODIFIED") == MADE_AT
    assert (told(alarm, "ACTION"), told(alarm, "TRIGGER"), told(alarm, "DESCRIPTION")) == (
        "DISPLAY",
        timedelta(minutes=-10),
        "Whole back",
    )


def test_a_calendar_library_reads_a_whole_day_that_keeps_nobody_busy() -> None:
    (event,) = read(an_appointment(date(2026, 10, 25), remind_after=timedelta(hours=22, minutes=30))).events
    (alarm,) = event.walk("VALARM")

    assert (told(event, "DTSTART"), told(event, "DTEND")) == (date(2026, 10, 25), date(2026, 10, 26))
    assert told(event, "TRANSP") == "TRANSPARENT"
    assert told(alarm, "TRIGGER") == timedelta(hours=22, minutes=30)


def test_without_a_reminder_there_is_none() -> None:
    assert read(an_appointment(remind_after=None)).walk("VALARM") == []


def test_what_is_cancelled_says_so() -> None:
    (event,) = read(replace(an_appointment(), cancelled=True)).events

    assert told(event, "STATUS") == "CANCELLED"


def test_a_zone_comes_with_its_rules_once_and_a_calendar_of_whole_days_has_none() -> None:
    starts = datetime(2026, 11, 23, 20, tzinfo=BERLIN)
    same_zone = starts.replace(tzinfo=ZoneInfo.no_cache("Europe/Berlin"))
    new_york = starts.replace(tzinfo=ZoneInfo("America/New_York"))
    found = read(an_appointment(starts), an_appointment(same_zone, "b"), an_appointment(new_york, "c"))

    assert sorted(zone.tz_name for zone in found.timezones) == ["America/New_York", "Europe/Berlin"]
    assert read(an_appointment(date(2026, 11, 23))).timezones == []


@given(
    starts=st.datetimes(datetime(2021, 1, 1), datetime(2029, 1, 1), timezones=st.sampled_from([BERLIN, UTC])),  # noqa: DTZ001
    fold=st.sampled_from([0, 1]),
)
def test_every_moment_comes_back_as_the_same_instant(starts: datetime, fold: int) -> None:
    moment = starts.replace(microsecond=0, fold=fold)
    (event,) = read(an_appointment(moment)).events
    read_back = [at.astimezone(UTC) for at in (event.start, event.end) if isinstance(at, datetime)]

    assert read_back == [moment.astimezone(UTC), moment.astimezone(UTC) + timedelta(minutes=27)]


@pytest.mark.parametrize(
    ("starts", "written"),
    [
        (datetime(2026, 11, 23, 20, tzinfo=BERLIN), b"DTSTART;TZID=Europe/Berlin:20261123T200000"),
        (datetime(2026, 3, 29, 2, 30, tzinfo=BERLIN), b"DTSTART;TZID=Europe/Berlin:20260329T033000"),
        (datetime(2026, 10, 25, 2, 30, tzinfo=BERLIN), b"DTSTART;TZID=Europe/Berlin:20261025T023000"),
        (datetime(2026, 10, 25, 2, 30, tzinfo=BERLIN, fold=1), b"DTSTART:20261025T013000Z"),
        (datetime(2026, 11, 23, 20, tzinfo=UTC), b"DTSTART:20261123T200000Z"),
        (datetime(2026, 11, 23, 20, tzinfo=ZoneInfo("UTC")), b"DTSTART:20261123T200000Z"),
        (datetime(2026, 11, 23, 20, tzinfo=timezone(timedelta(hours=2))), b"DTSTART:20261123T180000Z"),
    ],
)
def test_a_moment_is_told_in_its_zone_or_in_utc_where_the_zone_can_not_tell_it(
    starts: datetime, written: bytes
) -> None:
    assert written in calendar_file("Matwise", [an_appointment(starts)]).split(b"\r\n")


@settings(max_examples=50)
@given(title=TEXTS, description=TEXTS)
def test_every_text_comes_back_from_a_calendar_library(title: str, description: str) -> None:
    (event,) = read(replace(an_appointment(), title=title, description=description)).events

    assert (told(event, "SUMMARY"), told(event, "DESCRIPTION")) == (title, description)


def test_the_calendar_has_a_name_old_and_new_and_asks_to_be_read_again() -> None:
    lines = calendar_file("Ana, abends", [an_appointment()]).split(b"\r\n")

    assert {rb"NAME:Ana\, abends", rb"X-WR-CALNAME:Ana\, abends"} < set(lines)
    assert {b"REFRESH-INTERVAL;VALUE=DURATION:PT6H", b"X-PUBLISHED-TTL:PT6H"} < set(lines)


@given(seconds=st.integers(-200_000, 200_000))
def test_every_reminder_comes_back_from_a_calendar_library(seconds: int) -> None:
    (event,) = read(an_appointment(remind_after=timedelta(seconds=seconds))).events

    assert told(event.walk("VALARM")[0], "TRIGGER") == timedelta(seconds=seconds)


def test_a_reminder_is_never_counted_in_days_which_can_have_23_hours() -> None:
    written = calendar_file("Matwise", [an_appointment(date(2026, 10, 25), remind_after=timedelta(hours=24.5))])

    assert b"TRIGGER:PT24H30M\r\n" in written


@given(text=TEXTS)
def test_no_line_is_longer_than_75_octets_and_none_ends_otherwise(text: str) -> None:
    written = calendar_file(text, [replace(an_appointment(), title=text, description=text)])

    assert written.endswith(b"\r\n")
    assert all(len(line) <= 75 for line in written.split(b"\r\n"))
    assert b"\n" not in written.replace(b"\r\n", b"")


def test_the_same_appointments_give_the_same_bytes_in_any_order() -> None:
    two = [an_appointment(), an_appointment(date(2026, 11, 1), "b@matwise")]

    assert calendar_file("Matwise", two) == calendar_file("Matwise", two[::-1])


def test_everything_wrong_is_told_at_once() -> None:
    naive = datetime(2026, 11, 23, 20)  # noqa: DTZ001 - without a zone on purpose
    spoilt = replace(
        an_appointment(naive), uid="a b", title="a\0", minutes=0, changed_at=naive, sequence=-1, url="javascript:x"
    )
    late = replace(an_appointment(date(2500, 1, 1), "c"), minutes=5)

    with pytest.raises(InvalidInputError) as caught:
        calendar_file(" ", [spoilt, late, late])

    assert [problem.where for problem in caught.value.problems] == [
        "name",
        *(
            f"appointment 1, {where}"
            for where in ("uid", "title", "changed_at", "starts", "minutes", "sequence", "url")
        ),
        *(f"appointment 2, {where}" for where in ("starts", "minutes")),
        *(f"appointment 3, {where}" for where in ("uid", "starts", "minutes")),
    ]
