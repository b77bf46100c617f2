"""What may be chosen about an analysis, read from the words of a form or a command line."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass, replace

from matwise.errors import InvalidInputError, Problem
from matwise.inference.priors import Normal, Priors
from matwise.inference.regression import AVERAGE, NONE, Carryover
from matwise.sentence import Sentence

CARRYOVERS = Sentence("none, average, or a whole number of days from 0 to {most}")
LONGEST_LEFT_OUT_DAYS = 30
LONGEST_PERIOD_DAYS = 366


@dataclass(frozen=True, slots=True)
class RatingRange:
    """The ends of a rating, or a reading without ends (both infinite)."""

    low: float = 0.0
    high: float = 10.0

    @property
    def free(self) -> bool:
        """Whether there are no ends."""
        return math.isinf(self.low)

    @property
    def words(self) -> str:
        """What a value must be."""
        if self.free:
            return Sentence("a number")
        return Sentence("a number from {low:g} to {high:g}").format(low=self.low, high=self.high)

    def holds(self, value: float) -> bool:
        """Whether a value lies between the ends."""
        return self.low <= value <= self.high


@dataclass(frozen=True, slots=True)
class Adjustment:
    """What else is allowed for: columns of the table, the day of the week, periods of so many days (0: none)."""

    columns: tuple[str, ...] = ()
    weekday: bool = False
    period_days: int = 0

    @property
    def words(self) -> list[str]:
        """Each thing that is allowed for."""
        weekday = [Sentence("the day of the week")] if self.weekday else []
        period = [Sentence("periods of {days} days").format(days=self.period_days)] if self.period_days else []
        return [*(Sentence("“{name}”").format(name=name) for name in self.columns), *weekday, *period]


NO_ADJUSTMENT = Adjustment()
FREE = RatingRange(-math.inf, math.inf)


@dataclass(frozen=True, slots=True)
class PriorChoice:
    """Priors chosen in place of the usual ones: (mean, spread) pairs, the scale of σ; None keeps the usual."""

    level: tuple[float, float] | None = None
    effect: tuple[float, float] | None = None
    trend: tuple[float, float] | None = None
    sigma: float | None = None

    def over(self, usual: Priors) -> Priors:
        """The usual priors with these in their place."""
        pairs = {"level": self.level, "effect": self.effect, "trend": self.trend}
        chosen = {name: Normal(*pair) for name, pair in pairs.items() if pair is not None}
        sigma = usual.sigma if self.sigma is None else self.sigma
        return replace(usual, sigma=sigma, **chosen)


def read_range(text: str) -> RatingRange:
    """`0:10`, any other LOW:HIGH, or `free` for a reading without ends.

    Raises:
        InvalidInputError: it is neither.
    """
    if text.strip().lower() == "free":
        return FREE
    ends = _numbers(text.split(":"))
    if ends is None or len(ends) != 2 or not ends[0] < ends[1]:
        raise InvalidInputError(Problem("scale", repr(text), Sentence("LOW:HIGH such as 0:10, or free")))
    return RatingRange(*ends)


def read_compare(text: str) -> tuple[str, str]:
    """`mat:rest`: the arm asked about, then the one it is compared with.

    Raises:
        InvalidInputError: it does not name two different arms.
    """
    arms = [arm.strip().lower() for arm in text.split(":")]
    if len(arms) != 2 or not all(arms) or arms[0] == arms[1]:
        raise InvalidInputError(Problem("compare", repr(text), Sentence("two different arms, such as mat:rest")))
    return arms[0], arms[1]


def read_carryover(text: str) -> Carryover:
    """`none`, `average`, or how many days after each switch are left out.

    Raises:
        InvalidInputError: it is none of them.
    """
    said = text.strip().lower()
    if said == "none":
        return NONE
    if said == "average":
        return AVERAGE
    if said.isascii() and said.isdigit() and int(said) <= LONGEST_LEFT_OUT_DAYS:
        return Carryover(days_left_out=int(said))
    want = CARRYOVERS.format(most=LONGEST_LEFT_OUT_DAYS)
    raise InvalidInputError(Problem("carryover", repr(text), want))


def read_adjustment(words: Iterable[str]) -> Adjustment:
    """`weekday`, `period:DAYS`, or the name of a column of the table.

    Raises:
        InvalidInputError: a period has no number of days.
    """
    columns, weekday, period_days = [], False, 0
    for word in words:
        name, _, days = word.partition(":")
        if word == "weekday":
            weekday = True
        elif name == "period":
            if not (days.isascii() and days.isdigit() and 1 <= int(days) <= LONGEST_PERIOD_DAYS):
                raise InvalidInputError(
                    Problem(
                        "adjust",
                        repr(word),
                        Sentence("period:DAYS, 1 to {most} days").format(most=LONGEST_PERIOD_DAYS),
                    )
                )
            period_days = int(days)
        else:
            columns.append(word)
    return Adjustment(tuple(dict.fromkeys(columns)), weekday, period_days)


def read_priors(words: Iterable[str]) -> PriorChoice:
    """Priors such as `level=5,3`, `effect=0,2`, `trend=0,2` (mean, spread) and `sigma=2.5`, in one text or several.

    Raises:
        InvalidInputError: names every one that can't be read.
    """
    problems: list[Problem] = []
    pairs: dict[str, tuple[float, float]] = {}
    sigma: float | None = None
    for word in (part for given in words for part in given.split()):
        name, _, figures = word.partition("=")
        values = _numbers(figures.split(","))
        if name == "sigma" and values is not None and len(values) == 1 and values[0] > 0:
            sigma = values[0]
        elif name in ("level", "effect", "trend") and values is not None and len(values) == 2 and values[1] > 0:
            pairs[name] = (values[0], values[1])
        else:
            problems.append(Problem("prior", repr(word), _WANTED.get(name, _ANY_WANTED)))
    if problems:
        raise InvalidInputError(*problems)
    return PriorChoice(sigma=sigma, **pairs)


_WANTED = {
    "level": Sentence("level=MEAN,SPREAD such as level=5,3 (the spread above 0)"),
    "effect": Sentence("effect=MEAN,SPREAD such as effect=0,2 (the spread above 0)"),
    "trend": Sentence("trend=MEAN,SPREAD such as trend=0,2 (the spread above 0)"),
    "sigma": Sentence("sigma=SCALE such as sigma=2.5 (above 0)"),
}
_ANY_WANTED = Sentence("level=5,3, effect=0,2, trend=0,2 or sigma=2.5")


def _numbers(parts: list[str]) -> list[float] | None:
    try:
        values = [float(part) for part in parts]
    except ValueError:
        return None
    return values if all(map(math.isfinite, values)) else None
