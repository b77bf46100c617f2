"""What was measured, a day of a measure in a row, so that ten years of a watch stay small.

Within a row the moments stand in order, and a moment of one measure from one source is kept once.
"""

from __future__ import annotations

import zlib
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection, bindparam, delete, func, insert, select, update

from matwise.errors import InvalidInputError, Problem
from matwise.measures.reading import Readings
from matwise.sentence import Sentence
from matwise.store.entry import check_ids, check_text
from matwise.store.instant import instant_columns
from matwise.store.tables import chosen_sources, readings

LONGEST_SOURCE = 200  # characters
_DAY_MS = 86_400_000
_EPOCH = date(1970, 1, 1)
_ROW = 8 + 2 + 8 + 1  # bytes of a reading before they are packed
_SAME = 1e-9  # of a value: a file that was written twice may round in its last digit

Doubtful = NDArray[np.bool_]


@dataclass(frozen=True, slots=True, eq=False)
class Series:
    """Kept readings in the order of their moments, and which of them are doubtful; of shape (n_readings,)."""

    readings: Readings
    doubtful: Doubtful


@dataclass(frozen=True, slots=True, eq=False)
class Told:
    """What became of readings that were told: shape (n_readings,) each, every one in exactly one of the three.

    `differing` are those whose moment is kept with another value.
    """

    new: NDArray[np.bool_]
    known: NDArray[np.bool_]
    differing: NDArray[np.bool_]


def look(c: Connection, person: str, told: Readings) -> Told:
    """What would become of these readings if they were kept now; nothing is written."""
    return _compare(_kept_before(c, person, told), told)


def keep(c: Connection, person: str, import_id: str, told: Readings, doubtful: Doubtful) -> Told:
    """Keep those of these readings that are new; the instant counts, whatever clock it was written by.

    Raises:
        InvalidInputError: names everything that can't be kept.
    """
    check_ids(person=person, import_id=import_id, measure=told.measure)
    check_text("source", told.source, LONGEST_SOURCE)
    if not told.source or not np.isfinite(told.values).all():
        raise InvalidInputError(
            Problem(told.measure, Sentence("no source, or no number"), Sentence("finite values from a named source"))
        )
    before = _kept_before(c, person, told)
    found = _compare(before, told)
    if found.new.any():
        _write(c, person, import_id, told, doubtful, found.new, before)
    return found


def series(c: Connection, person: str, measure: str, source: str, since: date | None = None) -> Series:
    """Everything kept of a measure from one source; from a day (UTC) on if it is named."""
    wanted = select(readings.c.packed).where(
        readings.c.person == person, readings.c.measure == measure, readings.c.source == source
    )
    if since is not None:
        wanted = wanted.where(readings.c.utc_day >= since.isoformat())
    return _joined(measure, source, [unpacked(one) for one in c.execute(wanted).scalars()])


def of_import(c: Connection, person: str, import_id: str) -> tuple[Series, ...]:
    """What one import brought in, by measure and source."""
    columns = (readings.c.measure, readings.c.source, readings.c.packed)
    wanted = select(*columns).where(readings.c.person == person, readings.c.import_id == import_id)
    rows: dict[tuple[str, str], list[_Rows]] = defaultdict(list)
    for row in c.execute(wanted.order_by(readings.c.measure, readings.c.source)):
        rows[row.measure, row.source].append(unpacked(row.packed))
    return tuple(_joined(*key, parts) for key, parts in rows.items())


def sources(c: Connection, person: str) -> dict[str, dict[str, int]]:
    """By measure, every source that measured it and on how many days."""
    wanted = select(readings.c.measure, readings.c.source, readings.c.utc_day).where(readings.c.person == person)
    days: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    for measure, source, day in c.execute(wanted.order_by(readings.c.measure, readings.c.source)):
        days[measure][source].add(day)
    return {measure: {source: len(on) for source, on in by.items()} for measure, by in days.items()}


def last_day(c: Connection, person: str, measure: str, source: str) -> date | None:
    """The latest day (UTC) that has a reading; None where there is none."""
    wanted = select(func.max(readings.c.utc_day)).where(
        readings.c.person == person, readings.c.measure == measure, readings.c.source == source
    )
    found = c.execute(wanted).scalar()
    return None if found is None else date.fromisoformat(found)


def choose_source(c: Connection, person: str, measure: str, source: str, at: datetime) -> None:
    """Keep which source of a measure is looked at.

    Raises:
        InvalidInputError: it never measured that.
    """
    known = sources(c, person).get(measure, {})
    if source not in known:
        raise InvalidInputError(Problem(measure, repr(source), Sentence("one of {known}", known=", ".join(known))))
    c.execute(delete(chosen_sources).where(chosen_sources.c.person == person, chosen_sources.c.measure == measure))
    c.execute(insert(chosen_sources).values(person=person, measure=measure, source=source, **instant_columns("at", at)))


def chosen(c: Connection, person: str) -> dict[str, str]:
    """The source of each measure that was chosen to be looked at."""
    wanted = select(chosen_sources.c.measure, chosen_sources.c.source).where(chosen_sources.c.person == person)
    return {row.measure: row.source for row in c.execute(wanted)}


@dataclass(frozen=True, slots=True, eq=False)
class _Rows:
    """Readings without their measure, in the order of their moments."""

    at_ms: NDArray[np.int64]
    offset_min: NDArray[np.int16]
    values: NDArray[np.float64]
    doubtful: Doubtful

    def at(self, where: NDArray[Any]) -> _Rows:
        return _Rows(self.at_ms[where], self.offset_min[where], self.values[where], self.doubtful[where])


