# ruff: noqa: ANN001, ANN201, ANN202, PLR0913, PLR0917 (numba infers the types of every call; flat arguments compile fastest)
# mypy: disallow_untyped_defs=False, disallow_untyped_decorators=False, disallow_untyped_calls=False
"""The sums of `ordinal_grid`, compiled: one person after the other, node after node. Needs numba (`matwise[many]`).

A node begins with the sites of its neighbours on the lattice, carried on in a straight line; two or three sweeps then
are enough, one where the node weighs little: what may still move grows with `SLACK` as the density falls.
"""

from __future__ import annotations

import math

import numba
import numpy as np

from matwise.inference.interval import ROOT_2PI
from matwise.inference.propagation_kernel import FAST, path, sweep

MOST_NODES = 420
SIDE = 81  # of the square lattice
STEP_SD, CUT, LIGHT = 1.6, 6.0, 2.5
LARGEST_U, LARGEST_V, FARTHEST_U, LEAST_SIGMA = 0.5, 0.4, 6.0, 0.003  # as in ordinal_grid
MOST_SWEEPS, AT_REST, SLACK = 16, 0.02, 0.7
_FAR_DENSITY = 0.05

# Fields of a person's summary.
MEAN, SD, Q025, Q50, Q975, BELOW_ZERO, RHO, SIGMA, LOG_EVIDENCE, USED, NODES = range(11)
FIELDS = 11


@numba.njit(nogil=True, cache=True, fastmath=FAST)
def _log_prior(u, v, prior):
    """Of u = atanh ρ and v = log σ; `prior` holds the scale of σ, then mean, sd and log mass of ρ (sd 0: flat)."""
    far = abs(u)
    out = 2 * (math.log(2.0) - far - math.log1p(math.exp(-2 * far)))
    if prior[2] > 0:
        out -= 0.5 * ((math.tanh(u) - prior[1]) / prior[2]) ** 2 + prior[3]
    else:
        out -= math.log(2.0)
    return out + v - 0.5 * math.exp(2 * v) / prior[0] ** 2 + math.log(2 / (prior[0] * ROOT_2PI))


@numba.njit(nogil=True, cache=True, fastmath=FAST)
def _node(days, gap, prior, u, v, precision, score, sweeps, slack, scratch, out):
    """Log density at (u, v) from the sites given (refitted in place); `out`: mean and sd of the last coefficient.

    At least `sweeps` (one: no look at whether it moves on); at rest when what moves is within `slack` of what may.
    """
    work, diagonal, coupling, lower, mean = scratch
    half_log = path(gap, math.tanh(u), math.exp(v), diagonal, coupling)
    density, before, step, pace = 0.0, 0.0, 0.0, 1.0
    p = mean.size
    for done in range(MOST_SWEEPS):
        evidence = sweep(days, diagonal, coupling, precision, score, pace, work, lower, mean)
        sd = 0.0
        for i in range(p):
            sd += lower[i, p - 1] ** 2
        sd = math.sqrt(sd)
        moved = (mean[p - 1] - before) / sd
        density_before, density = density, evidence
        before = mean[p - 1]
        out[0], out[1] = mean[p - 1], sd
        if done == 0:
            if sweeps == 1:
                break
            continue
        if done + 1 >= sweeps and abs(moved) < slack * AT_REST and abs(density - density_before) < slack * _FAR_DENSITY:
            break
        if done > 1 and moved * step < -0.3 * step * step:
            pace = max(0.5 * pace, 0.25)
        step = moved
    return density + half_log + _log_prior(u, v, prior)


