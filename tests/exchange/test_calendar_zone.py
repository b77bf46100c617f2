from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import icalendar
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matwise.exchange.calendar_zone import time_zone

# Half an hour of summer time, an odd offset, one below zero, none at all, and one that pauses for Ramadan.
ZONES = (
    "Europe/Berlin",
    "America/New_York",
    "Australia/Lord_Howe",
    "America/St_Johns",
    "Asia/Kathmandu",
    "Africa/Casablanca",
    "Europe/Dublin",
)


def read(zone: str, first: datetime, last: datetime) -> icalendar.Timezone:
    lines = time_zone(ZoneInfo(zone), first, last)
    found = icalendar.Timezone.from_ical("\r\n".join(lines) + "\r\n")
    assert isinstance(found, icalendar.Timezone)
    return found


@pytest.mark.parametrize("zone", ZONES)
@settings(max_examples=25)
@given(
    first=st.datetimes(datetime(2020, 1, 1), datetime(2030, 1, 1)),  # noqa: DTZ001 - the zone comes below
    days=st.integers(0, 200),
    share=st.floats(0, 1),
)
def test_a_calendar_library_reads_the_offset_of_every_moment_from_the_rules(
    zone: str, first: datetime, days: int, share: float
) -> None:
    starts = first.replace(tzinfo=UTC, microsecond=0)
    moment = (starts + share * timedelta(days=days)).replace(microsecond=0)
    # Told on the wall, as an appointment is; the hour that comes twice means its first.
    wall = moment.astimezone(ZoneInfo(zone)).replace(fold=0)
    rules = read(zone, starts, starts + timedelta(days=days))

    assert wall.replace(tzinfo=rules.to_tz()).utcoffset() == wall.utcoffset()


def test_a_change_is_told_in_the_time_that_held_until_then() -> None:
    lines = list(
        time_zone(ZoneInfo("Europe/Berlin"), datetime(2026, 3, 1, tzinfo=UTC), datetime(2026, 4, 1, tzinfo=UTC))
    )
    at = lines.index("DTSTART:20260329T020000")

    assert lines[at - 1 : at + 5] == [
        "BEGIN:DAYLIGHT",
        "DTSTART:20260329T020000",
        "TZOFFSETFROM:+0100",
        "TZOFFSETTO:+0200",
        "TZNAME:CEST",
        "END:DAYLIGHT",
    ]


def test_a_zone_that_never_changes_has_one_rule() -> None:
    told = read("Asia/Kathmandu", datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 12, 31, tzinfo=UTC))

    assert [(rule.name, rule["TZOFFSETTO"].to_ical()) for rule in told.subcomponents] == [("STANDARD", "+0545")]


def test_an_offset_with_seconds_is_told_to_the_second() -> None:
    lines = list(
        time_zone(ZoneInfo("Africa/Monrovia"), datetime(1971, 12, 1, tzinfo=UTC), datetime(1972, 2, 1, tzinfo=UTC))
    )

    assert lines.count("TZOFFSETFROM:-004430") == 2
    assert "TZOFFSETTO:+0000" in lines