def packed(rows: _Rows) -> bytes:
    """Columns one after the other, moments as the steps between them, which repeat and so pack well."""
    steps = np.diff(rows.at_ms, prepend=np.int64(0)).astype("<i8")
    columns = (steps, rows.offset_min.astype("<i2"), rows.values.astype("<f8"), rows.doubtful.astype("u1"))
    return zlib.compress(b"".join(column.tobytes() for column in columns), 1)


def unpacked(pack: bytes) -> _Rows:
    """The rows of `packed`."""
    plain = zlib.decompress(pack)
    n = len(plain) // _ROW
    steps = np.frombuffer(plain, "<i8", n)
    return _Rows(
        np.cumsum(steps, dtype=np.int64),
        np.frombuffer(plain, "<i2", n, 8 * n).astype(np.int16),
        np.frombuffer(plain, "<f8", n, 10 * n).astype(np.float64),
        np.frombuffer(plain, "u1", n, 18 * n).astype(np.bool_),
    )


def _joined(measure: str, source: str, parts: list[_Rows]) -> Series:
    if not parts:
        parts = [_Rows(np.empty(0, np.int64), np.empty(0, np.int16), np.empty(0), np.empty(0, np.bool_))]
    whole = _together(parts)
    return Series(Readings(measure, source, whole.at_ms, whole.offset_min, whole.values), whole.doubtful)


def _together(parts: list[_Rows]) -> _Rows:
    columns = ("at_ms", "offset_min", "values", "doubtful")
    whole = _Rows(*(np.concatenate([getattr(part, column) for part in parts]) for column in columns))
    return whole.at(np.argsort(whole.at_ms, kind="stable"))


def _kept_before(c: Connection, person: str, told: Readings) -> dict[str, list[tuple[str, int, _Rows]]]:
    """What is kept of the days of these readings: by day, the rows with the import they belong to."""
    if not told.at_ms.size:
        return {}
    first, last = (_day(int(one) // _DAY_MS) for one in (told.at_ms.min(), told.at_ms.max()))
    wanted = select(readings.c.utc_day, readings.c.import_id, readings.c.seq, readings.c.packed).where(
        readings.c.person == person,
        readings.c.measure == told.measure,
        readings.c.source == told.source,
        readings.c.utc_day.between(first, last),
    )
    days = {_day(int(one)) for one in np.unique(told.at_ms // _DAY_MS)}
    found: dict[str, list[tuple[str, int, _Rows]]] = defaultdict(list)
    for row in c.execute(wanted):
        if row.utc_day in days:
            found[row.utc_day].append((row.import_id, row.seq, unpacked(row.packed)))
    return found


def _compare(before: dict[str, list[tuple[str, int, _Rows]]], told: Readings) -> Told:
    parts = [rows for of_day in before.values() for _, _, rows in of_day]
    kept_ms = np.concatenate([np.empty(0, np.int64), *(rows.at_ms for rows in parts)])
    kept = np.concatenate([np.empty(0), *(rows.values for rows in parts)])
    # Kept ones first: in a stable order the first of each moment is the one that counts.
    at_ms, values = np.concatenate((kept_ms, told.at_ms)), np.concatenate((kept, told.values))
    order = np.argsort(at_ms, kind="stable")
    in_order = at_ms[order]
    begins = np.ones(order.size, dtype=np.bool_)
    begins[1:] = in_order[1:] != in_order[:-1]
    first = order[np.flatnonzero(begins)[np.cumsum(begins) - 1]]  # of the moment of each, in order
    counts = np.empty(order.size, dtype=np.int64)
    counts[order] = first
    mine = np.arange(kept.size, at_ms.size)
    new = counts[mine] == mine
    same = np.abs(values[mine] - values[counts[mine]]) <= _SAME * np.maximum(1.0, np.abs(values[mine]))
    return Told(new, ~new & same, ~new & ~same)


def _write(
    c: Connection,
    person: str,
    import_id: str,
    told: Readings,
    doubtful: Doubtful,
    new: NDArray[np.bool_],
    before: dict[str, list[tuple[str, int, _Rows]]],
) -> None:
    rows = _together([_Rows(told.at_ms[new], told.offset_min[new], told.values[new], doubtful[new])])
    add, change = [], []
    for day, of_day in _by_day(rows):
        own = [(seq, kept) for whose, seq, kept in before.get(day, ()) if whose == import_id]
        whole = _together([*(kept for _, kept in own), of_day])
        told_row = {"count": int(whole.at_ms.size), "packed": packed(whole)}
        if own:
            change.append({"own_seq": own[0][0], **told_row})
        else:
            keys = {"person": person, "import_id": import_id, "measure": told.measure, "source": told.source}
            add.append({**keys, "utc_day": day, **told_row})
    if add:
        c.execute(insert(readings), add)
    if change:
        c.execute(
            update(readings)
            .where(readings.c.seq == bindparam("own_seq"))
            .values(count=bindparam("count"), packed=bindparam("packed")),
            change,
        )


def _by_day(rows: _Rows) -> Iterator[tuple[str, _Rows]]:
    days = rows.at_ms // _DAY_MS
    starts = np.flatnonzero(np.diff(days, prepend=days[:1] - 1))
    for start, end in zip(starts, [*starts[1:], days.size], strict=True):
        yield _day(int(days[start])), rows.at(np.arange(start, end))


def _day(number: int) -> str:
    return (_EPOCH + timedelta(days=number)).isoformat()


def moments(at_ms: NDArray[np.int64], offset_min: NDArray[np.int16]) -> tuple[datetime, ...]:
    """Instants as the clock on the wall told them."""
    return tuple(
        datetime.fromtimestamp(at / 1000, timezone(timedelta(minutes=offset)))
        for at, offset in zip(at_ms.tolist(), offset_min.tolist(), strict=True)
    )
