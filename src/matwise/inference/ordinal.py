"""The difference between two arms where ratings come in steps and end at both ends of their scale.

Behind every rating stands a latent one that knows no ends: y = clip(round(y*), low, high), and y* follows the model of
`regression`: level, arms, trend, AR(1) errors. A rating so only says in which interval its latent one lies, and at an
end the interval is open. Where many days lie on an end, the plain model sees the difference of the ratings given, which
is smaller than the latent one; this model knows both.

Source:
    Interval-censored regression: Tobin (1958), doi:10.2307/1907382. Metric models of ordinal data and what they miss:
    Liddell and Kruschke (2018), doi:10.1016/j.jesp.2018.08.009.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import ArrayLike

from matwise.errors import InvalidInputError, Problem
from matwise.inference.expectation_propagation import Intervals
from matwise.inference.mixture import Floats, NormalMixture
from matwise.inference.moments import design_rows, exposure
from matwise.inference.observed import Estimate, Steps, better_days_given, difference_given, levels, points_given
from matwise.inference.ordinal_grid import OrdinalNodes, integrate_intervals
from matwise.inference.priors import Priors
from matwise.inference.quadrature import prior_root
from matwise.inference.regression import AVERAGE, Carryover, Days, Posterior

ENDS_FROM = 0.05  # share of ratings on an end from which the latent effect moves (validation/inference/ordinal.py)
# With two levels the plain 95 % interval holds the truth only 55 to 80 times in 100, with three 95 times (same place).
FEWEST_LEVELS = 3
_OPEN = 1e6  # scale lengths; where the end of an interval without end is put
_LIGHTEST = np.exp(-14.0)  # of the heaviest node; together what is lighter holds less than 1e-4 of the mass


class Reason(StrEnum):
    """Why ratings need the ordinal model."""

    ENDS = "ends"
    FEW_LEVELS = "few_levels"


@dataclass(frozen=True, slots=True, eq=False)
class OrdinalPosterior:
    """What is known of one person's latent ratings (`latent`) and of the ratings given on the scale `steps`."""

    latent: Posterior
    steps: Steps

    @property
    def effect(self) -> NormalMixture:
        """Arm 1 minus arm 0 on the latent scale, in points."""
        return self.latent.effect

    @property
    def rho(self) -> Floats:
        """Posterior mean of ρ."""
        return self.latent.rho

    @property
    def sigma(self) -> Floats:
        """Posterior mean of σ, latent."""
        return self.latent.sigma

    @property
    def log_evidence(self) -> Floats:
        """Log probability of the ratings given (not a density: each rating is an interval)."""
        return self.latent.log_evidence

    @property
    def keep_weight(self) -> Floats:
        """Posterior weight of each λ."""
        return self.latent.keep_weight

    @property
    def n_used(self) -> Floats:
        """Rated days used."""
        return self.latent.n_used

    def contrast(self, first: int, second: int) -> NormalMixture:
        """Arm `first` minus arm `second` on the latent scale.

        Raises:
            InvalidInputError: an arm has no day.
        """
        return self.latent.contrast(first, second)

    def points(self, first: int = 1, second: int = 0) -> Estimate:
        """Expected rating on arm `first` minus that on arm `second`, as given, at the middle of the trend.

        Raises:
            InvalidInputError: an arm has no day.
        """
        return points_given(self.steps, levels(self.latent, first, second))

    def given(self, first: int = 1, second: int = 0) -> NormalMixture:
        """The distribution of which `points` are the figures.

        Raises:
            InvalidInputError: an arm has no day.
        """
        return difference_given(self.steps, levels(self.latent, first, second))

    def better_days(self, better: str, first: int = 1, second: int = 0) -> Estimate:
        """Of ten pairs of days, one on each arm, on how many the rating given on arm `first` is better.

        Args:
            better: "lower" or "higher". A tie counts half.
            first: an arm.
            second: the arm compared with.

        Raises:
            InvalidInputError: an arm has no day, or `better` is neither.
        """
        return better_days_given(self.steps, levels(self.latent, first, second), better)


def ordinal_reason(y: ArrayLike, low: float = 0.0, high: float = 10.0, step: float = 1.0) -> Reason | None:
    """Why these ratings (NaN where missing) need the ordinal model; None where the plain model gives the same."""
    ratings = np.asarray(y, dtype=np.float64)
    rated = ratings[~np.isnan(ratings)]
    if not rated.size:
        return None
    at_end = (rated < low + 0.5 * step) | (rated > high - 0.5 * step)
    if at_end.mean() >= ENDS_FROM:
        return Reason.ENDS
    return Reason.FEW_LEVELS if np.unique(np.round((rated - low) / step)).size < FEWEST_LEVELS else None


def needs_ordinal(y: ArrayLike, low: float = 0.0, high: float = 10.0, step: float = 1.0) -> bool:
    """Whether these ratings (NaN where missing) need the ordinal model; `ordinal_reason` says why."""
    return ordinal_reason(y, low, high, step) is not None


