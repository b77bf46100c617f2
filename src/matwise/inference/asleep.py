"""Whether somebody slept in a session, and how long: from the heartbeat alone, with its uncertainty.

One nap at most, from one moment to another. The heart rate of half minutes, as a logarithm, is a level, a slow drift
(lying down calms by itself), a drop while asleep, and noise that carries over from one half minute to the next. Every
nap that is possible is weighed against every other and against none; level, drift and drop are integrated out exactly.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

EPOCH_S = 30.0
FEWEST_EPOCHS = 10  # five minutes: below that every line fits
PRIOR_NAP = 0.3  # own choice: people who report after sessions say "no" more often than not
SHORTEST_EPOCHS = 2  # a nap of less than a minute is none that a heart rate can show
# A nap's sleep lengthens the intervals between beats in young adults (Cellini 2016, doi 10.1111/psyp.12595); in
# another cohort the heart rate did not differ between stages (PMC5914741, figure 2). So the drop is about 5 % and
# may well be nothing.
DROP, DROP_SD = 0.05, 0.04
DRIFT_SD = 0.04  # over the whole session: rest alone slows the heart by a few beats
LEVEL_SD = 1.0  # of the logarithm around that of 65 beats a minute: says next to nothing
LEVEL = np.log(65.0)
RHO = np.array([0.0, 0.25, 0.5, 0.7, 0.85])
SIGMA = np.geomspace(0.008, 0.12, 9)  # of the logarithm; half-normal prior of scale 0.05
SIGMA_SCALE = 0.05

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Nap:
    """What a recording says of sleep in a session.

    `p_nap`: that there was a nap of a minute or more. `minutes`: expected; `minutes_80`: between these with 80 %.
    `p_asleep`: for every epoch of 30 s, shape (n_epochs,).
    """

    p_nap: float
    minutes: float
    minutes_80: tuple[float, float]
    p_asleep: tuple[float, ...]


def nap(heart_rate_per_min: ArrayLike, awake_at_s: ArrayLike = ()) -> Nap | None:
    """Weigh every possible nap against the heart rate.

    Args:
        heart_rate_per_min: mean of each half minute from the beginning of the session, shape (n_epochs,); NaN where
            too few beats were recorded.
        awake_at_s: when the person said that they were awake, in s from the beginning.

    Returns:
        None where fewer than five minutes were recorded.
    """
    rate = np.asarray(heart_rate_per_min, dtype=np.float64)
    known = np.isfinite(rate)
    if known.sum() < FEWEST_EPOCHS:
        return None
    first, last = _possible(rate.size, np.asarray(awake_at_s, dtype=np.float64))
    steps = np.arange(rate.size)
    asleep = (steps >= first[:, None]) & (steps <= last[:, None])  # the first row: nobody slept
    weight = _weights(np.log(rate[known]) - LEVEL, np.flatnonzero(known), asleep[:, known], rate.size)
    minutes = asleep.sum(axis=1) * EPOCH_S / 60
    order = np.argsort(minutes, kind="stable")
    below = np.cumsum(weight[order])
    low, high = (float(minutes[order][min(np.searchsorted(below, q), below.size - 1)]) for q in (0.1, 0.9))
    p_asleep = weight @ asleep
    return Nap(float(1 - weight[0]), float(weight @ minutes), (low, high), tuple(map(float, p_asleep)))


def _possible(epochs: int, awake_at_s: Floats) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """First and last epoch of every nap that could be; the first pair is none (its end lies before its beginning)."""
    first, last = np.triu_indices(epochs, SHORTEST_EPOCHS - 1)
    awake = np.floor(awake_at_s / EPOCH_S)
    inside = ((awake[:, None] >= first) & (awake[:, None] <= last)).any(axis=0)
    return np.append(1, first[~inside]), np.append(0, last[~inside])


def _weights(y: Floats, at: NDArray[np.int64], asleep: NDArray[np.bool_], epochs: int) -> Floats:
    """Posterior probability of every row of `asleep`, shape (n_naps,), averaged over the noise."""
    rows = asleep.shape[0]
    drift = at / max(1, epochs - 1) - 0.5
    logs = []
    for rho in RHO:
        # Whitened once per correlation, exactly for any gap between recorded epochs.
        carried = np.append(0.0, rho ** np.diff(at))
        scale = np.sqrt(1 - carried**2)
        columns = (y, np.ones_like(y), drift, asleep.astype(np.float64))
        terms = [_whitened(column, carried, scale) for column in columns]
        logs += [_log_evidence(terms, scale, float(sigma)) - 0.5 * (sigma / SIGMA_SCALE) ** 2 for sigma in SIGMA]
    together = np.logaddexp.reduce(np.stack(logs), axis=0)
    together[1:] += np.log(PRIOR_NAP / max(1, rows - 1))
    together[0] += np.log1p(-PRIOR_NAP)
    weight = np.exp(together - together.max())
    return np.asarray(weight / weight.sum())


def _whitened(x: Floats, carried: Floats, scale: Floats) -> Floats:
    before = np.concatenate((np.zeros_like(x[..., :1]), x[..., :-1]), axis=-1)
    return np.asarray((x - carried * before) / scale)


def _log_evidence(terms: Sequence[Floats], scale: Floats, sigma: float) -> Floats:
    """Log density of the recording under every nap, up to a constant; level, drift and drop integrated out."""
    y, one, drift, asleep = terms
    design = np.stack(
        (np.broadcast_to(one, asleep.shape), np.broadcast_to(drift, asleep.shape), -asleep), axis=1
    )  # (n_naps, 3, n)
    prior_mean = np.array([0.0, 0.0, DROP])
    precision = np.diag(1 / np.array([LEVEL_SD, DRIFT_SD, DROP_SD]) ** 2)
    gram = design @ design.transpose(0, 2, 1) / sigma**2 + precision
    score = design @ y / sigma**2 + precision @ prior_mean
    solved = np.linalg.solve(gram, score[..., None])[..., 0]
    fit = y @ y / sigma**2 + prior_mean @ precision @ prior_mean - (score * solved).sum(axis=1)
    size = 2 * (y.size * np.log(sigma) + np.log(scale).sum()) + np.linalg.slogdet(gram)[1]
    return np.asarray(-0.5 * (fit + size))
