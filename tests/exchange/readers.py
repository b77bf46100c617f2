"""Readers of audio containers written for the tests from the specifications alone, byte by byte."""

from __future__ import annotations

import struct
from dataclasses import dataclass


@dataclass(frozen=True)
class Frame:
    """One frame of an ID3 tag."""

    name: str
    content: bytes


@dataclass(frozen=True)
class OggPage:
    """One page of an Ogg stream, with the checksum it tells and the one it should."""

    kind: int
    granule: int
    serial: int
    number: int
    told_checksum: int
    true_checksum: int
    segments: bytes
    content: bytes


def id3_frames(file: bytes) -> tuple[list[Frame], int]:
    """The frames of an ID3v2.3 tag, and where it ends."""
    assert file[:3] == b"ID3"
    assert file[3:6] == b"\x03\x00\x00"
    assert all(byte < 0x80 for byte in file[6:10])
    size = sum(byte << shift for byte, shift in zip(file[6:10], (21, 14, 7, 0), strict=True))
    return frames_in(file[10 : 10 + size]), 10 + size


def frames_in(content: bytes) -> list[Frame]:
    found, at = [], 0
    while at < len(content):
        (size,) = struct.unpack_from(">I", content, at + 4)
        found.append(Frame(content[at : at + 4].decode("ascii"), content[at + 10 : at + 10 + size]))
        at += 10 + size
    assert at == len(content)
    return found


def id3_text(content: bytes) -> str:
    return content[1:].decode({0: "latin-1", 1: "utf-16"}[content[0]])


def id3_chapter(content: bytes) -> tuple[str, int, int, str]:
    """Its element id, start and end in ms, and its title."""
    element, _, rest = content.partition(b"\0")
    start_ms, end_ms, from_byte, to_byte = struct.unpack_from(">IIII", rest)
    assert (from_byte, to_byte) == (0xFFFFFFFF, 0xFFFFFFFF)
    (title,) = frames_in(rest[16:])
    return element.decode(), start_ms, end_ms, id3_text(title.content)


def ogg_pages(file: bytes) -> list[OggPage]:
    found, at = [], 0
    while at < len(file):
        assert file[at : at + 5] == b"OggS\0"
        kind = file[at + 5]
        granule, serial, number, checksum = struct.unpack_from("<qIII", file, at + 6)
        n_segments = file[at + 26]
        segments = file[at + 27 : at + 27 + n_segments]
        ends = at + 27 + n_segments + sum(segments)
        blank = file[at : at + 22] + bytes(4) + file[at + 26 : ends]
        content = file[at + 27 + n_segments : ends]
        found.append(OggPage(kind, granule, serial, number, checksum, ogg_checksum(blank), segments, content))
        at = ends
    assert at == len(file)
    return found


def ogg_checksum(content: bytes) -> int:
    """Bit by bit as RFC 3533 says it: polynomial 0x04c11db7, start 0, nothing reflected, nothing inverted."""
    register = 0
    for byte in content:
        register ^= byte << 24
        for _ in range(8):
            register = (register << 1 ^ (0x04C11DB7 if register & 0x80000000 else 0)) & 0xFFFFFFFF
    return register


def ogg_packets(pages: list[OggPage]) -> list[bytes]:
    packets, packet = [], b""
    for page in pages:
        at = 0
        for length in page.segments:
            packet += page.content[at : at + length]
            at += length
            if length < 255:
                packets.append(packet)
                packet = b""
    return packets


def vorbis_comments(header: bytes) -> tuple[str, list[tuple[str, str]]]:
    """The vendor and the fields in order."""

    def taken(at: int) -> tuple[bytes, int]:
        (length,) = struct.unpack_from("<I", header, at)
        assert at + 4 + length <= len(header)
        return header[at + 4 : at + 4 + length], at + 4 + length

    vendor, at = taken(0)
    (count,) = struct.unpack_from("<I", header, at)
    at += 4
    fields = []
    for _ in range(count):
        field, at = taken(at)
        name, _, text = field.decode().partition("=")
        fields.append((name, text))
    assert at == len(header)
    return vendor.decode(), fields


def flac_blocks(file: bytes) -> tuple[list[tuple[int, bytes]], int]:
    """Kind and content of every metadata block, and where the sound starts."""
    assert file[:4] == b"fLaC"
    found, at, last = [], 4, False
    while not last:
        last, kind = bool(file[at] & 0x80), file[at] & 0x7F
        length = int.from_bytes(file[at + 1 : at + 4], "big")
        found.append((kind, file[at + 4 : at + 4 + length]))
        at += 4 + length
    return found, at


def flac_picture(block: bytes) -> tuple[int, str, str, tuple[int, int, int, int], bytes]:
    """Its kind, media type, description, (width, height, bits, colours) and the picture itself."""
    kind, length = struct.unpack_from(">II", block)
    at = 8 + length
    media_type = block[8:at].decode("ascii")
    (length,) = struct.unpack_from(">I", block, at)
    description = block[at + 4 : at + 4 + length].decode()
    at += 4 + length
    *size, length = struct.unpack_from(">IIIII", block, at)
    assert at + 20 + length == len(block)
    width, height, bits, colours = size
    return kind, media_type, description, (width, height, bits, colours), block[at + 20 :]


def riff_chunks(content: bytes) -> list[tuple[str, bytes]]:
    found, at = [], 0
    while at < len(content):
        (size,) = struct.unpack_from("<I", content, at + 4)
        found.append((content[at : at + 4].decode("ascii"), content[at + 8 : at + 8 + size]))
        assert at + 8 + size <= len(content)
        at += 8 + size + size % 2
    return found
