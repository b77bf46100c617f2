"""Whether ratings with ends are what the ordinal model expects."""

from __future__ import annotations

import numpy as np

from matwise.inference.checks import Check, Fit
from matwise.inference.mixture import Floats
from matwise.inference.observed import Steps
from matwise.inference.ordinal import compare_ordinal
from matwise.inference.predictive import check_ordinal_fit
from matwise.inference.priors import Priors
from matwise.inference.regression import NONE, Days
from tests.inference.series import SomeDays, some_days

RATING = Priors.for_rating()


def fit_of(days: SomeDays) -> Fit:
    found = compare_ordinal(days.y, days.arm, days.day, priors=RATING, carryover=NONE)
    calendar = Days.of(days.y, days.arm, days.day)
    rng = np.random.Generator(np.random.PCG64(4))
    return check_ordinal_fit(calendar, found.latent, Steps(), RATING, NONE, rng)


def near_the_floor(seed: int, n: int = 56) -> SomeDays:
    days = some_days(seed, n=n)
    return SomeDays(np.clip(np.round(days.y - 4), 0, 10), days.arm, days.day)


def nothing_or_much(seed: int) -> Floats:
    """Days without pain, and days with pain around 6: two kinds of day, not one that varies."""
    rng = np.random.Generator(np.random.PCG64(seed))
    return np.where(rng.random(56) < 0.6, 0.0, np.clip(np.round(rng.normal(6, 0.7, 56)), 0, 10))


def test_ratings_that_pile_up_on_the_floor_by_the_model_are_seldom_a_misfit() -> None:
    alarmed = sum(bool(fit_of(near_the_floor(seed)).misfits) for seed in range(40))

    assert alarmed <= 3


def test_two_kinds_of_day_are_not_taken_for_one_that_varies() -> None:
    seen = [fit_of(SomeDays(nothing_or_much(seed), some_days().arm, some_days().day)).misfits for seed in range(5)]

    assert all(Check.NEAR_END in one for one in seen)


def test_with_few_ratings_nothing_is_judged() -> None:
    assert fit_of(near_the_floor(1, n=12)).checks == ()
