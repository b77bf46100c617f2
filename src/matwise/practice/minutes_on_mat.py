"""Minutes on the mat: as somebody types them, and how many a session can have had."""

from __future__ import annotations

from matwise.errors import InvalidInputError, Problem
from matwise.plan.rung import Rung
from matwise.practice.wishes import Wanted
from matwise.sentence import Sentence
from matwise.session.wishes import FIVE_MINUTES

WANTED = Sentence("minutes, 0 or more")


def typed(said: str) -> float | None:
    """Minutes as somebody typed them; None where nothing was typed.

    Raises:
        InvalidInputError: it is not a number of minutes.
    """
    if not said.strip():
        return None
    try:
        minutes = float(said.strip().replace(",", "."))
    except ValueError:
        raise InvalidInputError(Problem("minutes", ascii(said)[:40], WANTED)) from None
    return checked(minutes)


def checked(minutes: float) -> float:
    """The same minutes.

    Raises:
        InvalidInputError: less than none, or no end of them.
    """
    if not 0 <= minutes < float("inf"):
        raise InvalidInputError(Problem("minutes", f"{minutes:g}", WANTED))
    return minutes


def most(content: Wanted, minutes: int, planned: Rung) -> float:
    """How long a session of so many minutes can have been on the mat: five more where its content has them there."""
    more = FIVE_MINUTES if content.five_more and minutes + FIVE_MINUTES <= planned.minutes else 0
    return float(minutes + more)
