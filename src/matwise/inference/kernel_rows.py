"""One row of the compiled quadrature: the nodes of one ρ in equal steps of log σ; needs numba (`matwise[many]`).

A node's density, mean and spread come from one elimination of the matrix (I + x·A, x·b; x·b', x·yy), x = 1/σ²: its
last pivot is the misfit, and because the contrast asked for is the last coefficient, its mean and variance stand in the
row before. Exponentials are polynomials without branches, σ along a row is a table: so the loops over nodes become
vector instructions.

Coefficients are in units of their prior spread. `like` is a tuple of p zeros: its length is known to the compiler,
which unrolls every loop over coefficients.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from numba import njit

from matwise.inference.mixture import Floats

# Not all of fastmath: it would take a missing day, NaN, for a number.
FAST = {"contract", "reassoc", "arcp", "nsz", "afn"}

MOST_GAPS = 48  # distinct distances between rated days: 48 of them take 1,176 days
BLOCK, STRIDE = 12, 16  # nodes of a row computed at once, and how far apart their columns lie
BEFORE = 5  # nodes of a block that lie before its centre
DEEPEST = 20.0  # log units below the reference where an exponential counts as e^-20
TRIES = 12
_HALF_LOG_2PI = 0.9189385332046727

# Columns of a block, each STRIDE long; the elimination's rows follow.
X_STEP, S_STEP, X, LOG, DET, CENTRE, PRECISION, MASS, ROWS = range(0, 9 * STRIDE, STRIDE)


class Model(NamedTuple):
    """Priors, carry-over and question as the kernel takes them.

    `effect_root` (n_effects, n_effects) turns exposures into columns of unit prior spread, the contrast asked for last;
    the contrast is `shift` + `scale` times that coefficient. `rho_precision` is 0 where ρ is flat; `log_constant`
    gathers what the priors of ρ and σ are divided by.
    """

    level_mean: float
    level_sd: float
    trend_mean: float
    trend_sd: float
    effect_mean: float
    sigma_precision: float
    rho_mean: float
    rho_precision: float
    log_constant: float
    days_left_out: int
    block: int
    smallest_change: float
    shift: float
    scale: float
    keeps: Floats
    log_weights: Floats
    arms: np.ndarray
    effect_root: Floats
    probabilities: Floats


class Size(NamedTuple):
    """Rated days, distinct gaps between them, and nodes of a block.

    The last is a constant that the compiler must not know: it would unroll what should become vector instructions.
    """

    n: int
    gaps: int
    nodes: int


class Work(NamedTuple):
    """Memory that is used again for every person."""

    moments: Floats
    gap: np.ndarray
    gap_count: Floats
    gram: Floats
    block: Floats
    rows: Floats
    scaled: Floats
    scan: Floats
    mass: Floats
    centre: Floats
    precision: Floats


@njit(fastmath=FAST, error_model="numpy", forceinline=True)
def exponential(a: float) -> float:
    """e^a within 1e-7 of itself for a from −12 to 12, without a branch: Taylor at a/64, squared six times."""
    t = a * (1 / 64)
    e = 1 + t * (1 + t * (1 / 2) * (1 + t * (1 / 3) * (1 + t * (1 / 4) * (1 + t * (1 / 5) * (1 + t * (1 / 6))))))
    e *= e
    e *= e
    e *= e
    e *= e
    e *= e
    return e * e


@njit(fastmath=FAST, error_model="numpy", forceinline=True)
def _add(work: Work, at: int, z: Floats, before: Floats, neighbours: int, like: tuple[int, ...]) -> None:
    """Add one rated day to the moments that begin at `at`: lower triangles of A, C and B."""
    q = len(like) + 1
    triangle = q * (q + 1) // 2
    at_c, at_b = at + triangle, at + 2 * triangle
    for r in range(q):  # loops of fixed length, which are unrolled; r and c over the triangle alone would not be
        for c in range(q):
            if c <= r:
                i = r * (r + 1) // 2 + c
                work.moments[at + i] += z[r] * z[c]
                if neighbours:
                    work.moments[at_c + i] += z[r] * before[c] + before[r] * z[c]
                    work.moments[at_b + i] += before[r] * before[c]


@njit(fastmath=FAST, error_model="numpy", forceinline=True)
def _slot(work: Work, gap: int, slots: int, triangle: int) -> int:
    """Which slot counts this gap; −1 where there is no room for another."""
    for at in range(slots):
        if work.gap[at] == gap:
            return at
    if slots == MOST_GAPS:
        return -1
    work.gap[slots] = gap
    work.gap_count[slots] = 0.0
    work.moments[(1 + 3 * slots) * triangle : (4 + 3 * slots) * triangle] = 0.0
    return slots


@njit(fastmath=FAST, error_model="numpy")
def collect(
    y: Floats, arm: np.ndarray, day: np.ndarray, model: Model, keep: float, work: Work, like: tuple[int, ...]
) -> tuple[int, int]:
    """Moments of one person's rated days under one λ; how many days, and how many distinct gaps (−1: too many)."""
    p = len(like)
    triangle = (p + 1) * (p + 2) // 2
    z, before, exposure = work.scan[:8], work.scan[8:16], work.scan[16:24]
    exposure[:] = 0.0
    work.moments[:triangle] = 0.0
    middle, length = 0.5 * (day[0] + day[-1]), day[-1] - day[0] + 1.0
    n, slots, seen, switched = 0, 0, day[0], day[0] - model.days_left_out
    for t in range(y.size):
        _receive(exposure, arm, day, t, model, keep, like)
        if t and arm[t] != arm[t - 1]:
            switched = day[t]
        if y[t] != y[t] or day[t] - switched < model.days_left_out:
            continue
        s = (day[t] - middle) / length
        z[0], z[1] = model.level_sd, model.trend_sd * s
        z[p] = y[t] - model.level_mean - model.trend_mean * s
        for c in range(p - 2):
            z[2 + c] = 0.0
            for r in range(p - 2):
                z[2 + c] += exposure[r] * model.effect_root[r, c]
            z[p] -= model.effect_mean * exposure[c]
        if n == 0:
            _add(work, 0, z, before, 0, like)
        else:
            at = _slot(work, day[t] - seen, slots, triangle)
            if at < 0:
                return n, -1
            slots = max(slots, at + 1)
            work.gap_count[at] += 1.0
            _add(work, (1 + 3 * at) * triangle, z, before, 1, like)
        for r in range(p + 1):
            before[r] = z[r]
        n, seen = n + 1, day[t]
    return n, slots


