"""A standard normal cut to an interval: its probability, mean and spread, right far out in the tails too.

Everything follows from Mills' ratio M(x) = Φ(−x)/φ(x), which falls from √(π/2) at 0 to 1/x without ever leaving double
precision. With t = 5/(5 + x) it is t times a polynomial: one formula for every x ≥ 0, no table, no branch.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.polynomial import chebyshev

from matwise.inference.mixture import Floats

SCALE = 5.0  # of t; gives the fewest terms
_DEGREE = 16  # relative error of Mills' ratio 6e-13; every two degrees less cost a factor of 30
_SERIES_UP_TO = 12.0  # below it exp(x²/2)·erfc loses nothing; above it 40 levels of the continued fraction are exact
ROOT_2PI = math.sqrt(2 * math.pi)
NARROW = 0.01  # sd; below it the moments come from their series (error 1e-9), differences would lose digits
FAR = 30.0  # sd; nothing is left of a normal beyond
_FARTHEST = 1e6  # sd; where infinity would only make NaN
_LOG_ROOT_2PI = math.log(ROOT_2PI)


def _mills_at(x: float) -> float:
    """Mills' ratio for x ≥ 0 to the last bits."""
    if x < _SERIES_UP_TO:
        return 0.5 * ROOT_2PI * math.erfc(x / math.sqrt(2)) * math.exp(0.5 * x * x)
    below = x
    for level in range(40, 0, -1):
        below = x + level / below
    return 1 / below


def coefficients(degree: int) -> Floats:
    """Coefficients of M(x)/t in powers of 2t − 1, highest first, by least squares at Chebyshev's points."""
    w = np.cos(math.pi * (np.arange(4 * degree) + 0.5) / (4 * degree))
    t = 0.5 * (w + 1)
    ratio = np.array([_mills_at(x) for x in (SCALE / t - SCALE).tolist()]) / t
    return np.asarray(chebyshev.cheb2poly(chebyshev.chebfit(w, ratio, degree))[::-1])


_COEFFICIENTS = coefficients(_DEGREE)


def mills(x: Floats) -> Floats:
    """Mills' ratio Φ(−x)/φ(x) for x ≥ 0, same shape, relative error below 1e-12."""
    t = SCALE / (SCALE + x)
    w = 2 * t - 1
    out = np.full_like(w, _COEFFICIENTS[0])
    for one in _COEFFICIENTS[1:].tolist():
        out *= w
        out += one
    out *= t
    return out


def log_cdf(z: Floats) -> Floats:
    """Log Φ(z), same shape, right where Φ itself is 0 or 1 in double precision."""
    far = np.abs(z)
    beyond = mills(far) / ROOT_2PI
    with np.errstate(under="ignore"):
        upper = np.log1p(-beyond * np.exp(-0.5 * far * far))
    return np.asarray(np.where(z < 0, np.log(beyond) - 0.5 * far * far, upper))


def cdf(z: Floats) -> Floats:
    """Φ(z), same shape, to a relative error of 1e-12 in the lower tail."""
    tail = mills(np.abs(z)) * np.exp(-0.5 * z * z) / ROOT_2PI
    return np.asarray(np.where(z < 0, tail, 1 - tail))


@dataclass(frozen=True, slots=True, eq=False)
class Cut:
    """A standard normal cut to (below, above]; all of one shape.

    `log_share` is the log of its probability, `shift` its mean, `narrowing` 1 − its variance.
    """

    log_share: Floats
    shift: Floats
    narrowing: Floats


def cut(below: Floats, above: Floats, closed: np.ndarray) -> Cut:
    """What is left of a standard normal between two points.

    Args:
        below: lower end of each interval, any shape.
        above: upper end, same shape, above `below`.
        closed: whether both ends count; where False, the end farther out is at infinity. Broadcasts to that shape.
    """
    mirrored = below + above < 0
    near = np.maximum(np.where(mirrored, -above, below), -FAR)
    far = np.where(mirrored, -below, above)
    ratio = mills(np.abs(np.stack([near, np.minimum(far, _FARTHEST)])))
    width = far - near
    with np.errstate(under="ignore"):
        fall = np.where(closed, np.exp(-0.5 * width * (far + near)), 0.0)  # φ(far)/φ(near)
        whole = np.where(near < 0, ROOT_2PI * np.exp(0.5 * np.minimum(near, 0.0) ** 2) - ratio[0], ratio[0])
        share = whole - fall * ratio[1]  # of the interval, in units of φ(near)
        shift = (1 - fall) / share
        narrowing = shift * shift - (near - np.where(closed, far, 0.0) * fall) / share
    log_share = np.log(share) - 0.5 * near * near - _LOG_ROOT_2PI
    narrow = closed & (width < NARROW)
    if narrow.any():
        log_share, shift, narrowing = (
            np.where(narrow, series, exact)
            for series, exact in zip(_narrow(near, width), (log_share, shift, narrowing), strict=True)
        )
    return Cut(log_share, np.where(mirrored, -shift, shift), narrowing)


def _narrow(near: Floats, width: Floats) -> tuple[Floats, Floats, Floats]:
    """The same three for an interval far narrower than the normal, where its density is nearly straight."""
    centre, part = near + 0.5 * width, width * width / 12
    log_share = np.log(width) - 0.5 * centre * centre - _LOG_ROOT_2PI + 0.5 * part * (centre * centre - 1)
    return log_share, centre * (1 - part), 1 - part * (1 - 0.2 * part * (1 + centre * centre))
