# ruff: noqa: ANN001, ANN201, ANN202, PLR0917 (numba infers the types of every call; flat arguments compile fastest)
# mypy: disallow_untyped_defs=False, disallow_untyped_decorators=False, disallow_untyped_calls=False
"""The sums of `expectation_propagation`, compiled: one node, day after day. Needs numba (`matwise[many]`)."""

from __future__ import annotations

import math

import numba
import numpy as np

from matwise.inference.interval import FAR, NARROW, ROOT_2PI, SCALE, coefficients

_MILLS = tuple(coefficients(12).tolist())  # relative error 1.4e-9
FAST = {"contract", "reassoc", "arcp", "nsz"}  # all but what would take NaN and infinity for granted
_HUGE, _TINY = 1e200, 1e-200  # a product of many days is folded into its log before it leaves double precision


@numba.njit(nogil=True, cache=True, fastmath=FAST)
def _mills(x):
    t = SCALE / (SCALE + x)
    w = 2.0 * t - 1.0
    out = 0.0
    for one in _MILLS:
        out = out * w + one
    return out * t


@numba.njit(nogil=True, cache=True, fastmath=FAST)
def _cut(below, above, closed):
    """Share beyond φ(near), the exponent that goes with it, shift and narrowing: see `interval.cut`."""
    mirrored = below + above < 0
    near, far = (-above, -below) if mirrored else (below, above)
    near = max(near, -FAR)
    width = far - near
    fall, part = 0.0, 0.0
    if closed:
        if width < NARROW:
            centre, twelfth = near + 0.5 * width, width * width / 12
            shift = centre * (1 - twelfth)
            narrowing = 1 - twelfth * (1 - 0.2 * twelfth * (1 + centre * centre))
            share = width / ROOT_2PI * (1 + 0.5 * twelfth * (centre * centre - 1))
            return share, -0.5 * centre * centre, -shift if mirrored else shift, narrowing
        fall = math.exp(-0.5 * width * (far + near))
        part = fall * _mills(far)
    if near < 0:
        weight = math.exp(-0.5 * near * near)
        share = ROOT_2PI - weight * (_mills(-near) + part)
        exponent = 0.0
    else:
        weight, exponent = 1.0, -0.5 * near * near
        share = _mills(near) - part
    scaled = weight / share
    shift = scaled * (1 - fall)
    narrowing = shift * shift - scaled * (near - (far * fall if closed else 0.0))
    return share / ROOT_2PI, exponent, -shift if mirrored else shift, narrowing


@numba.njit(nogil=True, cache=True, fastmath=FAST)
def path(gap, rho, sigma, diagonal, coupling):
    """Precision of the latent errors; half its log determinant."""
    n = gap.size
    half_log, product, least = 0.0, 1.0, (1 - rho * rho) / (sigma * sigma)
    last, power, stretch = 0.0, 0.0, 1.0  # the first day starts from the stationary spread
    for t in range(n):
        if gap[t] != last:
            last, power = gap[t], rho ** gap[t]
            stretch = 1 / (1 - power * power)
        precision = least * stretch
        diagonal[t], coupling[t] = precision, power * precision
        if t:
            diagonal[t - 1] += power * power * precision
        product *= stretch
        if product > _HUGE or t == n - 1:
            half_log += 0.5 * math.log(product)
            product = 1.0
    return half_log + 0.5 * n * math.log(least)


@numba.njit(nogil=True, cache=True, fastmath=FAST)
def _eliminate(diagonal, coupling, precision, score, design, pivot, value, back, turned):
    """Tridiagonal elimination of score and precision·design from either end, side by side.

    From the first day into `pivot` and `value`, from the last into `back` and `turned`; neither waits for the other's
    divisions. Gives half the log of the pivots' product.
    """
    n, p = design.shape
    half_log, product = 0.0, 1.0
    for t in range(n):
        r = n - 1 - t
        pivot[t], back[r] = diagonal[t] + precision[t], diagonal[r] + precision[r]
        value[0, t], turned[0, r] = score[t], score[r]
        for i in range(p):
            value[1 + i, t] = precision[t] * design[t, i]
            turned[1 + i, r] = precision[r] * design[r, i]
        if t:
            falling, rising = coupling[t] / pivot[t - 1], coupling[r + 1] / back[r + 1]
            pivot[t] -= coupling[t] * falling
            back[r] -= coupling[r + 1] * rising
            for i in range(p + 1):
                value[i, t] += falling * value[i, t - 1]
                turned[i, r] += rising * turned[i, r + 1]
        product *= pivot[t]
        if product > _HUGE or product < _TINY or t == n - 1:
            half_log += 0.5 * math.log(product)
            product = 1.0
    return half_log


