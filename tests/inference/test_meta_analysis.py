from __future__ import annotations

import json
import math
import warnings
from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import Any

import numpy as np
import pytest
import scipy.stats
from hypothesis import assume, example, given
from hypothesis import strategies as st

from matwise.errors import InvalidInputError
from matwise.inference.distributions import chi2_cdf, chi2_quantile, chi2_sf, student_t_cdf, student_t_quantile
from matwise.inference.effect_size import Group, from_interval, g_from_p, g_from_t, hedges_g, mean_difference
from matwise.inference.heterogeneity import Tau2
from matwise.inference.meta_analysis import Interval, leave_one_out, pool
from matwise.inference.small_study import egger, trim_and_fill

METAFOR = json.loads((Path(__file__).parents[2] / "validation/meta_analysis/pinned/metafor.json").read_text())["sets"]
ESTIMATORS = {"FE": Tau2.NONE, "DL": Tau2.DL, "PM": Tau2.PM, "REML": Tau2.REML}
INTERVALS = {"z": Interval.WALD, "knha": Interval.HARTUNG_KNAPP, "adhoc": Interval.FLOORED}
RANDOM = (Tau2.DL, Tau2.PM, Tau2.REML)

studies = st.lists(st.tuples(st.floats(-5, 5), st.floats(0.01, 4)), min_size=2, max_size=12)


@pytest.mark.parametrize("name", METAFOR)
def test_every_figure_is_that_of_metafor(name: str) -> None:
    theirs: dict[str, Any] = METAFOR[name]
    y, v = theirs["effects"], theirs["variances"]
    compared = 0
    for how, said in theirs.items():
        estimator, _, interval = how.partition(" ")
        if estimator not in ESTIMATORS:
            continue
        ours = pool(y, v, ESTIMATORS[estimator], INTERVALS[interval])
        for figure, value in said.items():
            if value is not None:
                assert getattr(ours, figure) == pytest.approx(value, rel=1e-6, abs=1e-6), (how, figure)
                compared += 1

    assert compared >= 90


@pytest.mark.parametrize("name", METAFOR)
def test_intervals_and_checks_are_those_of_metafor(name: str) -> None:
    theirs: dict[str, Any] = METAFOR[name]
    y, v = theirs["effects"], theirs["variances"]
    ours, slope, filled = pool(y, v, interval=Interval.WALD), egger(y, v), trim_and_fill(y, v)

    assert [ours.tau2_low, ours.tau2_high] == pytest.approx(theirs["tau2_interval"], abs=1e-6)
    assert [ours.predicted_low, ours.predicted_high] == pytest.approx(theirs["predicted"], abs=1e-6)
    assert [one.mean for one in leave_one_out(y, v) if one] == pytest.approx(theirs["leave_one_out"], abs=1e-6)
    assert [slope.slope, slope.slope_se, slope.p, slope.effect_without_error] == pytest.approx(
        theirs["egger"], abs=1e-6
    )
    assert filled.missing == theirs["trim_and_fill"]["missing"]
    assert filled.side == theirs["trim_and_fill"]["side"]
    assert filled.pooled.mean == pytest.approx(theirs["trim_and_fill"]["mean"], abs=1e-6)


