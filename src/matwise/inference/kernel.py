"""The quadrature of `quadrature.py` compiled, one person after another; needs numba (`matwise[many]`).

Same model, same priors, same integral: rows of one ρ (`kernel_rows.py`) walked outwards from the mode of u = atanh ρ,
then the mixture's summary (`kernel_summary.py`). Anything out of the ordinary is not forced but flagged (`ASK`), for
the caller to hand to `regression.compare`.

The compiled code is kept on disk, and numba looks at the date of this file alone: whoever changes one of the others
touches this one too.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from numba import njit

from matwise.inference.kernel_rows import (
    BEFORE,
    BLOCK,
    CENTRE,
    FAST,
    MASS,
    MOST_GAPS,
    PRECISION,
    ROWS,
    S_STEP,
    STRIDE,
    TRIES,
    Model,
    Size,
    Work,
    X,
    collect,
    gram,
    measure,
    nodes,
    peak,
    row,
    steps,
    weigh_block,
)
from matwise.inference.kernel_summary import COLUMNS, LOG_EVIDENCE, N_USED, RHO, SD, SIGMA, STATUS, summarise
from matwise.inference.mixture import Floats

FINE, ASK = 0.0, 1.0

_MOST_NODES = 8192
_FEWEST = 8  # rated days; below, the posterior is too wide and bent for an order of rows fixed beforehand
_CUT = 11.0  # log units below the peak where the walk ends
_FARTHEST_U = 8.0  # |ρ| = 0.9999998
_LARGEST_U_SD = 0.4
_BENT_FROM_U, _BENT = 0.9, 0.7  # from |ρ| = 0.72 on the ridge bends, and rows lie closer
_SCAN = (0.0, 0.5, 1.0, 1.6, 2.5, 4.5, 7.5)  # values of |u| looked at first, for more than one mode
_MANY_DAYS = 150  # above, modes are narrow, and the scan twice as fine
_SCAN_ENDS = 40.0  # log units below the best, and falling
_STEP, _STEP_OF_FEW, _SOME_DAYS = 1.0, 0.75, 28  # trapezoid steps in spreads, and the days below which they are finer
_EXACT = 1e-9  # share of the squares left at the mode below which a fit may be exact


class Ridge(NamedTuple):
    """Where the posterior lies (a `delta` of 0: not found).

    Mode of u, centre of log σ there and its slope along u, steps of both, lowest and highest u at which mass was seen.
    """

    mode: float
    v: float
    slope: float
    step: float
    delta: float
    lowest: float
    highest: float


@njit(fastmath=FAST, error_model="numpy")
def _scan_u(i: int, per: int) -> float:
    """The i-th |u| to look at, `per` of them to each step of the coarse scan."""
    low = i // per
    if low == len(_SCAN) - 1:
        return _SCAN[low]
    return _SCAN[low] + (i - low * per) / per * (_SCAN[low + 1] - _SCAN[low])


@njit(fastmath=FAST, error_model="numpy")
def _look(delta: float, size: Size, model: Model, work: Work, like: tuple[int, ...]) -> tuple[int, int]:
    """Heights of rows far and near, so that no second mode is missed: `work.scan` holds u, height and centre of each.

    They lie in ascending order of u from the first to the last index returned; the first is −1 where a row has no peak.
    """
    per = 1 if size.n <= _MANY_DAYS else 2 if size.n <= 4 * _MANY_DAYS else 4
    reach = (len(_SCAN) - 1) * per
    third, middle = work.scan.size // 3, work.scan.size // 6
    gram(0.0, size, model, work, like)
    last = len(like) * (len(like) + 1) // 2 + len(like)
    v_middle = 0.5 * math.log(max(work.gram[last], 1e-300) / size.n)
    ends = (middle, middle)
    best = -math.inf
    for side in (1, -1):
        v, before, end = v_middle, -math.inf, middle
        for i in range(reach + 1):
            if side == -1 and i == 0:
                continue
            u = side * _scan_u(i, per)
            height, v, _ = measure(u, v, delta, size, model, work, like)
            if math.isnan(v):
                return -1, -1
            end = middle + side * i
            work.scan[end], work.scan[third + end], work.scan[2 * third + end] = u, height, v
            if i == 0:
                v_middle = v
            best = max(best, height)
            if height < before and height < best - _SCAN_ENDS:
                break
            before = height
        ends = (ends[0], end) if side == 1 else (end, ends[1])
    return ends


@njit(fastmath=FAST, error_model="numpy")
def _top(left: float, middle: float, right: float, at: float, down: float, up: float) -> tuple[float, float]:
    """Top and spread of the parabola through heights at `at` − `down`, `at` and `at` + `up`; at most there to there."""
    rise, fall = (middle - left) / down, (middle - right) / up
    bend = max(2 * (rise + fall) / (down + up), 1 / (_LARGEST_U_SD * _LARGEST_U_SD))
    slope = (rise * up - fall * down) / (down + up)
    return at + min(max(slope / bend, -2 * down), 2 * up), 1 / math.sqrt(bend)


@njit(fastmath=FAST, error_model="numpy")
def _climb(
    first: int, last: int, delta: float, step: float, size: Size, model: Model, work: Work, like: tuple[int, ...]
) -> Ridge:
    """Where the posterior lies, from the rows `first` to `last` of `work.scan` and a few closer ones."""
    third = work.scan.size // 3
    best = first
    for i in range(first, last + 1):
        if work.scan[third + i] > work.scan[third + best]:
            best = i
    nowhere = Ridge(0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0)
    if best in (first, last):
        return nowhere
    lowest = highest = work.scan[best]
    for i in range(first, last + 1):
        if work.scan[third + i] > work.scan[third + best] - _CUT:
            lowest, highest = min(lowest, work.scan[i]), max(highest, work.scan[i])
    u, height, v = work.scan[best - 1 :], work.scan[third + best - 1 :], work.scan[2 * third + best - 1 :]
    mode, sd = _top(height[0], height[1], height[2], u[1], u[1] - u[0], u[2] - u[1])
    slope = (v[2] - v[0]) / (u[2] - u[0])
    centre = v[1] + slope * (mode - u[1])
    for _ in range(TRIES):
        middle, centre, spread = measure(mode, centre, delta, size, model, work, like)
        left, v_left, _ = measure(mode - sd, centre - sd * slope, delta, size, model, work, like)
        right, v_right, _ = measure(mode + sd, centre + sd * slope, delta, size, model, work, like)
        slope = (v_right - v_left) / (2 * sd)
        moved, narrower = _top(left, middle, right, mode, sd, sd)
        settled = abs(moved - mode) < 0.5 * sd and 0.7 < narrower / sd < 1.4
        mode, sd, centre = moved, narrower, centre + slope * (moved - mode)
        if settled:
            closer = step if abs(mode) < _BENT_FROM_U else _BENT * step
            return Ridge(mode, centre, slope, closer * sd, step * spread, lowest, highest)
        if not abs(mode) < _FARTHEST_U - 1:
            break
    return nowhere


@njit(fastmath=FAST, error_model="numpy")
def _keep(v: float, top: float, filled: int, size: Size, work: Work) -> tuple[int, float, float, float]:
    """Add the block's nodes above the cut to the mixture; how many then, sums of mass, mass·position, mass·σ."""
    total, first, _ = weigh_block(top, size, work)
    block, floor = work.block, math.exp(-_CUT)
    spread = 0.0
    for j in range(size.nodes):
        mass = block[MASS + j]
        spread += mass * block[S_STEP + j]
        if mass > floor and filled < _MOST_NODES:
            work.mass[filled] = mass
            work.centre[filled] = block[CENTRE + j]
            work.precision[filled] = block[PRECISION + j]
            filled += 1
    return filled, total, first, spread * math.exp(v)


