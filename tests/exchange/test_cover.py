from __future__ import annotations

import struct
import zlib
from pathlib import Path
from xml.etree import ElementTree as ET

import numpy as np
import pytest
from numpy.typing import NDArray

import matwise.web
from matwise.errors import InvalidInputError
from matwise.exchange.cover import LARGEST_PX, SMALLEST_PX, cover

MARK = Path(matwise.web.__file__).parent / "static" / "mark.svg"


def decoded(png: bytes) -> tuple[NDArray[np.uint8], int]:
    """The picture as (side, side, 3), and how many colours its table has."""
    assert png[:8] == b"\x89PNG\r\n\x1a\n"
    chunks, at = {}, 8
    while at < len(png):
        (length,) = struct.unpack_from(">I", png, at)
        name, content = png[at + 4 : at + 8], png[at + 8 : at + 8 + length]
        assert struct.unpack_from(">I", png, at + 8 + length)[0] == zlib.crc32(name + content)
        chunks[name.decode()] = content
        at += 12 + length
    assert list(chunks) == ["IHDR", "PLTE", "IDAT", "IEND"]
    width, height, *rest = struct.unpack(">IIBBBBB", chunks["IHDR"])
    assert rest == [8, 3, 0, 0, 0]
    rows = np.frombuffer(zlib.decompress(chunks["IDAT"]), dtype=np.uint8).reshape(height, width + 1)
    assert not rows[:, 0].any()
    colours = np.frombuffer(chunks["PLTE"], dtype=np.uint8).reshape(-1, 3)
    return colours[rows[:, 1:]], len(colours)


@pytest.mark.parametrize("side_px", [48, 600, 1400])
def test_a_cover_is_a_whole_square_png_of_the_size_it_tells(side_px: int) -> None:
    made = cover(side_px)
    picture, colours = decoded(made.png)

    assert picture.shape == (side_px, side_px, 3)
    assert (made.side_px, made.colours) == (side_px, colours)
    assert len(made.png) < 40_000


def test_every_circle_of_the_mark_is_in_the_cover_where_the_mark_has_it() -> None:
    picture = decoded(cover(480).png)[0].astype(int)
    drawn = ET.parse(MARK)  # noqa: S314 - our own file
    circles = [element for element in drawn.iter() if element.tag.endswith("circle")]
    spikes = circles[1:]

    assert len(spikes) == 19
    for spike in spikes:
        x, y, radius = (10 * float(spike.attrib[name]) for name in ("cx", "cy", "r"))
        inside = picture[round(y), round(x)]
        beside = picture[round(y), round(x + radius + 3)]
        assert tuple(inside) == (0xFB, 0xF6, 0xEE)
        assert tuple(beside) == (0x9C, 0x4A, 0x2F)
        assert tuple(picture[round(y), round(x + radius - 3)]) == (0xFB, 0xF6, 0xEE)


def test_the_cover_is_the_same_every_time() -> None:
    assert cover(100).png == cover.__wrapped__(100).png


@pytest.mark.parametrize("side_px", [SMALLEST_PX - 1, LARGEST_PX + 1])
def test_a_size_nobody_needs_is_refused(side_px: int) -> None:
    with pytest.raises(InvalidInputError, match="side_px"):
        cover(side_px)
