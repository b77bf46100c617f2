from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest

from matwise.measures.rating import Moment
from matwise.practice import by_hand, guide, measure, strap
from matwise.practice.response import Response, responses
from matwise.store import sessions
from matwise.store.database import Connection, Database
from matwise.store.sessions import KeptSession
from matwise.trial.design import Arm
from tests.practice.people import MONDAY_EVENING, a_database, answers_all

FASTER, SLOWER = 922, 1024  # 1/1024 s


@pytest.fixture
def db(tmp_path: Path) -> Iterator[Database]:
    with a_database(tmp_path) as opened:
        answers_all(opened, MONDAY_EVENING - timedelta(days=20))
        first = guide.start(opened, "session-0", guide.TODAY, "no", MONDAY_EVENING - timedelta(days=20)).session
        for day in range(6):
            at = MONDAY_EVENING + timedelta(days=day)
            kept = replace(first, id=f"s{day}", started_at=at, day=at.date(), arm=Arm.REST if day % 3 == 2 else Arm.MAT)
            opened.write(partial(_begin, kept))
            guide.finish(opened, kept.id, None, at + timedelta(minutes=15))
        yield opened


def _begin(kept: KeptSession, c: Connection) -> None:
    sessions.begin(c, kept)


def worn(db: Database, day: int, minutes: float, tick: int, moment: str, beats: int = 300) -> None:
    """A recording of five minutes that begins so many minutes after the session of a day."""
    began_at = MONDAY_EVENING + timedelta(days=day, minutes=minutes)
    packets, at_ms = [], 0.0
    for number in range(beats):
        own = tick + number % 7
        at_ms += own * 1000 / 1024
        packets.append((round(at_ms), f"103c{own.to_bytes(2, 'little').hex()}"))
    recording = f"{moment}{day}{round(minutes)}".replace("-", "m")
    strap.take(db, strap.Sent(recording, 0, packets, began_at, moment, "H10"), began_at + timedelta(hours=1))
    strap.finish(db, recording, began_at + timedelta(hours=1))


def of(db: Database, name: str) -> Response | None:
    return next((one for one in responses(db) if one.id == name), None)


def test_without_measurements_there_is_nothing_to_say(db: Database) -> None:
    assert responses(db) == ()


def test_a_strap_before_and_after_gives_each_kind_of_session_its_own_change(db: Database) -> None:
    for day in range(6):
        worn(db, day, -10, FASTER, "before")
        worn(db, day, 20, SLOWER, "after")
    heart = of(db, "heart_rate")

    assert heart is not None
    assert {one.arm: len(one.pairs) for one in heart.arms} == {"mat": 4, "rest": 2}
    mat, rest = heart.arms
    assert mat.pairs[0].before == pytest.approx(60 * 1024 / (FASTER + 3), abs=0.1)
    assert mat.pairs[0].after == pytest.approx(60 * 1024 / (SLOWER + 3), abs=0.1)
    assert mat.moved.mean == pytest.approx(-6.6, abs=0.3)
    assert rest.moved.mean is None
    assert of(db, "rmssd") is not None


def test_what_was_recorded_during_a_session_or_hours_away_does_not_count(db: Database) -> None:
    worn(db, 0, -10, FASTER, "before")
    worn(db, 0, 2, SLOWER, "during")
    worn(db, 1, -200, FASTER, "before")
    worn(db, 1, 20, SLOWER, "after")

    assert of(db, "heart_rate") is None


def test_cuff_and_skin_typed_by_hand_count_and_two_readings_are_averaged(db: Database) -> None:
    for day in range(3):
        before, after = (MONDAY_EVENING + timedelta(days=day, minutes=at) for at in (-8, 17))
        later = after + timedelta(hours=1)
        for n, (at, upper) in enumerate(((before, ("128", "132")), (after, ("118", "122")))):
            told = tuple(by_hand.Pressure(one, "80", "60") for one in upper)
            by_hand.keep_pressure(db, f"p{day}{n}", told, "arm", "sitting", at, later)
            by_hand.keep_value(db, f"t{day}{n}", "skin_temperature", str(33 + n), at, later)
    pressure, skin = of(db, "systolic"), of(db, "skin_temperature")

    assert pressure is not None
    assert skin is not None
    assert [(one.before, one.after) for one in pressure.arms[0].pairs] == [(130.0, 120.0)] * 2
    assert [(one.before, one.after) for one in skin.arms[0].pairs] == [(33.0, 34.0)] * 2
    assert of(db, "heart_rate") is not None


def test_ratings_before_and_after_stand_beside_what_was_measured(db: Database) -> None:
    for day in (0, 1, 3):
        at = MONDAY_EVENING + timedelta(days=day)
        measure.keep(db, f"b{day}", "stress", Moment.BEFORE, "7", at - timedelta(minutes=5))
        measure.keep(db, f"a{day}", "stress", Moment.AFTER, str(4 + day % 2), at + timedelta(minutes=16), f"s{day}")
    stress = of(db, "stress")

    assert stress is not None
    (mat,) = stress.arms
    assert [(one.before, one.after) for one in mat.pairs] == [(7, 4), (7, 5), (7, 5)]
    assert mat.moved.mean is not None
    assert -3.5 < mat.moved.mean < -1.5
