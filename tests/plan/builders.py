"""Ladders and efforts with defaults."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from matwise.plan.ladder import Ladder
from matwise.plan.rung import Effort, Routine, Rung, SkinNextDay
from matwise.screening.limits import NO_LIMITS, Base, Layer, Limits, Placement
from matwise.screening.rule import Outcome
from matwise.screening.verdict import Verdict

TODAY = date(2026, 11, 23)


def a_rung(number: int = 0, placement: Placement = Placement.WHOLE_BACK, minutes: int = 5, sessions: int = 2) -> Rung:
    return Rung(
        number, f"rung_{number}", placement, Layer.HEAVY_SHIRT, Base.BED, minutes, sessions, "A rung", "Lie down."
    )


def a_routine(opens_after: int = 0, placement: Placement = Placement.NECK) -> Routine:
    rung = a_rung(opens_after, placement)
    return Routine(f"routine_{opens_after}", "A routine", "In the evening", "Lie down.", "Gently.", opens_after, rung)


def a_ladder() -> Ladder:
    """Feet or seat, then the back for 5, 10, 15 and 20 minutes."""
    starts = (a_rung(0, Placement.FEET_SEATED), a_rung(1, Placement.SEAT))
    back = (a_rung(number, minutes=minutes) for number, minutes in ((2, 5), (3, 10), (4, 15), (5, 20)))
    return Ladder((*starts, *back), (a_routine(2), a_routine(4)), last_start=1)


def go(limits: Limits = NO_LIMITS, outcome: Outcome = Outcome.GO, screened_on: date = TODAY) -> Verdict:
    return Verdict(outcome, (), limits, screened_on, TODAY + timedelta(days=28), "1")


def an_effort(
    rung: int = 0,
    days_ago: int = 1,
    *,
    pain: int | None = 2,
    dizzy: bool | None = False,
    skin: SkinNextDay | None = SkinNextDay.FINE,
    completed: bool = True,
    minutes: float = 5.0,
    skin_later: SkinNextDay | None = None,
    nap: float | None = None,
) -> Effort:
    on = TODAY - timedelta(days=days_ago)
    return Effort(on, rung, completed, minutes, pain, dizzy, skin, skin_later, nap_minutes=nap)


def calm_days(rung: int, count: int, until_days_ago: int = 1) -> Sequence[Effort]:
    return [an_effort(rung, until_days_ago + count - 1 - n) for n in range(count)]
