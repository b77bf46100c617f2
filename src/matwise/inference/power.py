"""How much more would be known after more days: the effect's spread is exact once ρ and σ are given."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from matwise.inference.mixture import Floats, normal_cdf
from matwise.inference.moments import exposure
from matwise.inference.priors import Priors
from matwise.inference.quadrature import prior_root
from matwise.inference.regression import Carryover, Days


@dataclass(frozen=True, slots=True)
class Rule:
    """When an answer counts as clear.

    Either P(effect on one side of 0) ≥ `side`, or P(|effect| < `smallest_change`) ≥ `within`.
    """

    smallest_change: float
    side: float = 0.975
    within: float = 0.95


def spread_after(
    days: Days, ends: Sequence[int], priors: Priors, carryover: Carryover, *, rho: float, sigma: float
) -> Floats:
    """Posterior sd of the effect after the first `ends[i]` days, ρ and σ known.

    Args:
        days: the calendar, past and future; a day counts as rated where `y` is not NaN (its value plays no part).
        ends: numbers of days from the first, each at least 1.
        priors: see `Priors`; the trend's prior is for the whole length, so it is rescaled for each end.
        carryover: λ and days left out.
        rho: day-to-day correlation.
        sigma: innovation sd.

    Returns:
        Shape (n_λ, n_ends).
    """
    x = _whitened(days.without_switches(carryover.days_left_out), carryover.keeps, rho) / sigma
    precision = _precision(x, ends, priors)
    return np.asarray(np.sqrt(np.linalg.inv(precision)[..., -1, -1]))


def chance_of_clear_answer(mean: float, sd: float, sd_after: Floats, rule: Rule) -> Floats:
    """Chance that the answer is clear once the spread has shrunk from `sd` to `sd_after`, any shape.

    The mean then is drawn from N(mean, sd² − sd_after²): what the present posterior expects of it.
    """
    moved = np.sqrt(np.maximum(sd**2 - sd_after**2, 1e-18))
    inside = _half_width_inside(sd_after, rule)
    outside = np.maximum(inside, normal_quantile(rule.side) * sd_after)

    def up_to(x: Floats) -> Floats:
        return normal_cdf((x - mean) / moved)

    unclear = up_to(outside) - up_to(inside) + up_to(-inside) - up_to(-outside)
    return np.asarray(1 - unclear)


def chance_to_see(
    days: Days,
    ends: Sequence[int],
    priors: Priors,
    carryover: Carryover,
    *,
    effect: float,
    rho: float,
    sigma: float,
    rng: np.random.Generator,
    draws: int = 64,
    side: float = 0.975,
) -> Floats:
    """Chance that P(effect on its true side of 0) reaches `side`, if the true effect is `effect` and nothing lingers.

    ρ and σ are taken as known, which flatters short series by a few hundredths. Ratings are drawn `draws` times; each
    draw is weighed as `regression.compare` would, each λ by its evidence.

    Returns:
        Shape (n_ends,); the other arguments are those of `spread_after`.
    """
    used = days.without_switches(carryover.days_left_out)
    x = _whitened(used, carryover.keeps, rho) / sigma
    true = _whitened(used, (0.0,), rho)[0, :, -1] * (effect / sigma)
    y = true + rng.standard_normal((draws, true.size))  # a day that is not rated has a row of zeros in x
    taken = np.asarray(ends) - 1
    score = (x[:, None] * y[..., None]).cumsum(2)[:, :, taken]
    change, precision = _change(ends, x.shape[-1]), _precision(x, ends, priors)
    score = (score[..., None, :] @ change)[..., 0, :]
    fitted = np.linalg.solve(precision[:, None], score[..., None])[..., 0]
    log_weight = 0.5 * (score * fitted).sum(-1) - 0.5 * np.linalg.slogdet(precision)[1][:, None]
    log_weight += np.log(carryover.weights)[:, None, None]
    weight = np.exp(log_weight - log_weight.max(0))
    sd = np.sqrt(np.linalg.inv(precision)[..., -1, -1])[:, None]
    right = (weight / weight.sum(0) * normal_cdf(np.sign(effect) * fitted[..., -1] / sd)).sum(0)
    return np.asarray((right >= side).mean(0))


def normal_quantile(p: float) -> float:
    """The point below which a standard normal lies with probability `p`, by bisection on erfc."""
    low, high = -40.0, 40.0
    while high - low > 1e-13:
        middle = 0.5 * (low + high)
        low, high = (middle, high) if 0.5 * math.erfc(-middle / math.sqrt(2)) < p else (low, middle)
    return 0.5 * (low + high)


def _half_width_inside(sd_after: Floats, rule: Rule) -> Floats:
    """Largest |mean| at which P(|effect| < c) still reaches `within`; 0 where none does. By bisection."""
    c = rule.smallest_change

    def inside(mean: Floats) -> Floats:
        return normal_cdf((c - mean) / sd_after) - normal_cdf((-c - mean) / sd_after)

    low, high = np.zeros_like(sd_after), np.full_like(sd_after, c)
    for _ in range(40):
        middle = 0.5 * (low + high)
        low, high = np.where(inside(middle) >= rule.within, (middle, high), (low, middle))
    return np.asarray(np.where(inside(np.zeros_like(sd_after)) >= rule.within, low, 0.0))


def _whitened(days: Days, keeps: Sequence[float], rho: float) -> Floats:
    """Rows (1, day index, effects…) whose errors are independent with sd σ; zero where not rated: (n_λ, n_days, p)."""
    exposures = exposure(days.received(), np.asarray(keeps))
    index = np.arange(days.day.size, dtype=np.float64)
    shared = np.broadcast_to(np.column_stack([np.ones_like(index), index]), (*exposures.shape[:2], 2))
    x = np.concatenate([shared, exposures], axis=-1)
    seen = np.flatnonzero(~np.isnan(days.y))
    out = np.zeros_like(x)
    if seen.size:
        power = rho ** np.diff(seen).astype(np.float64)
        innovation = np.concatenate([x[:, seen[:1]], x[:, seen[1:]] - power[:, None] * x[:, seen[:-1]]], axis=1)
        weight = (1 - rho**2) / np.concatenate([[1.0], 1 - power**2])
        out[:, seen] = np.sqrt(weight)[:, None] * innovation
    return out


def _precision(x: Floats, ends: Sequence[int], priors: Priors) -> Floats:
    """Posterior precision of the coefficients after each end, shape (n_λ, n_ends, p, p); `x` in units of σ."""
    information = (x[..., :, None] * x[..., None, :]).cumsum(1)[:, np.asarray(ends) - 1]
    change = _change(ends, x.shape[-1])
    p = x.shape[-1]
    root = prior_root(priors, p, effects=p - 2)
    return np.asarray(change.swapaxes(-1, -2) @ information @ change + np.linalg.inv(root @ root.T))


def _change(ends: Sequence[int], p: int) -> Floats:
    """From raw days to (day − centre)/T, whose T and centre depend on the end: shape (n_ends, p, p)."""
    length = np.asarray(ends, dtype=np.float64)
    change = np.broadcast_to(np.eye(p), (length.size, p, p)).copy()
    change[:, 1, 1] = 1 / length
    change[:, 0, 1] = -(length - 1) / 2 / length
    return change
