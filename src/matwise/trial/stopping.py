"""When a running trial may stop, and how often such a rule is wrong over a whole trial, by simulation."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from matwise.errors import InvalidInputError, Problem
from matwise.inference.mixture import Floats
from matwise.inference.power import clear
from matwise.inference.priors import Priors
from matwise.inference.regression import AVERAGE, NONE, Carryover
from matwise.inference.simulation import Outcomes, weigh
from matwise.sentence import Sentence
from matwise.trial.baseline import TYPICAL, Spread
from matwise.trial.design import Design
from matwise.trial.forecast import FEWEST_RATED, SIDE_BETWEEN, SIDE_FINISHED, SIDE_RUNNING, enough_rated
from matwise.trial.schedule import group_days
from matwise.trial.simulated import dealt_days, trial_ratings

_DEALS = 10  # random schedules that the draws are spread over


@dataclass(frozen=True, slots=True)
class StoppingRule:
    """How probable one side must be for a verdict, by when it is looked.

    `side_running` after a whole group of blocks, `side_between` on any other day (None: it is not looked), `side_end`
    on the last day. P(no difference that matters) ≥ `within` is asked on all of them.
    """

    side_running: float
    side_between: float | None
    side_end: float = SIDE_FINISHED
    within: float = 0.95

    def __post_init__(self) -> None:
        asked = {"side_running": self.side_running, "side_between": self.side_between, "side_end": self.side_end}
        problems = [
            Problem(name.replace("_", " "), f"{value:g}", Sentence("a probability above 0.5 and below 1"))
            for name, value in asked.items()
            if value is not None and not 0.5 < value < 1
        ]
        if problems:
            raise InvalidInputError(*problems)

    def side(self, day: int, group_days: int, last: int) -> float:
        """What is asked on a day, those off not counted, on which it is looked."""
        if day == last:
            return self.side_end
        return self.side_running if day % group_days == 0 else self.side_between or self.side_running


@dataclass(frozen=True, slots=True)
class Characteristics:
    """What a rule leads to, as shares of trials: how often each verdict is ever told, and how often any is.

    Where the effect was 0, `helps` is how often a useless mat is called helpful. `mean_days` are the days until the
    first verdict, or all days where there is none; `looks` is how often a trial is weighed at most.
    """

    helps: float
    makes_worse: float
    no_difference: float
    any_verdict: float
    mean_days: float
    looks: int
    draws: int


# Looked at on any day, over a whole trial and its last day, it calls a useless mat helpful in at most 4.3 of 100
# trials: 1-, 2-, 4- and 7-day blocks, 28–112 days, ρ 0, 0.3 and 0.6 (validation/inference/stopping.py).
OFFERED = StoppingRule(SIDE_RUNNING, SIDE_BETWEEN, SIDE_FINISHED)
ROUNDS = StoppingRule(SIDE_RUNNING, None, SIDE_FINISHED)  # looking only after whole groups
AS_IF_ONCE = StoppingRule(SIDE_FINISHED, SIDE_FINISHED, SIDE_FINISHED)  # what nobody should do


def operating_characteristics(
    design: Design,
    rule: StoppingRule,
    effect: float,
    day_spread: float,
    rho: float,
    missing: float,
    rng: np.random.Generator,
    draws: int = 1000,
    *,
    smallest_change: float = 1.0,
    carryover: Carryover | None = None,
) -> Characteristics:
    """Simulate whole trials that are weighed at every look, and count what is ever told.

    Args:
        design: arms, order, blocks, wash-in days, days off and length; its seed plays no part.
        rule: when it is looked, and what a verdict needs.
        effect: true difference on a 0–10 rating on which lower is better; 0 for a mat that does nothing.
        day_spread: standard deviation of the ratings from day to day.
        rho: correlation of one day with the next.
        missing: share of days that are not rated.
        rng: where chance comes from.
        draws: simulated trials.
        smallest_change: the smallest difference that matters, in points.
        carryover: how the answer allows for it; None as `answer_trial` does. Nothing truly lingers.
    """
    asked = Simulated(effect, Spread(day_spread, rho), missing, draws, smallest_change, carryover)
    return side_by_side(design, (rule,), asked, rng)[0]


@dataclass(frozen=True, slots=True)
class Simulated:
    """The trials that are simulated: see `operating_characteristics`."""

    effect: float = 0.0
    spread: Spread = TYPICAL
    missing: float = 0.1
    draws: int = 600
    smallest_change: float = 1.0
    carryover: Carryover | None = NONE


def side_by_side(
    design: Design, rules: Sequence[StoppingRule], asked: Simulated, rng: np.random.Generator
) -> tuple[Characteristics, ...]:
    """What each rule makes of the same simulated trials, in the order of the rules.

    Unless told otherwise nothing is allowed for carry-over: that is where false alarms are most frequent.
    """
    allowed = replace(AVERAGE if asked.carryover is None else asked.carryover, days_left_out=design.washin_days)
    lengths = sorted(set().union(*(_looks(design, rule) for rule in rules)))
    draws = max(asked.draws // _DEALS, 1)
    tallies = np.zeros((len(rules), _DEALS, 6))
    for seed in range(_DEALS):
        days, ends = dealt_days(replace(design, seed=seed), lengths, asked.missing, rng)
        enough = enough_rated(days, np.array(ends), allowed)
        y = trial_ratings(days.arm, asked.spread, asked.effect, draws, rng)
        reached, at = np.array(lengths)[enough], np.array(ends)[enough].tolist()
        found = weigh(days, y, at, Priors.for_rating(), allowed, smallest_change=asked.smallest_change)
        for nth, rule in enumerate(rules):
            tallies[nth, seed] = _tally(design, rule, found, reached)
    return tuple(_characteristics(one, draws * _DEALS) for one in tallies)


def _characteristics(tallies: Floats, draws: int) -> Characteristics:
    helps, makes_worse, no_difference, any_verdict, mean_days = tallies.mean(0)[:5].tolist()
    return Characteristics(
        helps, makes_worse, no_difference, any_verdict, mean_days, looks=int(tallies[:, 5].max()), draws=draws
    )


def _looks(design: Design, rule: StoppingRule) -> tuple[int, ...]:
    """The days, those off not counted, on which it is looked; the last day is among them."""
    step = group_days(design) if rule.side_between is None else 1
    return tuple(sorted({*range(step, design.days, step), design.days} - set(range(FEWEST_RATED))))


def _tally(
    design: Design, rule: StoppingRule, found: Outcomes, reached: NDArray[np.int64]
) -> tuple[float, float, float, float, float, int]:
    """Shares of trials that are ever told each verdict and any, mean days until the first, and the looks."""
    looks = np.isin(reached, _looks(design, rule))
    side = np.array([rule.side(int(day), group_days(design), design.days) for day in reached])
    told = clear(found, side, rule.within)
    ever = [float((one & looks).any(1).mean()) for one in (told.below, told.above, told.inside, told.any)]
    clear_on = np.where(told.any & looks, reached, design.days)
    until = clear_on.min(1, initial=design.days).mean()
    return ever[0], ever[1], ever[2], ever[3], float(until), int(looks.sum())
