"""What a session does right away: the rating after it, given the one before it, with sessions as units.

after_i = α + β·before_i + Σ τ_k·arm_(k,i) + δ·s_i + u_i, u AR(1) over the time between sessions. Adjusting for the
rating before is more precise than comparing changes (β = 1) or the ratings after (β = 0), and unlike both it is not
misled by arms that happened to start from different levels (Vickers 2001, doi:10.1186/1471-2288-1-6). β is learnt,
with a prior around ½: neither kept as it was nor forgotten. What an earlier session left behind is in the rating
before the next one, so nothing else carries over.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike, NDArray

from matwise.errors import InvalidInputError, Problem
from matwise.inference.mixture import Floats, NormalMixture
from matwise.inference.moments import drift
from matwise.inference.priors import Normal, Priors
from matwise.inference.regression import NONE, Posterior, compare

EXPECTED_SLOPE = 0.5
SHORTEST_STEP_DAYS = 1 / 24  # closer sessions count as an hour apart


@dataclass(frozen=True, slots=True, eq=False)
class SessionPosterior:
    """What is known of one person's sessions.

    `comparison` is the posterior of the ratings after, adjusted for those before: `comparison.contrast(1, 0)` is what
    arm 1 adds right after to arm 0; None unless arms 0 and 1 both have sessions. `slope` is β, None with it or where
    the ratings before never vary. `change` is the mean of after − before by arm: it holds whatever else happens in a
    session (rest, the pull of an extreme rating to the usual) and does not tell an arm from it. `used_by_arm` counts
    the sessions with both ratings; `step_days` is the usual time between two, in which time is counted.
    """

    comparison: Posterior | None
    slope: NormalMixture | None
    change: Mapping[int, NormalMixture]
    used_by_arm: Mapping[int, int]
    step_days: float


def session_priors(low: float = 0.0, high: float = 10.0) -> Priors:
    """Priors for ratings from `low` to `high` given before and after sessions.

    Those of daily ratings, but for a drift of half their spread: what drifts from day to day is in the rating before
    already. The slope β has the drift's spread too, per spread of the ratings before: about ½ ± ⅔ where they spread by
    1.5 points.
    """
    usual = Priors.for_rating(low, high)
    return Priors(usual.level, usual.effect, Normal(0.0, 0.5 * usual.trend.sd), usual.sigma)


def compare_sessions(
    before: ArrayLike,
    after: ArrayLike,
    arm: ArrayLike,
    at_days: ArrayLike,
    *,
    priors: Priors,
    rounding: float | None = None,
) -> SessionPosterior:
    """Posterior of what the arms add right after a session, and of the plain change over a session.

    Args:
        before: ratings before, NaN where missing, shape (n_sessions,).
        after: ratings after, likewise; a session counts where both are there.
        arm: 0 the arm compared with, 1 the arm asked about, 2 and up further arms, shape (n_sessions,).
        at_days: when each session was, in days (fractions too), ascending, shape (n_sessions,).
        priors: of the ratings after, see `session_priors`; the change has the same spreads around 0.
        rounding: as in `regression.compare`.

    Raises:
        InvalidInputError: shapes do not match, a rating is infinite, sessions do not ascend in time, or an arm is
            below 0.
    """
    first, last, at = (np.asarray(one, dtype=np.float64) for one in (before, after, at_days))
    codes = np.asarray(arm)
    _check(first, last, at, codes)
    complete = ~(np.isnan(first) | np.isnan(last))
    first, last, at, codes = first[complete], last[complete], at[complete], codes[complete].astype(np.int64)
    step_days = _usual_gap(at)
    step = _steps(at, step_days)
    used = {int(one): int(count) for one, count in zip(*np.unique(codes, return_counts=True), strict=True)}
    both = used.get(0) and used.get(1)
    comparison = _comparison(first, last, codes, step, priors, rounding) if both else None
    return SessionPosterior(
        comparison=comparison,
        slope=None if comparison is None else _slope(comparison, float(first.std())),
        change={one: _change((last - first)[codes == one], step[codes == one], priors, rounding) for one in used},
        used_by_arm=used,
        step_days=step_days,
    )


def _comparison(
    before: Floats,
    after: Floats,
    arm: NDArray[np.int64],
    step: NDArray[np.int64],
    priors: Priors,
    rounding: float | None,
) -> Posterior:
    """The regression, with the expected slope taken off beforehand so that its coefficient is expected at 0."""
    adjusted = after - EXPECTED_SLOPE * (before - before.mean())
    return compare(adjusted, arm, step, priors=priors, carryover=NONE, rounding=rounding, covariates=before[:, None])


def _usual_gap(at: Floats) -> float:
    """The lower median of the times between sessions, so that two a day, always a few hours apart, count in hours."""
    if at.size < 2:
        return 1.0
    return max(float(np.quantile(np.diff(at), 0.5, method="lower")), SHORTEST_STEP_DAYS)


def _steps(at: Floats, step_days: float) -> NDArray[np.int64]:
    """Whole numbers of usual gaps since the first session, at least one between two sessions.

    Whole, because ρ may be negative; and in units of the usual gap, because a flat prior on the correlation over an
    hour would all but rule out one over a day.
    """
    if not at.size:
        return np.zeros(0, dtype=np.int64)
    gaps = np.maximum(np.rint(np.diff(at) / step_days), 1).astype(np.int64)
    return np.concatenate([[0], gaps.cumsum()])


def _slope(comparison: Posterior, spread: float) -> NormalMixture | None:
    if not spread > 0:
        return None
    per_spread = comparison.combination(np.eye(comparison.mean.shape[-1])[2])
    return NormalMixture(
        per_spread.weight, EXPECTED_SLOPE + per_spread.component_mean / spread, per_spread.component_sd / spread
    )


def _change(change: Floats, step: NDArray[np.int64], priors: Priors, rounding: float | None) -> NormalMixture:
    """Mean change over the sessions of one arm; nothing else is in the model but a drift."""
    around_zero = replace(priors, level=Normal(0.0, priors.level.sd), trend=Normal(0.0, priors.trend.sd))
    found = compare(
        change, np.zeros(change.size, dtype=np.int64), step, priors=around_zero, carryover=NONE, rounding=rounding
    )
    return found.combination([1.0, float(drift(step.astype(np.float64)).mean()), 0.0])


def _check(before: Floats, after: Floats, at: Floats, arm: np.ndarray) -> None:
    problems = []
    if before.ndim != 1 or not before.size:
        problems.append(Problem("before", f"shape {before.shape}", "(n_sessions,), not empty"))
    for name, one in (("after", after), ("at_days", at), ("arm", arm)):
        if one.shape != before.shape:
            problems.append(Problem(name, f"shape {one.shape}", f"that of before, {before.shape}"))
    for name, one in (("before", before), ("after", after)):
        if np.isinf(one).any():
            problems.append(Problem(name, "an infinite value", "finite numbers, NaN where missing"))
    if at.ndim == 1 and not (np.isfinite(at).all() and (np.diff(at) > 0).all()):
        problems.append(Problem("at_days", "times that do not ascend", "each session once, in order of time"))
    if arm.dtype.kind not in "iub" or (arm.size and arm.min() < 0):
        problems.append(Problem("arm", "other values", "whole numbers 0, 1, 2, …"))
    if problems:
        raise InvalidInputError(*problems)
