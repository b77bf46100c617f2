"""From a series of days to a verdict and its figures."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from matwise.inference.checks import Fit, check_fit
from matwise.inference.columns import period_columns, weekday_columns
from matwise.inference.mixture import NormalMixture
from matwise.inference.observed import Estimate, Steps, better_days
from matwise.inference.ordinal import OrdinalPosterior, compare_ordinal, needs_ordinal
from matwise.inference.power import Rule
from matwise.inference.predictive import check_ordinal_fit
from matwise.inference.priors import Priors
from matwise.inference.regression import Carryover, Days, Posterior, compare
from matwise.measures.rating import Better
from matwise.trial.forecast import (
    FEWEST_RATED,
    FEWEST_RATED_PER_ARM,
    SIDE_FINISHED,
    Future,
    days_needed,
    goes_on,
)
from matwise.trial.options import NO_ADJUSTMENT, Adjustment, PriorChoice, RatingRange
from matwise.trial.series import Series

WITHIN = 0.95
# Half a within-person spread is a change people notice, where a scale has no such change of its own.
# Norman, Sloan and Wyrwich (2003), doi:10.1097/01.MLR.0000062554.74615.4C.
NOTICED_SPREADS = 0.5


class VerdictOfDays(StrEnum):
    """One of four answers."""

    HELPS = "helps"
    MAKES_WORSE = "makes_worse"
    NO_DIFFERENCE = "no_difference_that_matters"
    NOT_ENOUGH_DAYS = "not_enough_days"


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked of a series.

    `compared` names the arm asked about, then the one it is compared with. `smallest_change` None is a tenth of the
    range, or half a within-arm spread on a reading without ends. `side` is how probable one side must be for a verdict.
    """

    compared: tuple[str, str]
    better: Better
    range_: RatingRange
    carryover: Carryover
    priors: PriorChoice
    smallest_change: float | None = None
    side: float = SIDE_FINISHED
    adjustment: Adjustment = NO_ADJUSTMENT


@dataclass(frozen=True, slots=True, eq=False)
class Between:
    """Two arms compared: `effect` is first minus second, and the chances are those of the first being better.

    `better_days`: of ten pairs of days, one of each arm, on how many the first arm's is the better one.
    """

    first: str
    second: str
    effect: NormalMixture
    verdict: VerdictOfDays
    p_benefit: float
    p_matters: float
    p_no_difference: float
    better_days: Estimate | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Findings:
    """What the days say. Where an arm has no rated day, or nothing ever varies, there are no figures (None).

    `pairs` are all pairs of arms from the one joint posterior, the one asked about first. `ordinal` is the model behind
    them where ratings pile up at an end or have few levels: then `posterior` is that of the latent ratings, and the
    effects of `pairs` are differences of the ratings given.
    """

    verdict: VerdictOfDays
    used: int
    used_by_arm: dict[str, int]
    smallest_change: float | None
    priors: Priors | None
    posterior: Posterior | None
    pairs: tuple[Between, ...]
    ordinal: OrdinalPosterior | None = None

    @property
    def asked(self) -> Between | None:
        """The pair that was asked about."""
        return self.pairs[0] if self.pairs else None


def analyse(series: Series, asked: Asked, *, plain: bool = False) -> Findings:
    """Weigh a series; `plain` takes its ratings as plain numbers whatever they look like."""
    arms = dict.fromkeys((*asked.compared, *series.arm))
    used_by_arm = {arm: sum(one.arm == arm for one in series.used) for arm in arms}
    smallest_change, priors = _scaled(series, asked)
    both = priors is not None and all(used_by_arm[a] for a in asked.compared)
    steps = None if plain or not both else _steps(series, asked)
    ordinal = _ordinal(series, asked, priors, steps) if both and steps is not None else None
    posterior = ordinal.latent if ordinal is not None else _posterior(series, asked, priors) if both else None
    pairs: tuple[Between, ...] = ()
    if posterior is not None and smallest_change is not None:
        pairs = tuple(
            _between(posterior, ordinal, one, other, asked, smallest_change, used_by_arm)
            for one, other in combinations(_codes(series, asked.compared).items(), 2)
            if used_by_arm[one[0]] and used_by_arm[other[0]]
        )
    return Findings(
        verdict=pairs[0].verdict if pairs else VerdictOfDays.NOT_ENOUGH_DAYS,
        used=len(series.used),
        used_by_arm=used_by_arm,
        smallest_change=smallest_change,
        priors=priors,
        posterior=posterior,
        pairs=pairs,
        ordinal=ordinal,
    )


