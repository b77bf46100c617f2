"""How much a person's ratings differ from day to day, from typical people or from days of their own."""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from matwise.errors import InvalidInputError, Problem
from matwise.inference.mixture import Floats
from matwise.inference.priors import Normal, Priors
from matwise.inference.quadrature import log_density, log_prior_u, log_prior_v, rows
from matwise.inference.regression import NONE, Days, statistics
from matwise.sentence import Sentence
from matwise.trial.options import RatingRange
from matwise.trial.table import parse_series, read_table

# What is taken of a person on a 0–10 rating before any day of theirs is known, and how sure that is: nine people in ten
# lie between 0.8 and 2.9 points and between −0.2 and 0.8. A few weeks of days outweigh it.
TYPICAL_SPREAD, SPREAD_FACTOR = 1.5, 1.5
TYPICAL_RHO = Normal(0.3, 0.3)
_ROUNDING = 12**-0.5  # sd of the error of a rating in whole numbers: no day is known better
_LIKELY = 40  # pairs that stand for what is left uncertain


@dataclass(frozen=True, slots=True)
class Spread:
    """How a person's ratings differ from day to day.

    `day_spread` is their standard deviation in points, `rho` the correlation of one day with the next, `days` the rated
    days they come from (0: typical figures). `likely` are equally likely pairs (day_spread, rho): what is not known of
    the two; `day_spread_80` and `rho_80` hold four fifths of each.
    """

    day_spread: float
    rho: float
    days: int = 0
    likely: tuple[tuple[float, float], ...] = ()

    def __post_init__(self) -> None:
        problems = []
        if not (math.isfinite(self.day_spread) and self.day_spread > 0):
            problems.append(Problem("spread from day to day", f"{self.day_spread:g}", Sentence("a number above 0")))
        if not -1 < self.rho < 1:
            problems.append(
                Problem("correlation of neighbouring days", f"{self.rho:g}", Sentence("a number between −1 and 1"))
            )
        if problems:
            raise InvalidInputError(*problems)

    @property
    def pairs(self) -> tuple[tuple[float, float], ...]:
        """`likely`, or the two figures where nothing is left uncertain."""
        return self.likely or ((self.day_spread, self.rho),)

    @property
    def day_spread_80(self) -> tuple[float, float]:
        """The span that holds the day spread with 80 % certainty."""
        return _middle(tuple(one for one, _ in self.pairs))

    @property
    def rho_80(self) -> tuple[float, float]:
        """The span that holds ρ with 80 % certainty."""
        return _middle(tuple(one for _, one in self.pairs))


TYPICAL = Spread(TYPICAL_SPREAD, TYPICAL_RHO.mean)


def baseline(ratings: Sequence[float | None], range_: RatingRange | None = None) -> Spread:
    """Day-to-day spread and correlation from days on which nothing was compared.

    Both are drawn towards typical figures as far as the days leave them open; a drift over the days is allowed for.

    Args:
        ratings: one per day in order, None where there is none.
        range_: the ends of the rating, 0 to 10 unless told.

    Raises:
        InvalidInputError: no rated day, or a rating that is not on the scale.
    """
    allowed = range_ or RatingRange()
    y = np.array([np.nan if one is None else one for one in ratings], dtype=np.float64)
    rated = int((~np.isnan(y)).sum())
    problems = [] if rated else [Problem("baseline", Sentence("no rated day"), Sentence("days with ratings"))]
    problems += [
        Problem(f"baseline day {nth}", f"{one:g}", allowed.words)
        for nth, one in enumerate(ratings, start=1)
        if one is not None and not (math.isfinite(one) and allowed.holds(one))
    ]
    if problems:
        raise InvalidInputError(*problems)
    stretch = 1.0 if allowed.free else (allowed.high - allowed.low) / 10
    spread, rho, weight = _posterior(y / stretch, 0.0 if allowed.free else allowed.low / stretch)
    likely = _resampled(spread * stretch, rho, weight)
    usual = float(np.exp((weight * np.log(spread)).sum())) * stretch
    return Spread(usual, float((weight * rho).sum()), rated, likely)


def baseline_of_table(text: str, outcome: str) -> Spread:
    """`baseline` of a column of a table of days; the table needs no arms.

    Raises:
        InvalidInputError: names every line and column that can't be used.
    """
    table = read_table(_with_arm(text))
    days, problems = parse_series(table, outcome, RatingRange())
    if problems:
        raise InvalidInputError(*problems)
    by_day = {one.day: one.y for one in days.days}
    return baseline([by_day.get(day) for day in range(min(by_day), max(by_day) + 1)])


def _with_arm(text: str) -> str:
    """The table with a column of arms, where it has none."""
    lines = text.removeprefix("\ufeff").splitlines()
    header = next((line for line in lines if line.strip()), "")
    separator = next((mark for mark in (",", ";", "\t") if mark in header), ",")
    if "arm" in [name.strip().lower() for name in header.split(separator)]:
        return text
    told = io.StringIO()
    writer = csv.writer(told, delimiter=separator, lineterminator="\n")
    named = False
    for cells in csv.reader(lines, delimiter=separator):
        filled = any(cell.strip() for cell in cells)
        writer.writerow([*cells, "baseline" if named else "arm"] if filled else cells)
        named |= filled
    return told.getvalue()


def _posterior(y: Floats, low: float) -> tuple[Floats, Floats, Floats]:
    """Day spread, ρ and posterior weight on a fixed grid; level and drift integrated out."""
    priors = Priors.for_rating(low, low + 10)
    stats = statistics(Days(np.arange(1, y.size + 1), np.zeros(y.size, dtype=np.int64), y), priors, NONE)
    u = np.linspace(-1.2, 2.2, 69)
    v = np.linspace(math.log(_ROUNDING), math.log(10.0), 72)
    grid = rows(stats, priors, u[None])
    log_mass = log_density(grid, np.broadcast_to(v, (1, u.size, v.size)), priors)[0]
    # The answer's own wide priors of σ and ρ are taken out, what is known of people is put in.
    log_mass += (log_prior_u(TYPICAL_RHO, u) - log_prior_u(None, u))[:, None] - log_prior_v(v, priors.sigma)
    rho = np.tanh(u)
    log_spread = v - 0.5 * np.log(1 - rho[:, None] ** 2)
    log_mass -= 0.5 * ((log_spread - math.log(TYPICAL_SPREAD)) / math.log(SPREAD_FACTOR)) ** 2
    mass = np.exp(log_mass - log_mass.max())
    return np.exp(log_spread).ravel(), np.repeat(rho, v.size), (mass / mass.sum()).ravel()


def _resampled(spread: Floats, rho: Floats, weight: Floats) -> tuple[tuple[float, float], ...]:
    """Equally likely pairs: nodes met by even steps through their weight, in the order of the spread."""
    order = np.argsort(spread, kind="stable")
    at = np.searchsorted(weight[order].cumsum(), (np.arange(_LIKELY) + 0.5) / _LIKELY)
    chosen = order[np.minimum(at, weight.size - 1)]
    return tuple(zip(spread[chosen].tolist(), rho[chosen].tolist(), strict=True))


def _middle(values: tuple[float, ...]) -> tuple[float, float]:
    low, high = np.quantile(np.array(values), [0.1, 0.9])
    return float(low), float(high)
