"""Take along, copy, bring back or erase everything that is kept of a person."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

from matwise.exchange.folder import write_folder
from matwise.exchange.tables import csv_blocks, csv_bytes, json_blocks
from matwise.measures.day import day_of
from matwise.measures.rating import Moment, Rating
from matwise.practice import measure
from matwise.practice.person import ME
from matwise.screening.rule import Reply
from matwise.settings import FILE as SETTINGS_FILE
from matwise.settings import Settings
from matwise.store import addresses, ratings, screenings, trials
from matwise.store import backup as copies
from matwise.store import restore as bringing_back
from matwise.store.database import Database, open_database
from matwise.store.erase import erase as erase_rows
from matwise.store.everything import TABLES_VERSION, row_by_row
from matwise.store.failure import told_plainly
from matwise.store.trials import KeptTrial

EXPORT_VERSION = 1  # of the layout of everything.json

WHAT_IS_IN_HERE = """\
Everything Matwise keeps of you, written at {at}.

everything.json   all of it, exactly as it is kept
days.csv          if you have a trial: one line per day with its arm and your evening ratings;
                  `matwise answer days.csv` reads it. Earlier trials are days_1.csv, days_2.csv and so on.
                  trial_days.csv says which days are left out of the answer as wash-in.
readings.csv      what was imported or typed: one line per value with its measure, source and moment
recordings.csv    beats as they were recorded: rr_ms holds the times between them in milliseconds
the other .csv    one table each; they open in any spreadsheet

Times ending in _utc are in universal time; _offset_min says how many minutes the clock on your wall was ahead of it.
An apostrophe in front of a text keeps spreadsheets from running it as a formula; it is not part of what you wrote.
These files hold personal notes about your health and are not locked in any way: keep them where only you can read them.
"""


@dataclass(frozen=True, slots=True)
class Erased:
    """How many rows were erased, which files went with them, and which of ours were left."""

    rows: int
    removed: tuple[Path, ...]
    left: tuple[Path, ...]


def export(db: Database, folder: Path, now: datetime) -> tuple[Path, ...]:
    """Write every table as CSV and all of it as one JSON into a new folder inside `folder`; gives the files.

    Raises:
        StorageError: the disk refused; nothing is left of it.
    """
    with db.read() as c:
        all_trials = trials.all_of(c, ME)
        given = ratings.all_of(c, ME, moment=Moment.EVENING)
    asked = {trial.schedule.design.question.scale for trial in all_trials}
    evenings = {scale: measure.by_day(db, scale) for scale in sorted({*_scales(given), *asked})}
    name = f"matwise-export-{now.astimezone(UTC):%Y%m%dT%H%M%SZ}"
    with db.read() as c, told_plainly(folder):
        # Written while it is read: years of a watch are millions of rows.
        files: dict[str, bytes | Iterable[bytes]] = {
            "README.txt": WHAT_IS_IN_HERE.format(at=now.isoformat(timespec="minutes")).encode(),
            "everything.json": json_blocks(_head(now), row_by_row(c, ME)),
            **{f"{name}.csv": csv_blocks(columns, rows) for name, columns, rows in row_by_row(c, ME)},
            **_days_files(all_trials, evenings, day_of(now)),
        }
        return write_folder(folder, name, files)


def backup(settings: Settings, folder: Path | None, now: datetime) -> Path:
    """Write a checked copy of the database into `folder`, or among the other backups, which are then thinned.

    Raises:
        InvalidInputError: there is no database yet.
        StorageError: the copy could not be written; nothing is left of it.
    """
    path = copies.backup(settings.database_path, folder or settings.backups_dir, now)
    if folder is None:
        copies.thin(settings.backups_dir, now)
    return path


def backup_if_due(settings: Settings, now: datetime) -> Path | None:
    """The copy of the day, if the latest is a day old; None if none was due.

    Raises:
        StorageError: the copy could not be written; nothing is left of it.
    """
    return copies.backup_if_due(settings.database_path, settings.backups_dir, now)


def restore(settings: Settings, file: Path, now: datetime) -> Path | None:
    """Put a backup in place of the present database; gives where that is kept, None if there was none.

    Raises:
        InvalidInputError: there is no such file.
        StorageError: it can't be restored; the present database stays as it is.
    """
    kept = bringing_back.restore(file, settings.database_path, now)
    # What was said since the copy was made is gone with it, so its safety check must not speak for today.
    with open_database(settings.database_path, now) as db:
        db.write(lambda c: screenings.keep_recheck(c, ME, f"restored-{now.timestamp():.6f}", Reply.UNKNOWN, now))
        # Nor may an address that was revoked since come back to life with it.
        db.write(lambda c: addresses.revoke(c, ME, now))
    return kept


def erase(db: Database, settings: Settings, _now: datetime, *, audio: bool = True, backups: bool = True) -> Erased:
    """Erase every row and setting, and the rendered sessions and backups too unless told otherwise.

    Exports, own voice recordings, and backups that were written into other folders are the person's own files and stay
    where they are.

    Raises:
        StorageError: the disk refused, or another window is reading, so traces stay until this is done again.
    """
    rows = erase_rows(db, ME)
    ours = [(path, audio) for path in _files_in(settings.audio_dir)]
    ours += [(path, backups) for path in _files_in(settings.backups_dir)]
    ours += [(path, True) for path in _files_in(settings.imports_dir)]
    # What a restore left that was killed half-way.
    ours += [(path, True) for path in settings.data_dir.glob(f".{settings.database_path.name}.*")]
    ours += [(path, True) for path in settings.data_dir.glob(SETTINGS_FILE)]
    ours += [(path, False) for path in _files_in(settings.voices_dir)]
    with told_plainly(settings.data_dir):
        for path, is_asked in ours:
            if is_asked:
                path.unlink(missing_ok=True)
    return Erased(rows, tuple(path for path, asked in ours if asked), tuple(path for path, asked in ours if not asked))


def _files_in(folder: Path) -> Iterable[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file() or path.is_symlink())


def _head(now: datetime) -> Mapping[str, object]:
    return {
        "what": "everything Matwise keeps of one person",
        "export_version": EXPORT_VERSION,
        "tables_version": TABLES_VERSION,
        "exported_at": now.isoformat(),
    }


def _scales(given: Iterable[Rating]) -> list[str]:
    return sorted({rating.scale for rating in given})


def _days_files(
    all_trials: tuple[KeptTrial, ...], evenings: Mapping[str, Mapping[date, int]], today: date
) -> Mapping[str, bytes]:
    """One daily table for each trial, the latest without a number."""
    names = [f"days_{number}.csv" for number in range(1, len(all_trials))] + ["days.csv"]
    return {name: _days_csv(trial, evenings, today) for name, trial in zip(names, all_trials, strict=False)}


def _days_csv(trial: KeptTrial, evenings: Mapping[str, Mapping[date, int]], today: date) -> bytes:
    asked = trial.schedule.design.question.scale
    scales = [asked, *sorted(evenings.keys() - {asked})]
    last = today if trial.ended_at is None else min(today, day_of(trial.ended_at))
    rows = [
        (day.on.isoformat(), day.arm.value, *(evenings.get(scale, {}).get(day.on) for scale in scales))
        for day in trial.schedule.days
        if day.on <= last and not day.off
    ]
    return csv_bytes(("day", "arm", *scales), rows)
