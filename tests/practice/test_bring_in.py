from __future__ import annotations

import hashlib
import itertools
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta, timezone
from functools import partial
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, delete

from matwise.errors import InvalidInputError
from matwise.exchange.wearables import apple_health, makers
from matwise.exchange.wearables.maker import ImportRejectedError
from matwise.practice import bring_in
from matwise.practice.bring_in import Said
from matwise.practice.import_tally import BEATS, Tally
from matwise.practice.person import ME
from matwise.store import recordings as kept_recordings
from matwise.store import tables
from matwise.store.database import Database, open_database
from matwise.store.everything import everything
from matwise.store.imports import KeptImport, State
from matwise.store.refusal import ConflictError
from tests.exchange.wearables.apple import export, record

from .people import MONDAY_EVENING
from .told_files import Lines, write

CALM = settings(max_examples=10, suppress_health_check=[HealthCheck.function_scoped_fixture])
FIRST = datetime(2026, 2, 1, 6, 30, tzinfo=timezone(timedelta(hours=1)))
NOW = MONDAY_EVENING
IN_UTC = Said()
_numbers = itertools.count(1)


@pytest.fixture(scope="module")
def db(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    with open_database(tmp_path_factory.mktemp("data") / "matwise.db", NOW) as opened:
        yield opened


@pytest.fixture(autouse=True)
def known_makers(monkeypatch: pytest.MonkeyPatch, db: Database) -> None:
    emptied(db)
    monkeypatch.setattr(makers, "MAKERS", (Lines(),))


def emptied(db: Database) -> None:
    for table in (tables.readings, tables.recordings, tables.imports):
        db.write(partial(Connection.execute, statement=delete(table)))


def a_line(minute: int, value: float = 62, measure: str = "heart_rate", offset_h: int = 1) -> str:
    at = (FIRST + timedelta(minutes=minute)).astimezone(timezone(timedelta(hours=offset_h)))
    return f"{measure};watch;{at.isoformat()};{value:g}"


def brought(
    db: Database,
    path: Path,
    stopped: Callable[[], bool] = lambda: False,
    maker: Lines | None = None,
    said: Said = IN_UTC,
) -> KeptImport:
    """A file brought in; one that was begun before goes on."""
    look = bring_in.open_for_import(path)
    look = look if maker is None else bring_in.Look(look.opened, maker)
    sha256 = hashlib.sha256(path.read_bytes()).hexdigest()
    begun = bring_in.unfinished(db, sha256)
    begun = begun or bring_in.begin(db, f"i-{next(_numbers)}", look, sha256, said, NOW)
    return bring_in.bring(db, begun.id, look, lambda: NOW, stopped=stopped)


def previewed(db: Database, path: Path, said: Said = IN_UTC) -> bring_in.Preview:
    found = bring_in.preview(db, bring_in.open_for_import(path), said, NOW)
    assert found is not None
    return found


def content(db: Database) -> dict[str, tuple[object, ...]]:
    """What is kept of measurements, without the record of the imports and whose each row is."""
    with db.read() as c:
        return {one.name: one.rows for one in everything(c, ME) if one.name in {"readings", "recordings"}}


def measured(db: Database) -> dict[str, list[tuple[object, ...]]]:
    """The same without which import brought it in."""
    wanted = {"readings": slice(2, None), "recordings": slice(4, 10)}
    return {name: sorted(row[wanted[name]] for row in rows) for name, rows in content(db).items()}  # type: ignore[index]


def sums(tally: Tally) -> tuple[int, int, int, int, int]:
    return tally.read, tally.kept, tally.doubtful, tally.rejected, tally.known


def test_a_look_counts_what_a_file_holds_and_bringing_it_in_does_exactly_that(db: Database, tmp_path: Path) -> None:
    lines = [
        a_line(0),
        a_line(1),
        a_line(1),
        a_line(1, 70),
        a_line(2, 222),
        a_line(3, 900),
        "what",
        "weight;w;2026-02-01T07:00:00+01:00;80",
    ]
    lines += ["rr;strap;2026-02-01T07:00:00+01:00;812 798 830", "rr;strap;;812 798"]
    path = write(tmp_path / "some.txt", lines)
    found = previewed(db, path)
    before = content(db)
    done = brought(db, path)

    assert not before["readings"]
    assert sums(found.tally) == (10, 4, 1, 5, 1)
    assert found.tally.read == found.tally.kept + found.tally.doubtful + found.tally.rejected
    assert found.tally.undated == 1
    assert bring_in.counts(done) == found.tally
    assert done.state is State.DONE
    assert len(content(db)["readings"]) + len(content(db)["recordings"]) == found.tally.new == 4
    assert [str(one.why) for one in found.tally.examples] == [
        "Another value of the same moment from the same source was there first.",
        "It lies outside 20 to 250 per minute, or before 1990 or in the future.",
        "It is no line of this file.",
        "Nothing here knows this measure.",
        "It does not say when it was recorded.",
    ]


def test_the_moment_of_a_recording_without_one_is_said(db: Database, tmp_path: Path) -> None:
    path = write(tmp_path / "some.txt", ["rr;strap;;812 798"])
    brought(db, path, said=Said("Europe/Berlin", "2026-02-03 07:30"))
    with db.read() as c:
        (kept,) = kept_recordings.all_of(c, ME)

    assert kept.at.isoformat() == "2026-02-03T07:30:00+01:00"
    assert previewed(db, path, Said("Europe/Berlin", "2026-02-03 07:30")).tally.known == 1


def test_times_without_a_zone_are_noticed_and_read_in_the_zone_that_is_said(db: Database, tmp_path: Path) -> None:
    with_zone = previewed(db, write(tmp_path / "zone.txt", [a_line(0)]))
    path = write(tmp_path / "none.txt", ["heart_rate;watch;2026-02-01T06:30:00;62"])
    without = previewed(db, path)
    brought(db, path, said=Said("Europe/Berlin"))

    assert (with_zone.zone_counts, without.zone_counts) == (False, True)
    assert previewed(db, write(tmp_path / "zone.txt", [a_line(0)])).tally.known == 1


@pytest.mark.parametrize("said", [Said("Europe/Nowhere"), Said("../etc"), Said("UTC", "yesterday")])
def test_what_can_not_be_meant_is_refused_before_anything_begins(db: Database, tmp_path: Path, said: Said) -> None:
    path = write(tmp_path / "some.txt", [a_line(0)])
    with pytest.raises(InvalidInputError):
        previewed(db, path, said)
    with pytest.raises(InvalidInputError):
        brought(db, path, said=said)

    assert bring_in.all_of(db) == ()


def test_a_file_of_nobody_is_refused_with_what_can_be_imported(tmp_path: Path) -> None:
    path = tmp_path / "poem.txt"
    path.write_text("Roses are red", "utf-8")
    with pytest.raises(ImportRejectedError, match="Lines"):
        bring_in.open_for_import(path)


@CALM
@given(
    st.lists(st.tuples(st.integers(0, 5000), st.sampled_from([58, 61.5, 224, 900])), min_size=1, max_size=40),
    st.integers(0, 40),
    st.integers(-11, 13),
    st.randoms(use_true_random=False),
)
def test_a_file_brought_in_again_adds_nothing_whole_in_part_shuffled_or_by_another_clock(
    db: Database, tmp_path: Path, told: list[tuple[int, float]], cut: int, offset_h: int, chance: object
) -> None:
    emptied(db)
    told = list(dict(told).items())
    lines = [a_line(minute, value) for minute, value in told]
    brought(db, write(tmp_path / "half.txt", lines[:cut]))
    brought(db, write(tmp_path / "whole.txt", lines))
    before = content(db)
    elsewhere = [a_line(minute, value, offset_h=offset_h) for minute, value in told]
    chance.shuffle(elsewhere)  # type: ignore[attr-defined]
    again = [
        brought(db, write(tmp_path / name, some))
        for name, some in {"again.txt": lines, "rest.txt": lines[cut:], "mixed.txt": elsewhere}.items()
    ]

    assert [bring_in.counts(one).new for one in again] == [0, 0, 0]
    assert content(db) == before


@CALM
@given(
    st.lists(st.tuples(st.integers(0, 60), st.sampled_from([58, 61.5, 224, 900])), min_size=1, max_size=30),
    st.lists(st.integers(1, 12), max_size=6),
    st.sampled_from([Lines(3), Lines(3, resumes=False), Lines(0), Lines(1), Lines(7)]),
    st.sampled_from([1, 2, 5, 1000]),
)
def test_stopped_anywhere_and_gone_on_it_is_the_same_as_never_stopped(
    db: Database, tmp_path: Path, told: list[tuple[int, float]], stops: Sequence[int], maker: Lines, enough: int
) -> None:
    path = write(
        tmp_path / "some.txt", [*(a_line(*one) for one in told), "what", "rr;s;2026-02-01T07:00:00+01:00;800 810"]
    )
    emptied(db)
    whole = brought(db, path, maker=maker)
    wanted = measured(db)
    emptied(db)
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(bring_in, "MOST", enough)
        patched.setattr(bring_in, "ENOUGH", enough)
        for after in stops:
            left = iter(range(after, -1, -1))
            last = brought(db, path, lambda left=left: next(left) <= 0, maker)  # type: ignore[misc]
            if last.state is State.DONE:
                break
        done = last if stops and last.state is State.DONE else brought(db, path, maker=maker)

    assert done.state is State.DONE
    assert bring_in.counts(done) == bring_in.counts(whole)
    assert measured(db) == wanted


@CALM
@given(st.lists(st.integers(0, 90), min_size=1, max_size=30), st.lists(st.integers(0, 90), min_size=1, max_size=30))
def test_undone_it_is_as_if_it_had_never_been(
    db: Database, tmp_path: Path, first: list[int], second: list[int]
) -> None:
    emptied(db)
    brought(db, write(tmp_path / "first.txt", [a_line(one) for one in first]))
    before = content(db)
    done = brought(db, write(tmp_path / "second.txt", [a_line(one) for one in second]))
    taken = bring_in.undo(db, done.id, NOW)

    assert content(db) == before
    assert taken == bring_in.counts(done).new
    assert bring_in.find(db, done.id).state is State.UNDONE


def test_one_that_crashed_goes_on_where_it_was(db: Database, tmp_path: Path) -> None:
    path = write(tmp_path / "some.txt", [a_line(one) for one in range(9)])
    number = itertools.count()

    def crash() -> bool:
        if next(number) == 6:
            raise RuntimeError
        return False

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(bring_in, "ENOUGH", 1)
        with pytest.raises(RuntimeError):
            brought(db, path, crash)
        (left,) = bring_in.all_of(db)
        done = brought(db, path)

    assert (left.state, left.position > 0) == (State.RUNNING, True)
    assert done.id == left.id
    assert sums(bring_in.counts(done)) == (9, 9, 0, 0, 0)


def test_brought_in_by_two_at_once_only_one_goes_on(db: Database, tmp_path: Path) -> None:
    path = write(tmp_path / "some.txt", [a_line(one) for one in range(9)])
    done: list[KeptImport] = []

    def somebody_else() -> bool:
        if not done:
            done.append(brought(db, path))
        return False

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(bring_in, "ENOUGH", 1)
        with pytest.raises(ConflictError):
            brought(db, path, somebody_else)

    assert sums(bring_in.counts(done[0])) == (9, 9, 0, 0, 0)
    assert len(content(db)["readings"]) == 9


def test_a_reason_that_was_kept_can_still_be_said_in_another_language(db: Database, tmp_path: Path) -> None:
    done = brought(db, write(tmp_path / "some.txt", [a_line(0, 900)]))
    (reason,) = bring_in.counts(done).reasons

    assert getattr(reason, "parts", {}) == {"low": 20.0, "high": 250.0, "unit": "per minute"}
    assert bring_in.counts(done).counted[("heart_rate", "watch")].rejected == 1
    assert BEATS not in {one.measure for one in bring_in.counts(done).rows()}


def test_a_blood_pressure_that_stands_alone_and_in_a_correlation_too_is_kept_once(
    db: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(makers, "MAKERS", (apple_health,))
    pair = record("BloodPressureSystolic", "mmHg", FIRST, 121) + record("BloodPressureDiastolic", "mmHg", FIRST, 79)
    together = f'<Correlation type="HKCorrelationTypeIdentifierBloodPressure">\n{pair}</Correlation>\n'
    path = tmp_path / "export.xml"
    path.write_text(export(pair, together), "utf-8")
    tally = bring_in.counts(brought(db, path))
    assert sums(tally) == (4, 4, 0, 0, 2)  # two of the four were known already
    assert len(content(db)["readings"]) == 2  # one row of each of the two pressures