def compare_ordinal(
    y: ArrayLike,
    arm: ArrayLike,
    day: ArrayLike,
    *,
    priors: Priors,
    low: float = 0.0,
    high: float = 10.0,
    step: float = 1.0,
    carryover: Carryover = AVERAGE,
    covariates: ArrayLike | None = None,
) -> OrdinalPosterior:
    """Posterior of the differences between arms in one person's latent ratings.

    Args:
        y: ratings from `low` to `high` in steps of `step`, NaN where missing, shape (n_days,).
        arm: 0 the arm compared with, 1 the arm asked about, 2 and up further arms; shape (n_days,).
        day: day numbers, ascending, shape (n_days,); days may be skipped (the last known arm goes on).
        priors: of the latent model, see `Priors`.
        low: the lowest rating there is; latent ratings below it are given as it.
        high: the highest.
        step: between two ratings; of a slider the finest that it shows.
        carryover: `NONE`, `AVERAGE` or one with days left out.
        covariates: as for `regression.compare`, shape (n_days, n_covariates).

    Raises:
        InvalidInputError: shapes do not match, days do not ascend, or a rating is infinite, off the steps or outside
            the ends.

    Source:
        Expectation propagation: Minka (2001), arXiv:1301.2294.
    """
    steps = Steps(low, high, step)
    ratings, codes, days = np.asarray(y, dtype=np.float64), np.asarray(arm), np.asarray(day)
    check_ratings(ratings, codes, days, steps, dimensions=(1,))
    extra = None if covariates is None else np.asarray(covariates, dtype=np.float64)
    person = Days.of(ratings, codes.astype(np.int64), days.astype(np.int64), extra)
    arms = (*(k for k in range(2, int(codes.max(initial=1)) + 1) if (codes == k).any()), 1)
    nodes = integrate_intervals(intervals(person, steps, priors, carryover, arms), priors)
    return OrdinalPosterior(_posterior(person, nodes, arms, priors, carryover), steps)


def intervals(
    person: Days, steps: Steps, priors: Priors, carryover: Carryover, arms: tuple[int, ...] | None = None
) -> Intervals:
    """What one person's ratings say of the latent ones, measured from what the priors expect."""
    used = person.without_switches(carryover.days_left_out)
    exposures = exposure(used.received(arms), np.asarray(carryover.keeps))
    rows = design_rows(used.day.astype(np.float64), exposures, used.y, priors, used.standardised())
    seen = np.flatnonzero(~np.isnan(used.y))
    rating, middle = used.y[seen], rows[:, seen, -1]
    half, far = 0.5 * steps.step, _OPEN * (steps.high - steps.low)
    at_low, at_high = rating < steps.low + half, rating > steps.high - half
    root = prior_root(priors, rows.shape[-1] - 1, exposures.shape[-1])
    return Intervals(
        below=middle - np.where(at_low, far, half),
        above=middle + np.where(at_high, far, half),
        closed=~(at_low | at_high),
        middle=middle,
        width=steps.step,
        gap=np.diff(seen, prepend=seen[:1]).astype(np.float64),
        design=rows[:, seen, :-1],
        prior_precision=np.asarray(np.linalg.inv(root @ root.T), dtype=np.float64),
        log_prior_determinant=-2 * float(np.log(np.diagonal(root)).sum()),
    )


def _posterior(
    person: Days, nodes: OrdinalNodes, arms: tuple[int, ...], priors: Priors, carryover: Carryover
) -> Posterior:
    log_mass = nodes.log_mass + np.log(carryover.weights)[:, None]
    peak = log_mass.max()
    mass = np.exp(log_mass - peak)
    kept = mass > _LIGHTEST
    expected = np.zeros(nodes.mean.shape[-1])
    expected[0], expected[1] = priors.level.mean, priors.trend.mean
    expected[-len(arms) :] = priors.effect.mean
    return Posterior(
        weight=mass[kept] / mass[kept].sum(),
        mean=expected + nodes.mean[kept],
        root=nodes.root[kept],
        rho_at=nodes.rho[kept],
        sigma_at=nodes.sigma[kept],
        keep_at=np.broadcast_to(np.array(carryover.keeps)[:, None], kept.shape)[kept],
        arms=arms,
        log_evidence=peak + np.log(mass.sum()),
        keep_weight=mass.sum(-1) / mass.sum(),
        n_used=np.asarray((~np.isnan(person.without_switches(carryover.days_left_out).y)).sum()),
        exact_fit=np.asarray(False),  # noqa: FBT003 (an array's value, not a flag)
        grid_error=np.asarray(np.nan),  # not estimated: the lattice's own error is smaller than that of EP
    )


def check_ratings(y: Floats, arm: np.ndarray, day: np.ndarray, steps: Steps, dimensions: tuple[int, ...]) -> None:
    """Refuse what the model cannot read, all of it at once; `dimensions` are those that `y` may have.

    Raises:
        InvalidInputError: see `compare_ordinal`.
    """
    problems = []
    if y.ndim not in dimensions or y.size == 0:
        wanted = " or ".join(("(n_days,)", "(n_people, n_days)")[one - 1] for one in dimensions)
        problems.append(Problem("ratings", f"shape {y.shape}", f"{wanted}, not empty"))
    for name, given in (("arm", arm), ("day", day)):
        if given.ndim > y.ndim or given.shape[-1:] != y.shape[-1:]:
            problems.append(Problem(name, f"shape {given.shape}", f"one that broadcasts to {y.shape}"))
    off = ~steps.on(y) & ~np.isnan(y)
    if off.any():
        some = ", ".join(f"{one:g}" for one in np.unique(y[off])[:3])
        wanted = f"{steps.low:g} to {steps.high:g} in steps of {steps.step:g}, NaN where missing"
        problems.append(Problem("ratings", f"{int(off.sum())} of another kind ({some})", wanted))
    if day.size and not (np.diff(day, axis=-1) > 0).all():
        problems.append(Problem("day", "days that do not ascend", "each day once, in order"))
    if arm.size and arm.min() < 0:
        problems.append(Problem("arm", str(arm.min()), "0, 1, 2, …"))
    if problems:
        raise InvalidInputError(*problems)
