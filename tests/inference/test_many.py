"""The answers of many people at once, compiled and not."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matwise.errors import InvalidInputError
from matwise.inference import many
from matwise.inference.many import Engine, Summaries, compare_many
from matwise.inference.mixture import Floats
from matwise.inference.priors import Normal, Priors
from matwise.inference.regression import AVERAGE, NONE, Carryover, compare
from tests.inference.series import some_days

RATING = Priors.for_rating()
BOTH: tuple[Engine, ...] = ("numpy", "compiled")


def people(n: int = 6, n_days: int = 42, *, rho: float = 0.3, block: int = 4) -> tuple[Floats, np.ndarray, np.ndarray]:
    each = [some_days(seed, n=n_days, rho=rho, block=block) for seed in range(n)]
    return np.stack([one.y for one in each]), np.stack([one.arm for one in each]), each[0].day


def weigh(
    y: Floats,
    arm: np.ndarray,
    day: np.ndarray,
    engine: Engine = "compiled",
    *,
    priors: Priors = RATING,
    carryover: Carryover = NONE,
    contrast: tuple[int, int] = (1, 0),
    threads: int = 1,
) -> Summaries:
    return compare_many(
        y, arm, day, priors=priors, carryover=carryover, contrast=contrast, threads=threads, engine=engine
    )


def columns(found: Summaries) -> Floats:
    """Everything but quantiles and λ, a column each."""
    return np.column_stack(
        [found.mean, found.sd, found.p_below_zero, found.p_below_minus_change, found.p_above_change, found.rho,
         found.sigma, found.log_evidence, found.n_used]
    )  # fmt: skip


def assert_same(one: Summaries, other: Summaries) -> None:
    sd = other.sd[:, None]
    np.testing.assert_allclose(columns(one), columns(other), atol=0.002)
    np.testing.assert_allclose(one.mean / other.sd, other.mean / other.sd, atol=0.002)
    np.testing.assert_allclose(one.sd, other.sd, rtol=0.001)
    np.testing.assert_allclose(one.quantiles / sd, other.quantiles / sd, atol=0.003)
    np.testing.assert_allclose(one.keep_weight, other.keep_weight, atol=0.001)


def with_holes(y: Floats, case: str) -> Floats:
    y = y.copy()
    if case == "gaps of 20 days":
        y[:, np.arange(y.shape[1]) % 26 >= 6] = np.nan
    if case == "every other day":
        y[:, 1::2] = np.nan
    if case == "few days":
        y[:, 7:] = np.nan
    if case == "never rated":
        y[0] = np.nan
    if case == "one arm unrated":
        y[:, 14:] = np.nan
    return y


@pytest.mark.parametrize(
    "case",
    [
        "gaps of 20 days",
        "every other day",
        "few days",
        "never rated",
        "one arm unrated",
        "strong",
        "alternating",
        "long",
    ],
)
def test_the_compiled_engine_meets_the_other_on_awkward_days(case: str) -> None:
    n, n_days = {"long": (2, 1000), "few days": (6, 14)}.get(case, (6, 56))
    rho = {"strong": 0.95, "alternating": -0.9}.get(case, 0.3)
    y, arm, day = people(n, n_days, rho=rho, block=14 if case == "one arm unrated" else 4)
    y = with_holes(y, case)

    assert_same(weigh(y, arm, day), weigh(y, arm, day, "numpy"))


@pytest.mark.parametrize("carryover", [NONE, AVERAGE, Carryover(days_left_out=2)])
def test_the_compiled_engine_meets_the_other_under_every_carry_over(carryover: Carryover) -> None:
    y, arm, day = people()
    kept = np.setdiff1d(np.arange(42), [5, 6, 20, 21, 22])

    both = [weigh(y[:, kept], arm[:, kept], day[kept], engine, carryover=carryover) for engine in BOTH]
    assert_same(both[1], both[0])


@pytest.mark.parametrize("contrast", [(1, 0), (2, 0), (1, 2)])
def test_the_compiled_engine_meets_the_other_on_any_two_of_three_arms(contrast: tuple[int, int]) -> None:
    y, arm, day = people()
    arm[1:, 20:28] = 2  # the first person never has it
    priors = replace(RATING, effect=Normal(0.7, 1.5), trend=Normal(-0.5, 1.0), rho=Normal(0.3, 0.3))

    both = [weigh(y, arm, day, engine, contrast=contrast, priors=priors) for engine in BOTH]
    assert_same(both[1], both[0])


def test_the_summaries_are_those_of_the_posterior() -> None:
    y, arm, day = people()
    found = weigh(y, arm, day, "numpy", carryover=AVERAGE)
    posterior = compare(y, arm, day, priors=RATING, carryover=AVERAGE)

    np.testing.assert_allclose(found.mean, posterior.effect.mean, rtol=1e-12)
    np.testing.assert_allclose(found.quantiles, posterior.effect.quantile([0.025, 0.5, 0.975]), rtol=1e-12)
    np.testing.assert_allclose(found.p_within_change, posterior.effect.within(1.0), atol=1e-12)
    np.testing.assert_allclose(found.keep_weight, posterior.keep_weight, rtol=1e-12)


@pytest.mark.parametrize("engine", BOTH)
def test_ratings_without_any_scatter_have_no_answer(engine: Engine) -> None:
    y, arm, day = people()
    y[1], y[2], y[3] = 4.0, 3.0 + arm[2], 4.0 + np.tile([1.0, -1.0], 21)
    found = weigh(y, arm, day, engine)

    assert np.isnan(found.mean).tolist() == [False, True, True, True, False, False]
    assert (found.n_used[1:4] == 42).all()


@given(st.permutations(range(6)), st.integers(1, 3))
@settings(max_examples=10)
def test_the_order_of_people_and_the_number_of_threads_never_matter(order: list[int], threads: int) -> None:
    y, arm, day = people()

    np.testing.assert_array_equal(
        columns(weigh(y[order], arm[order], day, threads=threads)), columns(weigh(y, arm, day))[order]
    )


@given(st.floats(-50, 50))
@settings(max_examples=10)
def test_moving_every_rating_and_the_prior_level_never_changes_the_difference(shift: float) -> None:
    y, arm, day = people()
    moved = replace(RATING, level=Normal(5 + shift, 3))

    np.testing.assert_allclose(
        columns(weigh(y + shift, arm, day, priors=moved)), columns(weigh(y, arm, day)), atol=1e-6
    )


def test_asking_the_other_way_round_flips_the_answer() -> None:
    y, arm, day = people()
    there, back = weigh(y, arm, day), weigh(y, arm, day, contrast=(0, 1))

    np.testing.assert_allclose(back.quantiles, -there.quantiles[:, ::-1], atol=1e-4)
    np.testing.assert_allclose(back.p_below_minus_change, there.p_above_change, atol=1e-6)


def test_a_shared_schedule_single_precision_and_small_integers_are_the_same_days() -> None:
    y, arm, day = people()
    y, arm = y.astype(np.float32), np.broadcast_to(arm[0], arm.shape)

    np.testing.assert_array_equal(
        columns(weigh(y, arm[0].astype(np.int8), day.astype(np.uint16))),
        columns(weigh(y.astype(np.float64), arm.copy(), np.broadcast_to(day, y.shape).copy())),
    )


def test_few_people_are_never_kept_waiting_for_a_compiler(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(many, "_compiled", lambda _: pytest.fail("compiled"))

    weigh(*people(), engine="auto")


def test_without_numba_many_people_are_answered_all_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(many, "PAYS_FROM", 1)
    monkeypatch.setattr(many, "find_spec", lambda _: None)
    y, arm, day = people()

    np.testing.assert_array_equal(columns(weigh(y, arm, day, "auto")), columns(weigh(y, arm, day, "numpy")))
    with pytest.raises(InvalidInputError, match="numba"):
        weigh(y, arm, day, "compiled")


WRONG: dict[str, tuple[dict[str, Any], str]] = {
    "one person": ({"y": np.ones(5)}, r"\(n_people, n_days\)"),
    "nobody": ({"y": np.ones((0, 42))}, "not empty"),
    "other days": ({"arm": np.zeros(41, dtype=int)}, "broadcasts"),
    "broken arms": ({"arm": np.full(42, 0.5)}, "whole numbers"),
    "negative arms": ({"arm": np.full(42, -1)}, "arm: got -1"),
    "infinite": ({"y": np.full((2, 42), np.inf)}, "infinite"),
    "the same day twice": ({"day": np.r_[1:42, 41]}, "each day once"),
    "unknown arm": ({"contrast": (3, 0)}, "contrast"),
    "same arm": ({"contrast": (1, 1)}, "contrast"),
    "certain": ({"probabilities": (0.5, 1.0)}, "between 0 and 1"),
    "no change": ({"smallest_change": 0.0}, "above 0"),
    "no thread": ({"threads": 0}, "1 or more"),
}


@pytest.mark.parametrize(("given", "said"), WRONG.values(), ids=WRONG.keys())
def test_what_cannot_be_weighed_is_said(given: dict[str, Any], said: str) -> None:
    y, arm, day = people(2)
    asked: dict[str, Any] = {"y": y, "arm": arm, "day": day, "engine": "numpy", "priors": RATING} | given

    with pytest.raises(InvalidInputError, match=said):
        compare_many(**asked)


def test_all_problems_are_said_at_once() -> None:
    y, arm, day = people(2)
    with pytest.raises(InvalidInputError) as found:
        compare_many(np.full_like(y, np.inf), arm, day[::-1], priors=RATING, contrast=(1, 4), smallest_change=-1.0)

    assert len(found.value.problems) == 4