@numba.njit(nogil=True, cache=True, fastmath=FAST)
def _climb(days, gap, prior, at, steps, precision, score, scratch, out):
    """Mode and curvature by stars of five nodes: moves `at` to the mode and sets `steps` to spreads along u and v."""
    n = gap.size
    near, pull = np.empty(n), np.empty(n)
    for _ in range(12):
        best = _node(days, gap, prior, at[0], at[1], precision, score, 2, 1.0, scratch, out)
        far = 0.0
        moved = np.zeros(2)
        for axis in range(2):
            height = np.empty(2)
            for side in range(2):
                place = at.copy()
                place[axis] += (2 * side - 1) * steps[axis]
                near[:], pull[:] = precision, score
                height[side] = _node(days, gap, prior, place[0], place[1], near, pull, 1, 1.0, scratch, out)
            slope = 0.5 * (height[1] - height[0])
            bend = 2 * best - height[0] - height[1]
            widest = (LARGEST_U if axis == 0 else LARGEST_V) / steps[axis]
            shift = slope / max(bend, 1 / (widest * widest), abs(slope) / 2)
            moved[axis] = shift * steps[axis]
            far = max(far, abs(shift))
            steps[axis] *= min(max(1 / math.sqrt(max(bend, 1 / (widest * widest))), 0.4), 2.5)
        at += moved
        at[0] = min(max(at[0], -FARTHEST_U + 1), FARTHEST_U - 1)
        at[1] = max(at[1], math.log(LEAST_SIGMA) + 1)
        if far < 1.0:
            break


@numba.njit(nogil=True, cache=True, fastmath=FAST)
def _foretold(lattice, i, j):
    """Least of the straight continuations from four sides; the node to start from is the best neighbour."""
    best, source, low = -np.inf, 0, np.inf
    for side in range(4):
        di, dj = (side == 0) * 1 - (side == 1) * 1, (side == 2) * 1 - (side == 3) * 1
        near = lattice[i + di, j + dj]
        if near > best:
            best, source = near, side
        far = lattice[i + 2 * di, j + 2 * dj]
        if near > -np.inf and far > -np.inf:
            low = min(low, 2 * near - far)
    return low, source


@numba.njit(nogil=True, cache=True, fastmath=FAST)
def _continue(lattice, index, sites, a, b, side, into):
    """Sites for the cell (a, b) on the straight line through those of the two cells on its best side."""
    di, dj = (side == 0) * 1 - (side == 1) * 1, (side == 2) * 1 - (side == 3) * 1
    near = index[a + di, b + dj]
    if lattice[a + 2 * di, b + 2 * dj] == -np.inf:
        for t in range(into.shape[1]):
            into[0, t], into[1, t] = sites[near, 0, t], sites[near, 1, t]
        return
    far = index[a + 2 * di, b + 2 * dj]
    for t in range(into.shape[1]):
        last, before = sites[near, 0, t], sites[far, 0, t]
        into[0, t] = min(max(2 * last - before, 0.5 * last), 2 * last)
        into[1, t] = sites[near, 1, t]
        if before > 0 and last > 0:
            into[1, t] *= into[0, t] / last
            into[1, t] += into[0, t] * (sites[near, 1, t] / last - sites[far, 1, t] / before)


