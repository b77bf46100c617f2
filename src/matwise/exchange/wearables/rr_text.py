"""Intervals between beats, one to a line, in ms or s, as Elite HRV and many other apps export them: without a date."""

from __future__ import annotations

from collections.abc import Iterator

from matwise.exchange.wearables.beats import recorded
from matwise.exchange.wearables.lines import first_lines, lines, number_of
from matwise.exchange.wearables.maker import Found, Told
from matwise.exchange.wearables.opened import Opened
from matwise.sentence import Sentence

ID = "rr_text"
NAME: str = Sentence("Elite HRV or any list of beat intervals")

SOURCE = "Beat intervals"
_FEWEST = 5


def recognises(opened: Opened) -> bool:
    """Whether nearly every line is one positive number of the size of an interval."""
    said = [line for line in first_lines(opened) if not _is_head(line)]
    numbers = [number_of(line) for line in said]
    good = [one for one in numbers if one is not None and (200 <= one <= 3000 or 0.2 <= one <= 3)]
    return len(said) >= _FEWEST and len(good) >= 0.8 * len(said)


def read(opened: Opened, told: Told) -> Iterator[Found]:
    """One recording; lines that begin with a letter or # are passed over.

    Raises:
        ImportRejectedError: it is no text, or there is no end to it.
    """
    rows = ((number, line, number_of(line)) for number, line in lines(opened) if not _is_head(line))
    yield from recorded(opened, SOURCE, told.at, rows)


def _is_head(line: str) -> bool:
    return line[0].isalpha() or line[0] == "#"
