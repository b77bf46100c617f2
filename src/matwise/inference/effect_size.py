"""From what a study reports to an effect and its variance: differences of means, standardised and not."""

from __future__ import annotations

import math
from dataclasses import dataclass
from statistics import NormalDist

from matwise.errors import InvalidInputError, Problem
from matwise.inference.distributions import student_t_quantile
from matwise.sentence import Sentence


@dataclass(frozen=True, slots=True)
class Effect:
    """An effect and its sampling variance."""

    value: float
    variance: float


@dataclass(frozen=True, slots=True)
class Group:
    """What a study reports of one of its groups. `sd` is that of single people, not of the mean."""

    mean: float
    sd: float
    n: int


def hedges_g(treated: Group, control: Group) -> Effect:
    """The standardised mean difference without its small-sample bias (Hedges 1981, doi:10.3102/10769986006002107).

    Raises:
        InvalidInputError: a group has fewer than two people, or no spread above 0.
    """
    _check(treated, "treated")
    _check(control, "control")
    df = treated.n + control.n - 2
    pooled_sd = math.sqrt(((treated.n - 1) * treated.sd**2 + (control.n - 1) * control.sd**2) / df)
    return _without_bias((treated.mean - control.mean) / pooled_sd, treated.n, control.n)


def g_from_t(t: float, n_treated: int, n_control: int) -> Effect:
    """Hedges' g from the t of two independent groups: d = t·√(1/n₁ + 1/n₂) (Rosenthal 1994, ISBN 978-0-87154-226-7).

    Raises:
        InvalidInputError: a group has fewer than two people.
    """
    for name, n in (("n_treated", n_treated), ("n_control", n_control)):
        if n < 2:
            raise InvalidInputError(Problem(name, str(n), Sentence("at least 2")))
    return _without_bias(t * math.sqrt(1 / n_treated + 1 / n_control), n_treated, n_control)


def g_from_p(p_two_sided: float, n_treated: int, n_control: int, *, positive: bool) -> Effect:
    """Hedges' g from the exact two-sided p of a t test and the direction of the difference.

    Raises:
        InvalidInputError: p is not above 0 and at most 1 (a bound such as "< 0.05" is no p), or a group is too small.
    """
    if not 0 < p_two_sided <= 1:
        raise InvalidInputError(Problem("p_two_sided", f"{p_two_sided:g}", Sentence("above 0 and at most 1")))
    df = max(n_treated + n_control - 2, 1)
    t = 0.0 if p_two_sided == 1 else student_t_quantile(1 - 0.5 * p_two_sided, df)
    return g_from_t(t if positive else -t, n_treated, n_control)


def mean_difference(treated: Group, control: Group) -> Effect:
    """The difference of means with the variance √(sd₁²/n₁ + sd₂²/n₂)², in the unit of the means.

    Raises:
        InvalidInputError: as `hedges_g`.
    """
    _check(treated, "treated")
    _check(control, "control")
    return Effect(treated.mean - control.mean, treated.sd**2 / treated.n + control.sd**2 / control.n)


def from_interval(estimate: float, low: float, high: float, level: float = 0.95) -> Effect:
    """An effect whose interval is given: its half width is so many standard errors of a normal.

    Raises:
        InvalidInputError: the estimate lies outside, or the interval has no width.
    """
    if not low <= estimate <= high or low == high:
        got = Sentence("{estimate:g} with {low:g} to {high:g}", estimate=estimate, low=low, high=high)
        raise InvalidInputError(Problem("interval", got, Sentence("an interval that holds its estimate")))
    se = (high - low) / (2 * NormalDist().inv_cdf(0.5 + 0.5 * level))
    return Effect(estimate, se**2)


def _without_bias(d: float, n_treated: int, n_control: int) -> Effect:
    df = n_treated + n_control - 2
    exact = math.exp(math.lgamma(0.5 * df) - math.lgamma(0.5 * (df - 1))) / math.sqrt(0.5 * df) if df > 1 else 0.0
    g = exact * d
    n = n_treated + n_control
    return Effect(g, 1 / n_treated + 1 / n_control + g**2 / (2 * n))


def _check(group: Group, name: str) -> None:
    if group.n < 2 or not group.sd > 0:
        got = Sentence("{n} people, standard deviation {sd:g}", n=group.n, sd=group.sd)
        raise InvalidInputError(Problem(name, got, Sentence("at least 2 people and a standard deviation above 0")))
