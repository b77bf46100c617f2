"""The ladder: where one stands, why, and what would move one."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from matwise.practice import plan as practice
from matwise.web import asked
from matwise.web.page import page


def _plan(request: Request) -> Response:
    today = practice.today(asked.database(request), asked.now(request))
    limits = today.verdict.limits if today.verdict else None
    closed = {
        rung.number
        for rung in today.ladder.rungs
        if limits and not limits.allows(rung.placement, rung.layer, rung.minutes)
    }
    open_routines = {routine.id for routine in today.routines}
    return page(request, "plan/plan.html", today=today, closed=closed, open_routines=open_routines)


routes = [Route("/plan", _plan)]