@numba.njit(nogil=True, cache=True, fastmath=FAST)
def _inverse_factor(matrix, lower):
    """Inverse of the Cholesky factor of `matrix` (whose lower half is used up) into `lower`; log of its determinant."""
    p = len(matrix)
    log_determinant = 0.0
    for i in range(p):
        for j in range(i + 1):
            part = matrix[i, j]
            for k in range(j):
                part -= matrix[i, k] * matrix[j, k]
            if i == j:
                matrix[i, i] = math.sqrt(part)
                log_determinant += math.log(matrix[i, i])
            else:
                matrix[i, j] = part / matrix[j, j]
    for j in range(p):
        lower[j, j] = 1 / matrix[j, j]
        for i in range(j + 1, p):
            part = 0.0
            for k in range(j, i):
                part -= matrix[i, k] * lower[k, j]
            lower[i, j] = part / matrix[i, i]
    return log_determinant


@numba.njit(nogil=True, cache=True, fastmath=FAST)
def _border(left, precision, score, design, prior, lower, mean):
    """Coefficients: inverse of the Cholesky factor of their precision (into `lower`), mean; log determinant term."""
    n, p = design.shape
    pull = np.zeros(p)
    matrix = prior.copy()
    for t in range(n):
        for i in range(p):
            pull[i] += left[i, t] * score[t]
            for j in range(i + 1):
                matrix[i, j] += left[i, t] * precision[t] * design[t, j]
    log_determinant = _inverse_factor(matrix, lower)
    squares = 0.0
    mean[:] = 0.0
    for i in range(p):
        along = 0.0
        for j in range(i + 1):
            along += lower[i, j] * pull[j]
        squares += along * along
        for j in range(i + 1):
            mean[j] += lower[i, j] * along
    return 0.5 * squares - log_determinant


@numba.njit(nogil=True, cache=True, fastmath=FAST)
def sweep(days, diagonal, coupling, precision, score, pace, work, lower, mean):
    """One sweep at one node: refits the sites in place; the log evidence but for the path and the prior."""
    below, above, closed, design, prior = days
    n, p = design.shape
    pivot, back, value, turned, left = work[0], work[1], work[2 : 3 + p], work[3 + p : 4 + 2 * p], work[4 + 2 * p :]
    evidence = -_eliminate(diagonal, coupling, precision, score, design, pivot, value, back, turned)
    for t in range(n):
        spread = 1 / (pivot[t] + back[t] - diagonal[t] - precision[t])
        back[t] = spread
        pivot[t] = (value[0, t] + turned[0, t] - score[t]) * spread
        evidence += 0.5 * score[t] * pivot[t]
        for i in range(p):
            solved = (value[1 + i, t] + turned[1 + i, t] - precision[t] * design[t, i]) * spread
            left[i, t] = design[t, i] - solved
    evidence += _border(left, precision, score, design, prior, lower, mean)
    product = 1.0
    for t in range(n):
        centre, variance = pivot[t], back[t]
        for i in range(p):
            centre += left[i, t] * mean[i]
            whitened = 0.0
            for j in range(i + 1):
                whitened += lower[i, j] * left[j, t]
            variance += whitened * whitened
        left_out = max(1 - precision[t] * variance, 1e-12)  # marginal over cavity variance
        both = 1 / (variance * left_out)
        marginal, ratio = both * left_out, both * variance
        cavity = marginal * left_out
        cavity_mean = (centre - score[t] * variance) * ratio
        cavity_score = cavity_mean * cavity
        root = math.sqrt(cavity)
        low, high = (below[t] - cavity_mean) * root, (above[t] - cavity_mean) * root
        share, exponent, shift, narrowing = _cut(low, high, closed[t])
        narrowing = max(narrowing, 0.0)
        once = pace / max(1 - narrowing, 1e-12)
        evidence += exponent + 0.5 * (cavity_mean * cavity_score - centre * centre * marginal)
        product *= share * share * ratio
        if product < _TINY or product > _HUGE or t == n - 1:
            evidence += 0.5 * math.log(product)
            product = 1.0
        precision[t] += once * cavity * narrowing - pace * precision[t]
        score[t] += once * (cavity_score * narrowing + root * shift) - pace * score[t]
    return evidence
