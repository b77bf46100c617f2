"""A file that somebody hands in, plain or zipped, opened so that it can do no harm."""

from __future__ import annotations

import io
import lzma
import os
import stat
import struct
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import IO, BinaryIO

from matwise.errors import Problem
from matwise.exchange.wearables.maker import ImportRejectedError
from matwise.sentence import Sentence

LARGEST_BYTES = 8 << 30
LARGEST_UNPACKED_BYTES = 16 << 30
MOST_MEMBERS = 50_000  # a file a day of each kind, over many years
# Health exports shrink 20 to 40 times; what unpacks to hundreds of times its size was made to fill a disk.
MOST_TIMES = 200
SPARED_BYTES = 1 << 20  # a small file may shrink as much as it likes
_HEAD_BYTES = 64 << 10
# NotImplementedError is a RuntimeError: of packing that the standard library does not know.
_NOT_UNPACKED = (zipfile.BadZipFile, zlib.error, lzma.LZMAError, struct.error, EOFError, RuntimeError, ValueError)


@dataclass(frozen=True, slots=True)
class Member:
    """One file in it: its path with `/` between folders, and how many bytes it has unpacked, as the archive claims."""

    path: str
    size: int

    @property
    def name(self) -> str:
        """Its name without folders."""
        return PurePosixPath(self.path).name


@dataclass(frozen=True, slots=True)
class Opened:
    """A file to import. Nothing of an archive is ever written to disk; links and paths out of it are refused."""

    path: Path
    name: str
    size: int
    members: tuple[Member, ...]
    zipped: bool
    _archive: zipfile.ZipFile | None = field(default=None, repr=False, compare=False)

    def head(self, member: Member | None = None, size: int = _HEAD_BYTES) -> bytes:
        """The first bytes of a member, or of the first one; empty where it can't be read."""
        try:
            with self.stream(member or self.members[0], size) as stream:
                return stream.read(size)
        except (ImportRejectedError, IndexError):
            return b""

    @contextmanager
    def stream(self, member: Member, at_once: int = 1 << 20) -> Iterator[BinaryIO]:
        """The bytes of a member, unpacked while they are read, `at_once` of them at a time.

        Raises:
            ImportRejectedError: it is packed in a way that can't be read, or unpacks to more than it may.
        """
        with _told_plainly(self.name):
            if self._archive is None:
                with self.path.open("rb") as plain:
                    yield plain
                return
            with self._archive.open(member.path) as packed:
                info = self._archive.getinfo(member.path)
                yield io.BufferedReader(_Counted(packed, self.name, info.compress_size), at_once)


def open_file(path: Path, name: str | None = None) -> Opened:
    """Open a file for import.

    Args:
        path: where it lies.
        name: what the person calls it, if it lies somewhere else under another name.

    Raises:
        ImportRejectedError: it is not a plain file, empty, too large, or an archive that was made to do harm.
    """
    called = name or path.name
    with _told_plainly(called):
        told = path.stat()
        if not stat.S_ISREG(told.st_mode):
            raise _rejected(called, Sentence("not a file"), Sentence("a file"))
        if not 0 < told.st_size <= LARGEST_BYTES:
            got = Sentence("{size} bytes", size=told.st_size)
            raise _rejected(called, got, Sentence("1 byte to {most} GiB", most=LARGEST_BYTES >> 30))
        if not _is_zip(path):
            return Opened(path, called, told.st_size, (Member(called, told.st_size),), zipped=False)
        archive = zipfile.ZipFile(path)  # read in once: the list of an archive of a hundred thousand files is long
        try:
            members = _members(archive, called, told.st_size)
        except BaseException:
            archive.close()
            raise
        return Opened(path, called, told.st_size, members, zipped=True, _archive=archive)


def _is_zip(path: Path) -> bool:
    with path.open("rb") as begins:
        return begins.read(4) in {b"PK\x03\x04", b"PK\x05\x06"}


def _members(archive: zipfile.ZipFile, called: str, size: int) -> tuple[Member, ...]:
    infos = [info for info in archive.infolist() if not info.filename.endswith("/")]
    if not infos:
        raise _rejected(called, Sentence("an archive without a file"), Sentence("at least one"))
    if len(infos) > MOST_MEMBERS:
        got = Sentence("an archive of {number} files", number=len(infos))
        raise _rejected(called, got, Sentence("at most {most}", most=MOST_MEMBERS))
    seen: set[str] = set()
    for info in infos:
        parts = PurePosixPath(info.filename.replace("\\", "/")).parts
        if not parts or ".." in parts or info.filename.startswith(("/", "\\")) or ":" in parts[0]:
            raise _rejected(called, ascii(info.filename)[:80], Sentence("files that stay inside the archive"))
        if stat.S_ISLNK(info.external_attr >> 16):
            raise _rejected(called, ascii(info.filename)[:80], Sentence("files; this is a link"))
        if info.flag_bits & 0x1:
            raise _rejected(called, Sentence("an archive with a password"), Sentence("one without"))
        if info.filename in seen:
            raise _rejected(called, ascii(info.filename)[:80], Sentence("every name once"))
        seen.add(info.filename)
    _check_overlap(infos, called)
    unpacked = sum(info.file_size for info in infos)
    if unpacked > LARGEST_UNPACKED_BYTES or unpacked > SPARED_BYTES + MOST_TIMES * size:
        got = Sentence("{size} MiB once unpacked", size=unpacked >> 20)
        raise _rejected(called, got, Sentence("at most {most} times its size", most=MOST_TIMES))
    return tuple(Member(info.filename, info.file_size) for info in infos)


def _check_overlap(infos: list[zipfile.ZipInfo], called: str) -> None:
    """Members that share their packed bytes: a small file that unpacks to petabytes is made so."""
    end = 0
    for info in sorted(infos, key=lambda one: one.header_offset):
        if info.header_offset < end:
            raise _rejected(called, Sentence("files that lie on one another"), Sentence("an archive of separate files"))
        end = info.header_offset + info.compress_size


class _Counted(io.RawIOBase):
    """Counts what is unpacked while it is read: what the archive says of itself need not be true."""

    def __init__(self, packed: IO[bytes], called: str, packed_size: int) -> None:
        self._packed = packed
        self._called = called
        self._left = min(LARGEST_UNPACKED_BYTES, SPARED_BYTES + MOST_TIMES * packed_size)

    def readable(self) -> bool:
        """It is."""
        return True

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]
        """Read at most what fits."""
        got = self._packed.read(len(buffer))
        self._left -= len(got)
        if self._left < 0:
            raise _rejected(
                self._called,
                Sentence("an archive that unpacks to much more than its size"),
                Sentence("at most {most} times its size", most=MOST_TIMES),
            )
        buffer[: len(got)] = got
        return len(got)


@contextmanager
def _told_plainly(called: str) -> Iterator[None]:
    try:
        yield
    except _NOT_UNPACKED as error:
        raise _rejected(called, ascii(str(error))[:80], Sentence("an archive that can be unpacked")) from None
    except OSError as error:
        got = os.strerror(error.errno) if error.errno else ascii(str(error))[:80]
        raise _rejected(called, got, Sentence("a file that can be read")) from None


def _rejected(called: str, got: str, want: str) -> ImportRejectedError:
    return ImportRejectedError(Problem(called, got, want))
