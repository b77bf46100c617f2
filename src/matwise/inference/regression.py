"""The difference between two arms of one person's days, as an exact posterior.

y_t = α + Σ τ_k·e_(k,t)(λ) + δ·s_t + z_t'γ + u_t, with u_t AR(1) from a stationary start, s_t = (day − centre)/T and
z_t covariates of the day. Missing days are integrated out through the powers of ρ over their gap, coefficients
analytically, (atanh ρ, log σ) by quadrature.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from matwise.errors import InvalidInputError, Problem
from matwise.inference.mixture import Floats, NormalMixture
from matwise.inference.moments import Moments, moments
from matwise.inference.priors import Priors
from matwise.inference.quadrature import Nodes, integrate, log_density, nodes, residual, rows

# Nodes lighter than this share of the heaviest are dropped: together they hold less than 1e-4 of the mass.
_LIGHTEST = np.exp(-14.0)
_LARGEST_GRID_ERROR, _FINER = 1e-3, (1.0, 2.0, 4.0)  # half of what is promised; nodes are doubled until it is met


@dataclass(frozen=True, slots=True)
class Carryover:
    """How an arm may linger: the λ considered, their prior weights, and the days left out after each switch."""

    keeps: tuple[float, ...] = (0.0,)
    weights: tuple[float, ...] = (1.0,)
    days_left_out: int = 0


NONE = Carryover()
# Keeps coverage at 0.935 or more for half-lives up to three days, where ignoring carry-over falls to 0.31–0.86.
AVERAGE = Carryover((0.0, 0.3, 0.5, 0.7, 0.85), (0.4, 0.2, 0.2, 0.1, 0.1))


@dataclass(frozen=True, slots=True, eq=False)
class Draws:
    """Draws from a posterior: `rho`, `sigma`, `keep` (the λ) of shape (n,), `coefficients` (n, p), `effects` (n, k).

    `coefficients` are level, trend, covariates, further arms, arm 1. `effects` are arms 1, 2, … each minus arm 0.
    """

    rho: Floats
    sigma: Floats
    keep: Floats
    coefficients: Floats
    effects: Floats


@dataclass(frozen=True, slots=True, eq=False)
class Posterior:
    """What is known of a person's days after they were seen: a mixture of normals over its grid of (λ, ρ, σ).

    Shapes, with leading axes for people: `weight`, `rho_at`, `sigma_at`, `keep_at` (n_components,), `mean`
    (n_components, p) and `root` (n_components, p, p), whose product with its transpose is the covariance of the
    coefficients: level, trend, covariates, then the arms of `arms`, arm 1 last, each minus arm 0.

    `keep_weight` is the posterior weight of each λ, `n_used` the rated days used. `grid_error` estimates how far the
    grid puts the mean of arm 1 − arm 0 from where it is, in posterior spreads; it is kept at 0.001 or below.
    `exact_fit` marks a series without any scatter around its arms and trend, for which the posterior of σ does not
    exist.
    """

    weight: Floats
    mean: Floats
    root: Floats
    rho_at: Floats
    sigma_at: Floats
    keep_at: Floats
    arms: tuple[int, ...]
    log_evidence: Floats
    keep_weight: Floats
    n_used: Floats
    exact_fit: np.ndarray
    grid_error: Floats

    @property
    def effect(self) -> NormalMixture:
        """Arm 1 minus arm 0."""
        return self.contrast(1, 0)

    @property
    def rho(self) -> Floats:
        """Posterior mean of ρ, shape (...)."""
        return np.asarray((self.weight * self.rho_at).sum(-1))

    @property
    def sigma(self) -> Floats:
        """Posterior mean of σ, shape (...)."""
        return np.asarray((self.weight * self.sigma_at).sum(-1))

    def contrast(self, first: int, second: int) -> NormalMixture:
        """Arm `first` minus arm `second`, from the one joint posterior.

        Raises:
            InvalidInputError: an arm has no day.
        """
        known = (0, *self.arms)
        wrong = [
            Problem("arm", str(arm), "one of " + ", ".join(map(str, sorted(known))))
            for arm in (first, second)
            if arm not in known
        ]
        if wrong:
            raise InvalidInputError(*wrong)
        wanted = np.zeros(self.mean.shape[-1])
        for arm, sign in ((first, 1.0), (second, -1.0)):
            if arm:
                wanted[self.arms.index(arm) - len(self.arms)] += sign
        return self.combination(wanted)

    def combination(self, wanted: ArrayLike) -> NormalMixture:
        """Posterior of Σ wanted·coefficient; `wanted` has shape (p,)."""
        along = np.asarray(wanted, dtype=np.float64)
        spread = np.sqrt(((along @ self.root) ** 2).sum(-1))
        return NormalMixture(self.weight, self.mean @ along, spread)

    def draws(self, rng: np.random.Generator, n: int) -> Draws:
        """`n` draws of one person's coefficients, ρ and σ.

        Raises:
            InvalidInputError: the posterior is of several people, or there is none.
        """
        if self.weight.ndim != 1 or not np.isfinite(self.weight).all():
            raise InvalidInputError(
                Problem("posterior", f"shape {self.weight.shape}", "that of one person, with weight")
            )
        at = np.minimum(np.searchsorted(self.weight.cumsum(), rng.random(n), side="right"), self.weight.size - 1)
        noise = rng.standard_normal((n, self.mean.shape[-1], 1))
        coefficients = self.mean[at] + (self.root[at] @ noise)[..., 0]
        effects = coefficients[:, [self.arms.index(arm) - len(self.arms) for arm in sorted(self.arms)]]
        return Draws(self.rho_at[at], self.sigma_at[at], self.keep_at[at], coefficients, effects)


def compare(
    y: ArrayLike,
    arm: ArrayLike,
    day: ArrayLike,
    *,
    priors: Priors,
    carryover: Carryover = AVERAGE,
    rounding: float | None = None,
    covariates: ArrayLike | None = None,
) -> Posterior:
    """Posterior of the differences between arms in `y`, coefficients and errors jointly.

    Args:
        y: ratings, NaN where missing, shape (n_days,) or (n_people, n_days).
        arm: 0 the arm compared with, 1 the arm asked about, 2 and up further arms (each has its own effect); any
            shape that broadcasts to that of `y`.
        day: day numbers, ascending; days may be skipped (the last known arm goes on). Broadcasts like `arm`.
        priors: see `Priors`. With three and more arms every difference of two has the effect's prior spread.
        carryover: `NONE`, `AVERAGE` or one with days left out.
        rounding: the step to which ratings are rounded. Used only for a series without any scatter: σ is then taken
            as the error of rounding and ρ as 0; without it such a person's answer is NaN.
        covariates: what else is known of each day (a weekend, last night's sleep), shape (n_days, n_covariates) or
            (n_people, n_days, n_covariates). Each is centred and scaled to unit spread over the rated days; its
            coefficient has the trend's prior spread around 0. One that never varies changes nothing.

    Raises:
        InvalidInputError: shapes do not match, a rating is infinite, days do not ascend, or a covariate is not known
            on a rated day.
    """
    ratings = np.asarray(y, dtype=np.float64)
    extra = None if covariates is None else np.asarray(covariates, dtype=np.float64)
    _check(ratings, np.asarray(arm), np.asarray(day), extra)
    people = np.atleast_2d(ratings)
    codes, days = (np.broadcast_to(np.asarray(one, dtype=np.int64), people.shape) for one in (arm, day))
    arms = (*(k for k in range(2, int(codes.max(initial=1)) + 1) if (codes == k).any()), 1)
    known = [None] * len(people) if extra is None else np.broadcast_to(extra, (*people.shape, extra.shape[-1]))
    each = [
        _person(Days.of(*one), arms, priors, carryover, rounding)
        for one in zip(people, codes, days, known, strict=True)
    ]
    return _stack(each) if ratings.ndim > 1 else each[0]


@dataclass(frozen=True, slots=True, eq=False)
class Days:
    """One person's calendar from first to last day: `day`, `arm`, `y` of shape (n_days,), NaN where not rated.

    `covariates` has shape (n_days, n_covariates); only its values on rated days play a part.
    """

    day: np.ndarray
    arm: np.ndarray
    y: Floats
    covariates: Floats | None = None

    @classmethod
    def of(cls, y: Floats, arm: np.ndarray, day: np.ndarray, covariates: Floats | None = None) -> Days:
        """Fill the days that were skipped: not rated, on the last known arm."""
        if not day.size:
            return cls(day, arm, y, covariates)
        calendar = np.arange(day[0], day[-1] + 1)
        last_known = np.searchsorted(day, calendar, side="right") - 1
        rated = np.full(calendar.size, np.nan)
        rated[day - day[0]] = y
        return cls(calendar, arm[last_known], rated, None if covariates is None else covariates[last_known])

    def received(self, arms: tuple[int, ...] | None = None) -> Floats:
        """1 on the days of an arm, shape (n_days, n_effects): those of `arms`, or all there are; arm 1 comes last."""
        if arms is None:
            arms = (*(k for k in range(2, int(self.arm.max(initial=1)) + 1) if (self.arm == k).any()), 1)
        return np.column_stack([self.arm == k for k in arms]).astype(np.float64)

    def without_switches(self, days_left_out: int) -> Days:
        """The same days, with ratings of the first `days_left_out` days after each switch of arm taken out."""
        y = self.y.copy()
        for at in np.flatnonzero(np.diff(self.arm)) + 1:
            y[at : at + days_left_out] = np.nan
        return Days(self.day, self.arm, y, self.covariates)

    def standardised(self) -> Floats | None:
        """Covariates with mean 0 and spread 1 over the rated days; 0 where they never vary or on days not rated."""
        if self.covariates is None:
            return None
        rated = ~np.isnan(self.y)
        out = np.zeros_like(self.covariates)
        if rated.any():
            seen = self.covariates[rated]
            spread = seen.std(0)
            varies = spread > 1e-9 * np.abs(seen).max(0)
            out[rated] = np.where(varies, (seen - seen.mean(0)) / np.where(varies, spread, 1.0), 0.0)
        return out


def statistics(days: Days, priors: Priors, carryover: Carryover, arms: tuple[int, ...] | None = None) -> Moments:
    """Moments of one person's days under each λ of the carry-over."""
    used = days.without_switches(carryover.days_left_out)
    calendar = used.day.astype(np.float64)
    return moments(calendar, used.received(arms), used.y, carryover.keeps, priors, used.standardised())


def _person(
    days: Days, arms: tuple[int, ...], priors: Priors, carryover: Carryover, rounding: float | None
) -> Posterior:
    stats = statistics(days, priors, carryover, arms)
    for finer in _FINER:
        grid = integrate(stats, priors, finer=finer)
        if grid is None:
            break
        found = _posterior(stats, grid, arms, priors, carryover, exact_fit=False)
        if found.grid_error <= _LARGEST_GRID_ERROR or finer == _FINER[-1]:
            return found
    if rounding is None:
        return _unknown(stats, arms, carryover)
    return _posterior(stats, _rounding_alone(stats, priors, rounding), arms, priors, carryover, exact_fit=True)


def _rounding_alone(stats: Moments, priors: Priors, rounding: float) -> Nodes:
    """One node: independent days (ρ = 0) that scatter by the error of rounding and by what the fit leaves."""
    grid = rows(stats, priors, np.zeros((len(stats.matrices), 1)))
    left = residual(grid)[0].max() / stats.n
    v = np.full((len(stats.matrices), 1, 1), 0.5 * np.log(rounding**2 / 12 + left))
    return nodes(grid, v, log_density(grid, v, priors))


def _posterior(
    stats: Moments, grid: Nodes, arms: tuple[int, ...], priors: Priors, carryover: Carryover, *, exact_fit: bool
) -> Posterior:
    log_mass = grid.log_mass + np.log(carryover.weights)[:, None]
    peak = log_mass.max()
    mass = np.exp(log_mass - peak)
    total = mass.sum()
    kept = mass > _LIGHTEST * mass.max()
    expected = np.zeros(stats.columns - 1)
    expected[0], expected[1] = priors.level.mean, priors.trend.mean
    expected[-len(arms) :] = priors.effect.mean
    return Posterior(
        weight=mass[kept] / mass[kept].sum(),
        mean=expected + grid.mean[kept],
        root=grid.root[kept],
        rho_at=grid.rho[kept],
        sigma_at=grid.sigma[kept],
        keep_at=np.broadcast_to(np.array(carryover.keeps)[:, None], kept.shape)[kept],
        arms=arms,
        log_evidence=peak + np.log(total),
        keep_weight=mass.sum(-1) / total,
        n_used=np.asarray(stats.n),
        exact_fit=np.asarray(exact_fit),
        grid_error=_grid_error(grid, mass, exact_fit=exact_fit),
    )


def _grid_error(grid: Nodes, mass: Floats, *, exact_fit: bool) -> Floats:
    """Estimated error of the effect's mean in posterior spreads.

    The trapezoid rule on a smooth peak converges so fast that halving the step squares the error; a grid of twice the
    step is at hand in every other node (Trefethen and Weideman 2014, doi:10.1137/130932132).
    """
    if exact_fit:
        return np.asarray(0.0)
    effect = grid.mean[..., -1]
    mean = (mass * effect).sum() / mass.sum()
    variance = (mass * ((effect - mean) ** 2 + (grid.root[..., -1, :] ** 2).sum(-1))).sum() / mass.sum()
    thinned = np.where(grid.coarse, mass, 0.0)
    return np.asarray(((thinned * effect).sum() / thinned.sum() - mean) ** 2 / variance)


def _unknown(stats: Moments, arms: tuple[int, ...], carryover: Carryover) -> Posterior:
    p = stats.columns - 1
    one = np.full(1, np.nan)
    return Posterior(
        weight=one,
        mean=np.full((1, p), np.nan),
        root=np.full((1, p, p), np.nan),
        rho_at=one,
        sigma_at=one,
        keep_at=one,
        arms=arms,
        log_evidence=np.array(np.nan),
        keep_weight=np.full(len(carryover.keeps), np.nan),
        n_used=np.asarray(stats.n),
        exact_fit=np.array([True])[0],
        grid_error=np.array(np.nan),
    )


# What a component of weight 0 holds, where a person's mixture is shorter than the longest.
_PADDING = {"weight": 0.0, "mean": 0.0, "root": 0.0, "rho_at": 0.0, "sigma_at": 1.0, "keep_at": 0.0}


def _stack(each: list[Posterior]) -> Posterior:
    """People side by side; shorter mixtures are padded with weight 0."""
    longest = max(one.weight.size for one in each)

    def padded(values: Floats, fill: float) -> Floats:
        return np.pad(values, [(0, longest - len(values)), *[(0, 0)] * (values.ndim - 1)], constant_values=fill)

    stacked: dict[str, Floats] = {
        name: np.stack([padded(getattr(one, name), fill) for one in each]) for name, fill in _PADDING.items()
    }
    padding = stacked["weight"] == 0
    stacked["root"][padding] = np.eye(stacked["root"].shape[-1])  # a spread of its own, so that nothing divides by 0
    return Posterior(
        **stacked,
        arms=each[0].arms,
        log_evidence=np.stack([one.log_evidence for one in each]),
        keep_weight=np.stack([one.keep_weight for one in each]),
        n_used=np.stack([one.n_used for one in each]),
        exact_fit=np.stack([one.exact_fit for one in each]),
        grid_error=np.stack([one.grid_error for one in each]),
    )


def _check(y: Floats, arm: np.ndarray, day: np.ndarray, covariates: Floats | None) -> None:
    problems = []
    if y.ndim not in (1, 2) or y.size == 0:
        problems.append(Problem("ratings", f"shape {y.shape}", "(n_days,) or (n_people, n_days), not empty"))
    for name, given in (("arm", arm), ("day", day)):
        if given.ndim > y.ndim or given.shape[-1:] != y.shape[-1:]:
            problems.append(Problem(name, f"shape {given.shape}", f"one that broadcasts to {y.shape}"))
    if np.isinf(y).any():
        problems.append(Problem("ratings", "an infinite value", "finite numbers, NaN where missing"))
    if day.size and not (np.diff(day, axis=-1) > 0).all():
        problems.append(Problem("day", "days that do not ascend", "each day once, in order"))
    if arm.size and arm.min() < 0:
        problems.append(Problem("arm", str(arm.min()), "0, 1, 2, …"))
    if covariates is not None:
        problems += _covariate_problems(y, covariates)
    if problems:
        raise InvalidInputError(*problems)


def _covariate_problems(y: Floats, covariates: Floats) -> list[Problem]:
    if covariates.ndim not in (2, y.ndim + 1) or covariates.shape[-2] != y.shape[-1]:
        return [Problem("covariates", f"shape {covariates.shape}", f"{(*y.shape, 'n_covariates')}".replace("'", ""))]
    unknown = ~np.isfinite(covariates).all(-1) & ~np.isnan(y)
    if unknown.any():
        return [
            Problem("covariates", f"{int(unknown.sum())} rated day(s) without a value", "a number on each rated day")
        ]
    return []