@njit(fastmath=FAST, error_model="numpy", forceinline=True)
def _receive(
    exposure: Floats, arm: np.ndarray, day: np.ndarray, t: int, model: Model, keep: float, like: tuple[int, ...]
) -> None:
    """Exposures on day `t`; on days skipped before it the last arm went on."""
    lasting = 0.0
    if t and keep > 0 and day[t] - day[t - 1] > 1:
        lasting = keep ** (day[t] - day[t - 1] - 1.0)
        for k in range(len(like) - 2):
            received = 1.0 if arm[t - 1] == model.arms[k] else 0.0
            exposure[k] = received + lasting * (exposure[k] - received)
    for k in range(len(like) - 2):
        received = 1.0 if arm[t] == model.arms[k] else 0.0
        exposure[k] = received + keep * (exposure[k] - received)


@njit(fastmath=FAST, error_model="numpy", forceinline=True)
def gram(u: float, size: Size, model: Model, work: Work, like: tuple[int, ...]) -> float:
    """Whitened Gram matrix at u = atanh ρ into `work.gram`; log of the days' weights and of the prior of u."""
    triangle = (len(like) + 1) * (len(like) + 2) // 2
    e = math.exp(2 * u)
    rho, stationary = (e - 1) / (e + 1), 4 * e / ((e + 1) * (e + 1))
    for i in range(triangle):
        work.gram[i] = stationary * work.moments[i]
    log_weight = 1.5 * math.log(stationary)
    for slot in range(size.gaps):
        power, weight = rho, 1.0
        if work.gap[slot] > 1:
            power = rho ** work.gap[slot]
            weight = stationary / (1 - power * power)
            log_weight += 0.5 * work.gap_count[slot] * math.log(weight)
        a = (1 + 3 * slot) * triangle
        for i in range(triangle):
            c, b = work.moments[a + triangle + i], work.moments[a + 2 * triangle + i]
            work.gram[i] += weight * (work.moments[a + i] + power * (power * b - c))
    return log_weight - 0.5 * model.rho_precision * (rho - model.rho_mean) ** 2


@njit(fastmath=FAST, error_model="numpy", forceinline=True)
def nodes(v: float, delta: float, constant: float, size: Size, model: Model, work: Work, like: tuple[int, ...]) -> None:
    """Log density but for ½·log determinant, determinant, centre and root precision at v and every delta from there."""
    block = work.block
    x_first = math.exp(-2 * v)
    for j in range(size.nodes):
        block[X + j] = x_first * block[X_STEP + j]
    if len(like) == 3:
        _eliminate_two_arms(size, work)
    else:
        _eliminate(size, work, like)
    for j in range(size.nodes):
        left = max(block[LOG + j], 0.0) + model.sigma_precision / block[X + j]
        block[LOG + j] = constant - (size.n - 1) * (v + delta * j) - 0.5 * left


