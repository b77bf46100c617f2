"""See what a trial can show before its first day, so that nobody starts one that can't answer."""

from __future__ import annotations

import functools
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from matwise.errors import InvalidInputError, Problem
from matwise.measures.rating import Scale
from matwise.practice import measure
from matwise.store.database import Database
from matwise.trial.design import Arm, Design, Question

# What calculates is imported where it is needed: the first page does not wait for it.
if TYPE_CHECKING:
    from matwise.trial.forecast import Chance

LENGTHS = (28, 56, 84)  # days; shown beside the length that was chosen


@dataclass(frozen=True, slots=True)
class Outlook:
    """A design that can be used, the rating it asks about, and the chance of a clear answer by length."""

    design: Design
    scale: Scale
    chances: tuple[Chance, ...]

    @property
    def chosen(self) -> Chance:
        """The chance of the length that was chosen."""
        return next(chance for chance in self.chances if chance.days == self.design.days)


def outlook(
    db: Database, *, scale: str, versus: str, days: int, block_days: int, washin_days: int, starts_on: date, today: date
) -> Outlook:
    """What a trial of this design can show, where the true difference is one point.

    Raises:
        InvalidInputError: names everything about the design that can't be used.
    """
    from matwise.trial.schedule import schedule

    problems: list[Problem] = []
    known = {one.id: one for one in measure.scales(db)}
    if scale not in known:
        problems.append(Problem("scale", repr(scale), "one of " + ", ".join(known)))
    if versus not in (Arm.REST, Arm.NOTHING):
        problems.append(Problem("compared with", repr(versus), "rest or nothing"))
    if starts_on < today:
        problems.append(Problem("first day", starts_on.isoformat(), "today or a day to come"))
    against = Arm.REST if problems else Arm(versus)
    # The seed only says how days would be dealt; the chances are averaged over many ways to deal them.
    design = Design(Question(scale, against), days, block_days, washin_days, starts_on, 0)
    try:
        schedule(design)
    except InvalidInputError as error:
        problems += error.problems
    if problems:
        raise InvalidInputError(*problems)
    lengths = tuple(sorted({*LENGTHS, days}))
    return Outlook(design, known[scale], _chances(versus, block_days, washin_days, lengths))


@functools.cache
def _chances(versus: str, block_days: int, washin_days: int, lengths: tuple[int, ...]) -> tuple[Chance, ...]:
    from matwise.trial.forecast import chances

    any_day = date(2000, 1, 3)  # the calendar plays no part
    design = Design(Question("pain", Arm(versus)), max(lengths), block_days, washin_days, any_day, 0)
    return chances(design, lengths)