def test_it_says_what_pymare_and_statsmodels_say() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # PyMARE leaves a file open when it is imported
        from pymare.estimators import DerSimonianLaird, VarianceBasedLikelihoodEstimator
    from statsmodels.stats.meta_analysis import combine_effects

    y, v = (np.array(METAFOR["bcg"][one]) for one in ("effects", "variances"))
    columns = {"y": y[:, None], "v": v[:, None], "X": np.ones((y.size, 1))}
    theirs = DerSimonianLaird().fit(**columns)
    likely = VarianceBasedLikelihoodEstimator(method="REML").fit(**columns)
    combined = combine_effects(y, v, method_re="chi2", use_t=False)
    iterated = combine_effects(y, v, method_re="iterated", use_t=False)
    table = combined.summary_frame()

    assert pool(y, v, Tau2.DL).tau2 == pytest.approx(theirs.params_["tau2"].item(), abs=1e-9)
    assert pool(y, v, Tau2.DL).tau2 == pytest.approx(combined.tau2, abs=1e-9)
    assert pool(y, v, Tau2.PM).tau2 == pytest.approx(iterated.tau2, rel=1e-4)  # its default stops early
    assert pool(y, v, Tau2.REML).tau2 == pytest.approx(likely.params_["tau2"].item(), rel=1e-3)  # so does its optimiser
    for how, row in ((Tau2.NONE, "fixed effect"), (Tau2.DL, "random effect")):
        ours = pool(y, v, how, Interval.WALD)
        assert [ours.mean, ours.se, ours.low, ours.high] == pytest.approx(table.loc[row].tolist()[:4], abs=1e-9)


@given(studies, st.floats(-3, 3), st.floats(0.1, 10), st.sampled_from(RANDOM))
def test_moved_and_stretched_studies_give_a_moved_and_stretched_answer(
    told: list[tuple[float, float]], by: float, times: float, how: Tau2
) -> None:
    y, v = np.array(told).T
    here, there = pool(y, v, how), pool(times * (y + by), times**2 * v, how)
    scale = abs(times) * (1 + np.abs(y).max() + abs(by))

    assert there.mean == pytest.approx(times * (here.mean + by), abs=1e-6 * scale)
    assert there.tau2 == pytest.approx(times**2 * here.tau2, rel=1e-5, abs=1e-7 * scale**2)
    assert there.i2 == pytest.approx(here.i2, abs=1e-5)


@given(studies, st.randoms(use_true_random=False), st.sampled_from([Tau2.NONE, *RANDOM]))
def test_the_order_does_not_count_and_the_mean_lies_among_the_studies(
    told: list[tuple[float, float]],
    chance: Random,
    how: Tau2,
) -> None:
    shuffled = list(told)
    chance.shuffle(shuffled)
    (y, v), (y2, v2) = np.array(told).T, np.array(shuffled).T
    here, there = pool(y, v, how), pool(y2, v2, how)

    assert there.mean == pytest.approx(here.mean, abs=1e-7)
    assert y.min() - 1e-9 <= here.mean <= y.max() + 1e-9
    assert here.low <= here.mean <= here.high
    assert here.weights.sum() == pytest.approx(1)
    assert (here.tau2_low or 0) <= (here.tau2_high or 0)


@given(studies)
def test_the_floor_only_ever_widens(told: list[tuple[float, float]]) -> None:
    y, v = np.array(told).T
    bare, floored = (pool(y, v, interval=one) for one in (Interval.HARTUNG_KNAPP, Interval.FLOORED))

    assert floored.low <= bare.low + 1e-12
    assert floored.high >= bare.high - 1e-12


@given(studies, st.integers(0, 20))
def test_a_study_without_its_deviation_breaks_nothing_and_is_named(told: list[tuple[float, float]], at: int) -> None:
    y, v = np.array(told).T
    at %= y.size + 1
    with_it = pool(np.insert(y, at, 1.0), np.insert(v, at, math.nan))

    assert with_it.mean == pool(y, v).mean
    assert np.flatnonzero(~with_it.used).tolist() == [at]
    assert with_it.weights[at] == 0
    assert with_it.k == y.size


def test_one_study_is_itself_and_says_nothing_of_others() -> None:
    alone = pool([0.4], [0.04])

    assert (alone.mean, alone.se) == (0.4, 0.2)
    assert alone.high == pytest.approx(0.4 + 1.959964 * 0.2)
    assert (alone.tau2_low, alone.predicted_low, alone.q_p) == (None, None, 1.0)
    assert leave_one_out([0.4], [0.04]) == (None,)


