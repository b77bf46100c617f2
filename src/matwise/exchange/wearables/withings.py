"""Withings: the archive of tables that Health Mate hands out.

A raw table has the moment of its first value, and for each value how many seconds it stands for:
`2024-06-07T09:22:00+02:00,"[60,60]","[57,58]"`. What the values are is said by the name of the file alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import tzinfo
from itertools import accumulate

from matwise.exchange.wearables import blood_pressure_csv
from matwise.exchange.wearables.beats import LINE
from matwise.exchange.wearables.clock import DayFirst, later, moment
from matwise.exchange.wearables.lines import number_of
from matwise.exchange.wearables.maker import Found, Told
from matwise.exchange.wearables.members import Read, read_each
from matwise.exchange.wearables.opened import Member, Opened
from matwise.exchange.wearables.table import Row, head_of, rows
from matwise.measures.reading import Gathered, Rejected
from matwise.sentence import Sentence

ID = "withings"
NAME = "Withings"

_RAW = {"start", "duration", "value"}
_STAGES = ("light (s)", "deep (s)", "rem (s)")
_RATES = re.compile(r"raw_[a-z0-9-]+_hr\.csv", re.IGNORECASE)
_ISO = DayFirst(day_first=True, known=True)

NO_ROW = Sentence("It has no moment or no number.")
TOO_LONG = Sentence("It lasts more than a year.")
UNEVEN = Sentence("It has another number of values than of durations.")


def recognises(opened: Opened) -> bool:
    """Whether a table of raw heart rates or of nights is in it."""
    return any(_own_reader(opened, member) is not None for member in opened.members)


def read(opened: Opened, told: Told) -> Iterator[Found]:
    """Heart rates, time asleep and blood pressure, from every table that holds them.

    Raises:
        ImportRejectedError: it is one table, and damaged.
    """
    return read_each(opened, told, _reader_of)


def _reader_of(opened: Opened, member: Member) -> Read | None:
    if blood_pressure_csv.is_table(opened, member):
        return blood_pressure_csv.read_table
    return _own_reader(opened, member)


def _own_reader(opened: Opened, member: Member) -> Read | None:
    names, _ = head_of(opened, member)
    if set(names) == _RAW and _RATES.fullmatch(member.name):
        return _rates
    return _nights if {"from", "to", *_STAGES[:2]} <= set(names) else None


def _rates(opened: Opened, member: Member, told: Told) -> Iterator[Found]:
    gathered = Gathered()
    for row in rows(opened, member):
        why = _take_rates(gathered, row, told.zone)
        if why is not None:
            yield Rejected(LINE.format(number=row.number), ascii(row.line)[1:-1][:80], why)
    yield from gathered.columns()


def _take_rates(gathered: Gathered, row: Row, zone: tzinfo) -> Sentence | None:
    at = moment(row.cells.get("start", ""), zone, _ISO)
    rates, lasts_s = (_numbers(row.cells.get(name, "")) for name in ("value", "duration"))
    if at is None or not rates:
        return NO_ROW
    if len(rates) != len(lasts_s):
        return UNEVEN
    after_s = [0.0, *accumulate(lasts_s)][:-1]
    moments = [later(at, one) for one in after_s]
    if None in moments:
        return TOO_LONG
    for one, rate in zip(moments, rates, strict=True):
        gathered.add("heart_rate", NAME, one or at, rate)
    return None


def _nights(opened: Opened, member: Member, told: Told) -> Iterator[Found]:
    gathered = Gathered()
    for row in rows(opened, member):
        at = moment(row.cells.get("to", ""), told.zone, _ISO)
        asleep_s = [number_of(row.cells.get(name, "")) for name in _STAGES]
        if at is None or asleep_s[0] is None or asleep_s[1] is None:
            yield Rejected(LINE.format(number=row.number), ascii(row.line)[1:-1][:80], NO_ROW)
        else:
            gathered.add("sleep_duration", NAME, at, sum(one or 0.0 for one in asleep_s) / 60)
    yield from gathered.columns()


def _numbers(written: str) -> list[float]:
    """The numbers of `[60,60]`; none where anything else stands between."""
    found = [number_of(one) for one in written.strip("[]").split(",")]
    return [one for one in found if one is not None] if None not in found else []