@njit(fastmath=FAST, error_model="numpy")
def _fill(  # noqa: PLR0917 (all of the walk's state)
    v: float,
    delta: float,
    constant: float,
    top: float,
    filled: int,
    size: Size,
    model: Model,
    work: Work,
    like: tuple[int, ...],
) -> tuple[int, float, float, float]:
    """Keep the row whose block was just computed around `v`, and more blocks for as long as its ends are open."""
    floor = math.exp(-_CUT)
    start = v - BEFORE * delta
    filled, total, first, spread = _keep(start, top, filled, size, work)
    ends = (work.block[MASS], work.block[MASS + size.nodes - 1])
    for side in (-1, 1):
        still, begins, shifted = ends[0] if side < 0 else ends[1], start, 0
        while still > floor and abs(shifted) < TRIES * size.nodes:
            begins, shifted = begins + side * size.nodes * delta, shifted + side * size.nodes
            nodes(begins, delta, constant, size, model, work, like)
            filled, more, position, wider = _keep(begins, top, filled, size, work)
            total, first, spread = total + more, first + position + more * shifted, spread + wider
            still = work.block[MASS + (0 if side < 0 else size.nodes - 1)]
    return filled, total, first / total, spread


@njit(fastmath=FAST, error_model="numpy")
def _side(
    side: int, at: Ridge, top: float, filled: int, size: Size, model: Model, work: Work, like: tuple[int, ...]
) -> tuple[int, float, float, float]:
    """Rows from the mode (side 1) or the one beside it (side −1) outwards, until one holds nothing more.

    Returns how many nodes there are then (−1: ask), and what they add to the sums of mass, mass·ρ and mass·σ.
    """
    h, delta = at.step, at.delta
    change = side * at.slope * h
    k = 0 if side > 0 else 1
    v = at.v + k * change
    total = along = spread = 0.0
    while abs(at.mode + side * k * h) <= _FARTHEST_U:
        u = at.mode + side * k * h
        centre, constant = row(u, v, delta, size, model, work, like)
        if math.isnan(centre) or filled > _MOST_NODES - 16 * BLOCK:
            return -1, total, along, spread
        was = filled
        filled, mass, mean, wider = _fill(centre, delta, constant, top, filled, size, model, work, like)
        total, along, spread = total + mass, along + mass * math.tanh(u), spread + wider
        if filled == was and not at.lowest <= u <= at.highest:
            break
        if mass > 1e-7:
            centre += (mean - BEFORE) * delta
        change = change if k == 0 else centre - (v - change)
        v, k = centre + change, k + 1
    return filled, total, along, spread