@numba.njit(nogil=True, cache=True, fastmath=FAST)
def _grid(days, gap, prior, at, steps, least_v, precision, score, found, fresh, floor):
    """Fill a lattice around the mode from node to node; rows of `found`: log mass, mean, sd, ρ, σ. How many there are.

    With `fresh` the mode is looked for, else `at`, `steps` and the sites are those of another λ. `floor` is the best
    log density of the other λ: what lies far below it is not looked at.
    """
    n, p = days[3].shape
    scratch = (np.empty((4 + 3 * p, n)), np.empty(n), np.empty(n), np.zeros((p, p)), np.empty(p))
    out = np.empty(2)
    if fresh:
        _climb(days, gap, prior, at, steps, precision, score, scratch, out)
    lattice = np.full((SIDE, SIDE), -np.inf)
    index = np.zeros((SIDE, SIDE), dtype=np.int64)
    queue = np.empty((MOST_NODES, 2), dtype=np.int64)
    sites = np.empty((MOST_NODES, 2, n))
    half, count, head = SIDE // 2, 1, 0
    log_cell = math.log(STEP_SD * steps[0] * STEP_SD * steps[1])
    queue[0, 0], queue[0, 1] = half, half
    sites[0, 0], sites[0, 1] = precision, score
    height = _node(days, gap, prior, at[0], at[1], sites[0, 0], sites[0, 1], 2, 1.0, scratch, out)
    lattice[half, half], peak = height, max(height, floor)
    _note(found[0], height + log_cell, out, at[0], at[1])
    while head < count:
        i, j = queue[head]
        head += 1
        if lattice[i, j] < peak - CUT:
            continue
        for side in range(4):
            a = i + (side == 0) * 1 - (side == 1) * 1
            b = j + (side == 2) * 1 - (side == 3) * 1
            u, v = at[0] + (a - half) * STEP_SD * steps[0], at[1] + (b - half) * STEP_SD * steps[1]
            inside = 2 < a < SIDE - 3 and 2 < b < SIDE - 3 and abs(u) <= FARTHEST_U and v >= least_v
            if not inside or lattice[a, b] > -np.inf or count == MOST_NODES:
                continue
            expected, source = _foretold(lattice, a, b)
            if expected < peak - CUT - 1:
                continue
            _continue(lattice, index, sites, a, b, source, sites[count])
            sweeps = 1 if expected < peak - LIGHT else 2
            slack = math.exp(SLACK * min(max(peak - expected, 0.0), LIGHT))
            height = _node(days, gap, prior, u, v, sites[count, 0], sites[count, 1], sweeps, slack, scratch, out)
            lattice[a, b], index[a, b] = height, count
            peak = max(peak, height)
            queue[count, 0], queue[count, 1] = a, b
            _note(found[count], height + log_cell, out, u, v)
            count += 1
    return count, peak


@numba.njit(nogil=True, cache=True, fastmath=FAST)
def _note(row, log_mass, out, u, v):
    row[0], row[1], row[2], row[3], row[4] = log_mass, out[0], out[1], math.tanh(u), math.exp(v)


@numba.njit(nogil=True, cache=True, fastmath=FAST)
def _rated(y, arm, day, arms, keep, left_out, steps, means, rows):
    """A person's rated days under one λ, into `rows` = (below, above, closed, design, gap, middle); how many.

    Days that were skipped are lived through on the last known arm.
    """
    low, high, step = steps
    below, above, closed, design, gap, middle = rows
    first, last = day[0], day[-1]
    length, centre = last - first + 1, 0.5 * (first + last)
    exposure = np.zeros(arms.size)
    n, before, since, now = 0, 0, 1 << 30, arm[0]
    for k in range(day.size):
        start = day[k] if k == 0 else day[k - 1] + 1
        for one in range(start, day[k] + 1):
            was = now
            now = arm[k] if one == day[k] else now
            since = 0 if now != was else since + 1
            for j in range(arms.size):
                exposure[j] = keep * exposure[j] + (1 - keep) * (now == arms[j])
        if y[k] != y[k] or since < left_out:
            continue
        s = (day[k] - centre) / length
        design[n, 0], design[n, 1] = 1.0, s
        expected = means[0] + means[1] * s
        for j in range(arms.size):
            design[n, 2 + j] = exposure[j]
            expected += means[2] * exposure[j]
        half, far = 0.5 * step, 1e6 * (high - low)
        at_low, at_high = y[k] < low + half, y[k] > high - half
        middle[n] = y[k] - expected
        below[n] = middle[n] - (far if at_low else half)
        above[n] = middle[n] + (far if at_high else half)
        closed[n] = not (at_low or at_high)
        gap[n] = day[k] - before if n else 0.0
        before = day[k]
        n += 1
    return n