def _between(
    posterior: Posterior,
    ordinal: OrdinalPosterior | None,
    first: tuple[str, int],
    second: tuple[str, int],
    asked: Asked,
    smallest_change: float,
    used_by_arm: dict[str, int],
) -> Between:
    pair, codes = (first[0], second[0]), (first[1], second[1])
    latent = posterior.contrast(*codes)
    if ordinal is not None:
        days = ordinal.better_days(asked.better, *codes)
        found = between(ordinal.given(*codes), pair, asked, smallest_change, used_by_arm, latent=latent)
    else:
        days = better_days(latent, posterior.sigma_at / np.sqrt(1 - posterior.rho_at**2), asked.better)
        found = between(latent, pair, asked, smallest_change, used_by_arm)
    return replace(found, better_days=days)


def between(
    effect: NormalMixture,
    pair: tuple[str, str],
    asked: Asked,
    smallest_change: float,
    used_by_arm: dict[str, int],
    *,
    latent: NormalMixture | None = None,
) -> Between:
    """The verdict on one pair of arms and the chances it rests on; `latent` says on which side of 0 the effect is."""
    p_benefit = p_better(effect if latent is None else latent, 0.0, asked.better)
    p_no_difference = float(effect.within(smallest_change))
    enough = sum(used_by_arm.values()) >= FEWEST_RATED and all(used_by_arm[a] >= FEWEST_RATED_PER_ARM for a in pair)
    verdict = verdict_of(p_benefit, p_no_difference, asked.side) if enough else VerdictOfDays.NOT_ENOUGH_DAYS
    p_matters = p_better(effect, smallest_change, asked.better)
    return Between(*pair, effect, verdict, p_benefit, p_matters, p_no_difference)


def p_better(effect: NormalMixture, by: float, better: Better) -> float:
    """P(the first arm is better than the second by more than `by`)."""
    return float(effect.below(-by)) if better is Better.LOWER else float(1 - effect.below(by))


def fit_of(series: Series, asked: Asked, found: Findings) -> Fit | None:
    """Whether the model fits; None where there is nothing to judge. The draws are the same at every call."""
    if found.posterior is None or found.priors is None:
        return None
    rng = np.random.Generator(np.random.PCG64(0))
    days = calendar(series, asked)
    if found.ordinal is not None:
        steps = found.ordinal.steps
        return check_ordinal_fit(days, found.posterior, steps, found.priors, asked.carryover, rng)
    return check_fit(days, found.posterior, found.priors, asked.carryover, rng)


def still_needed(series: Series, asked: Asked, found: Findings, future: Future | None = None) -> int | None:
    """Further days until the answer is probably clear; `future` is how they would go on (None: as so far)."""
    if found.verdict is not VerdictOfDays.NOT_ENOUGH_DAYS:
        return 0
    past = calendar(series, asked)
    rule = Rule(found.smallest_change or 0.0, SIDE_FINISHED, WITHIN)
    return days_needed(past, future or goes_on(past), found.posterior, found.priors, asked.carryover, rule)


def calendar(series: Series, asked: Asked) -> Days:
    """The series as arrays: arm 1 is asked about, arm 0 compared with, further arms get the next numbers."""
    code = _codes(series, asked.compared)
    arm: NDArray[np.int64] = np.array([code[one] for one in series.arm], dtype=np.int64)
    y = np.array([np.nan if one.y is None or one.washin else one.y for one in series.days], dtype=np.float64)
    day = np.array(series.day, dtype=np.int64)
    return Days.of(y, arm, day, _covariates(series, day, asked.adjustment))


