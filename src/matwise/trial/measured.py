"""What a measurement before and one after a session say of it: how much it moved, by the kind of session."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import numpy as np

from matwise.errors import InvalidInputError, Problem
from matwise.inference.priors import Normal, Priors
from matwise.inference.sessions import compare_sessions
from matwise.sentence import Sentence
from matwise.trial.acute import FEWEST_FOR_CHANGE

# Our choice: what is further away was measured in another state, and the day itself moves every measure.
BEFORE_WITHIN, AFTER_WITHIN = timedelta(hours=2), timedelta(hours=1)
A_MINUTE = timedelta(minutes=1)  # what is typed is told to the minute
_DAY = timedelta(days=1)
_APART = 2  # codes of arms from here on are not compared with each other


@dataclass(frozen=True, slots=True)
class Quantity:
    """Something that is measured before and after.

    `spread` is how much it usually differs from one time to the next within a person, our choice: it only keeps three
    sessions from saying anything absurd. `step` is the finest that devices tell: values that are the same by it are not
    the same for certain. Where a change is told `in_percent`, both are of the logarithm.
    """

    id: str
    spread: float
    step: float
    in_percent: bool = False


@dataclass(frozen=True, slots=True)
class Taken:
    """One measurement at rest, from its beginning to its end, by one source."""

    began_at: datetime
    ended_at: datetime
    value: float
    source: str


@dataclass(frozen=True, slots=True)
class Pair:
    """The measurement before and the one after one session of an arm."""

    at: datetime
    arm: str
    before: float
    after: float


@dataclass(frozen=True, slots=True)
class Moved:
    """The mean change over the sessions of one arm and the ends that hold it with 95 % chance; None of too few."""

    mean: float | None
    low: float | None
    high: float | None


def around(
    taken: Iterable[Taken],
    started_at: datetime,
    ended_at: datetime,
    earlier_ended_at: datetime | None = None,
    later_started_at: datetime | None = None,
) -> tuple[Taken, Taken] | None:
    """The measurements next to a session, one before and one after it by one and the same source.

    Args:
        taken: in any order.
        started_at: of the session.
        ended_at: of the session.
        earlier_ended_at: of the session before it: what was measured by then belongs to that one.
        later_started_at: of the session behind it.
    """
    earliest = max(filter(None, (started_at - BEFORE_WITHIN, earlier_ended_at)))
    latest = min(filter(None, (ended_at + AFTER_WITHIN, later_started_at)))
    before: dict[str, Taken] = {}
    after: dict[str, Taken] = {}
    for one in sorted(taken, key=lambda one: one.began_at):
        if earliest <= one.began_at and one.ended_at <= started_at + A_MINUTE:
            before[one.source] = one
        elif ended_at - A_MINUTE <= one.began_at <= latest:
            after.setdefault(one.source, one)
    both = sorted(before.keys() & after.keys(), key=lambda one: (started_at - before[one].ended_at, one))
    return (before[both[0]], after[both[0]]) if both else None


def changed(pair: Pair, *, in_percent: bool) -> float:
    """By how much it moved over one session: after minus before, or that in percent of before."""
    change = pair.after - pair.before
    return 100 * change / pair.before if in_percent else change


def moved(quantity: Quantity, pairs: Sequence[Pair]) -> dict[str, Moved]:
    """The mean change by arm, with sessions as units; chance that resembles the session before is allowed for.

    Args:
        quantity: what was measured.
        pairs: of any arms, in any order.

    Raises:
        InvalidInputError: a value that is told in percent is not above 0.
    """
    found = {}
    for arm in dict.fromkeys(one.arm for one in pairs):
        own = sorted((one for one in pairs if one.arm == arm), key=lambda one: one.at)
        found[arm] = _moved(quantity, own) if len(own) >= FEWEST_FOR_CHANGE else Moved(None, None, None)
    return found


def _moved(quantity: Quantity, pairs: Sequence[Pair]) -> Moved:
    usual = Priors.scaled(0.0, quantity.spread)
    posterior = compare_sessions(
        np.array([_on_scale(quantity, one.before) for one in pairs]),
        np.array([_on_scale(quantity, one.after) for one in pairs]),
        np.full(len(pairs), _APART),
        np.array([(one.at - pairs[0].at) / _DAY for one in pairs]),
        # As for ratings before and after a session (inference/sessions.py): half of the drift is in the one before.
        priors=replace(usual, trend=Normal(0.0, 0.5 * usual.trend.sd)),
        rounding=quantity.step,
    )
    change = posterior.change[_APART]
    low, high = (float(end) for end in change.quantile([0.025, 0.975]))
    ends = (float(change.mean), low, high)
    return Moved(*(100 * math.expm1(one) for one in ends)) if quantity.in_percent else Moved(*ends)


def _on_scale(quantity: Quantity, value: float) -> float:
    if not quantity.in_percent:
        return value
    if not value > 0:
        raise InvalidInputError(Problem(quantity.id, f"{value:g}", Sentence("a value above 0")))
    return math.log(value)
