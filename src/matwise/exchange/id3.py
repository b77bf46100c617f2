"""A tag in front of an MP3: title, maker, length, chapters, cover."""

from __future__ import annotations

import struct

from matwise.exchange.audio_tags import Mark, Tags

_LATIN_1, _UTF_16 = b"\x00", b"\x01"
_FRONT_COVER = b"\x03"
_BY_TIME_ALONE = 0xFFFFFFFF  # a chapter is found by its time, not by its place in the file
_TOP_LEVEL_AND_ORDERED = 0b11


def id3(tags: Tags) -> bytes:
    """An ID3v2.3 tag, which is what every player reads; texts in UTF-16.

    The sizes of frames are plain numbers and the size of the tag has seven bits a byte, as version 2.3 has them.

    Source:
        M. Nilsson, "ID3 tag version 2.3.0" (1999); C. Newell, "ID3v2 Chapter Frame Addendum 1.0" (2005).
    """
    frames = [_text("TIT2", tags.title)]
    for name, text in (("TPE1", tags.artist), ("TALB", tags.album)):
        frames += [_text(name, text)] if text else []
    frames += [_plain("TLAN", tags.language)] if tags.language else []
    frames.append(_plain("TLEN", str(_milliseconds(tags.duration_s))))
    if tags.marks:
        frames.append(_contents(tags))
        frames += [_chapter(number, mark) for number, mark in enumerate(tags.marks)]
    # Last, so that a player that reads a file as it comes has the words before the picture.
    frames += [_picture(tags.cover.png)] if tags.cover else []
    content = b"".join(frames)
    return b"ID3\x03\x00\x00" + bytes((len(content) >> shift) & 0x7F for shift in (21, 14, 7, 0)) + content


def _frame(name: str, content: bytes) -> bytes:
    return name.encode("ascii") + struct.pack(">IH", len(content), 0) + content


def _text(name: str, text: str) -> bytes:
    return _frame(name, _UTF_16 + b"\xff\xfe" + text.encode("utf-16-le"))


def _plain(name: str, text: str) -> bytes:
    """A language code or a number, which have no other letters."""
    return _frame(name, _LATIN_1 + text.encode("ascii"))


def _contents(tags: Tags) -> bytes:
    names = b"".join(_element(number) for number in range(len(tags.marks)))
    return _frame("CTOC", b"contents\0" + bytes((_TOP_LEVEL_AND_ORDERED, len(tags.marks))) + names)


def _chapter(number: int, mark: Mark) -> bytes:
    times = (_milliseconds(mark.start_s), _milliseconds(mark.end_s))
    places = struct.pack(">IIII", *times, _BY_TIME_ALONE, _BY_TIME_ALONE)
    return _frame("CHAP", _element(number) + places + _text("TIT2", mark.name))


def _element(number: int) -> bytes:
    return b"chapter%d\0" % number


def _picture(png: bytes) -> bytes:
    return _frame("APIC", _LATIN_1 + b"image/png\0" + _FRONT_COVER + b"\0" + png)


def _milliseconds(at_s: float) -> int:
    return round(at_s * 1000)
