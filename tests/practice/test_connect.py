from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from datetime import date, datetime, timedelta, timezone
from functools import partial
from pathlib import Path

import numpy as np
import pytest

from matwise.errors import InvalidInputError
from matwise.measures.rating import Moment, Rating
from matwise.measures.reading import Recording
from matwise.practice import by_hand, connect
from matwise.settings import Settings
from matwise.store import drafts, ratings, recordings, trials
from matwise.store.backup import copies
from matwise.store.database import Database, open_database
from matwise.store.failure import StorageError
from matwise.trial.design import Arm, Design, Question, Schedule, TrialDay
from matwise.trial.table import read_table

ME = "me"
EVENING = datetime(2026, 3, 10, 21, 0, tzinfo=timezone(timedelta(hours=1)))
SEEN = "=HYPERLINK(1)"


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(data_dir=tmp_path / "home", port=0)


@pytest.fixture
def db(settings: Settings) -> Iterator[Database]:
    with open_database(settings.database_path, EVENING) as database:
        yield database


def _rate(db: Database, scale: str, day: int, value: int) -> None:
    at = EVENING.replace(day=day)
    rating = Rating(f"{scale}-{day}-{value}", scale, Moment.EVENING, value, at)
    db.write(partial(ratings.keep, person=ME, rating=rating))


def _begin_trial(db: Database, trial_id: str, first_day: int) -> None:
    starts_on = date(2026, 3, first_day)
    dealt = tuple(
        TrialDay(n + 1, starts_on + timedelta(days=n), Arm.MAT if n % 4 < 2 else Arm.REST, washin=n % 2 == 0)
        for n in range(14)
    )
    schedule = Schedule(Design(Question("pain", Arm.REST), 14, 2, 1, starts_on, 1), dealt)
    db.write(partial(trials.begin, person=ME, trial_id=trial_id, schedule=schedule, at=EVENING))


def _by_name(files: tuple[Path, ...]) -> dict[str, Path]:
    return {path.name: path for path in files}


def test_an_export_says_what_was_measured_in_rows_that_anybody_can_read(db: Database, tmp_path: Path) -> None:
    by_hand.keep_value(db, "i-1", "resting_heart_rate", "52", EVENING, EVENING)
    strap = Recording("strap", EVENING, np.array([812.0, 798.5]))
    db.write(partial(recordings.keep, person=ME, import_id="i-1", recording=strap))
    files = _by_name(connect.export(db, tmp_path, EVENING))
    (reading,) = csv.DictReader(files["readings.csv"].read_text("utf-8").splitlines())
    (recording,) = csv.DictReader(files["recordings.csv"].read_text("utf-8").splitlines())
    told = json.loads(files["everything.json"].read_text("utf-8"))["tables"]

    assert (reading["measure"], reading["source"], reading["value"]) == ("resting_heart_rate", "hand", "52.0")
    assert (reading["at_utc"], reading["at_offset_min"]) == ("2026-03-10T20:00:00.000000Z", "60")
    assert recording["rr_ms"] == "812 798.5"
    assert (told["readings"][0]["value"], told["recordings"][0]["rr_ms"]) == (52.0, "812 798.5")


def test_an_export_holds_every_table_and_all_of_it_as_one_json(db: Database, tmp_path: Path) -> None:
    _rate(db, "pain", 9, 4)
    db.write(partial(drafts.keep, person=ME, form="evening", field="words", value=SEEN, at=EVENING))
    files = _by_name(connect.export(db, tmp_path / "mine", EVENING))
    everything = json.loads(files["everything.json"].read_bytes())
    tables = everything["tables"]

    assert set(files) == {"README.txt", "everything.json", *(f"{name}.csv" for name in tables)}
    assert {path.parent.name for path in files.values()} == {"matwise-export-20260310T200000Z"}
    assert everything["exported_at"] == "2026-03-10T21:00:00+01:00"
    assert tables["drafts"][0]["value"] == SEEN
    assert "'" + SEEN in files["drafts.csv"].read_text(encoding="utf-8")
    for name, rows in tables.items():
        with files[f"{name}.csv"].open(encoding="utf-8", newline="") as table:
            assert len(list(csv.DictReader(table))) == len(rows)


def test_the_same_data_give_the_same_bytes(db: Database, tmp_path: Path) -> None:
    _rate(db, "pain", 9, 4)
    _begin_trial(db, "t-1", 1)
    first, second = (connect.export(db, tmp_path / name, EVENING) for name in ("first", "second"))

    assert [path.read_bytes() for path in first] == [path.read_bytes() for path in second]
    assert [path.name for path in first] == [path.name for path in second]


def test_the_days_of_a_trial_are_a_table_up_to_today_with_gaps_left_blank(db: Database, tmp_path: Path) -> None:
    _begin_trial(db, "t-1", 8)
    _rate(db, "sleep", 8, 7)
    _rate(db, "pain", 8, 4)
    _rate(db, "pain", 10, 0)
    _rate(db, "pain", 1, 9)  # before the trial
    files = _by_name(connect.export(db, tmp_path, EVENING))

    written = files["days.csv"].read_text(encoding="utf-8")
    assert written.splitlines() == [
        "day,arm,pain,sleep",
        "2026-03-08,mat,4,7",
        "2026-03-09,mat,,",
        "2026-03-10,rest,0,",
    ]
    table = read_table(written)
    assert (table.ratings, table.arms, len(table.rows)) == (("pain", "sleep"), ("mat", "rest"), 3)


