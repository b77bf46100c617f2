"""Trials, tables and ratings with defaults."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

import numpy as np

from matwise.measures.rating import Better, Moment, Scale
from matwise.trial.design import Arm, Design, Order, Question, Schedule, Versus
from matwise.trial.schedule import schedule

MONDAY = date(2026, 11, 23)
PAIN = Scale("pain", "How strong was your pain today?", "none", "worst", Better.LOWER, 1.0, (Moment.EVENING,))


def a_design(
    days: int = 56,
    block_days: int = 4,
    washin_days: int = 1,
    seed: int = 7,
    versus: Arm | Versus = Arm.REST,
    order: Order = Order.RANDOM,
    cannot: frozenset[date] = frozenset(),
) -> Design:
    return Design(Question("pain", versus), days, block_days, washin_days, MONDAY, seed, order, cannot)


def a_schedule(days: int = 56, block_days: int = 4, washin_days: int = 1, seed: int = 7) -> Schedule:
    return schedule(a_design(days, block_days, washin_days, seed))


def some_ratings(
    dealt: Schedule, *, mat: float = -2.0, spread: float = 1.2, missed: float = 0.1, seed: int = 1
) -> dict[date, float]:
    rng = np.random.Generator(np.random.PCG64(seed))
    true = {one.on: 5 + mat * (one.arm is Arm.MAT) + spread * rng.normal() for one in dealt.days}
    return {on: float(np.clip(round(value), 0, 10)) for on, value in true.items() if rng.random() >= missed}


def day_number(number: int) -> date:
    return MONDAY + timedelta(days=number - 1)


def a_table(pain: Sequence[object], arms: Sequence[str] | None = None, days: Sequence[object] | None = None) -> str:
    """A table of one rating; arms alternate by twos and days count from 1 unless given."""
    arms = arms or [("mat", "rest")[at // 2 % 2] for at in range(len(pain))]
    days = days or range(1, len(pain) + 1)
    lines = [f"{day},{arm},{'' if value is None else value}" for day, arm, value in zip(days, arms, pain, strict=True)]
    return "\n".join(["day,arm,pain", *lines])


def noisy(n: int, *, mat: float = -2.0, spread: float = 1.0, level: float = 5.0, seed: int = 3) -> list[float]:
    """Ratings for `a_table`, whole numbers from 0 to 10."""
    rng = np.random.Generator(np.random.PCG64(seed))
    mats = [1 - at // 2 % 2 for at in range(n)]
    return [int(np.clip(round(level + mat * on + spread * rng.normal()), 0, 10)) for on in mats]
