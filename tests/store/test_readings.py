from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta
from functools import partial

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from matwise.errors import InvalidInputError
from matwise.measures.reading import Readings
from matwise.store import imports, readings
from matwise.store.database import Database
from matwise.store.everything import KeptTable, everything

from .kept import EVENING, LATER, ME, an_import, read, some_readings, somebody_new

CALM = settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
DAY_S = 86_400.0

values = st.lists(st.floats(20, 250).map(lambda one: round(one, 2)), min_size=1, max_size=30)


def keep(db: Database, person: str, told: Readings, import_id: str = "") -> readings.Told:
    name = import_id or f"{person}-first"
    db.write(lambda c: imports.begin(c, an_import(name, person=person)))
    return db.write(lambda c: readings.keep(c, person, name, told, told.values > 200))


def kept(db: Database, person: str, measure: str = "heart_rate", source: str = "watch") -> readings.Series:
    return read(db, partial(readings.series, person=person, measure=measure, source=source))


def part(told: Readings, where: slice | NDArray[np.int64]) -> Readings:
    return replace(told, at_ms=told.at_ms[where], offset_min=told.offset_min[where], values=told.values[where])


@CALM
@given(values, st.floats(1, 3 * DAY_S))
def test_what_is_kept_comes_back_in_order_exact_to_the_last_bit(
    db: Database, told: list[float], every_s: float
) -> None:
    person = somebody_new()
    whole = some_readings(told, every_s=every_s)
    mixed = np.random.default_rng(len(told)).permutation(whole.at_ms.size)  # noqa: TID251 – a seed of its own
    found = keep(db, person, part(whole, mixed))
    back = kept(db, person)

    assert found.new.all()
    assert np.array_equal(back.readings.at_ms, whole.at_ms)
    assert np.array_equal(back.readings.values, whole.values)
    assert np.array_equal(back.readings.offset_min, whole.offset_min)
    assert np.array_equal(back.doubtful, whole.values > 200)


@CALM
@given(values, st.floats(1, DAY_S), st.integers(0, 30), st.integers(-14 * 60, 14 * 60))
def test_a_second_export_adds_nothing_in_halves_or_by_another_clock(
    db: Database, told: list[float], every_s: float, cut: int, offset_min: int
) -> None:
    person = somebody_new()
    whole = some_readings(told, every_s=every_s)
    keep(db, person, part(whole, slice(0, cut)))
    keep(db, person, whole)
    before = read(db, lambda c: everything(c, person))
    elsewhere = replace(whole, offset_min=np.full_like(whole.offset_min, offset_min))
    again = keep(db, person, part(elsewhere, slice(None, None, -1)), f"{person}-second")

    assert again.known.all()
    assert _rows(before) == _rows(read(db, lambda c: everything(c, person)))
    assert kept(db, person).readings.at_ms.size == len(told)


@CALM
@given(values, st.floats(1, DAY_S), st.integers(0, 30))
def test_undoing_an_import_leaves_what_was_there_before_it(
    db: Database, told: list[float], every_s: float, cut: int
) -> None:
    person = somebody_new()
    whole = some_readings(told, every_s=every_s)
    keep(db, person, part(whole, slice(0, cut)))
    before = _rows(read(db, lambda c: everything(c, person)))
    keep(db, person, whole, f"{person}-second")
    taken_out = db.write(lambda c: imports.undo(c, person, f"{person}-second", LATER))

    assert taken_out == max(0, len(told) - cut)
    assert _rows(read(db, lambda c: everything(c, person))) == before
    assert db.write(lambda c: imports.undo(c, person, f"{person}-second", LATER)) == 0


def test_the_same_moment_with_another_value_is_told_apart_and_the_first_one_stays(db: Database) -> None:
    keep(db, ME, some_readings([60.0, 61.0]))
    found = keep(db, ME, some_readings([60.0, 75.0, 62.0]), "second")

    assert found.known.tolist() == [True, False, False]
    assert found.differing.tolist() == [False, True, False]
    assert found.new.tolist() == [False, False, True]
    assert kept(db, ME).readings.values.tolist() == [60.0, 61.0, 62.0]


def test_a_file_that_says_the_same_twice_is_kept_once(db: Database) -> None:
    once = some_readings([60.0])
    twice = part(once, np.array([0, 0]))

    assert keep(db, ME, twice).new.tolist() == [True, False]
    assert keep(db, ME, twice, "again").known.all()


def test_a_look_says_what_would_be_new_and_writes_nothing(db: Database) -> None:
    keep(db, ME, some_readings([60.0]))
    before = read(db, lambda c: everything(c, ME))
    found = read(db, lambda c: readings.look(c, ME, some_readings([60.0, 61.0])))

    assert found.new.tolist() == [False, True]
    assert read(db, lambda c: everything(c, ME)) == before


def test_sources_stay_apart_and_the_chosen_one_is_kept(db: Database) -> None:
    keep(db, ME, some_readings([60.0, 61.0], every_s=DAY_S))
    keep(db, ME, some_readings([70.0], source="ring"), "ring")
    db.write(lambda c: readings.choose_source(c, ME, "heart_rate", "watch", EVENING))
    db.write(lambda c: readings.choose_source(c, ME, "heart_rate", "ring", LATER))

    assert read(db, lambda c: readings.sources(c, ME)) == {"heart_rate": {"ring": 1, "watch": 2}}
    assert read(db, lambda c: readings.chosen(c, ME)) == {"heart_rate": "ring"}
    assert kept(db, ME, source="ring").readings.values.tolist() == [70.0]
    with pytest.raises(InvalidInputError, match="one of ring, watch"):
        db.write(lambda c: readings.choose_source(c, ME, "heart_rate", "cuff", LATER))


@pytest.mark.parametrize("wrong", [{"source": ""}, {"values": np.array([np.nan])}, {"measure": "heart rate"}])
def test_what_can_not_be_meant_is_refused_whole(db: Database, wrong: dict[str, object]) -> None:
    with pytest.raises(InvalidInputError):
        keep(db, ME, replace(some_readings([60.0]), **wrong))  # type: ignore[arg-type]  # wrong on purpose
    assert read(db, lambda c: readings.sources(c, ME)) == {}


def test_an_export_says_every_reading_in_a_row_of_its_own(db: Database) -> None:
    keep(db, ME, some_readings([60.0, 210.0], every_s=30))
    (table,) = (one for one in read(db, lambda c: everything(c, ME)) if one.name == "readings")
    rows = [dict(zip(table.columns, row, strict=True)) for row in table.rows]

    assert [(row["value"], row["doubtful"], row["at_offset_min"]) for row in rows] == [(60.0, 0, 60), (210.0, 1, 60)]
    assert rows[1]["at_utc"] == f"{(EVENING - timedelta(hours=1)):%Y-%m-%dT%H:%M}:30.000000Z"


def _rows(kept_tables: Iterable[KeptTable]) -> list[KeptTable]:
    """All but the record of the imports themselves."""
    return [table for table in kept_tables if table.name != "imports"]
