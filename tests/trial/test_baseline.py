"""How much a person's ratings differ from day to day."""

from __future__ import annotations

import numpy as np
import pytest

from matwise.errors import InvalidInputError
from matwise.trial.baseline import TYPICAL, Spread, baseline, baseline_of_table
from tests.inference.series import ar1


def some_days(n: int, spread: float, rho: float, seed: int = 1) -> list[float | None]:
    u = ar1(n, rho, spread, np.random.Generator(np.random.PCG64(seed)))
    return [float(one) for one in np.clip(5 + u, 0, 10)]


def test_many_days_tell_their_own_spread_and_few_lean_on_typical_people() -> None:
    many, few = baseline(some_days(400, 0.8, 0.6, 2)), baseline(some_days(3, 0.3, 0.0))

    assert many.day_spread == pytest.approx(0.8, abs=0.1)
    assert many.rho == pytest.approx(0.6, abs=0.1)
    assert 0.6 < few.day_spread < TYPICAL.day_spread
    assert few.days == 3


def test_the_span_that_holds_four_fifths_does_so_and_narrows_with_days() -> None:
    held, widths = [], []
    for seed in range(40):
        short = baseline(some_days(20, 1.5, 0.3, seed))
        held.append(short.day_spread_80[0] <= 1.5 <= short.day_spread_80[1])
        widths.append(short.day_spread_80[1] - short.day_spread_80[0])
    long = baseline(some_days(200, 1.5, 0.3)).day_spread_80

    assert 0.65 <= np.mean(held) <= 0.98
    assert long[1] - long[0] < 0.6 * np.mean(widths)


def test_missing_days_leave_gaps_and_a_drift_is_not_taken_for_scatter() -> None:
    plain = some_days(56, 1.0, 0.0)
    drifting = [None if nth % 5 == 0 else one + nth / 28 for nth, one in enumerate(plain) if one is not None]
    found = baseline(drifting)

    assert found.days == 44
    assert found.day_spread == pytest.approx(1.0, abs=0.25)


def test_equal_ratings_still_scatter_as_rounding_does() -> None:
    assert 12**-0.5 <= baseline([4.0] * 20).day_spread < TYPICAL.day_spread


def test_a_table_needs_no_arms() -> None:
    days = some_days(20, 1.5, 0.3)
    lines = [f"{nth};{one:.0f}" for nth, one in enumerate(days, start=1) if nth != 4]

    assert baseline_of_table("\n".join(["day;pain", *lines]), "pain").days == 19
    assert baseline_of_table("day,arm,pain\n1,mat,3\n2,mat,5", "pain").days == 2


@pytest.mark.parametrize(
    ("ratings", "told"),
    [([], "no rated day"), ([None, None], "no rated day"), ([11.0, float("nan"), 4.0], "baseline day 1: got 11")],
)
def test_days_that_can_not_be_used_are_named(ratings: list[float | None], told: str) -> None:
    with pytest.raises(InvalidInputError, match=told):
        baseline(ratings)


@pytest.mark.parametrize(("spread", "rho"), [(0.0, 0.3), (1.0, 1.0), (float("nan"), -2.0)])
def test_figures_that_no_ratings_have_are_refused(spread: float, rho: float) -> None:
    with pytest.raises(InvalidInputError):
        Spread(spread, rho)
