"""See what a trial can show before its first day, so that nobody starts one that can't answer."""

from __future__ import annotations

import functools
import secrets
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from matwise.content.scales import NAP
from matwise.errors import ONE_OF, InvalidInputError, Problem
from matwise.measures.rating import Scale
from matwise.practice import measure
from matwise.practice.answer import ARMS, NAPS_NEED_SESSIONS, NO_SESSION, TODAY_OR_LATER
from matwise.sentence import Sentence
from matwise.store.database import Database
from matwise.trial.design import COMPARABLE, Arm, Design, Order, Question, Schedule, Versus, read_versus

# What calculates is imported where it is needed: the first page does not wait for it.
if TYPE_CHECKING:
    from matwise.trial.baseline import Spread
    from matwise.trial.forecast import Chance
    from matwise.trial.stopping import Characteristics

LENGTHS = (28, 42, 56, 84, 112)  # days; shown beside the length that was chosen
# Designs that are compared where none is named: the word for it, days per block, order.
DESIGNS = {
    "1": (1, Order.RANDOM),
    "2": (2, Order.RANDOM),
    "4": (4, Order.RANDOM),
    "7": (7, Order.RANDOM),
    "abba": (4, Order.ABBA),
}
A_FILE_ALONE = Sentence("a file or a column alone")
WITH_ITS_COLUMN = Sentence("a file together with its column (outcome)")
OWN_DAYS, FEWEST_OWN = 56, 7  # ratings of so many days before today, if there are so many of them
_MISSING = 0.1  # share of evenings that are taken not to be rated
_ANY_DAY = date(2000, 1, 3)  # where the calendar plays no part


@dataclass(frozen=True, slots=True)
class Outlook:
    """A design that can be used, the rating it asks about, and the chance of a clear answer by length.

    `spread` is what was taken of the person's ratings; its `days` are 0 where they are typical figures.
    """

    design: Design
    scale: Scale
    chances: tuple[Chance, ...]
    spread: Spread

    @property
    def chosen(self) -> Chance:
        """The chance of the length that was chosen."""
        return next(chance for chance in self.chances if chance.days == self.design.days)

    @property
    def days_for_half(self) -> int | None:
        """About how many days give an even chance; None: more than the longest trial has."""
        return self._days_for(0.5)

    @property
    def days_for_probable(self) -> int | None:
        """About how many days give a chance of 80 %; None: more than the longest trial has."""
        return self._days_for(0.8)

    @property
    def can_succeed(self) -> bool:
        """Whether any length up to the longest gives an even chance at least."""
        return self.days_for_half is not None

    def _days_for(self, share: float) -> int | None:
        from matwise.trial.forecast import days_for

        return days_for(self.chances, share)


@dataclass(frozen=True, slots=True)
class Power:
    """One line of the power table: a design, its chances by length, and the days for an even chance and for 80 %."""

    word: str
    block_days: int
    order: Order
    chances: tuple[Chance, ...]
    days_for_half: int | None
    days_for_probable: int | None


@dataclass(frozen=True, slots=True)
class PowerTable:
    """Chances to see a difference of `effect` points, by design and length, for somebody whose ratings differ so."""

    versus: Arm | Versus
    effect: float
    spread: Spread
    missing: float
    lines: tuple[Power, ...]

    @property
    def can_succeed(self) -> bool:
        """Whether any design gives an even chance at least."""
        return any(line.days_for_half is not None for line in self.lines)


