from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta, timezone
from pathlib import Path

import pytest

from matwise.errors import InvalidInputError
from matwise.measures.reading import Gathered
from matwise.practice import by_hand, readings
from matwise.practice.by_hand import Pressure
from matwise.practice.person import ME
from matwise.store import imports
from matwise.store import readings as kept
from matwise.store.database import Database
from matwise.store.imports import KeptImport, Kind, State
from matwise.store.refusal import ConflictError

from .people import BERLIN, MONDAY_EVENING, a_database

MORNING = datetime(2026, 11, 1, 7, tzinfo=BERLIN)


@pytest.fixture
def db(tmp_path: Path) -> Iterator[Database]:
    with a_database(tmp_path) as opened:
        yield opened


def measured(db: Database, measure: str, told: dict[datetime, float], source: str = "watch") -> None:
    gathered = Gathered()
    for at, value in told.items():
        gathered.add(measure, source, at, value)
    begun = KeptImport(f"i-{measure}-{source}", ME, Kind.FILE, "lines", MONDAY_EVENING, state=State.DONE)
    db.write(lambda c: imports.begin(c, begun))
    for columns in gathered.columns():
        doubtful = columns.values > 200
        db.write(lambda c, one=columns, odd=doubtful: kept.keep(c, ME, begun.id, one, odd))  # type: ignore[misc]


def days(values: list[float], first: datetime = MORNING) -> dict[datetime, float]:
    return {first + timedelta(days=number): value for number, value in enumerate(values)}


def test_a_day_is_the_middle_of_what_was_measured_on_it_by_the_clock_on_the_wall(db: Database) -> None:
    tokyo = timezone(timedelta(hours=9))
    late = datetime(2026, 11, 2, 23, 30, tzinfo=BERLIN)
    told = {MORNING: 60.0, MORNING + timedelta(hours=1): 70.0, MORNING + timedelta(hours=2): 90.0, late: 55.0}
    measured(db, "heart_rate", told | {datetime(2026, 11, 4, 0, 10, tzinfo=tokyo): 210.0})
    (trend,) = readings.trends(db)

    assert [(one.on.day, one.value, one.lowest, one.highest, one.count) for one in trend.days] == [
        (1, 70.0, 60.0, 90.0, 3),
        (2, 55.0, 55.0, 55.0, 1),
        (4, 210.0, 210.0, 210.0, 1),
    ]
    assert trend.offsets_min == (60, 540)
    assert trend.doubtful == 1


def test_of_several_sources_the_one_with_most_days_is_looked_at_until_another_is_chosen(db: Database) -> None:
    measured(db, "rmssd", days([40, 42, 44]), "ring")
    measured(db, "rmssd", days([20, 22]), "watch")
    (before,) = readings.trends(db)
    readings.choose_source(db, "rmssd", "watch", MONDAY_EVENING)
    (after,) = readings.trends(db)

    assert (before.source, [one.value for one in before.days]) == ("ring", [40, 42, 44])
    assert (after.source, [one.value for one in after.days]) == ("watch", [20, 22])
    assert dict(after.sources) == {"ring": 3, "watch": 2}
    with pytest.raises(InvalidInputError):
        readings.choose_source(db, "rmssd", "cuff", MONDAY_EVENING)
    with pytest.raises(InvalidInputError):
        readings.choose_source(db, "weight", "watch", MONDAY_EVENING)


def test_a_source_that_was_undone_is_not_looked_at_any_more(db: Database) -> None:
    measured(db, "rmssd", days([40]), "ring")
    measured(db, "rmssd", days([20, 22]), "watch")
    readings.choose_source(db, "rmssd", "watch", MONDAY_EVENING)
    db.write(lambda c: imports.undo(c, ME, "i-rmssd-watch", MONDAY_EVENING))
    (trend,) = readings.trends(db)

    assert trend.source == "ring"


def test_the_latest_days_are_shown_and_skin_is_held_against_the_weeks_before_them(db: Database) -> None:
    measured(db, "skin_temperature", days([33.0] * 60 + [33.5]))
    (trend,) = readings.trends(db, 30)

    assert len(trend.days) == 30
    assert trend.days[0].on == date(2026, 12, 2)
    assert set(trend.changes) == {one.on for one in trend.days}
    assert trend.changes[trend.days[-1].on] == pytest.approx(0.5)
    with pytest.raises(InvalidInputError):
        readings.trends(db, 31)


