"""When an answer counts as clear, and which of many simulated answers are."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from matwise.inference.simulation import Outcomes


@dataclass(frozen=True, slots=True)
class Rule:
    """When an answer counts as clear.

    Either P(effect on one side of 0) ≥ `side`, or P(|effect| < `smallest_change`) ≥ `within`.
    """

    smallest_change: float
    side: float = 0.975
    within: float = 0.95


@dataclass(frozen=True, slots=True, eq=False)
class Clear:
    """Which outcomes are clear at which end, and how; each (n_draws, n_ends), at most one of them true."""

    below: NDArray[np.bool_]
    above: NDArray[np.bool_]
    inside: NDArray[np.bool_]

    @property
    def any(self) -> NDArray[np.bool_]:
        """Whether they are clear at all."""
        return self.below | self.above | self.inside


def clear(outcomes: Outcomes, side: ArrayLike, within: float) -> Clear:
    """Which outcomes are clear, where one side must reach `side`, a number or one per end; the strip counts first.

    The outcomes must have been weighed with a smallest change. Where too few days are rated nothing is clear.
    """
    wanted = np.asarray(side, dtype=np.float64)
    inside = outcomes.within >= within
    return Clear(
        below=~inside & (outcomes.below_zero >= wanted),
        above=~inside & (outcomes.below_zero <= 1 - wanted),
        inside=inside,
    )
