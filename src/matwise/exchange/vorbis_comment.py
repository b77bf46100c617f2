"""The tags of Opus and FLAC: names and texts, and a picture."""

from __future__ import annotations

import base64
import struct
from collections.abc import Iterator

from matwise.exchange.audio_tags import Tags
from matwise.exchange.cover import Cover
from matwise.exchange.time_code import time_code

_FRONT_COVER = 3
_BITS_PER_PIXEL = 24  # of a colour in the cover's table


def comments(tags: Tags, vendor: bytes, *, picture_inside: bool) -> bytes:
    """The comment header: who encoded it, then NAME=text by NAME=text, in UTF-8.

    Args:
        tags: what to say.
        vendor: the encoder's name for itself.
        picture_inside: whether the cover is one of the comments (Opus) or has a block of its own (FLAC).

    Source:
        Xiph.Org, "Ogg Vorbis I format specification: comment field and header specification" and "Chapter Extension".
    """
    fields = [f"{name}={text}".encode() for name, text in _fields(tags)]
    if picture_inside and tags.cover:
        fields.append(b"METADATA_BLOCK_PICTURE=" + base64.b64encode(picture(tags.cover)))
    sized = b"".join(struct.pack("<I", len(one)) + one for one in fields)
    return struct.pack("<I", len(vendor)) + vendor + struct.pack("<I", len(fields)) + sized


def picture(cover: Cover) -> bytes:
    """The cover as a picture block.

    Source:
        RFC 9639 §8.8.
    """
    media_type = b"image/png"
    start = struct.pack(">II", _FRONT_COVER, len(media_type)) + media_type + struct.pack(">I", 0)  # no description
    size = struct.pack(">IIII", cover.side_px, cover.side_px, _BITS_PER_PIXEL, cover.colours)
    return start + size + struct.pack(">I", len(cover.png)) + cover.png


def vendor_of(header: bytes) -> bytes:
    """The encoder's name in a comment header."""
    (length,) = struct.unpack_from("<I", header)
    return header[4 : 4 + length]


def _fields(tags: Tags) -> Iterator[tuple[str, str]]:
    told = {"TITLE": tags.title, "ARTIST": tags.artist, "ALBUM": tags.album, "LANGUAGE": tags.language}
    yield from ((name, text) for name, text in told.items() if text)
    for number, mark in enumerate(tags.marks):
        yield f"CHAPTER{number:03}", time_code(mark.start_s)
        yield f"CHAPTER{number:03}NAME", mark.name
