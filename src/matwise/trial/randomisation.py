"""The randomisation test that belongs to the schedule actually drawn: no model, only the chance that dealt the days.

If an arm made no difference, the ratings would have been the same under every deal. So the difference that was found is
held against those that the other deals would have shown. Fisher (1935), The Design of Experiments; for trials of one,
Edgington and Onghena (2007), Randomization Tests, 4th ed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from matwise.errors import InvalidInputError, Problem
from matwise.inference.mixture import Floats
from matwise.sentence import Sentence
from matwise.trial.design import Arm, Schedule
from matwise.trial.schedule import arms_of, group_days, groups_per_draw

MOST_ENUMERATED = 20_000
DRAWN = 10_000
_AT_ONCE = 1024  # deals worked on together
_SAME = 1e-7  # relative: statistics this close are the same one, reckoned in another order


@dataclass(frozen=True, slots=True)
class RandomisationTest:
    """How unusual the difference is among all deals.

    `statistic` is the difference of the two arms in points, a straight drift taken off. `p` is two-sided: the share of
    deals with a difference at least as large either way. `deals` were compared, all there are if `exact`.
    `smallest_possible_p` is what the clearest ratings could have reached.
    """

    statistic: float
    p: float
    deals: int
    exact: bool
    smallest_possible_p: float

    @property
    def words(self) -> str:
        """What was done and found, in plain words."""
        said = (
            Sentence(
                "All {deals:,} ways in which chance could have dealt these days were gone through with the ratings as "
                "they are: {share} of them show a difference at least as large."
            )
            if self.exact
            else Sentence(
                "{deals:,} random ways in which chance could have dealt these days were gone through with the ratings "
                "as they are: {share} of them show a difference at least as large."
            )
        )
        share = Sentence("{share:.1f} %") if self.p >= 0.001 else Sentence("fewer than {share:.1f} %")
        said = said.format(deals=self.deals, share=share.format(share=max(100 * self.p, 0.1)))
        if self.can_reach_5_percent:
            return said
        few = Sentence("With so few blocks no ratings could bring that below {smallest:.1f} %.")
        return Sentence.joined([said, few.format(smallest=100 * self.smallest_possible_p)])

    @property
    def can_reach_5_percent(self) -> bool:
        """Whether any ratings could have brought p to 0.05."""
        return self.smallest_possible_p <= 0.05


def randomisation_test(
    schedule: Schedule, ratings: Mapping[date, float], contrast: tuple[Arm, Arm], rng: np.random.Generator
) -> RandomisationTest | None:
    """Test whether the two arms of `contrast` differ, by dealing again as the design would.

    What chance drew at once (a group of blocks; with ABBA two, in a Latin square six) is dealt again with the two arms
    exchanged or not; days off, a third arm and the ratings stay where they are. Each deal leaves out its own wash-in
    days. All deals are gone through if there are at most 20,000, else 10,000 are drawn.

    Args:
        schedule: the days as they were dealt.
        ratings: ratings by day.
        contrast: the arm asked about, then the one it is compared with.
        rng: where chance comes from, if deals are drawn.

    Returns:
        None where an arm has no rated day, or no deal could look any different.

    Raises:
        InvalidInputError: the contrast is not of two different arms of the trial.
    """
    _check(schedule, contrast)
    days = _Days.of(schedule, ratings, contrast)
    observed = float(_statistics(days, np.zeros((1, days.units), dtype=np.bool_))[0])
    informative = np.unique(days.unit[days.rated & (days.arm != 2)])
    if not np.isfinite(observed) or not informative.size:
        return None
    exact = 2**informative.size <= MOST_ENUMERATED
    flips = _all_flips(informative, days.units) if exact else rng.random((DRAWN, days.units)) < 0.5
    found = np.concatenate([_statistics(days, flips[at : at + _AT_ONCE]) for at in range(0, len(flips), _AT_ONCE)])
    # A deal without a rated day in one arm has no difference; it counts as larger, so that p is never too small.
    larger = int((~(np.abs(found) < abs(observed) * (1 - _SAME))).sum())
    p = larger / len(flips) if exact else (larger + 1) / (len(flips) + 1)
    smallest = 2.0 ** (1 - informative.size)
    return RandomisationTest(observed, p, len(flips), exact, smallest if exact else max(smallest, 1 / (DRAWN + 1)))


@dataclass(frozen=True, slots=True, eq=False)
class _Days:
    """The days that are not off, each array (n_days,).

    `at` numbers them along the calendar, `arm` is 1 and 0 for the contrast and 2 for a third one, `unit` tells what
    chance drew at once.
    """

    at: Floats
    y: Floats
    rated: NDArray[np.bool_]
    arm: NDArray[np.int64]
    unit: NDArray[np.int64]
    units: int
    washin_days: int

    @classmethod
    def of(cls, schedule: Schedule, ratings: Mapping[date, float], contrast: tuple[Arm, Arm]) -> _Days:
        on = [one for one in schedule.days if not one.off]
        code = {contrast[0]: 1, contrast[1]: 0}
        y = np.array([ratings.get(one.on, np.nan) for one in on], dtype=np.float64)
        unit = np.arange(len(on)) // (group_days(schedule.design) * groups_per_draw(schedule.design))
        return cls(
            at=np.array([one.day for one in on], dtype=np.float64),
            y=y,
            rated=np.isfinite(y),
            arm=np.array([code.get(one.arm, 2) for one in on], dtype=np.int64),
            unit=unit,
            units=int(unit.max(initial=-1)) + 1,
            washin_days=schedule.design.washin_days,
        )


def _statistics(days: _Days, flips: NDArray[np.bool_]) -> Floats:
    """The difference under each deal; `flips` (n_deals, n_units) says which units have the two arms exchanged."""
    exchanged = flips[:, days.unit] & (days.arm != 2)
    arm = np.where(exchanged, 1 - days.arm, days.arm)
    used = days.rated & ~_washin(arm, days.washin_days)
    third = (arm == 2) & used
    columns = [used, used * (days.at - days.at.mean()) / days.at.size, (arm == 1) & used, third]
    has = [((arm == code) & used).any(1) for code in (0, 1)]
    x = np.stack([np.asarray(one, dtype=np.float64) for one in columns[: 4 if third.any() else 3]], axis=-1)
    xx = x.swapaxes(-1, -2) @ x
    xy = x.swapaxes(-1, -2) @ np.where(days.rated, days.y, 0.0)[:, None]
    # A hair on the diagonal: with few days an arm may be told from the drift by nothing, or a third arm have no day.
    hair = 1e-12 * np.trace(xx, axis1=1, axis2=2)[:, None, None] * np.eye(x.shape[-1]) + 1e-300 * np.eye(x.shape[-1])
    effect = np.linalg.solve(xx + hair, xy)[:, 2, 0]
    return np.where(has[0] & has[1], effect, np.nan)


def _washin(arm: NDArray[np.int64], washin_days: int) -> NDArray[np.bool_]:
    """Whether a day is among the first `washin_days` after a switch, for arms of shape (n_deals, n_days)."""
    switched = np.zeros(arm.shape, dtype=np.bool_)
    switched[:, 1:] = arm[:, 1:] != arm[:, :-1]
    out = np.zeros_like(switched)
    for later in range(washin_days):
        out[:, later:] |= switched[:, : arm.shape[1] - later]
    return out


def _all_flips(informative: NDArray[np.int64], units: int) -> NDArray[np.bool_]:
    """Every way to exchange the arms of the units that hold a rating, each once."""
    flips = np.zeros((2**informative.size, units), dtype=np.bool_)
    flips[:, informative] = np.arange(len(flips))[:, None] >> np.arange(informative.size) & 1 == 1
    return flips


def _check(schedule: Schedule, contrast: tuple[Arm, Arm]) -> None:
    known = arms_of(schedule.design)
    wanted = "one of " + ", ".join(known)
    problems = [Problem("contrast", str(arm), wanted) for arm in contrast if arm not in known]
    if contrast[0] == contrast[1]:
        problems.append(Problem("contrast", f"{contrast[0]} twice", "two different arms"))
    if problems:
        raise InvalidInputError(*problems)
