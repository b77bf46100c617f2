"""What more days would tell."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from matwise.inference.power import Rule, chance_of_clear_answer, chance_to_see, normal_quantile, spread_after
from matwise.inference.priors import Normal, Priors
from matwise.inference.regression import AVERAGE, NONE, Carryover, Days, compare
from tests.inference.series import some_days

RATING = Priors.for_rating()


def a_calendar(n: int = 56, *, missing: float = 0.1) -> Days:
    days = some_days(4, n=n, missing=missing)
    return Days(days.day, days.arm, days.y)


@pytest.mark.parametrize("carryover", [NONE, Carryover((0.5,), (1.0,)), Carryover(days_left_out=1)])
def test_the_spread_is_that_of_the_dense_covariance(carryover: Carryover) -> None:
    days, rho, sigma, end = a_calendar(), 0.4, 1.3, 40
    found = spread_after(days, [20, end, 56], RATING, carryover, rho=rho, sigma=sigma)[0, 1]

    used = days.without_switches(carryover.days_left_out)
    e = 0.0
    rows = []
    for t in range(end):
        e = carryover.keeps[0] * e + (1 - carryover.keeps[0]) * days.arm[t]
        rows.append([1.0, (t - (end - 1) / 2) / end, e])
    seen = ~np.isnan(used.y[:end])
    x = np.array(rows)[seen]
    at = np.arange(end)[seen]
    v = sigma**2 / (1 - rho**2) * rho ** np.abs(at[:, None] - at).astype(float)
    precision = x.T @ np.linalg.solve(v, x) + np.diag([1 / 9, 1 / 4, 1 / 4])
    assert found == pytest.approx(np.sqrt(np.linalg.inv(precision)[2, 2]), rel=1e-9)


def test_more_days_never_widen_the_spread() -> None:
    vague = Normal(0, 1e3)
    priors = Priors(vague, vague, vague, 1.0)
    spread = spread_after(a_calendar(80), range(4, 81), priors, NONE, rho=0.3, sigma=1.0)

    assert (np.diff(spread[0]) <= 1e-9).all()


def test_the_chance_of_a_clear_answer_meets_simulation() -> None:
    mean, sd, after, rule = 0.5, 0.8, 0.45, Rule(smallest_change=1.0)
    m = np.random.Generator(np.random.PCG64(1)).normal(mean, np.sqrt(sd**2 - after**2), 400_000)
    clear = (np.abs(m) > 1.959964 * after) | (stats.norm.cdf(1, m, after) - stats.norm.cdf(-1, m, after) >= 0.95)

    assert float(chance_of_clear_answer(mean, sd, np.array(after), rule)) == pytest.approx(clear.mean(), abs=0.003)


def test_with_next_to_no_doubt_left_every_answer_is_clear() -> None:
    assert float(chance_of_clear_answer(0.9, 1.0, np.array(1e-3), Rule(1.0))) == pytest.approx(1.0)


def test_the_chance_to_see_meets_whole_trials_weighed_by_the_full_model() -> None:
    arm = np.tile(np.repeat([1, 0], 4), 7)
    days = Days(np.arange(1, 57), arm, np.zeros(56))
    rng = np.random.Generator(np.random.PCG64(2))
    told = chance_to_see(days, [56], RATING, AVERAGE, effect=-1.5, rho=0.3, sigma=1.43, rng=rng, draws=2000)
    seen = []
    for seed in range(100):
        noise = some_days(seed, effect=0.0, missing=0.0).y
        seen.append(compare(noise - 1.5 * arm, arm, days.day, priors=RATING).effect.below(0.0) >= 0.975)

    # Known ρ and σ flatter by a few hundredths; 100 trials are good for ± 0.15 (3 standard errors).
    assert float(told[0]) == pytest.approx(np.mean(seen), abs=0.17)


@pytest.mark.parametrize("p", [0.5, 0.8, 0.975, 0.995])
def test_the_normal_quantile_meets_scipy(p: float) -> None:
    assert normal_quantile(p) == pytest.approx(stats.norm.ppf(p), abs=1e-10)
