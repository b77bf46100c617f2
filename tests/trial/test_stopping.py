"""When a running trial may stop."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from matwise.errors import InvalidInputError
from matwise.inference.regression import NONE
from matwise.trial.stopping import (
    AS_IF_ONCE,
    OFFERED,
    ROUNDS,
    Simulated,
    StoppingRule,
    operating_characteristics,
    side_by_side,
)
from tests.trial.builders import a_design


def rng(seed: int = 0) -> np.random.Generator:
    return np.random.Generator(np.random.PCG64(seed))


@pytest.mark.parametrize("block", [2, 7])
def test_both_rules_rarely_call_a_useless_mat_helpful_where_looking_daily_as_if_once_often_does(block: int) -> None:
    """validation/inference/stopping.py holds the rules to 0.05 with full fits."""
    design = a_design(56, block, 0)
    offered, rounds, as_if_once = side_by_side(design, (OFFERED, ROUNDS, AS_IF_ONCE), Simulated(), rng())

    assert rounds.helps <= offered.helps <= 0.06
    assert as_if_once.helps > max(offered.helps, 0.05)
    assert offered.looks > rounds.looks == 56 // (2 * block) - (14 - 1) // (2 * block)


def test_one_look_at_the_end_is_wrong_as_often_as_it_says() -> None:
    never_before = StoppingRule(0.9999999, None, 0.975)
    found = operating_characteristics(a_design(56, 4, 0), never_before, 0, 1.5, 0.3, 0.1, rng(), 2000, carryover=NONE)

    assert found.helps == pytest.approx(0.025, abs=0.012)
    assert found.draws == 2000


def test_a_large_effect_ends_a_trial_early() -> None:
    told = [
        operating_characteristics(a_design(84, 4, 0), OFFERED, effect, 1.5, 0.3, 0.1, rng(), 300, carryover=NONE)
        for effect in (-3.0, -1.0, 0.0)
    ]

    assert told[0].helps > 0.98
    assert [one.helps for one in told] == sorted((one.helps for one in told), reverse=True)
    assert told[0].mean_days < told[1].mean_days <= 84
    assert all(one.any_verdict >= max(one.helps, one.makes_worse, one.no_difference) for one in told)


def test_help_and_harm_are_mirror_images() -> None:
    helps, harms = (
        operating_characteristics(a_design(28, 2, 0), OFFERED, effect, 1.5, 0.3, 0.1, rng(), 600, carryover=NONE)
        for effect in (-1.5, 1.5)
    )

    assert helps.helps == pytest.approx(harms.makes_worse, abs=0.07)


def test_a_difference_too_small_to_matter_is_called_so() -> None:
    asked = Simulated(effect=0.0, draws=300, smallest_change=2.0)
    (found,) = side_by_side(a_design(84, 1, 0), (OFFERED,), asked, rng())

    assert found.no_difference > 0.95


def test_the_seed_of_a_design_plays_no_part() -> None:
    first, second = (
        side_by_side(replace(a_design(28, 4, 0), seed=seed), (OFFERED,), Simulated(draws=100), rng()) for seed in (1, 2)
    )

    assert first == second


@pytest.mark.parametrize("side", [0.5, 1.0, float("nan")])
def test_a_rule_asks_for_a_probability(side: float) -> None:
    with pytest.raises(InvalidInputError, match="side"):
        StoppingRule(side, 0.99)
