"""Very many outcomes of one calendar, weighed at once."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from matwise.inference.mixture import Floats
from matwise.inference.priors import Normal, Priors
from matwise.inference.regression import AVERAGE, NONE, Carryover, Days, compare
from matwise.inference.simulation import FEWEST_RATED, Outcomes, weigh
from tests.inference.series import ar1, some_days

RATING = Priors.for_rating()
CASES = {
    "4-day blocks": (56, 4, 0.3, AVERAGE),
    "daily": (28, 1, 0.3, NONE),
    "two weeks": (14, 4, 0.0, Carryover(days_left_out=1)),
    "long and alike": (112, 7, 0.6, AVERAGE),
    "next day like the last": (56, 7, 0.9, NONE),
    "next day unlike the last": (42, 1, -0.4, NONE),
}


def a_calendar(n: int, block: int, rho: float, *, draws: int = 12, effect: float = -1.0) -> tuple[Days, Floats]:
    days = some_days(3, n=n, block=block)
    rng = np.random.Generator(np.random.PCG64(n + block))
    y = np.stack([5 + effect * days.arm + ar1(n, rho, 1.5, rng) for _ in range(draws)])
    return Days(days.day, days.arm, days.y), y


def farthest(found: Outcomes, days: Days, y: Floats, ends: list[int], carryover: Carryover, priors: Priors) -> Floats:
    """Largest distance from `compare`: of mean and sd in posterior sd, and of the two probabilities."""
    off = np.zeros(4)
    for at, end in enumerate(ends):
        rated = np.where(np.isnan(days.y), np.nan, y)[:, :end]
        effect = compare(rated, days.arm[:end], days.day[:end], priors=priors, carryover=carryover).effect
        told = [found.mean[:, at], found.sd[:, at], found.below_zero[:, at], found.within[:, at]]
        true = [effect.mean, effect.sd, effect.below(0.0), effect.within(1.0)]
        scale = [effect.sd, effect.sd, 1.0, 1.0]
        off = np.maximum(off, [np.abs((a - b) / c).max() for a, b, c in zip(told, true, scale, strict=True)])
    return off


@pytest.mark.parametrize("case", CASES)
def test_every_outcome_meets_the_full_posterior_at_every_end(case: str) -> None:
    n, block, rho, carryover = CASES[case]
    days, y = a_calendar(n, block, rho)
    ends = [n] if n < 20 else [n // 2, n - 3, n]
    off = farthest(weigh(days, y, ends, RATING, carryover, smallest_change=1.0), days, y, ends, carryover, RATING)

    assert (off[:2] < 0.005).all()
    assert (off[2:] < 0.001).all()


def test_priors_with_means_of_their_own_are_heeded() -> None:
    priors = Priors(Normal(3, 2), Normal(-0.7, 1), Normal(1, 1), 2.0, Normal(0.3, 0.3))
    days, y = a_calendar(56, 4, 0.3)
    off = farthest(weigh(days, y, [30, 56], priors, AVERAGE, smallest_change=1.0), days, y, [30, 56], AVERAGE, priors)

    assert off.max() < 0.005


@pytest.mark.parametrize("contrast", [(1, 0), (1, 2), (2, 0)])
def test_any_two_of_three_arms_are_compared(contrast: tuple[int, int]) -> None:
    rng = np.random.Generator(np.random.PCG64(5))
    arm = np.tile(np.repeat([0, 1, 2], 3), 5)
    days = Days(np.arange(1, 46), arm, np.zeros(45))
    y = 5 - 0.5 * arm + np.stack([ar1(45, 0.3, 1.2, rng) for _ in range(8)])
    found = weigh(days, y, [45], RATING, NONE, contrast=contrast)
    effects = [compare(one, arm, days.day, priors=RATING, carryover=NONE).contrast(*contrast) for one in y]

    np.testing.assert_allclose(found.mean[:, 0], [one.mean for one in effects], atol=0.002)
    np.testing.assert_allclose(found.below_zero[:, 0], [one.below(0.0) for one in effects], atol=0.001)


def test_an_outcome_is_weighed_alike_alone_and_among_others_that_scatter_differently() -> None:
    days, y = a_calendar(56, 4, 0.3, draws=40)
    wild = 5 + (y - 5) * np.geomspace(0.3, 3, 40)[:, None]
    together, alone = weigh(days, wild, [56], RATING, NONE), weigh(days, wild[:1], [56], RATING, NONE)

    assert together.mean[0, 0] == pytest.approx(alone.mean[0, 0], abs=0.01 * alone.sd[0, 0])
    assert together.sd[0, 0] == pytest.approx(alone.sd[0, 0], rel=0.01)


def test_an_end_with_too_few_rated_days_has_no_answer() -> None:
    days, y = a_calendar(28, 4, 0.3)
    found = weigh(days, y, [FEWEST_RATED - 1, 28], RATING, NONE)

    assert np.isnan(found.mean[:, 0]).all()
    assert np.isfinite(found.mean[:, 1]).all()
    assert found.within.shape == (12, 0)


def test_what_is_rated_on_days_that_do_not_count_changes_nothing() -> None:
    days, y = a_calendar(28, 4, 0.3)
    other = np.where(np.isnan(days.y), 99.0, y)

    np.testing.assert_array_equal(
        weigh(days, y, [28], RATING, NONE).mean, weigh(replace(days), other, [28], RATING, NONE).mean
    )
