"""Whether ratings like these are what the ordinal model expects: posterior predictive checks.

Ratings are drawn from the posterior for the very days that were rated, rounded and cut at the ends as real ones are,
and figures of the ratings given are held against the same figures of the drawn ones (Rubin 1984,
doi:10.1214/aos/1176346785).
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from matwise.inference.checks import DRAWS, FEWEST_DAYS, Check, Fit, Found, drawn_levels, two_sided
from matwise.inference.mixture import Floats
from matwise.inference.observed import Steps
from matwise.inference.priors import Priors
from matwise.inference.regression import Carryover, Days, Posterior


def check_ordinal_fit(
    days: Days,
    latent: Posterior,
    steps: Steps,
    priors: Priors,
    carryover: Carryover,
    rng: np.random.Generator,
    draws: int = DRAWS,
) -> Fit:
    """Hold the ratings given against ratings drawn from the model.

    Args:
        days: the calendar that `latent` was computed from.
        latent: posterior of one person's latent ratings.
        steps: the scale.
        priors: those of the posterior.
        carryover: that of the posterior.
        rng: of the draws.
        draws: how many; p-values come in steps of 1/(draws + 1).

    Returns:
        No checks where there are fewer than 14 rated days. There are no innovations: a rating on an end has none.
    """
    used = days.without_switches(carryover.days_left_out)
    seen = np.flatnonzero(~np.isnan(used.y))
    if len(seen) < FEWEST_DAYS:
        return Fit((), used.day[seen], np.empty(0))
    drawn, fitted = drawn_levels(used, latent, priors, rng, draws)
    errors = _errors(seen, drawn.rho, drawn.sigma, rng)
    expected = np.clip(
        steps.low + np.round((fitted + errors - steps.low) / steps.step) * steps.step, steps.low, steps.high
    )
    given = np.broadcast_to(used.y[seen], expected.shape)
    arm = used.arm[seen]
    return Fit(tuple(_found(check, given, expected, arm, steps) for check in _FIGURES), used.day[seen], np.empty(0))


def _errors(seen: np.ndarray, rho: Floats, sigma: Floats, rng: np.random.Generator) -> Floats:
    """AR(1) errors of the rated days for each draw, shape (draws, n_rated)."""
    out = np.empty((rho.size, seen.size))
    spread = sigma / np.sqrt(1 - rho**2)
    out[:, 0] = spread * rng.standard_normal(rho.size)
    for at, gap in enumerate(np.diff(seen), start=1):
        power = rho**gap
        out[:, at] = power * out[:, at - 1] + spread * np.sqrt(1 - power**2) * rng.standard_normal(rho.size)
    return out


def _found(check: Check, given: Floats, expected: Floats, arm: np.ndarray, steps: Steps) -> Found:
    figure = _FIGURES[check]
    seen, by_model = figure(given, arm, steps), figure(expected, arm, steps)
    return Found(check, float(seen[0]), two_sided(seen, by_model))


def _share_low(y: Floats, _: np.ndarray, steps: Steps) -> Floats:
    return np.asarray((y <= steps.low).mean(-1))


def _share_high(y: Floats, _: np.ndarray, steps: Steps) -> Floats:
    return np.asarray((y >= steps.high).mean(-1))


def _near_end(y: Floats, _: np.ndarray, steps: Steps) -> Floats:
    """Share of ratings one or two steps from an end: none there, and many on the end, is another kind of day."""
    from_end = np.minimum(y - steps.low, steps.high - y) / steps.step
    return np.asarray(((from_end > 0.5) & (from_end < 2.5)).mean(-1))


def _next_day(y: Floats, _: np.ndarray, __: Steps) -> Floats:
    off = y - y.mean(-1, keepdims=True)
    total = (off**2).sum(-1)
    return np.asarray((off[:, 1:] * off[:, :-1]).sum(-1) / np.where(total > 0, total, 1.0))


def _spread_by_arm(y: Floats, arm: np.ndarray, _: Steps) -> Floats:
    return np.asarray(y[:, arm == 1].std(-1) - y[:, arm == 0].std(-1)) if {0, 1} <= {*arm.tolist()} else y[:, 0] * 0


def _outlier(y: Floats, _: np.ndarray, __: Steps) -> Floats:
    return np.asarray(np.abs(y - np.median(y, axis=-1, keepdims=True)).max(-1))


_FIGURES: dict[Check, Callable[[Floats, np.ndarray, Steps], Floats]] = {
    Check.LOW_END: _share_low,
    Check.HIGH_END: _share_high,
    Check.NEAR_END: _near_end,
    Check.NEXT_DAY: _next_day,
    Check.SPREAD_BY_ARM: _spread_by_arm,
    Check.OUTLIER: _outlier,
}
