"""Intervals between beats, one to a line, in ms or s, as Elite HRV and many other apps export them: without a date."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from matwise.errors import InvalidInputError, Problem
from matwise.exchange.wearables.beats import recorded
from matwise.exchange.wearables.lines import first_lines, lines, number_of
from matwise.exchange.wearables.maker import Found, Told
from matwise.exchange.wearables.opened import Opened
from matwise.sentence import Sentence

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

ID = "rr_text"
NAME: str = Sentence("Elite HRV or any list of beat intervals")

SOURCE = "Beat intervals"
_FEWEST = 5
MOST_BEATS = 100_000  # a day's worth
_DECIMAL_COMMA = re.compile(r"\d,\d+")
_NUMBER = re.compile(r"\d+(?:[.,]\d+)?")


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


def read_pasted(text: str) -> NDArray[np.float64]:
    """Intervals between beats in ms of a list that somebody pasted: one to a line, in ms or in s.

    Empty lines and lines that begin with a letter or # are passed over; of several columns the last one counts. A line
    that is no interval is theirs to mend, so unlike in a file nothing is read without it.

    Raises:
        InvalidInputError: there is no interval in it, or a line that is none; names the first such line.
    """
    import numpy as np

    stripped = [(number, line.strip()) for number, line in enumerate(text.splitlines(), 1)]
    said = [(number, line) for number, line in stripped if line and not _is_head(line)]
    # "0,812" is a decimal comma only if every line looks like it; "1,812" may as well be beat 1, 812 ms.
    between = r"[;\t ]+" if all(_DECIMAL_COMMA.fullmatch(line) for _, line in said) else r"[;,\t ]+"
    if len(said) > MOST_BEATS:
        raise InvalidInputError(
            Problem(
                "recording",
                Sentence("{number} lines").format(number=len(said)),
                Sentence("at most {most}").format(most=MOST_BEATS),
            )
        )
    found: list[float] = []
    for number, line in said:
        last = re.split(between, line)[-1]
        if _NUMBER.fullmatch(last) is None:
            want = Sentence("one interval between two beats, such as 812")
            raise InvalidInputError(Problem(f"recording, line {number}", ascii(line)[:40], want))
        found.append(float(last.replace(",", ".")))
    if not found:
        raise InvalidInputError(
            Problem("recording", Sentence("no interval"), Sentence("the intervals between beats, one to a line"))
        )
    rr = np.array(found)
    return rr * 1000 if np.median(rr) < 10 else rr


def _is_head(line: str) -> bool:
    return line[0].isalpha() or line[0] == "#"