def outlook(  # noqa: PLR0913 – each is one field of the form
    db: Database,
    *,
    scale: str,
    versus: str,
    days: int,
    block_days: int,
    washin_days: int,
    starts_on: date,
    today: date,
    order: str = "random",
    cannot: frozenset[date] = frozenset(),
    from_own_days: bool = False,
) -> Outlook:
    """What a trial of this design can show, where the true difference is one point.

    With `from_own_days` the person's evening ratings of the last eight weeks say how much their days differ, as soon as
    there are seven.

    Raises:
        InvalidInputError: names everything about the design that can't be used.
    """
    from matwise.trial.baseline import TYPICAL, baseline

    problems: list[Problem] = []
    known = {one.id: one for one in measure.outcomes(db)}
    if scale not in known:
        problems.append(Problem("scale", repr(scale), ONE_OF.format(known=", ".join(known))))
    if scale == NAP and versus in NO_SESSION:
        problems.append(Problem("compared with", repr(versus), NAPS_NEED_SESSIONS))
    if starts_on < today:
        problems.append(Problem("first day", starts_on.isoformat(), TODAY_OR_LATER))
    # The seed only says how days would be dealt; the chances are averaged over many ways to deal them.
    wanted = _Wanted(scale, versus, days, block_days, washin_days, starts_on, 0, order, cannot)
    design = _design(wanted, problems)
    if problems:
        raise InvalidInputError(*problems)
    own = _own_days(db, scale, today) if from_own_days else []
    enough = sum(one is not None for one in own) >= FEWEST_OWN
    spread = baseline(own) if enough else TYPICAL
    lengths = tuple(sorted({*LENGTHS, days}))
    told = _chances(design.question.versus, block_days, washin_days, design.order, lengths, spread, 1.0)
    return Outlook(design, known[scale], told, spread)


def power(
    *,
    designs: tuple[str, ...] = tuple(DESIGNS),
    versus: str = "rest",
    sd: float | None = None,
    rho: float | None = None,
    baseline_file: Path | None = None,
    outcome: str | None = None,
    effect: float = 1.0,
) -> PowerTable:
    """The chance to see a difference in 28 to 112 days, by design, before anything begins.

    Carry-over is allowed for as the answer does; one evening in ten is taken to be missed.

    Args:
        designs: keys of `DESIGNS`.
        versus: rest, breath, nothing or both.
        sd: how much ratings differ from day to day, in points; typical if not given.
        rho: correlation of one day with the next; typical if not given.
        baseline_file: a table of one's own days to take both from.
        outcome: its column.
        effect: the true difference in points.

    Raises:
        InvalidInputError: names everything that can't be used.
    """
    from matwise.trial.baseline import TYPICAL, Spread, baseline_of_table
    from matwise.trial.forecast import days_for

    problems = _power_problems(designs, versus, effect, baseline_file, outcome, sd, rho)
    if problems:
        raise InvalidInputError(*problems)
    if baseline_file is not None and outcome is not None:
        from matwise.practice.table import read_text

        spread = baseline_of_table(read_text(baseline_file), outcome)
    else:
        spread = Spread(TYPICAL.day_spread if sd is None else sd, TYPICAL.rho if rho is None else rho)
    against, lines = read_versus(versus), []
    for word in designs:
        block_days, order = DESIGNS[word]
        told = _chances(against, block_days, 0, order, LENGTHS, spread, effect)
        lines.append(Power(word, block_days, order, told, days_for(told, 0.5), days_for(told, 0.8)))
    return PowerTable(against, effect, spread, _MISSING, tuple(lines))


def deal(
    *,
    versus: str,
    days: int,
    block_days: int,
    order: str,
    washin_days: int,
    starts_on: date,
    cannot: frozenset[date],
    seed: int | None = None,
) -> Schedule:
    """The days of a trial, dealt but not begun; without a seed by a new one.

    Raises:
        InvalidInputError: names everything about the design that can't be used.
    """
    from matwise.trial.schedule import schedule

    problems: list[Problem] = []
    chosen = secrets.randbits(32) if seed is None else seed
    wanted = _Wanted("pain", versus, days, block_days, washin_days, starts_on, chosen, order, cannot)
    design = _design(wanted, problems)
    if problems:
        raise InvalidInputError(*problems)
    return schedule(design)


