"""What can be measured, read from `measures.yaml`."""

from __future__ import annotations

import functools
from datetime import date
from pathlib import Path

import msgspec

from matwise.content.reader import HERE, ContentError, read
from matwise.errors import ONE_OF, InvalidInputError, Problem
from matwise.measures.reading import Measure
from matwise.sentence import Sentence

FILE = HERE / "measures.yaml"


class _Measure(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    id: str
    name: Sentence
    unit: str
    unit_shown: Sentence
    decimals: int
    usual: tuple[float, float]
    possible: tuple[float, float]
    loinc: str | None = None


class _File(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    reviewed_on: date
    measures: tuple[_Measure, ...]


@functools.cache
def measures() -> dict[str, Measure]:
    """Every measure by its id, in the order of the file.

    Raises:
        ContentError: the file can't be read, or a measure in it can't be meant.
    """
    return measures_in(FILE)


def measures_in(path: Path) -> dict[str, Measure]:
    """Like `measures`, of any file."""
    document = read(path, _File)
    problems, found = [], {}
    for number, one in enumerate(document.value.measures):
        at = f"$.measures[{number}]"
        if one.id in found:
            problems.append(document.problem(f"{at}.id", repr(one.id), "an id of its own"))
        if not one.possible[0] <= one.usual[0] < one.usual[1] <= one.possible[1]:
            got = f"usual {list(one.usual)}, possible {list(one.possible)}"
            problems.append(document.problem(f"{at}.usual", got, "from low to high, within what is possible"))
        found[one.id] = Measure(**msgspec.structs.asdict(one))
    if problems:
        raise ContentError(*problems)
    return found


def measure(measure_id: str) -> Measure:
    """One measure by its id.

    Raises:
        InvalidInputError: there is no such measure.
    """
    try:
        return measures()[measure_id]
    except KeyError:
        known = ONE_OF.format(known=", ".join(measures()))
        raise InvalidInputError(Problem("measure", repr(measure_id), known)) from None