def test_two_readings_of_a_cuff_are_one_time_and_averaged(db: Database) -> None:
    told = (Pressure("132", "84", "66"), Pressure("128", "80"))
    for number in range(5):
        at = MORNING + timedelta(days=number)
        entered = by_hand.keep_pressure(db, f"e-{number}", told, "wrist", "sitting", at, MONDAY_EVENING)
    found = readings.pressures(db)
    with db.read() as c:
        (*_, last) = imports.all_of(c, ME)

    assert found is not None
    assert entered.doubtful == ()
    assert [(one.systolic, one.diastolic, one.readings) for one in found.occasions] == [(130.0, 82.0, 2)] * 5
    assert found.occasions[0].at == MORNING
    assert found.week is not None
    assert (found.week.systolic, found.week.days, found.week.occasions) == (130.0, 4, 4)
    assert found.source == "hand-wrist"
    assert (last.kind, last.report["cuff"], last.report["position"]) == (Kind.HAND, "wrist", "sitting")  # type: ignore[index]


def test_what_is_typed_twice_is_kept_once_and_can_be_taken_out_again(db: Database) -> None:
    for _ in range(2):
        by_hand.keep_value(db, "e-1", "resting_heart_rate", "52,5", MORNING, MONDAY_EVENING)
    (trend,) = readings.trends(db)
    with pytest.raises(InvalidInputError, match="another minute"):
        by_hand.keep_value(db, "e-2", "resting_heart_rate", "60", MORNING, MONDAY_EVENING)
    db.write(lambda c: imports.undo(c, ME, "e-1", MONDAY_EVENING))

    assert [one.value for one in trend.days] == [52.5]
    assert readings.trends(db) == ()


def test_an_unusual_value_is_kept_and_marked(db: Database) -> None:
    entered = by_hand.keep_value(db, "e-1", "resting_heart_rate", "180", MORNING, MONDAY_EVENING)

    assert entered.doubtful == ("resting_heart_rate",)
    assert readings.trends(db)[0].doubtful == 1


@pytest.mark.parametrize(
    ("told", "cuff", "position", "wrong"),
    [
        ((Pressure("132", ""),), "arm", "sitting", "diastolic_1"),
        ((Pressure("1320", "84"),), "arm", "sitting", "systolic_1"),
        ((Pressure("84", "132"),), "arm", "sitting", "an upper value above the lower one"),
        ((Pressure("132", "84", "fast"),), "arm", "sitting", "pulse_1"),
        ((Pressure("132", "84"),), "ankle", "sitting", "cuff"),
        ((Pressure("132", "84"),), "arm", "hanging", "position"),
        ((), "arm", "sitting", "at least one reading"),
    ],
)
def test_what_can_not_be_meant_is_refused_and_nothing_is_kept(
    db: Database, told: tuple[Pressure, ...], cuff: str, position: str, wrong: str
) -> None:
    with pytest.raises(InvalidInputError, match=wrong):
        by_hand.keep_pressure(db, "e-1", told, cuff, position, MORNING, MONDAY_EVENING)
    with db.read() as c:
        assert imports.all_of(c, ME) == ()


def test_tomorrow_can_not_have_been_measured(db: Database) -> None:
    with pytest.raises(InvalidInputError, match="has passed"):
        by_hand.keep_value(db, "e-1", "rmssd", "40", MONDAY_EVENING + timedelta(days=1), MONDAY_EVENING)
    with pytest.raises(InvalidInputError, match="one of"):
        by_hand.keep_value(db, "e-1", "weight", "40", MORNING, MONDAY_EVENING)


def test_an_id_of_another_entry_is_not_taken(db: Database) -> None:
    measured(db, "rmssd", days([40]))
    with pytest.raises(ConflictError):
        db.write(lambda c: imports.begin(c, KeptImport("i-rmssd-watch", ME, Kind.HAND, "hand", MORNING)))
