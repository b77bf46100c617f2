"""Copies of the database that can be relied on: checked, complete or not there, and thinned as they grow old."""

from __future__ import annotations

import re
from collections.abc import Iterable
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from matwise.errors import InvalidInputError, Problem
from matwise.sentence import Sentence
from matwise.store.connection import raw
from matwise.store.durable import being_made
from matwise.store.failure import told_plainly
from matwise.store.file_check import check_sound

BACKUPS = "backups"  # the folder beside the database
ROUTINE = "matwise"  # how routine copies are called; others say what they were made before
EVERY = timedelta(hours=24)
# Of each kind of span, this many latest ones keep their newest copy: 47 copies at most cover a year.
KEPT = ((24, "%Y-%m-%dT%H"), (7, "%Y-%m-%d"), (4, "%G-W%V"), (12, "%Y-%m"))

_NAME = re.compile(r"(?P<why>[a-z]+(?:-[a-z0-9]+)*)-(?P<taken>\d{8}T\d{6}Z)(?:-\d+)?\.db")


@dataclass(frozen=True, slots=True)
class Copy:
    """One backup: where it is, why and when it was made."""

    path: Path
    why: str
    taken_at: datetime


def backup(db_path: Path, folder: Path, now: datetime, *, why: str = ROUTINE) -> Path:
    """Write a checked copy of the database, which may be in use, into `folder`.

    Raises:
        InvalidInputError: there is no database to copy.
        StorageError: the copy could not be written or is not sound; nothing is left of it.
    """
    if not db_path.exists():
        raise InvalidInputError(Problem("database", str(db_path), Sentence("a file that is there")))
    with told_plainly(folder):
        path = free_name(folder, why, now)
        with being_made(path) as aside:
            with closing(raw(db_path)) as source:
                source.execute("VACUUM INTO ?", (str(aside.absolute()),))
            with closing(raw(aside, immutable="1")) as copy:
                check_sound(copy, thoroughly=True)
    return path


def backup_if_due(db_path: Path, folder: Path, now: datetime) -> Path | None:
    """A routine copy if the latest is a day old, after which old ones are thinned; None if none was due."""
    latest = max((copy.taken_at for copy in copies(folder) if copy.why == ROUTINE), default=None)
    # A copy from the future was dated by a wrong clock and says nothing.
    if latest is not None and timedelta(0) <= now - latest < EVERY:
        return None
    path = backup(db_path, folder, now)
    thin(folder, now)
    return path


def copies(folder: Path) -> tuple[Copy, ...]:
    """Every copy in a folder, oldest first; other files are none of ours."""
    found = [Copy(path, match["why"], _taken(match["taken"])) for path, match in _named(folder)]
    return tuple(sorted(found, key=lambda copy: (copy.taken_at, copy.path.name)))


def thin(folder: Path, now: datetime) -> tuple[Path, ...]:
    """Remove the routine copies that are not worth keeping; what was removed.

    Copies made before a migration or a restore stay until the person removes them.
    """
    routine = [copy for copy in copies(folder) if copy.why == ROUTINE]
    kept = worth_keeping([copy.taken_at for copy in routine if copy.taken_at <= now])
    removed = tuple(copy.path for copy in routine if copy.taken_at <= now and copy.taken_at not in kept)
    for path in removed:
        path.unlink(missing_ok=True)
    return removed


def worth_keeping(taken_at: Iterable[datetime]) -> frozenset[datetime]:
    """The copies to keep: the newest of each of the latest 24 hours, 7 days, 4 weeks and 12 months that have one."""
    newest_first = sorted(taken_at, reverse=True)
    kept: set[datetime] = set()
    for count, span in KEPT:
        newest_of: dict[str, datetime] = {}
        for moment in newest_first:
            newest_of.setdefault(moment.astimezone(UTC).strftime(span), moment)
        kept.update(list(newest_of.values())[:count])
    return frozenset(kept)


def free_name(folder: Path, why: str, now: datetime) -> Path:
    """A name for a copy that no other file has; the folder is made if it is not there."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    stem = f"{why}-{now.astimezone(UTC):%Y%m%dT%H%M%SZ}"
    path, number = folder / f"{stem}.db", 2
    while path.exists():
        path, number = folder / f"{stem}-{number}.db", number + 1
    return path


def _named(folder: Path) -> Iterable[tuple[Path, re.Match[str]]]:
    for path in folder.iterdir() if folder.is_dir() else ():
        match = _NAME.fullmatch(path.name)
        if match:
            yield path, match


def _taken(stamp: str) -> datetime:
    return datetime.strptime(stamp, "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
