"""Today: the one thing to do now, and what else the day asks for."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from matwise.practice import plan
from matwise.practice.plan import Due, Today
from matwise.web import asked
from matwise.web.page import page


def _home(request: Request) -> Response:
    today = plan.today(asked.database(request), asked.now(request))
    is_new = today.verdict is None and not today.efforts
    if is_new:
        return page(request, "home/welcome.html")
    return page(request, "home/today.html", today=today, first=_first(today), now=asked.now(request))


def _first(today: Today) -> str:
    """The one thing that comes first: what closes the mat, then the skin, the session, the ratings, or nothing."""
    if today.refusal is not None:
        return "screen" if today.refusal.ask_again else "refused"
    order = (Due.SKIN, Due.SESSION, Due.EVENING)
    return next((item.value for item in order if item in today.due), "done")


routes = [Route("/", _home)]
