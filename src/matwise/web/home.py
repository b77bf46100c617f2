"""Today: the one thing to do now, what else the day asks for, and how the pages look."""

from __future__ import annotations

import re

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from matwise.content.catalogue import languages
from matwise.errors import InvalidInputError, Problem
from matwise.practice import plan, questionnaire
from matwise.practice.plan import Due, Today
from matwise.web import asked
from matwise.web.page import LANGUAGE_COOKIE, LOOK_COOKIE, LOOKS, page

OWN_ADDRESS = re.compile(r"/(?![/\\])[\w/-]*", re.ASCII)
A_YEAR_S = 365 * 24 * 3600


def _home(request: Request) -> Response:
    today = plan.today(asked.database(request), asked.now(request))
    is_new = today.verdict is None and not today.efforts
    if is_new:
        return page(request, "home/welcome.html")
    whereabouts = questionnaire.due(asked.database(request), asked.now(request))
    return page(
        request, "home/today.html", today=today, first=_first(today), now=asked.now(request), whereabouts=whereabouts
    )


def _first(today: Today) -> str:
    """The one thing that comes first: what closes the mat, then the skin, the session, the ratings, or nothing."""
    if today.refusal is not None:
        return "screen" if today.refusal.ask_again else "refused"
    order = (Due.SKIN, Due.SESSION, Due.EVENING)
    return next((item.value for item in order if item in today.due), "done")


def _look(request: Request) -> Response:
    form = asked.form(request)
    chosen, back = form.one("look"), form.one("back")
    if chosen not in dict(LOOKS):
        raise InvalidInputError(Problem("look", ascii(chosen)[:40], ", ".join(dict(LOOKS))))
    response = RedirectResponse(back if OWN_ADDRESS.fullmatch(back) else "/", 303)
    response.set_cookie(LOOK_COOKIE, chosen, max_age=A_YEAR_S, samesite="strict", httponly=True, path="/")
    return response


def _language(request: Request) -> Response:
    form = asked.form(request)
    chosen, back = form.one("language"), form.one("back")
    if chosen not in languages():
        raise InvalidInputError(Problem("language", ascii(chosen)[:40], ", ".join(languages())))
    response = RedirectResponse(back if OWN_ADDRESS.fullmatch(back) else "/", 303)
    response.set_cookie(LANGUAGE_COOKIE, chosen, max_age=A_YEAR_S, samesite="strict", httponly=True, path="/")
    return response


routes = [
    Route("/", _home),
    Route("/look", _look, methods=["POST"]),
    Route("/language", _language, methods=["POST"]),
]
