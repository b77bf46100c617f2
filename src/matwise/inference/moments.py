"""What a series of days comes to: per-gap moment matrices, from which any ρ and σ follow without the days."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from matwise.inference.mixture import Floats
from matwise.inference.priors import Priors


@dataclass(frozen=True, slots=True, eq=False)
class Moments:
    """Sufficient statistics of one person's days under n_λ carry-overs.

    Rows z = (1, s, covariates…, other effects…, the effect, y), all measured from their prior means: q columns, of
    which `effects` belong to arms. `gaps` are the distinct distances in days between neighbouring rated days,
    `gap_count` how often each occurs. `matrices` has shape (n_λ, 1 + 3·n_gaps, q·q): z₁z₁', then of each gap
    A = Σ z_k z_k', C = Σ (z_k z_(k−1)' + z_(k−1) z_k'), B = Σ z_(k−1) z_(k−1)'.
    """

    n: int
    gaps: Floats
    gap_count: Floats
    matrices: Floats
    columns: int
    effects: int


def exposure(received: Floats, keeps: Floats) -> Floats:
    """Exposure e_t = λ·e_(t−1) + (1−λ)·received_t along the days, starting from none.

    `received` has shape (n_days, n_arms), `keeps` (the λ) has shape (n_λ,); out comes (n_λ, n_days, n_arms).
    """
    keep = keeps[:, None, None]
    out = (1 - keep) * received
    reach = 1
    while reach < received.shape[0]:  # each pass doubles how many days back are in the sum
        out[:, reach:] = out[:, reach:] + keep**reach * out[:, :-reach]
        reach *= 2
    return out


def moments(
    day: Floats,
    received: Floats,
    y: Floats,
    keeps: tuple[float, ...],
    priors: Priors,
    covariates: Floats | None = None,
) -> Moments:
    """Moments of the rated days.

    Args:
        day: every day of the calendar from first to last, shape (n_days,).
        received: 1 on the days of an arm, shape (n_days, n_arms); the effect asked for is the last column.
        y: ratings, NaN where missing, shape (n_days,).
        keeps: the λ of each carry-over.
        priors: their means are taken off, so that every coefficient is expected at zero.
        covariates: further columns, shape (n_days, n_covariates), finite on rated days.
    """
    z = design_rows(day, exposure(received, np.asarray(keeps)), y, priors, covariates)
    seen = np.flatnonzero(~np.isnan(y))
    z, q = z[:, seen], z.shape[-1]
    gap = np.diff(day[seen])
    gaps, gap_count = np.unique(gap, return_counts=True)
    parts = [_outer(z[:, :1], z[:, :1])]
    for g in gaps:
        now, before = z[:, 1:][:, gap == g], z[:, :-1][:, gap == g]
        crossed = _outer(now, before)
        parts += [_outer(now, now), crossed + crossed.swapaxes(-1, -2), _outer(before, before)]
    matrices = np.stack(parts, axis=1).reshape(len(z), -1, q * q)
    return Moments(len(seen), gaps.astype(np.float64), gap_count.astype(np.float64), matrices, q, received.shape[1])


def gram(stats: Moments, rho: Floats) -> tuple[Floats, Floats]:
    """Σ of the whitened rows' outer products times σ², and the log of their weights, for each ρ.

    A day's precision given the last rated one, g days before, is (1−ρ²)/(1−ρ^(2g)) in units of 1/σ²; the first day's
    is 1−ρ². The second value is half the sum of their logs.

    Args:
        stats: the moments.
        rho: shape (n_λ, n_rho).

    Returns:
        Shapes (n_λ, n_rho, q, q) and (n_λ, n_rho).
    """
    power = rho[..., None] ** stats.gaps
    squared = power**2
    stationary = 1 - rho**2
    weight = stationary[..., None] / (1 - squared)
    coefficients = np.empty((*rho.shape, stats.matrices.shape[1]))
    coefficients[..., 0] = stationary
    coefficients[..., 1::3] = weight
    coefficients[..., 2::3] = -weight * power
    coefficients[..., 3::3] = weight * squared
    grams = (coefficients @ stats.matrices).reshape(*rho.shape, stats.columns, stats.columns)
    return grams, 0.5 * (np.log(weight) @ stats.gap_count + np.log(stationary) * (stats.n > 0))


def design_rows(day: Floats, exposures: Floats, y: Floats, priors: Priors, covariates: Floats | None = None) -> Floats:
    """Rows (1, s, covariates…, other effects…, the effect, y) measured from prior means: (n_λ, n_days, q)."""
    s = drift(day)
    expected = priors.level.mean + priors.trend.mean * s + priors.effect.mean * exposures.sum(-1)
    columns = [np.ones_like(day), s]
    if covariates is not None:
        columns += list(covariates.T)
    shared = np.broadcast_to(np.column_stack(columns), (*exposures.shape[:2], len(columns)))
    return np.concatenate([shared, exposures, (y - expected)[..., None]], axis=-1)


def drift(day: Floats) -> Floats:
    """(day − centre)/T: from −½ to ½ over the T days from first to last."""
    return np.asarray((day - 0.5 * (day[0] + day[-1])) / (day[-1] - day[0] + 1))


def _outer(left: Floats, right: Floats) -> Floats:
    """Σ over days of left·right', shape (n_λ, q, q)."""
    return np.asarray(left.swapaxes(-1, -2) @ right)