@njit(fastmath=FAST, error_model="numpy")
def _walk(
    filled: int, size: Size, model: Model, work: Work, like: tuple[int, ...]
) -> tuple[int, float, float, float, float]:
    """Nodes of one λ into the mixture: how many then (−1: ask), log of their unit, sums of mass, mass·ρ and mass·σ."""
    step = _STEP if size.n >= _SOME_DAYS else _STEP_OF_FEW
    delta = step / math.sqrt(2.0 * max(size.n - len(like), 1))
    steps(delta, work)
    first, last = _look(delta, size, model, work, like)
    if first < 0:
        return -1, 0.0, 0.0, 0.0, 0.0
    at = _climb(first, last, delta, step, size, model, work, like)
    if not at.delta > 0:
        return -1, 0.0, 0.0, 0.0, 0.0
    steps(at.delta, work)
    centre, _ = row(at.mode, at.v, at.delta, size, model, work, like)
    if math.isnan(centre) or _nearly_exact(size, work, like):
        return -1, 0.0, 0.0, 0.0, 0.0
    top = peak(work)
    filled, total, along, spread = _side(1, at, top, filled, size, model, work, like)
    if filled >= 0:
        filled, more, farther, wider = _side(-1, at, top, filled, size, model, work, like)
        total, along, spread = total + more, along + farther, spread + wider
    return filled, top + math.log(at.step * at.delta), total, along, spread


