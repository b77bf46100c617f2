"""The ladder: where one stands, why, and what would move one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from matwise.practice import plan as practice
from matwise.sentence import Sentence
from matwise.web import asked
from matwise.web.page import page

if TYPE_CHECKING:
    from matwise.plan.rung import Routine, Rung
    from matwise.practice.plan import Today


def _plan(request: Request) -> Response:
    today = practice.today(asked.database(request), asked.now(request))
    closed = {rung.number for rung in today.ladder.rungs if _closed(rung, today)}
    shut = {routine.id: _why_shut(routine, today) for routine in today.ladder.routines}
    on_offer = {routine.id for routine in today.routines} if today.trial_day is None else frozenset()
    return page(request, "plan/plan.html", today=today, closed=closed, open_routines=on_offer, shut=shut)


def _closed(rung: Rung, today: Today) -> bool:
    """Whether the limits of the safety check leave no room for it."""
    return today.verdict is not None and not today.verdict.limits.allows(rung.placement, rung.layer, rung.minutes)


def _why_shut(routine: Routine, today: Today) -> str:
    """Why a routine is not on offer, the reason that would have to change first."""
    step = routine.opens_after_rung + 1
    if today.verdict is None:
        return Sentence("Opens after the safety check and step {step}.").format(step=step)
    if _closed(routine.rung, today):
        return Sentence("Closed by your safety check.")
    if today.refusal is not None:
        return Sentence("Not while your safety check says no.")
    if today.trial_day is not None:
        return Sentence("Waits while your trial runs, so that its days differ in one thing alone.")
    return Sentence("Opens once you have finished step {step} and stand on it or higher.").format(step=step)


routes = [Route("/plan", _plan)]