@pytest.mark.parametrize(
    ("y", "v", "named"),
    [
        ([1.0, 2.0], [1.0, 0.0], r"variances\[1\]"),
        ([1.0, 2.0], [1.0, -1.0], r"variances\[1\]"),
        ([math.inf, 2.0], [1.0, 1.0], r"effects\[0\]"),
        ([math.nan], [1.0], "at least one study"),
        ([1.0], [1.0, 2.0], "one for each effect"),
    ],
)
def test_what_can_not_be_pooled_is_named(y: list[float], v: list[float], named: str) -> None:
    with pytest.raises(InvalidInputError, match=named):
        pool(y, v)


def test_studies_of_one_size_have_no_slope() -> None:
    with pytest.raises(InvalidInputError, match="different size"):
        egger([1.0, 2.0, 3.0], [1.0, 1.0, 1.0])


@given(st.floats(-40, 40), st.floats(1, 200))
@example(1.2e-7, 11.0)
def test_students_t_is_that_of_scipy(t: float, df: float) -> None:
    assert student_t_cdf(t, df) == pytest.approx(scipy.stats.t.cdf(t, df), rel=1e-9, abs=1e-14)


@given(st.floats(0.001, 0.999), st.floats(1, 200))
def test_quantiles_are_those_of_scipy(p: float, df: float) -> None:
    assert student_t_quantile(p, df) == pytest.approx(scipy.stats.t.ppf(p, df), rel=1e-8, abs=1e-10)
    assert chi2_quantile(p, df) == pytest.approx(scipy.stats.chi2.ppf(p, df), rel=1e-8, abs=1e-12)


@given(st.floats(0.001, 400), st.floats(1, 200))
def test_chi2_is_that_of_scipy_on_both_sides(x: float, df: float) -> None:
    assert chi2_cdf(x, df) == pytest.approx(scipy.stats.chi2.cdf(x, df), rel=1e-9, abs=1e-13)
    assert chi2_sf(x, df) == pytest.approx(scipy.stats.chi2.sf(x, df), rel=1e-8, abs=1e-14)


groups = st.builds(Group, st.floats(-50, 50), st.floats(0.5, 20), st.integers(2, 200))


@given(groups, groups)
def test_every_way_to_an_effect_gives_the_same_one(one: Group, two: Group) -> None:
    df = one.n + two.n - 2
    pooled_sd = math.sqrt(((one.n - 1) * one.sd**2 + (two.n - 1) * two.sd**2) / df)
    t = (one.mean - two.mean) / (pooled_sd * math.sqrt(1 / one.n + 1 / two.n))
    p = 2 * scipy.stats.t.sf(abs(t), df)
    assume(1e-10 < p < 0.999)
    whole, from_t, from_p = hedges_g(one, two), g_from_t(t, one.n, two.n), g_from_p(p, one.n, two.n, positive=t > 0)

    assert from_t.value == pytest.approx(whole.value, rel=1e-9)
    assert from_p.value == pytest.approx(whole.value, rel=1e-4)
    assert from_p.variance == pytest.approx(whole.variance, rel=1e-3)


def test_published_effects_are_reproduced() -> None:
    first = METAFOR["normand1999"]  # Edinburgh: stay in hospital 55 (47) days, 155 people, against 75 (64), 156 people
    g = hedges_g(Group(55, 47, 155), Group(75, 64, 156))

    assert (g.value, g.variance) == pytest.approx((first["effects"][0], first["variances"][0]), abs=1e-9)
    assert mean_difference(Group(55, 47, 155), Group(75, 64, 156)).variance == pytest.approx(47**2 / 155 + 64**2 / 156)
    assert from_interval(-0.5, -0.9, -0.1).variance == pytest.approx((0.4 / 1.959964) ** 2, rel=1e-6)


@pytest.mark.parametrize("wrong", [lambda: g_from_p(0.0, 20, 20, positive=True), lambda: from_interval(2.0, 0.0, 1.0)])
def test_a_bound_is_no_p_and_an_interval_holds_its_estimate(wrong: Callable[[], object]) -> None:
    with pytest.raises(InvalidInputError):
        wrong()