@njit(fastmath=FAST, error_model="numpy")
def _nearly_exact(size: Size, work: Work, like: tuple[int, ...]) -> bool:
    """Whether σ at the centre of the block is so small that arms and trend may leave nothing."""
    last = len(like) * (len(like) + 1) // 2 + len(like)
    return bool(work.block[X + BEFORE] * work.gram[last] * _EXACT > size.n)


@njit(fastmath=FAST, error_model="numpy")
def _person(
    y: Floats,
    arm: np.ndarray,
    day: np.ndarray,
    normal: Floats,
    model: Model,
    work: Work,
    like: tuple[int, ...],
    out: Floats,
) -> None:
    """One person's summary into `out`; its status is `ASK` where the kernel does not vouch for it."""
    filled, total, along, spread, reference = 0, 0.0, 0.0, 0.0, 0.0
    out[STATUS] = ASK
    for i in range(model.keeps.size):
        n, gaps = collect(y, arm, day, model, model.keeps[i], work, like)
        if n < _FEWEST or gaps < 0:
            return
        start = filled
        filled, unit, mass, lengthwise, wide = _walk(filled, Size(n, gaps, model.block), model, work, like)
        if filled < 0:
            return
        unit += model.log_weights[i]
        if i == 0:
            reference = unit
        if unit > reference:  # the heaviest λ so far sets the unit, so that nothing overflows
            shrink = math.exp(reference - unit)
            total, along, spread, reference = total * shrink, along * shrink, spread * shrink, unit
            work.mass[:start] *= shrink
            out[COLUMNS : COLUMNS + i] *= shrink
        share = math.exp(unit - reference)
        work.mass[start:filled] *= share
        out[COLUMNS + i] = mass * share
        total, along, spread = total + mass * share, along + lengthwise * share, spread + wide * share
        out[N_USED] = n
    work.mass[:filled] /= work.mass[:filled].sum()
    out[COLUMNS : COLUMNS + model.keeps.size] /= total
    out[RHO], out[SIGMA], out[LOG_EVIDENCE] = along / total, spread / total, reference + math.log(total)
    summarise(filled, normal, model, work, out)
    out[STATUS] = FINE if out[SD] > 0 and math.isfinite(out[LOG_EVIDENCE]) else ASK


@njit(nogil=True, cache=True, fastmath=FAST, error_model="numpy")
def weigh(
    y: Floats, arm: np.ndarray, day: np.ndarray, normal: Floats, model: Model, like: tuple[int, ...], out: Floats
) -> None:
    """Summaries of many people.

    Args:
        y: ratings, NaN where missing, shape (n_people, n_days).
        arm: shape (n_people, n_days) or (1, n_days).
        day: likewise.
        normal: standard normal quantiles of `model.probabilities`.
        model: priors, carry-over and question.
        like: p zeros.
        out: shape (n_people, COLUMNS + n_λ + n_probabilities): the columns named above, then the weights of the λ,
            then the quantiles.
    """
    triangle = (len(like) + 1) * (len(like) + 2) // 2
    work = Work(
        np.empty((1 + 3 * MOST_GAPS) * triangle),
        np.empty(MOST_GAPS, dtype=np.int64),
        np.empty(MOST_GAPS),
        np.empty(triangle),
        np.empty(ROWS),
        np.empty(triangle * 2 * STRIDE),
        np.empty(triangle * 2 * STRIDE),
        np.empty(3 * 128),
        np.empty(_MOST_NODES),
        np.empty(_MOST_NODES),
        np.empty(_MOST_NODES),
    )
    for i in range(len(y)):
        one_arm, one_day = arm[min(i, len(arm) - 1)], day[min(i, len(day) - 1)]
        _person(y[i], one_arm, one_day, normal, model, work, like, out[i])
