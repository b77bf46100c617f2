"""When an answer counts as clear."""

from __future__ import annotations

import numpy as np

from matwise.inference.power import clear
from matwise.inference.simulation import Outcomes


def some_outcomes(below_zero: list[float], within: list[float]) -> Outcomes:
    one = np.zeros((1, len(below_zero)))
    return Outcomes(one, one, np.array([below_zero]), np.array([within]))


def test_a_side_or_the_strip_must_be_probable_enough_and_the_strip_counts_first() -> None:
    found = clear(some_outcomes([0.98, 0.97, 0.02, 0.99, 0.5], [0.0, 0.0, 0.3, 0.96, 0.95]), 0.975, 0.95)

    assert found.below.tolist() == [[True, False, False, False, False]]
    assert found.above.tolist() == [[False, False, True, False, False]]
    assert found.inside.tolist() == [[False, False, False, True, True]]
    assert found.any.tolist() == [[True, False, True, True, True]]


def test_each_end_may_ask_for_another_certainty() -> None:
    found = clear(some_outcomes([0.98, 0.98], [0.0, 0.0]), np.array([0.99, 0.975]), 0.95)

    assert found.below.tolist() == [[False, True]]


def test_where_too_few_days_are_rated_nothing_is_clear() -> None:
    assert not clear(some_outcomes([np.nan], [np.nan]), 0.975, 0.95).any.any()
