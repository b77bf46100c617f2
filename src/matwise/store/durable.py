"""Files that are either there in full or not at all, even when the power goes."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


def sync_file(path: Path) -> None:
    """Wait until what was written to a file is on the disk."""
    with path.open("rb+") as file:
        os.fsync(file.fileno())


def sync_folder(folder: Path) -> None:
    """Wait until the names in a folder are on the disk."""
    if os.name == "nt":  # Windows can't open folders, and keeps their names in its own journal
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


@contextmanager
def scratch(path: Path) -> Iterator[Path]:
    """An empty file beside `path` to work in; it is removed afterwards unless it was moved."""
    aside = path.with_name(f".{path.name}.new")
    _remove(aside)
    aside.touch(mode=0o600)  # health data: for the person's own eyes
    try:
        yield aside
    finally:
        _remove(aside)


@contextmanager
def being_made(path: Path) -> Iterator[Path]:
    """An empty file to write to; it gets its name when it is done. Where making it fails, nothing is left of it."""
    with scratch(path) as aside:
        yield aside
        move_into_place(aside, path)


def move_into_place(aside: Path, path: Path) -> None:
    """Give a finished file its name at once, in place of what had it before."""
    sync_file(aside)
    aside.replace(path)
    sync_folder(path.parent)


def _remove(aside: Path) -> None:
    for suffix in ("", "-wal", "-shm", "-journal"):  # what SQLite may leave beside it
        aside.with_name(aside.name + suffix).unlink(missing_ok=True)
