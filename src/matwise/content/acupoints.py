"""The 361 points of the WHO standard by our own rules, read from `acupoints.csv`.

Codes, names and distances are facts; the words and the places on the body's map are our own.
"""

from __future__ import annotations

import functools
from datetime import date
from pathlib import Path

from matwise.contact.acupoint import CHANNELS, Acupoint
from matwise.contact.cun import Place, Rule
from matwise.content.reader import HERE, ContentError
from matwise.content.sources import sources
from matwise.content.table import Row, table
from matwise.errors import InvalidInputError, Problem
from matwise.screening.rule import Source
from matwise.sentence import Sentence

FILE = HERE / "acupoints.csv"
COLUMNS = (
    *("code", "name", "place", "landmark", "up_cun", "along_share", "beside_cun", "around_deg", "across_share"),
    *("error_cm", "settled", "where"),
)
COUNTS = dict(zip(CHANNELS, (11, 20, 45, 21, 9, 19, 67, 27, 9, 23, 44, 14, 28, 24), strict=True))
KNOWN = Sentence(
    "What is known: the codes, names and rules of 361 points were agreed on in 2008; 92 of them had been disputed, and "
    "6 still are. Different acupuncturists who look for the same point land centimetres apart: in one "
    "study 22 mm off on average for LU4 and 8 mm for TE8."
)
NOT_KNOWN = Sentence(
    "What is not known: whether a point differs from the skin beside it, and whether pressing one does anything that "
    "pressing beside it does not. On a mat the question hardly arises: it presses both alike. The places drawn here "
    "are computed for a body of your height and weight; nobody has measured yours."
)
REVIEWED_ON = date(2026, 11, 24)
SOURCES = ("who_points", "points_settled", "godson_2019", "aird_2002", "cun_accuracy")


@functools.cache
def acupoints() -> tuple[Acupoint, ...]:
    """Every point, channel by channel.

    Raises:
        ContentError: the file can't be read, a row is broken, or a point is missing or stands there twice.
    """
    return acupoints_in(FILE)


def known_from() -> tuple[Source, ...]:
    """Who says what `KNOWN` and `NOT_KNOWN` say."""
    return tuple(sources()[one] for one in SOURCES)


def acupoints_in(path: Path) -> tuple[Acupoint, ...]:
    """The points of this file.

    Raises:
        ContentError: see `acupoints`.
    """
    points: list[Acupoint] = []
    problems: list[Problem] = []
    for row in table(path, COLUMNS):
        try:
            points.append(_point(row))
        except InvalidInputError as error:
            problems += error.problems
    codes = [point.code for point in points]
    wanted = [f"{channel}{n}" for channel in CHANNELS for n in range(1, COUNTS[channel] + 1)]
    if not problems and codes != wanted:
        wrong = sorted(set(codes) ^ set(wanted)) or [a for a, b in zip(codes, wanted, strict=False) if a != b]
        problems.append(Problem(path.name, ", ".join(wrong[:5]), "each of the 361 once, channel by channel"))
    if problems:
        raise ContentError(*problems)
    return tuple(points)


def _point(row: Row) -> Acupoint:
    places = [place.value for place in Place]
    if row.cells["place"] not in places:
        raise ContentError(row.problem("place", f"one of {', '.join(places)}"))
    if row.cells["settled"] not in {"yes", "no"}:
        raise ContentError(row.problem("settled", "yes or no"))
    for column in ("name", "where"):
        if not row.cells[column].strip():
            raise ContentError(row.problem(column, "a text"))
    try:
        rule = Rule(
            place=Place(row.cells["place"]),
            landmark=row.cells["landmark"] or None,
            up_cun=row.figure("up_cun"),
            along_share=row.figure("along_share"),
            beside_cun=row.figure("beside_cun"),
            around_deg=row.figure("around_deg"),
            across_share=row.figure("across_share"),
        )
        return Acupoint(
            code=row.cells["code"],
            name=row.cells["name"],
            rule=rule,
            error_cm=row.figure("error_cm") or 0.0,
            settled=row.cells["settled"] == "yes",
            where=Sentence(row.cells["where"]),
        )
    except ContentError:
        raise
    except InvalidInputError as error:
        at = f"{row.path.name} line {row.line}"
        raise ContentError(*(Problem(f"{at}, {one.where}", one.got, one.want) for one in error.problems)) from None