@numba.njit(nogil=True, cache=True, fastmath=FAST)
def _person(y, arm, day, arms, keeps, left_out, steps, means, precision, prior, found, out):
    """One person's summary, into `out` (see the fields above)."""
    size, p = day.size, 2 + arms.size
    below, above, middle, gap = np.empty(size), np.empty(size), np.empty(size), np.empty(size)
    rows = (below, above, np.empty(size, dtype=np.bool_), np.empty((size, p)), gap, middle)
    at, spread = np.empty(2), np.empty(2)
    site, score = np.zeros(size), np.zeros(size)
    count, n, peak = 0, 0, -np.inf
    for one in range(len(keeps)):
        n = _rated(y, arm, day, arms, keeps[one, 0], left_out, steps, means, rows)
        days = (below[:n], above[:n], rows[2][:n], rows[3][:n], precision)
        if one == 0:
            for t in range(n):
                site[t] = 6 / steps[2] ** 2 if rows[2][t] else 0.0
                score[t] = site[t] * middle[t]
            sd = math.sqrt(np.var(middle[:n])) if n > 1 else prior[0]
            at[0], at[1] = 0.3, math.log(max(sd, 0.4 * steps[2]))
            spread[0], spread[1] = 1.8 / math.sqrt(n + 12.0), 1.1 / math.sqrt(n + 12.0)
        least = math.log(LEAST_SIGMA * steps[2])
        floor = peak - keeps[one, 1]
        new, top = _grid(days, gap[:n], prior, at, spread, least, site[:n], score[:n], found[count:], one == 0, floor)
        peak = max(peak, top + keeps[one, 1])
        for k in range(count, count + new):
            found[k, 0] += keeps[one, 1]
        count += new
    _summarise(found[:count], out)
    out[NODES], out[USED] = count, n


@numba.njit(nogil=True, cache=True, fastmath=FAST)
def _summarise(found, out):
    peak = found[:, 0].max()
    total = 0.0
    for row in found:
        row[0] = math.exp(row[0] - peak)
        total += row[0]
    out[:] = 0.0
    for row in found:
        row[0] /= total
        out[MEAN] += row[0] * row[1]
        out[RHO] += row[0] * row[3]
        out[SIGMA] += row[0] * row[4]
        out[BELOW_ZERO] += row[0] * 0.5 * math.erfc(row[1] / (row[2] * math.sqrt(2.0)))
    variance = 0.0
    for row in found:
        variance += row[0] * (row[2] ** 2 + (row[1] - out[MEAN]) ** 2)
    out[SD] = math.sqrt(variance)
    out[LOG_EVIDENCE] = peak + math.log(total)
    out[Q025] = _quantile(found, 0.025, out[MEAN] - 1.96 * out[SD], out[SD])
    out[Q50] = _quantile(found, 0.5, out[MEAN], out[SD])
    out[Q975] = _quantile(found, 0.975, out[MEAN] + 1.96 * out[SD], out[SD])


@numba.njit(nogil=True, cache=True, fastmath=FAST)
def _quantile(found, wanted, x, sd):
    """Newton on the mixture's distribution function, kept inside a bracket."""
    low, high = x - 40 * sd, x + 40 * sd
    for _ in range(60):
        below, density = 0.0, 0.0
        for row in found:
            if row[0] < 1e-7:
                continue
            z = (x - row[1]) / row[2]
            below += row[0] * 0.5 * math.erfc(-z / math.sqrt(2.0))
            density += row[0] * math.exp(-0.5 * z * z) / (row[2] * ROOT_2PI)
        if below < wanted:
            low = x
        else:
            high = x
        newton = x - (below - wanted) / max(density, 1e-300)
        if abs(newton - x) < 1e-7 * sd:
            return newton
        x = newton if low < newton < high else 0.5 * (low + high)
    return x


@numba.njit(nogil=True, cache=True, fastmath=FAST)
def people(y, arm, day, arms, keeps, left_out, steps, means, precision, prior, out):
    """Summaries of people.

    Args:
        y: ratings, NaN where missing, (n_people, n_days).
        arm: same shape.
        day: same shape.
        arms: the arms that have an effect, arm 1 last, (n_effects,).
        keeps: λ and the log of its weight, (n_λ, 2).
        left_out: days left out after each switch.
        steps: low, high, step.
        means: prior means of level, trend and effects, (3,).
        precision: prior precision of the coefficients, (p, p).
        prior: scale of σ; mean, sd (0: flat) and log mass of ρ, (4,).
        out: summaries, (n_people, FIELDS).
    """
    found = np.empty((len(keeps) * MOST_NODES, 5))
    for one in range(len(y)):
        _person(y[one], arm[one], day[one], arms, keeps, left_out, steps, means, precision, prior, found, out[one])