@functools.cache
def stopping_rules(design: Design) -> dict[str, Characteristics]:
    """How often a useless mat would be called helpful: by the rule that is kept to, in rounds only, and as if once.

    Two seconds of one core for the first time.
    """
    import numpy as np

    from matwise.trial import stopping

    rules = {"offered": stopping.OFFERED, "rounds": stopping.ROUNDS, "as_if_once": stopping.AS_IF_ONCE}
    rng = np.random.Generator(np.random.PCG64(0))
    return dict(
        zip(rules, stopping.side_by_side(design, tuple(rules.values()), stopping.Simulated(), rng), strict=True)
    )


@functools.cache
def _chances(
    versus: Arm | Versus,
    block_days: int,
    washin_days: int,
    order: Order,
    lengths: tuple[int, ...],
    spread: Spread,
    effect: float,
) -> tuple[Chance, ...]:
    from matwise.trial.forecast import chances

    design = Design(Question("pain", versus), max(lengths), block_days, washin_days, _ANY_DAY, 0, order)
    return chances(design, lengths, spread=spread, effect=effect, missing=_MISSING)


@dataclass(frozen=True, slots=True)
class _Wanted:
    """A design in the words of a form or a command line."""

    scale: str
    versus: str
    days: int
    block_days: int
    washin_days: int
    starts_on: date
    seed: int
    order: str
    cannot: frozenset[date]


def _design(wanted: _Wanted, problems: list[Problem]) -> Design:
    """The design; what can't be used of it joins `problems`."""
    from matwise.trial.schedule import schedule

    found = _choice_problems(wanted.versus, wanted.order)
    # Where a word can't be read, one that fits the rest lets everything else be checked all the same.
    instead = Versus.BOTH if wanted.order == Order.LATIN_SQUARE else Arm.REST
    readable = wanted.versus in COMPARABLE
    design = Design(
        Question(wanted.scale, read_versus(wanted.versus) if readable else instead),
        wanted.days,
        wanted.block_days,
        wanted.washin_days,
        wanted.starts_on,
        wanted.seed,
        Order(wanted.order) if wanted.order in set(Order) else Order.RANDOM,
        wanted.cannot,
    )
    problems += found
    try:
        schedule(design)
    except InvalidInputError as error:
        problems += error.problems
    return design


def _choice_problems(versus: str, order: str = "random") -> list[Problem]:
    problems = []
    if versus not in COMPARABLE:
        problems.append(Problem("compared with", repr(versus), ARMS))
    if order not in set(Order):
        problems.append(Problem("order", repr(order), ONE_OF.format(known=", ".join(Order))))
    return problems


def _power_problems(
    designs: tuple[str, ...],
    versus: str,
    effect: float,
    baseline_file: Path | None,
    outcome: str | None,
    sd: float | None,
    rho: float | None,
) -> list[Problem]:
    problems = [
        Problem("design", repr(word), ONE_OF.format(known=", ".join(DESIGNS)))
        for word in designs
        if word not in DESIGNS
    ]
    problems += _choice_problems(versus)
    if not 0 < abs(effect) < 1e6:
        problems.append(Problem("effect", f"{effect:g}", Sentence("a difference in points, not 0")))
    if sd is not None and not 0 < sd < 1e6:
        problems.append(Problem("sd", f"{sd:g}", Sentence("a number above 0")))
    if rho is not None and not -1 < rho < 1:
        problems.append(Problem("rho", f"{rho:g}", Sentence("a number between −1 and 1")))
    if (baseline_file is None) != (outcome is None):
        problems.append(Problem("baseline", A_FILE_ALONE, WITH_ITS_COLUMN))
    if baseline_file is not None and (sd is not None or rho is not None):
        problems.append(Problem("baseline", Sentence("a file beside sd or rho"), Sentence("one of the two")))
    return problems


def _own_days(db: Database, scale: str, today: date) -> list[float | None]:
    given = measure.by_day(db, scale)
    return [given.get(today - timedelta(days=back)) for back in range(OWN_DAYS, 0, -1)]
