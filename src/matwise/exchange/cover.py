"""The cover of the sessions: the mark of Matwise as a square picture, drawn here."""

from __future__ import annotations

import functools
import struct
import zlib
from dataclasses import dataclass, field
from itertools import chain

import numpy as np
from numpy.typing import NDArray

from matwise.errors import InvalidInputError, Problem

IN_FILE_PX = 600  # sharp on a lock screen, 8 kB
IN_FEED_PX = 1400  # the least that podcast directories take
SMALLEST_PX, LARGEST_PX = 48, 3000

# The mark (web/static/mark.svg), 48 units a side: a disc, a spike in its middle, rings of six and twelve around it.
_SIDE = 48.0
_DISC_RADIUS = 23.0
_RINGS = ((1, 0.0, 2.6), (6, 9.5, 2.1), (12, 17.5, 1.5))  # spikes, distance from the middle, radius of a spike
_GROUND, _DISC, _SPIKE = (0x84, 0x3C, 0x25), (0x9C, 0x4A, 0x2F), (0xFB, 0xF6, 0xEE)
_SHADES = 15  # steps along an edge, so that it looks smooth


@dataclass(frozen=True, slots=True)
class Cover:
    """A square PNG, its side in px, and how many colours its table has."""

    png: bytes = field(repr=False)
    side_px: int
    colours: int


@functools.cache
def cover(side_px: int = IN_FILE_PX) -> Cover:
    """The cover at this size.

    Raises:
        InvalidInputError: the size is out of range.
    """
    if not SMALLEST_PX <= side_px <= LARGEST_PX:
        raise InvalidInputError(Problem("side_px", str(side_px), f"from {SMALLEST_PX} to {LARGEST_PX}"))
    colours = (*_between(_GROUND, _DISC), *_between(_DISC, _SPIKE)[1:])
    return Cover(_png(_drawn(side_px), colours), side_px, len(colours))


def _drawn(side_px: int) -> NDArray[np.uint8]:
    """Every pixel's place in the table of colours, shape (side_px, side_px)."""
    unit = side_px / _SIDE
    middle = side_px / 2
    drawn = np.zeros((side_px, side_px), dtype=np.uint8)
    _cover(drawn, middle, middle, _DISC_RADIUS * unit)
    for spikes, distance, radius in _RINGS:
        for turn in 2 * np.pi * np.arange(spikes) / spikes:
            x, y = middle + distance * unit * np.sin(turn), middle - distance * unit * np.cos(turn)
            _cover(drawn, x, y, radius * unit)
    return drawn


def _cover(drawn: NDArray[np.uint8], x: float, y: float, radius: float) -> None:
    """Go up to `_SHADES` places further in the table wherever a disc covers a pixel; less along its edge."""
    columns, rows = (slice(max(0, int(at - radius) - 1), int(at + radius) + 2) for at in (x, y))
    at = np.arange(drawn.shape[0]) + 0.5
    far = np.hypot(at[np.newaxis, columns] - x, at[rows, np.newaxis] - y)
    drawn[rows, columns] += np.round(_SHADES * np.clip(radius - far + 0.5, 0, 1)).astype(np.uint8)


def _between(first: tuple[int, ...], last: tuple[int, ...]) -> tuple[tuple[int, ...], ...]:
    return tuple(
        tuple(round(a + (b - a) * step / _SHADES) for a, b in zip(first, last, strict=True))
        for step in range(_SHADES + 1)
    )


def _png(places: NDArray[np.uint8], colours: tuple[tuple[int, ...], ...]) -> bytes:
    """A picture from a table of colours.

    Source:
        ISO/IEC 15948, Portable Network Graphics (third edition).
    """
    side = places.shape[0]
    header = struct.pack(">IIBBBBB", side, side, 8, 3, 0, 0, 0)  # eight bits a pixel, into a table of colours
    rows = np.pad(places, ((0, 0), (1, 0)))  # each row starts with its filter: 0, none
    chunks = (
        (b"IHDR", header),
        (b"PLTE", bytes(chain.from_iterable(colours))),
        (b"IDAT", zlib.compress(rows.tobytes(), 9)),
        (b"IEND", b""),
    )
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(name, content) for name, content in chunks)


def _chunk(name: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))
