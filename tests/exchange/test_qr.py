from __future__ import annotations

import re
from xml.etree import ElementTree as ET

import numpy as np
import pytest
import zxingcpp
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from matwise.errors import InvalidInputError
from matwise.exchange.qr import LONGEST_LINK, blocks, svg

LINK = "http://192.168.178.24:8000/feed/2n5Qx_k-0aYd7tRw.xml"
LINKS = st.text(st.characters(min_codepoint=33, max_codepoint=126), min_size=1, max_size=LONGEST_LINK)


def drawn(picture: str) -> NDArray[np.uint8]:
    """The dark squares of the SVG as a picture of eight px each: every path is lines of `M`, `m` and `h` alone."""
    root = ET.fromstring(picture)  # noqa: S314 - our own text
    side = int(root.attrib["viewBox"].split()[2])
    squares = np.full((side, side), 255, dtype=np.uint8)
    ground, path = (one for one in root if one.tag.endswith("path"))
    assert ground.attrib["fill"] == "#fff"
    x = y = 0.0
    for command, numbers in re.findall(r"([Mmh])([-\d. ]+)", path.attrib["d"]):
        told = [float(number) for number in re.findall(r"-?[\d.]+", numbers)]
        if command == "M":
            x, y = told
        elif command == "m":
            x, y = x + told[0], y + told[1]
        else:
            squares[int(y - 0.5), int(x) : int(x + told[0])] = 0
            x += told[0]
    return np.kron(squares, np.ones((8, 8), dtype=np.uint8))


def read(squares: NDArray[np.uint8]) -> list[str]:
    return [found.text for found in zxingcpp.read_barcodes(squares)]


def test_a_phone_reads_the_link() -> None:
    assert read(drawn(svg(LINK, "Open on the phone"))) == [LINK]


@settings(max_examples=40)
@given(link=LINKS)
def test_every_link_comes_back_to_the_letter(link: str) -> None:
    assert read(drawn(svg(link, "Open"))) == [link]


def test_a_phone_reads_the_link_in_a_terminal() -> None:
    rows = blocks(LINK).splitlines()
    upper = np.array([[255 * (character not in "▀█") for character in row] for row in rows], dtype=np.uint8)
    lower = np.array([[255 * (character not in "▄█") for character in row] for row in rows], dtype=np.uint8)
    squares = np.stack((upper, lower), axis=1).reshape(-1, upper.shape[1])

    assert read(np.kron(squares, np.ones((8, 8), dtype=np.uint8))) == [LINK]


def test_the_picture_is_named_and_can_run_nothing() -> None:
    picture = svg(LINK, 'Öffne <this> & "that"')
    root = ET.fromstring(picture)  # noqa: S314 - our own text

    assert root[0].text == 'Öffne <this> & "that"'
    assert {element.tag.rpartition("}")[2] for element in root.iter()} == {"svg", "title", "path"}
    assert {name for element in root.iter() for name in element.attrib} == {"viewBox", "fill", "stroke", "d"}


def test_four_empty_squares_lie_around_it() -> None:
    squares = drawn(svg(LINK, "Open"))
    border = 4 * 8

    assert squares[:border].min() == squares[-border:].min() == 255
    assert squares[:, :border].min() == squares[:, -border:].min() == 255
    assert squares[border, border] == 0


@pytest.mark.parametrize("link", ["", "http://mat.example/ü", "http://mat.example/\n", "x" * (LONGEST_LINK + 1)])
def test_what_is_no_link_is_refused(link: str) -> None:
    with pytest.raises(InvalidInputError, match="link"):
        svg(link, "Open")
    with pytest.raises(InvalidInputError, match="link"):
        blocks(link)
