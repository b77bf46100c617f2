"""Student's t and χ²: probabilities and quantiles, one at a time."""

from __future__ import annotations

import math
from collections.abc import Callable

_TERMS = 10_000
_CLOSE = 1e-16
_HALVINGS = 2000


def student_t_cdf(t: float, df: float) -> float:
    """P(T < t) of Student's t with `df` degrees of freedom."""
    if math.isinf(t):
        return float(t > 0)
    if t * t < df:  # near the middle the tail has lost what is small
        return 0.5 + math.copysign(0.5 * _beta_share(t * t / (df + t * t), 0.5, 0.5 * df), t)
    tail = 0.5 * _beta_share(df / (df + t * t), 0.5 * df, 0.5)
    return 1 - tail if t > 0 else tail


def student_t_quantile(p: float, df: float) -> float:
    """The t below which Student's t with `df` degrees of freedom lies with probability `p` in (0, 1)."""
    if p < 0.5:
        return -student_t_quantile(1 - p, df)
    return _root(lambda t: student_t_cdf(t, df) - p, 0.0)


def chi2_cdf(x: float, df: float) -> float:
    """P(X < x) of χ² with `df` degrees of freedom."""
    return 0.0 if x <= 0 else _gamma_share(0.5 * df, 0.5 * x)


def chi2_sf(x: float, df: float) -> float:
    """P(X > x) of χ² with `df` degrees of freedom, also where it is tiny."""
    return 1.0 if x <= 0 else 1 - _gamma_share(0.5 * df, 0.5 * x) if x < df + 1 else _gamma_rest(0.5 * df, 0.5 * x)


def chi2_quantile(p: float, df: float) -> float:
    """The x below which χ² with `df` degrees of freedom lies with probability `p` in (0, 1)."""
    return _root(lambda x: chi2_cdf(x, df) - p, 0.0)


def _root(rises: Callable[[float], float], low: float) -> float:
    """Where a function that rises from below zero at `low` crosses it, to the last bit."""
    high = low + 1.0
    while rises(high) < 0:
        low, high = high, 2 * high
    for _ in range(_HALVINGS):
        middle = 0.5 * (low + high)
        if middle in {low, high}:
            break
        low, high = (middle, high) if rises(middle) < 0 else (low, middle)
    return 0.5 * (low + high)


def _beta_share(x: float, a: float, b: float) -> float:
    """The regularised incomplete beta function, by its continued fraction (Abramowitz and Stegun 1964, 26.5.8)."""
    if x <= 0 or x >= 1:
        return float(x >= 1)
    if x > (a + 1) / (a + b + 2):
        return 1 - _beta_share(1 - x, b, a)
    front = math.exp(
        math.lgamma(a + b) - math.lgamma(a) - math.lgamma(b) + a * math.log(x) + b * math.log1p(-x) - math.log(a)
    )

    def term(n: int) -> float:
        half = n // 2
        if n % 2:
            return -(a + half) * (a + b + half) * x / ((a + 2 * half) * (a + 2 * half + 1))
        return half * (b - half) * x / ((a + 2 * half - 1) * (a + 2 * half))

    return front / _fraction(term, lambda _: 1.0)


def _gamma_share(a: float, x: float) -> float:
    """The regularised lower incomplete gamma function, by its series (Abramowitz and Stegun 1964, 6.5.29)."""
    if x >= a + 1:
        return 1 - _gamma_rest(a, x)
    total = term = 1 / a
    for n in range(1, _TERMS):
        term *= x / (a + n)
        total += term
        if term < total * _CLOSE:
            break
    return total * math.exp(a * math.log(x) - x - math.lgamma(a))


def _gamma_rest(a: float, x: float) -> float:
    """What the upper one is, by its continued fraction (Abramowitz and Stegun 1964, 6.5.31)."""
    front = math.exp(a * math.log(x) - x - math.lgamma(a))
    return front / _fraction(lambda n: -n * (n - a), lambda n: x + 2 * n + 1 - a)


def _fraction(above: Callable[[int], float], below: Callable[[int], float]) -> float:
    """below(0) + above(1)/(below(1) + above(2)/(below(2) + …)), by Lentz (1976, doi:10.1364/AO.15.000668)."""
    tiny = 1e-300
    value = below(0) or tiny
    c, d = value, 0.0
    for n in range(1, _TERMS):
        a, b = above(n), below(n)
        d = 1 / ((b + a * d) or tiny)
        c = (b + a / c) or tiny
        value *= c * d
        if abs(c * d - 1) < _CLOSE:
            break
    return value
