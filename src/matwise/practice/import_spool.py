"""Files that were handed in by a browser and wait to be brought in; each is deleted once that is done or not wanted."""

from __future__ import annotations

import hashlib
import json
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import BinaryIO

from matwise.errors import InvalidInputError, Problem
from matwise.sentence import Sentence
from matwise.settings import Settings
from matwise.store.failure import StorageFullError, told_plainly

SPARE_BYTES = 256 << 20  # of the disk that stay free: the database grows too
LARGEST_BYTES = 8 << 30
NAMELESS = "file"
TOO_LARGE = Sentence("1 byte to {most} GiB", most=LARGEST_BYTES >> 30)
_ID = re.compile(r"[0-9a-f]{32}")


@dataclass(frozen=True, slots=True)
class Waiting:
    """A file that waits: what the person calls it, how large it is, and its digest."""

    id: str
    name: str
    size: int
    sha256: str


class Spool:
    """Writes a file while it arrives."""

    def __init__(self, folder: Path, waiting_id: str, name: str, told_size: int | None) -> None:
        self._folder, self._id, self._name = folder, waiting_id, _readable(name)
        self._digest, self._size = hashlib.sha256(), 0
        self._room = shutil.disk_usage(folder).free - SPARE_BYTES
        if told_size is not None and told_size > self._room:
            raise StorageFullError
        self._file: BinaryIO = _part(folder, waiting_id).open("wb")

    def call(self, name: str) -> None:
        """Say what the person calls it, where that is known only once it arrives."""
        self._name = _readable(name)

    def write(self, block: bytes) -> None:
        """Take the next bytes of it.

        Raises:
            InvalidInputError: it is larger than any file may be.
            StorageFullError: the disk is nearly full.
        """
        self._size += len(block)
        if self._size > LARGEST_BYTES:
            got = Sentence("more than {most} GiB", most=LARGEST_BYTES >> 30)
            raise InvalidInputError(Problem(self._name, got, TOO_LARGE))
        if self._size > self._room:
            raise StorageFullError
        self._file.write(block)
        self._digest.update(block)

    def done(self) -> Waiting:
        """All of it arrived.

        Raises:
            InvalidInputError: there was nothing in it.
        """
        self._file.close()
        if self._size == 0:
            raise InvalidInputError(Problem(self._name, Sentence("an empty file"), TOO_LARGE))
        waiting = Waiting(self._id, self._name, self._size, self._digest.hexdigest())
        _told(self._folder, self._id).write_text(json.dumps(asdict(waiting)), encoding="utf-8")
        _part(self._folder, self._id).replace(_file(self._folder, self._id))
        return waiting

    def close(self) -> None:
        """Let go of what did not arrive whole."""
        self._file.close()
        _part(self._folder, self._id).unlink(missing_ok=True)


@contextmanager
def spooling(settings: Settings, waiting_id: str, name: str, told_size: int | None = None) -> Iterator[Spool]:
    """A place for a file that arrives; nothing is left of one that does not arrive whole.

    Args:
        settings: where things are kept.
        waiting_id: 32 hexadecimal digits, made by the caller.
        name: what the person calls it.
        told_size: in bytes, if it is known beforehand.

    Raises:
        StorageError: there is no room for it, or the disk refused.
    """
    folder = settings.imports_dir
    with told_plainly(folder):
        folder.mkdir(parents=True, exist_ok=True)
        spool = Spool(folder, waiting_id, name, told_size)
        try:
            yield spool
        finally:
            spool.close()


def find(settings: Settings, waiting_id: str) -> tuple[Waiting, Path] | None:
    """A file that waits, and where it lies; None if there is none of this id."""
    folder = settings.imports_dir
    if not _ID.fullmatch(waiting_id):
        return None
    try:
        told = Waiting(**json.loads(_told(folder, waiting_id).read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        return None
    return (told, _file(folder, waiting_id)) if _file(folder, waiting_id).is_file() else None


def all_of(settings: Settings) -> tuple[Waiting, ...]:
    """Every file that waits, by name."""
    names = settings.imports_dir.glob("*.json") if settings.imports_dir.is_dir() else ()
    found = (find(settings, path.stem) for path in names)
    return tuple(sorted((one[0] for one in found if one is not None), key=lambda one: (one.name, one.id)))


def forget(settings: Settings, waiting_id: str) -> None:
    """Delete a file that waits; does nothing where there is none."""
    if not _ID.fullmatch(waiting_id):
        return
    folder = settings.imports_dir
    with told_plainly(folder):
        for path in (_file(folder, waiting_id), _told(folder, waiting_id)):
            path.unlink(missing_ok=True)


def digest(path: Path) -> str:
    """The SHA-256 of a file, by which it is known again.

    Raises:
        StorageError: it can't be read.
    """
    with told_plainly(path.parent), path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def sweep(settings: Settings, now: datetime) -> None:
    """Delete what did not arrive whole and has not grown for a day: the app was closed meanwhile."""
    for path in settings.imports_dir.glob("*.part") if settings.imports_dir.is_dir() else ():
        if path.stat().st_mtime < (now - timedelta(days=1)).timestamp():
            path.unlink(missing_ok=True)


def _readable(name: str) -> str:
    clean = "".join(letter if letter.isprintable() else " " for letter in name.replace("\\", "/"))
    return clean.rpartition("/")[2].strip()[-200:] or NAMELESS


def _part(folder: Path, waiting_id: str) -> Path:
    return folder / f"{waiting_id}.part"


def _file(folder: Path, waiting_id: str) -> Path:
    return folder / f"{waiting_id}.file"


def _told(folder: Path, waiting_id: str) -> Path:
    return folder / f"{waiting_id}.json"
