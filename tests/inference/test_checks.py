"""Whether the model fits: quiet on its own days, loud on days it can't explain."""

from __future__ import annotations

import numpy as np
import pytest

from matwise.inference.checks import Check, Fit, check_fit
from matwise.inference.mixture import Floats
from matwise.inference.priors import Priors
from matwise.inference.regression import AVERAGE, NONE, Carryover, Days, compare
from tests.inference.series import SomeDays, ar1, some_days

RATING = Priors.for_rating()


def fit_of(days: SomeDays, carryover: Carryover = NONE) -> Fit:
    found = compare(days.y, days.arm, days.day, priors=RATING, carryover=carryover)
    calendar = Days.of(days.y, days.arm, days.day)
    return check_fit(calendar, found, RATING, carryover, np.random.Generator(np.random.PCG64(4)))


def disturbed(y: Floats) -> SomeDays:
    days = some_days(n=y.size)
    return SomeDays(y, days.arm, days.day)


def test_days_that_follow_the_model_are_seldom_called_a_misfit() -> None:
    alarmed = sum(bool(fit_of(some_days(seed, rho=(0.0, 0.3, 0.6)[seed % 3])).misfits) for seed in range(150))

    assert alarmed <= 0.06 * 150


def test_carry_over_that_the_model_averages_is_no_misfit() -> None:
    alarmed = sum(bool(fit_of(some_days(seed), AVERAGE).misfits) for seed in range(40))

    assert alarmed <= 4


def noise(n: int = 84, seed: int = 5) -> Floats:
    return np.asarray(5 + ar1(n, 0.2, 1.0, np.random.Generator(np.random.PCG64(seed))))


def one_wild_day() -> Floats:
    y = noise()
    y[40] += 7
    return y


def every_seventh_day() -> Floats:
    return np.asarray(noise() + 3.0 * (np.arange(84) % 7 == 0))


def growing_spread() -> Floats:
    return 5 + (noise() - 5) * np.linspace(0.2, 3, 84)


def spread_on_the_mat_only() -> Floats:
    days = some_days(n=84)
    return np.asarray(5 + (noise() - 5) * np.where(days.arm == 1, 3.0, 0.5))


def mostly_low_with_bad_days() -> Floats:
    return np.random.Generator(np.random.PCG64(2)).exponential(2.0, 84)


@pytest.mark.parametrize(
    ("y", "check"),
    [
        (one_wild_day(), Check.OUTLIER),
        (every_seventh_day(), Check.SAME_WEEKDAY),
        (growing_spread(), Check.SPREAD_OVER_TIME),
        (spread_on_the_mat_only(), Check.SPREAD_BY_ARM),
        (mostly_low_with_bad_days(), Check.SKEW),
    ],
    ids=["a wild day", "a weekly pattern", "a growing spread", "a spread on one arm", "a long tail"],
)
def test_what_the_model_can_not_explain_is_named(y: Floats, check: Check) -> None:
    assert check in fit_of(disturbed(y)).misfits


def test_innovations_belong_to_the_rated_days() -> None:
    days = some_days(missing=0.3)
    fit = fit_of(days)

    np.testing.assert_array_equal(fit.day, days.day[~np.isnan(days.y)])
    assert fit.innovation.shape == fit.day.shape
    assert fit.innovation.std() == pytest.approx(1.0, abs=0.25)


def test_few_days_and_days_without_scatter_are_not_judged() -> None:
    same = some_days(missing=0.0)
    same.y[:] = 4.0
    found = compare(same.y, same.arm, same.day, priors=RATING, carryover=NONE, rounding=1.0)
    judged = check_fit(
        Days.of(same.y, same.arm, same.day), found, RATING, NONE, np.random.Generator(np.random.PCG64(1))
    )

    assert judged.checks == ()
    assert fit_of(some_days(n=10)).checks == ()
