"""Files made to do harm: each is refused with its reason before anything of it is read, or unpacked no further."""

from __future__ import annotations

import contextlib
import io
import stat
import struct
import warnings
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from matwise.exchange.wearables import opened as room
from matwise.exchange.wearables.maker import ImportRejectedError, Position, Told
from matwise.exchange.wearables.makers import recognise
from matwise.exchange.wearables.opened import open_file
from matwise.measures.reading import Readings, Recording, Rejected

from .apple import BEGAN, export, record

CALM = settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
SOUND = export(*(record("HeartRate", "count/min", BEGAN, 60) for _ in range(1)))


def packed(*files: tuple[str | zipfile.ZipInfo, bytes], how: int = zipfile.ZIP_DEFLATED) -> bytes:
    with io.BytesIO() as out:
        with warnings.catch_warnings(), zipfile.ZipFile(out, "w", how) as archive:
            warnings.simplefilter("ignore")  # of two files of one name it warns; that is the case here
            for name, content in files:
                archive.writestr(name, content, how)
        return out.getvalue()


def a_link() -> bytes:
    link = zipfile.ZipInfo("export.xml")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    return packed((link, b"/etc/passwd"))


def with_a_password() -> bytes:
    """An archive whose only file says of itself that it is encrypted: bit 0 of its flags, in both headers."""
    told = bytearray(packed(("export.xml", SOUND.encode())))
    told[6] |= 1
    told[told.index(b"PK\x01\x02") + 8] |= 1
    return bytes(told)


def without_a_name() -> bytes:
    """Python's own writer makes none: the NUL that ends a name is put at its beginning."""
    return packed(("export.xml", b"x")).replace(b"export.xml", b"\0xport.xml")


def overlapping() -> bytes:
    """Two names for one file: the second entry of the directory is sent to the first file's place."""
    told = bytearray(packed(("a", b"x" * 1000), ("b", b"x" * 1000)))
    second = told.index(b"PK\x01\x02", told.index(b"PK\x01\x02") + 4)
    told[second + 42 : second + 46] = struct.pack("<I", 0)
    return bytes(told)


def understated() -> bytes:
    """A bomb that says it unpacks to little: the size of its file, in both headers, is a lie."""
    told = bytearray(packed(("export.xml", SOUND[:-15].encode() + b" " * 30_000_000)))
    for at in (22, told.index(b"PK\x01\x02") + 24):
        told[at : at + 4] = struct.pack("<I", 1000)
    return bytes(told)


def of_many_files() -> bytes:
    return packed(*((f"{number}", b"") for number in range(100_000)), how=zipfile.ZIP_STORED)


HARMFUL: dict[str, tuple[Callable[[], bytes], str]] = {
    "bomb": (lambda: packed(("export.xml", b"\0" * 60_000_000)), "MiB once unpacked"),
    "overlap": (overlapping, "lie on one another"),
    "slip": (lambda: packed(("../../export.xml", b"x")), "stay inside"),
    "slip of another system": (lambda: packed(("a\\..\\..\\export.xml", b"x")), "stay inside"),
    "root": (lambda: packed(("/etc/passwd", b"x")), "stay inside"),
    "no name": (lambda: packed((".", b"x")), "stay inside"),
    "drive": (lambda: packed(("C:/export.xml", b"x")), "stay inside"),
    "nothing in it": (lambda: packed(("folder/", b"")), "without a file"),
    "empty name": (without_a_name, "stay inside"),
    "link": (a_link, "this is a link"),
    "password": (with_a_password, "password"),
    "twice": (lambda: packed(("export.xml", b"x"), ("export.xml", b"y")), "every name once"),
    "many": (of_many_files, "archive of 100000 files"),
    "cut": (lambda: packed(("export.xml", SOUND.encode()))[:-40], "can be unpacked"),
    "empty": (lambda: b"", "0 bytes"),
}


@pytest.mark.parametrize("name", HARMFUL)
def test_a_file_made_to_do_harm_is_refused_with_its_reason(tmp_path: Path, name: str) -> None:
    make, reason = HARMFUL[name]
    path = tmp_path / "export.zip"
    path.write_bytes(make())

    with pytest.raises(ImportRejectedError, match=reason):
        open_file(path)


def test_an_archive_that_understates_itself_is_unpacked_no_further_than_it_says(tmp_path: Path) -> None:
    path = tmp_path / "export.zip"
    path.write_bytes(understated())
    whole = open_file(path)
    got: list[bytes] = []
    with pytest.raises(ImportRejectedError):
        _unpack(whole, got)

    assert sum(map(len, got)) <= 1000


def _unpack(whole: room.Opened, into: list[bytes]) -> None:
    with whole.stream(whole.members[0]) as stream:
        while got := stream.read(1 << 20):
            into.append(got)


def test_what_comes_out_is_counted_whatever_the_archive_says(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "export.zip"
    path.write_bytes(packed(("export.xml", b" " * 1_000_000)))
    whole = open_file(path)
    monkeypatch.setattr(room, "SPARED_BYTES", 1000)
    monkeypatch.setattr(room, "MOST_TIMES", 10)

    with pytest.raises(ImportRejectedError, match="much more than its size"), whole.stream(whole.members[0]) as stream:
        stream.read()


def test_a_folder_is_no_file_and_what_is_not_there_neither(tmp_path: Path) -> None:
    with pytest.raises(ImportRejectedError, match="not a file"):
        open_file(tmp_path)
    with pytest.raises(ImportRejectedError):
        open_file(tmp_path / "nothing")


@pytest.mark.parametrize("written", [SOUND.encode("utf-16"), SOUND.encode("utf-32"), b"\0" * 100_000])
def test_a_file_that_is_no_text_in_utf_8_is_refused_by_everybody(tmp_path: Path, written: bytes) -> None:
    path = tmp_path / "export.xml"
    path.write_bytes(written)

    with pytest.raises(ImportRejectedError, match="nothing here can read"):
        recognise(open_file(path))


HOW = st.sampled_from([zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])


@CALM
@given(st.binary(min_size=1, max_size=30), st.integers(0, 2000), HOW)
def test_an_archive_changed_anywhere_is_read_or_refused(tmp_path: Path, noise: bytes, at: int, how: int) -> None:
    path = tmp_path / "export.zip"
    told = packed(("apple_health_export/export.xml", SOUND.encode()), how=how)
    at %= len(told)
    path.write_bytes(told[:at] + noise + told[at + len(noise) :])
    # Anything but the declared error comes through and fails.
    with contextlib.suppress(ImportRejectedError):
        whole = open_file(path)
        for found in recognise(whole).read(whole, Told()):
            assert isinstance(found, Readings | Recording | Rejected | Position)
