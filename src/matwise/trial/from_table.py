"""The answer of a whole table of days."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace
from typing import TypeVar

from matwise.errors import InvalidInputError, Problem
from matwise.inference.regression import Carryover
from matwise.measures.rating import Better
from matwise.sentence import Sentence
from matwise.trial.analysis import Asked, analyse, still_needed
from matwise.trial.answer import Answer, answer_of
from matwise.trial.options import NO_ADJUSTMENT, Adjustment, PriorChoice, RatingRange, read_carryover, read_range
from matwise.trial.series import Series, leave_out
from matwise.trial.table import parse_series, parse_table

_T = TypeVar("_T")


def answer_table(
    text: str,
    outcome: str,
    *,
    compare: tuple[str, str] = ("mat", "rest"),
    better: str = "lower",
    scale: str = "0:10",
    carryover: str = "average",
    priors: PriorChoice | None = None,
    smallest_change: float | None = None,
    adjustment: Adjustment | None = None,
) -> Answer:
    """The answer of a whole table of days.

    Args:
        text: the table (`table.read_table` says how it looks).
        outcome: the column of ratings.
        compare: the arm asked about, then the one it is compared with.
        better: `lower` or `higher`.
        scale: `0:10`, any LOW:HIGH, or `free`.
        carryover: `none`, `average`, or the days left out after each switch.
        priors: figures to take in place of the usual priors.
        smallest_change: the smallest difference that matters, on the rating.
        adjustment: what else is allowed for.

    Raises:
        InvalidInputError: names everything that can't be used, line by line.
    """
    problems: list[Problem] = []
    allowed = adjustment or NO_ADJUSTMENT
    range_ = _collect(problems, read_range, scale, RatingRange(-math.inf, math.inf))
    handling = _collect(problems, read_carryover, carryover, Carryover())
    table, table_problems = parse_table(text)
    days, column_problems = parse_series(table, outcome, range_, allowed.columns) if table.rows else (Series(()), [])
    compared = (compare[0].strip().lower(), compare[1].strip().lower())
    problems += [*table_problems, *column_problems, *_compare_problems(compared, table.arms)]
    problems += _choice_problems(better, smallest_change)
    if problems:
        raise InvalidInputError(*problems)
    asked = Asked(
        compared, Better(better), range_, handling, priors or PriorChoice(), smallest_change, adjustment=allowed
    )
    days = leave_out(days, handling.days_left_out)
    found = analyse(days, asked)
    needed = still_needed(days, asked, found)
    answer = answer_of(
        days,
        asked,
        found,
        outcome,
        ratings=Sentence("ratings of “{outcome}”").format(outcome=outcome),
        own_trial=False,
        days_needed=needed,
    )
    return replace(answer, warnings=(*table.warnings, *answer.warnings), scale=scale.strip().lower())


def _compare_problems(compared: tuple[str, str], arms: tuple[str, ...]) -> list[Problem]:
    if not arms:
        return []
    if len(arms) == 1:
        return [
            Problem("arm", Sentence("{arm} on every line").format(arm=arms[0]), Sentence("days of at least two arms"))
        ]
    known = ", ".join(arms)
    problems = [
        Problem("compare", repr(arm), Sentence("one of the arms {known}").format(known=known))
        for arm in compared
        if arm not in arms
    ]
    if compared[0] == compared[1]:
        problems.append(
            Problem(
                "compare", ":".join(compared), Sentence("two different ones of the arms {known}").format(known=known)
            )
        )
    return problems


def _choice_problems(better: str, smallest_change: float | None) -> list[Problem]:
    problems = []
    if better not in set(Better):
        problems.append(Problem("better", repr(better), Sentence("lower or higher")))
    if smallest_change is not None and not (math.isfinite(smallest_change) and smallest_change > 0):
        problems.append(Problem("smallest change", f"{smallest_change:g}", Sentence("a number above 0")))
    return problems


def _collect(problems: list[Problem], read: Callable[[str], _T], text: str, otherwise: _T) -> _T:
    """What `read` makes of a text; where it can't, its problems are added and the rest is read all the same."""
    try:
        return read(text)
    except InvalidInputError as error:
        problems += error.problems
        return otherwise
