"""Several outcomes of one person at once: each effect drawn towards what all have in common, as far as they agree.

θ_k = effect k in units of its smallest change that matters, signed so that above 0 is better; θ_k ~ N(μ, ω²),
μ ~ N(0, s²/2), ω half-normal with E ω² = s²/2: seen alone, an outcome keeps the prior spread s that it had. Two stages:
each outcome's posterior is divided by its own prior, component by component, which leaves its likelihood; these are put
together under (μ, ω) on a grid.

Outcomes of the same days share their good and bad days. The errors of the estimates are taken to be
a_k·f + √(1 − a_k²)·e_k with one shared factor f ~ N(0, 1), whose loadings a_k fit the correlation of the days'
residuals (with one design and alike ρ, estimates correlate as residuals do). Given f the likelihoods are independent
and stay mixtures; f is integrated over, too. Without this, four ratings of one bad mood would count as four witnesses.

Source: Gelman, Hill and Yajima (2012), doi:10.1080/19345747.2011.618213 (partial pooling in place of corrections).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from matwise.errors import InvalidInputError, Problem
from matwise.inference.mixture import Floats, NormalMixture
from matwise.inference.moments import drift
from matwise.inference.priors import Normal

STRONGEST_LOADING = 0.95  # beyond it two outcomes are one, asked twice
_WEAKEST_LOADING = 0.03  # below it the shared factor changes nothing and is left out
_LEAST_INFORMATION = 1e-6  # of the prior's: what a component that learnt nothing keeps, so that its spread stays finite
# The grid and the bins together move no mean or quantile by more than 0.006 sd against ones twice as fine.
_FACTOR = np.linspace(-4.2, 4.2, 11)  # spreads of f
_MU = np.linspace(-5.0, 5.0, 19)  # spreads of μ given ω and f
_LARGEST_OMEGA_SD, _OMEGA_STEPS = 4.5, 16  # half-normal spreads of ω
_LIGHTEST = 1e-6  # of the heaviest grid point: lighter ones are left out
_BIN_SD, _BIN_LOG_SD = 0.25, 0.2  # components closer than this are merged into one of the same mean and variance


@dataclass(frozen=True, slots=True, eq=False)
class Estimate:
    """One outcome: the posterior of its effect, the prior that went into it, its unit.

    `unit` is the smallest change that matters, above 0 where higher is better and below 0 where lower is.
    """

    effect: NormalMixture
    prior: Normal
    unit: float


@dataclass(frozen=True, slots=True, eq=False)
class Pooled:
    """Outcomes side by side, in units of the smallest change that matters; above 0 is better.

    `effects` are the θ_k after pooling, `mean` is μ, `spread` the posterior mean of ω, `loadings` are the a_k of shape
    (n_outcomes,).
    """

    effects: tuple[NormalMixture, ...]
    mean: NormalMixture
    spread: float
    loadings: Floats


def pool(estimates: Sequence[Estimate], correlation: ArrayLike | None = None) -> Pooled:
    """Draw several outcomes together.

    Args:
        estimates: at least one outcome.
        correlation: of the errors of the effects in their own directions (`residual_correlation`), shape
            (n_outcomes, n_outcomes); None: independent.

    Raises:
        InvalidInputError: no outcome, a unit of 0, a posterior that is not of one person, or a correlation of another
            shape.
    """
    signs = np.sign([one.unit for one in estimates])
    given = np.eye(len(estimates)) if correlation is None else np.asarray(correlation, dtype=np.float64)
    _check(estimates, given)
    loadings = one_factor(given * np.outer(signs, signs))
    likelihoods = [_merged(_likelihood(one)) for one in estimates]
    grid = _grid(likelihoods, loadings, _prior_spread(estimates) / np.sqrt(2))
    return Pooled(
        effects=tuple(_effect(grid, likelihood, k) for k, likelihood in enumerate(likelihoods)),
        mean=_common_mean(grid),
        spread=float((grid.weight * grid.omega).sum()),
        loadings=loadings,
    )


def residual_correlation(y: ArrayLike, arm: ArrayLike, day: ArrayLike) -> Floats:
    """Correlation of the errors of several outcomes' effects, from what arms and trend leave of their days.

    Residuals are correlated over the days on which both were rated; where few of them coincide the effects are that
    much less correlated.

    Args:
        y: ratings, NaN where missing, shape (n_outcomes, n_days).
        arm: arm of each day, shape (n_days,).
        day: day numbers, shape (n_days,).

    Returns:
        Shape (n_outcomes, n_outcomes), 1 on the diagonal; 0 for a pair with fewer than three common days or without
        residuals.
    """
    ratings, days = np.asarray(y, dtype=np.float64), np.asarray(day, dtype=np.float64)
    arms = np.asarray(arm)
    design = np.column_stack([drift(days), *[arms == one for one in np.unique(arms)]]).astype(np.float64)
    left = np.stack([_residual(one, design) for one in ratings])
    out = np.eye(len(left))
    for k in range(len(left)):
        for other in range(k):
            out[k, other] = out[other, k] = _correlation(left[k], left[other])
    return out


def one_factor(correlation: Floats) -> Floats:
    """Loadings a_k whose products fit the correlations off the diagonal by least squares, shape (n_outcomes,)."""
    off = correlation - np.diag(np.diag(correlation))
    values, vectors = np.linalg.eigh(off)
    loadings = vectors[:, -1] * np.sqrt(max(float(values[-1]), 0.0))
    for _ in range(200):
        shared = np.maximum((loadings**2).sum() - loadings**2, 1e-12)
        fitted = np.clip(off @ loadings / shared, -STRONGEST_LOADING, STRONGEST_LOADING)
        loadings = 0.5 * (loadings + fitted)  # halfway: two outcomes alone would swing for ever
    return np.asarray(loadings * (1.0 if loadings.sum() >= 0 else -1.0))


@dataclass(frozen=True, slots=True, eq=False)
class _Grid:
    """Points of (ω, f, μ) and their posterior weights, all of shape (n_points,), and the loadings."""

    weight: Floats
    omega: Floats
    factor: Floats
    mu: Floats
    row: np.ndarray
    loadings: Floats


def _likelihood(one: Estimate) -> NormalMixture:
    """Posterior over prior in units: Σ w·N(m, v)/N(m₀, v₀), each a normal again; weights need not sum to 1."""
    mixture, prior = one.effect, one.prior
    used = mixture.weight > 0
    weight, mean, sd = (part[used] for part in (mixture.weight, mixture.component_mean, mixture.component_sd))
    information = np.maximum(sd**-2 - prior.sd**-2, _LEAST_INFORMATION * prior.sd**-2)
    centre = (mean * sd**-2 - prior.mean * prior.sd**-2) / information
    centre = np.where(information > _LEAST_INFORMATION * prior.sd**-2, centre, prior.mean)
    spread = np.sqrt(1 / information + prior.sd**2)
    # A constant factor of all weights plays no part, so the density is taken relative to its highest.
    log_weight = np.log(weight) + 0.5 * ((centre - prior.mean) / spread) ** 2 + np.log(spread)
    unit = abs(one.unit)
    return NormalMixture(
        np.exp(log_weight - log_weight.max()), np.sign(one.unit) * centre / unit, 1 / np.sqrt(information) / unit
    )


def _prior_spread(estimates: Sequence[Estimate]) -> float:
    return float(np.sqrt(np.mean([(one.prior.sd / one.unit) ** 2 for one in estimates])))


def _grid(likelihoods: Sequence[NormalMixture], loadings: Floats, spread: float) -> _Grid:
    """All points of (ω, f, μ) that matter, μ around where it lies given the other two."""
    # Midpoints: the density is even in ω, so they converge as fast as a trapezoid does over the whole line.
    omegas = (np.arange(_OMEGA_STEPS) + 0.5) * (_LARGEST_OMEGA_SD * spread / _OMEGA_STEPS)
    factors = _FACTOR if np.abs(loadings).max() > _WEAKEST_LOADING else np.zeros(1)
    omega, factor = (one.ravel() for one in np.meshgrid(omegas, factors, indexing="ij"))
    centre, sd = _rough_mean(likelihoods, loadings, omega, factor, spread)
    mu = centre[:, None] + sd[:, None] * _MU
    log_mass = np.log(sd)[:, None] - 0.5 * (omega[:, None] ** 2 + mu**2) / spread**2 - 0.5 * factor[:, None] ** 2
    for likelihood, loading in zip(likelihoods, loadings, strict=True):
        log_mass = log_mass + _log_marginal(likelihood, loading, omega, factor, mu)
    mass = np.exp(log_mass - log_mass.max())
    kept = mass > _LIGHTEST
    row = np.broadcast_to(np.arange(omega.size)[:, None], mu.shape)[kept]
    return _Grid(mass[kept] / mass[kept].sum(), omega[row], factor[row], mu[kept], row, loadings)


def _given_factor(likelihood: NormalMixture, loading: float, factor: Floats) -> tuple[Floats, Floats]:
    """Centres and variances of a likelihood once f is known, shape (*factor.shape, n_components)."""
    sd = likelihood.component_sd
    centre = likelihood.component_mean - loading * sd * factor[..., None]
    return centre, np.broadcast_to(sd**2 * (1 - loading**2), centre.shape)


def _rough_mean(
    likelihoods: Sequence[NormalMixture], loadings: Floats, omega: Floats, factor: Floats, spread: float
) -> tuple[Floats, Floats]:
    """Where μ lies given ω and f, and how widely, if each likelihood were one normal: where the grid is laid."""
    precision, pull = np.full(omega.shape, spread**-2), np.zeros(omega.shape)
    for likelihood, loading in zip(likelihoods, loadings, strict=True):
        weight = likelihood.weight / likelihood.component_sd
        weight = weight / weight.sum()
        centre, variance = _given_factor(likelihood, loading, factor)
        at = centre @ weight
        information = 1 / ((variance + (centre - at[:, None]) ** 2) @ weight + omega**2)
        precision, pull = precision + information, pull + information * at
    return pull / precision, precision**-0.5


def _log_marginal(likelihood: NormalMixture, loading: float, omega: Floats, factor: Floats, mu: Floats) -> Floats:
    """Log ∫ L(θ | f) N(θ; μ, ω²) dθ at each μ of shape (n_rows, n_mu)."""
    centre, variance = _given_factor(likelihood, loading, factor)
    total = variance + omega[:, None] ** 2
    z = (mu[:, :, None] - centre[:, None]) ** 2 / total[:, None]
    return np.asarray(_log_sum(np.log(likelihood.weight) - 0.5 * z - 0.5 * np.log(total)[:, None]))


def _log_sum(terms: Floats) -> Floats:
    highest = terms.max(-1, keepdims=True)
    return np.asarray(highest[..., 0] + np.log(np.exp(terms - highest).sum(-1)))


def _effect(grid: _Grid, likelihood: NormalMixture, k: int) -> NormalMixture:
    """Posterior of θ_k: at each point of the grid a conjugate update of every component, then all of them together."""
    centre, variance = _given_factor(likelihood, grid.loadings[k], grid.factor)
    between = grid.omega[:, None] ** 2
    total = variance + between
    log_share = np.log(likelihood.weight) - 0.5 * (grid.mu[:, None] - centre) ** 2 / total - 0.5 * np.log(total)
    share = np.exp(log_share - _log_sum(log_share)[:, None])
    mean = (centre * between + grid.mu[:, None] * variance) / total
    sd = np.sqrt(variance * between / total)
    every = NormalMixture((grid.weight[:, None] * share).ravel(), mean.ravel(), sd.ravel())
    return _merged(every)


def _common_mean(grid: _Grid) -> NormalMixture:
    """μ as a mixture over (ω, f), given which it is all but normal."""
    _, at = np.unique(grid.row, return_inverse=True)
    weight = np.bincount(at, grid.weight)
    mean = np.bincount(at, grid.weight * grid.mu) / weight
    variance = np.bincount(at, grid.weight * (grid.mu - mean[at]) ** 2) / weight
    kept = variance > 0  # a row of one grid point holds next to nothing
    return NormalMixture(weight[kept] / weight[kept].sum(), mean[kept], np.sqrt(variance[kept]))


def _merged(mixture: NormalMixture) -> NormalMixture:
    """The same mixture with near neighbours merged into one that has their mean and variance."""
    mean, sd = mixture.component_mean, mixture.component_sd
    level = np.rint(np.log(sd) / _BIN_LOG_SD)
    place = np.rint(mean / (_BIN_SD * np.exp(level * _BIN_LOG_SD)))
    place -= place.min()
    _, at = np.unique(level * (place.max() + 1) + place, return_inverse=True)
    weight = np.asarray(np.bincount(at, mixture.weight), dtype=np.float64)
    centre = np.bincount(at, mixture.weight * mean) / weight
    variance = np.bincount(at, mixture.weight * (sd**2 + (mean - centre[at]) ** 2)) / weight
    return NormalMixture(weight, centre, np.sqrt(variance))


def _residual(y: Floats, design: Floats) -> Floats:
    seen = ~np.isnan(y)
    out = np.full_like(y, np.nan)
    if seen.any():
        out[seen] = y[seen] - design[seen] @ np.linalg.lstsq(design[seen], y[seen], rcond=None)[0]
    return out


def _correlation(one: Floats, other: Floats) -> float:
    both = ~(np.isnan(one) | np.isnan(other))
    square = float((one[both] ** 2).sum() * (other[both] ** 2).sum())
    if both.sum() < 3 or not square > 1e-18:
        return 0.0
    overlap = both.sum() / np.sqrt((~np.isnan(one)).sum() * (~np.isnan(other)).sum())
    return float((one[both] * other[both]).sum() / np.sqrt(square) * overlap)


def _check(estimates: Sequence[Estimate], correlation: Floats) -> None:
    n = len(estimates)
    problems = [] if n else [Problem("estimates", "none", "at least one outcome")]
    for k, one in enumerate(estimates):
        if not (np.isfinite(one.unit) and one.unit):
            problems.append(Problem(f"estimate {k}, unit", f"{one.unit:g}", "a change above or below 0"))
        if one.effect.weight.ndim != 1 or not np.isfinite(one.effect.mean):
            problems.append(Problem(f"estimate {k}, effect", "no posterior", "that of one person"))
    if correlation.shape != (n, n) or not np.isfinite(correlation).all():
        problems.append(Problem("correlation", f"shape {correlation.shape}", f"({n}, {n}), finite"))
    if problems:
        raise InvalidInputError(*problems)