def test_after_midnight_the_day_that_just_ended_is_still_the_last_one(db: Database, tmp_path: Path) -> None:
    _begin_trial(db, "t-1", 9)
    files = _by_name(connect.export(db, tmp_path, EVENING + timedelta(hours=5)))

    assert files["days.csv"].read_text(encoding="utf-8").splitlines()[-1] == "2026-03-10,mat,"


def test_every_trial_has_a_table_of_its_own_and_the_latest_goes_without_a_number(db: Database, tmp_path: Path) -> None:
    _begin_trial(db, "t-1", 1)
    db.write(lambda c: trials.end(c, "t-1", EVENING.replace(day=4), "holidays"))
    _begin_trial(db, "t-2", 9)
    files = _by_name(connect.export(db, tmp_path, EVENING))

    assert {name for name in files if name.startswith("days")} == {"days_1.csv", "days.csv"}
    assert len(files["days_1.csv"].read_text(encoding="utf-8").splitlines()) == 1 + 4
    assert files["days.csv"].read_text(encoding="utf-8").splitlines() == [
        "day,arm,pain",
        "2026-03-09,mat,",
        "2026-03-10,mat,",
    ]


def test_an_export_that_can_not_be_written_is_told_plainly(db: Database, tmp_path: Path) -> None:
    in_the_way = tmp_path / "file"
    in_the_way.write_text("no folder")

    with pytest.raises(StorageError, match="could not be done"):
        connect.export(db, in_the_way, EVENING)


def test_a_backup_that_was_made_can_be_restored(db: Database, settings: Settings) -> None:
    _rate(db, "pain", 9, 4)
    copy = connect.backup(settings, None, EVENING)
    _rate(db, "pain", 10, 8)
    kept = connect.restore(settings, copy, EVENING)
    with db.read() as c:
        restored = ratings.by_day(c, ME, "pain", "evening")

    assert copy.parent == settings.backups_dir
    assert restored == {date(2026, 3, 9): 4}
    assert kept is not None
    connect.restore(settings, kept, EVENING)
    with db.read() as c:
        assert ratings.by_day(c, ME, "pain", "evening") == {date(2026, 3, 9): 4, date(2026, 3, 10): 8}


def test_a_backup_into_a_folder_of_ones_own_leaves_the_others_alone(
    db: Database, settings: Settings, tmp_path: Path
) -> None:
    copy = connect.backup(settings, tmp_path / "stick", EVENING)

    assert copy.parent == tmp_path / "stick"
    assert not settings.backups_dir.exists()
    assert db.path == settings.database_path


def test_the_copy_of_the_day_is_made_once_and_old_ones_grow_thin(db: Database, settings: Settings) -> None:
    made = [connect.backup_if_due(settings, EVENING + timedelta(hours=12 * n)) for n in range(80)]

    assert [copy is not None for copy in made] == [True, False] * 40
    assert len(copies(settings.backups_dir)) < 35
    assert db.path == settings.database_path


def test_without_a_database_there_is_nothing_to_copy(settings: Settings) -> None:
    with pytest.raises(InvalidInputError, match="want a file that is there"):
        connect.backup(settings, None, EVENING)


@pytest.mark.parametrize(("audio", "backups"), [(True, True), (False, True), (True, False), (False, False)])
def test_erasing_takes_what_was_asked_for_and_lists_what_is_left(
    db: Database,
    settings: Settings,
    tmp_path: Path,
    audio: bool,  # noqa: FBT001 – both ways, by pytest
    backups: bool,  # noqa: FBT001 – likewise
) -> None:
    _rate(db, "pain", 9, 4)
    settings.audio_dir.mkdir()
    rendered = settings.audio_dir / "abc.mp3"
    rendered.write_bytes(b"sound")
    copy = connect.backup(settings, None, EVENING)
    exported = connect.export(db, tmp_path / "mine", EVENING)
    chosen = settings.data_dir / "settings.toml"
    chosen.write_text('language = "de"\n')
    recording = settings.voices_dir / "aunt" / "de" / "welcome.wav"
    recording.parent.mkdir(parents=True)
    recording.write_bytes(b"her voice")
    erased = connect.erase(db, settings, EVENING, audio=audio, backups=backups)
    asked = [(rendered, audio), (copy, backups), (chosen, True), (recording, False)]

    assert erased.rows == 1
    assert erased.removed == tuple(path for path, is_asked in asked if is_asked)
    assert erased.left == tuple(path for path, is_asked in asked if not is_asked)
    assert all(path.exists() is not is_asked for path, is_asked in asked)
    assert all(path.exists() for path in exported)
    with db.read() as c:
        assert ratings.all_of(c, ME) == ()


def test_what_was_exported_is_gone_from_the_machine_once_it_is_erased(db: Database, settings: Settings) -> None:
    mark = "planted-marker"
    db.write(partial(drafts.keep, person=ME, form="evening", field="words", value=mark * 50, at=EVENING))
    connect.backup(settings, None, EVENING)
    (settings.data_dir / ".matwise.db.new").write_text(mark)  # of a restore that was killed half-way
    connect.erase(db, settings, EVENING)
    everywhere = [path.read_bytes() for path in settings.data_dir.rglob("*") if path.is_file()]

    assert sum(content.count(mark.encode()) for content in everywhere) == 0