@njit(fastmath=FAST, error_model="numpy", forceinline=True)
def _eliminate(size: Size, work: Work, like: tuple[int, ...]) -> None:
    """Misfit (into the block's column of logs), determinant, centre and root precision at every x of the block."""
    p = len(like)
    gram, block, rows, scaled = work.gram, work.block, work.rows, work.scaled
    for j in range(size.nodes):
        block[DET + j] = 1.0
        block[LOG + j] = block[X + j] * gram[p * (p + 1) // 2 + p]
    for c in range(p):
        for r in range(c, p + 1):
            at = (r * p + c) * STRIDE
            for j in range(size.nodes):
                rows[at + j] = block[X + j] * gram[r * (r + 1) // 2 + c]
            for k in range(c):
                one, other = (r * p + k) * STRIDE, (c * p + k) * STRIDE
                for j in range(size.nodes):
                    rows[at + j] -= rows[one + j] * scaled[other + j]
        diagonal, explained = (c * p + c) * STRIDE, (p * p + c) * STRIDE
        for j in range(size.nodes):
            pivot = 1 + rows[diagonal + j]
            mean = rows[explained + j] / pivot
            rows[diagonal + j] = 1 / pivot
            block[DET + j] *= pivot
            block[LOG + j] -= rows[explained + j] * mean
            block[CENTRE + j] = mean
            block[PRECISION + j] = math.sqrt(pivot)
        for r in range(c + 1, p + 1):
            at = (r * p + c) * STRIDE
            for j in range(size.nodes):
                scaled[at + j] = rows[at + j] * rows[diagonal + j]


@njit(fastmath=FAST, error_model="numpy", forceinline=True)
def _eliminate_two_arms(size: Size, work: Work) -> None:
    """The same for level, trend and one effect, written out: twice as fast, and most people have two arms."""
    block = work.block
    g = work.gram
    g00, g10, g11, g20, g21, g22, y0, y1, y2, yy = g[0], g[1], g[2], g[3], g[4], g[5], g[6], g[7], g[8], g[9]
    for j in range(size.nodes):
        x = block[X + j]
        first = 1 + x * g00
        inverse = 1 / first
        one, two, rest = x * g10, x * g20, x * y0
        one_scaled, two_scaled, rest_scaled = one * inverse, two * inverse, rest * inverse
        second = 1 + x * g11 - one * one_scaled
        inverse = 1 / second
        across, along = x * g21 - two * one_scaled, x * y1 - rest * one_scaled
        third = 1 + x * g22 - two * two_scaled - across * across * inverse
        last = x * y2 - rest * two_scaled - along * across * inverse
        centre = last / third
        block[LOG + j] = x * yy - rest * rest_scaled - along * along * inverse - last * centre
        block[DET + j] = first * second * third
        block[CENTRE + j] = centre
        block[PRECISION + j] = math.sqrt(third)


@njit(fastmath=FAST, error_model="numpy", forceinline=True)
def weigh_block(top: float, size: Size, work: Work) -> tuple[float, float, float]:
    """Density over e^top into the block's masses; their sum and first two moments by position."""
    block = work.block
    det = block[DET + BEFORE]
    level = top + 0.5 * math.log(det)
    total = first = second = 0.0
    for j in range(size.nodes):
        mass = exponential(min(max(block[LOG + j] - level, -DEEPEST), DEEPEST)) * math.sqrt(det / block[DET + j])
        block[MASS + j] = mass
        total += mass
        first += mass * j
        second += mass * j * j
    return total, first, second


@njit(fastmath=FAST, error_model="numpy")
def steps(delta: float, work: Work) -> None:
    """Tables of x = 1/σ² and of σ along a block, relative to its first node."""
    for j in range(BLOCK):
        work.block[S_STEP + j] = math.exp(delta * j)
        work.block[X_STEP + j] = math.exp(-2 * delta * j)


@njit(fastmath=FAST, error_model="numpy")
def row(
    u: float, v: float, delta: float, size: Size, model: Model, work: Work, like: tuple[int, ...]
) -> tuple[float, float]:
    """The block of the row at `u`, moved along v until its highest node is inside; its centre (or NaN), constant."""
    constant = gram(u, size, model, work, like) + model.log_constant - _HALF_LOG_2PI * size.n
    block = work.block
    for attempt in range(TRIES):
        nodes(v - BEFORE * delta, delta, constant, size, model, work, like)
        best = 0
        for j in range(1, size.nodes):
            if block[LOG + j] > block[LOG + best]:
                best = j
        if 2 <= best < size.nodes - 3:
            return v, constant
        at = v + (best - BEFORE) * delta
        if attempt < 3:  # what is left unexplained there says where the row's peak is, near or far
            x = block[X + best]
            misfit = 2 * (constant - (size.n - 1) * at - block[LOG + best]) - model.sigma_precision / x
            v = 0.5 * math.log(max(misfit, 1e-300) / (x * max(size.n - len(like) - 1, 1)))
        else:
            v = at
    return math.nan, constant


@njit(fastmath=FAST, error_model="numpy")
def measure(
    u: float, v: float, delta: float, size: Size, model: Model, work: Work, like: tuple[int, ...]
) -> tuple[float, float, float]:
    """Log mass of the row at `u` (but for log delta), its mean of v and its spread; `v` is where to begin."""
    at, _ = row(u, v, delta, size, model, work, like)
    if math.isnan(at):
        return math.nan, math.nan, math.nan
    top = peak(work)
    total, first, second = weigh_block(top, size, work)
    mean = first / total
    return (
        top + math.log(total),
        at + (mean - BEFORE) * delta,
        delta * math.sqrt(max(second / total - mean * mean, 0.01)),
    )


@njit(fastmath=FAST, error_model="numpy", forceinline=True)
def peak(work: Work) -> float:
    """Log density at the centre of the block."""
    return float(work.block[LOG + BEFORE] - 0.5 * math.log(work.block[DET + BEFORE]))