def _covariates(series: Series, day: NDArray[np.int64], adjustment: Adjustment) -> NDArray[np.float64] | None:
    parts = []
    if adjustment.columns:
        parts.append(np.array([one.known for one in series.days], dtype=np.float64))
    if adjustment.weekday:
        parts.append(weekday_columns(day))
    if adjustment.period_days and day.size:
        parts.append(period_columns(day, adjustment.period_days))
    return np.concatenate(parts, axis=1) if parts and day.size else None


def _codes(series: Series, compared: tuple[str, str]) -> dict[str, int]:
    asked, reference = compared
    others = [arm for arm in dict.fromkeys(series.arm) if arm not in compared]
    return {asked: 1, reference: 0} | {arm: nth for nth, arm in enumerate(others, start=2)}


def verdict_of(p_benefit: float, p_no_difference: float, side: float) -> VerdictOfDays:
    """The verdict of two chances, where one side of zero must be as probable as `side`."""
    if p_no_difference >= WITHIN:
        return VerdictOfDays.NO_DIFFERENCE
    if p_benefit >= side:
        return VerdictOfDays.HELPS
    return VerdictOfDays.MAKES_WORSE if 1 - p_benefit >= side else VerdictOfDays.NOT_ENOUGH_DAYS


def _scaled(series: Series, asked: Asked) -> tuple[float | None, Priors | None]:
    """Smallest change that matters and priors; None where a free scale has no spread to take them from."""
    if not asked.range_.free:
        usual = Priors.for_rating(asked.range_.low, asked.range_.high)
        change = (asked.range_.high - asked.range_.low) / 10
    else:
        y = np.array([one.y for one in series.used], dtype=np.float64)
        spread = _within_arm_spread(series)
        if not spread > 0:
            return asked.smallest_change, None
        usual = Priors.scaled(float(y.mean()), spread)
        change = NOTICED_SPREADS * spread
    return (change if asked.smallest_change is None else asked.smallest_change), asked.priors.over(usual)


def _within_arm_spread(series: Series) -> float:
    """Pooled sd within arms; 0 where no arm was rated twice or nothing varies."""
    groups = [np.array([one.y for one in series.used if one.arm == arm]) for arm in set(series.arm)]
    freedom = sum(max(group.size - 1, 0) for group in groups)
    squares = sum(((group - group.mean()) ** 2).sum() for group in groups if group.size)
    return float(np.sqrt(squares / freedom)) if freedom else 0.0


def _posterior(series: Series, asked: Asked, priors: Priors | None) -> Posterior | None:
    if priors is None:
        return None
    days = calendar(series, asked)
    found = compare(
        days.y,
        days.arm,
        days.day,
        priors=priors,
        carryover=asked.carryover,
        rounding=_rounding(series, asked.range_),
        covariates=days.covariates,
    )
    return found if np.isfinite(found.effect.mean) else None


def _steps(series: Series, asked: Asked) -> Steps | None:
    """The scale of the ratings where they need the ordinal model; None where the plain one gives the same."""
    if asked.range_.free:
        return None
    low, high = asked.range_.low, asked.range_.high
    y = np.array([one.y for one in series.used], dtype=np.float64)
    span = high - low
    for step in sorted({1.0, *(part * span / 10 for part in (1, 0.5, 0.25, 0.1, 0.05, 0.01))}, reverse=True):
        whole = abs(span / step - round(span / step)) < 1e-6
        if whole and Steps(low, high, step).on(y).all():
            return Steps(low, high, step) if needs_ordinal(y, low, high, step) else None
    return None


def _ordinal(series: Series, asked: Asked, priors: Priors | None, steps: Steps) -> OrdinalPosterior | None:
    if priors is None:
        return None
    days = calendar(series, asked)
    return compare_ordinal(
        days.y,
        days.arm,
        days.day,
        priors=priors,
        low=steps.low,
        high=steps.high,
        step=steps.step,
        carryover=asked.carryover,
        covariates=days.covariates,
    )


def _rounding(series: Series, range_: RatingRange) -> float | None:
    """The finest step the ratings show; a tenth of the range where they show none."""
    steps = np.diff(np.unique([one.y for one in series.used if one.y is not None]))
    if steps.size:
        return float(steps.min())
    return None if range_.free else (range_.high - range_.low) / 10
