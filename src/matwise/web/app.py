"""The app: every route behind the guard, every error an answer that says what would be right."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING

import msgspec
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from matwise.errors import InvalidInputError, MatwiseError
from matwise.practice.explain import NoSuchClaimError
from matwise.practice.guide import NoSuchSessionError
from matwise.screening.gate import NotAllowedError
from matwise.settings import Settings
from matwise.store.failure import StorageFailedError, StorageFullError
from matwise.store.refusal import ConflictError
from matwise.web import answer, api, asked, connect, explain, guide, home, measure, plan, screen
from matwise.web.access import Guard, Launch, session_cookie
from matwise.web.page import STATIC, page
from matwise.web.refuse import wants_json

if TYPE_CHECKING:
    from matwise.store.database import Database

log = logging.getLogger(__name__)

STATUS: tuple[tuple[type[Exception], int], ...] = (
    (InvalidInputError, 422),
    (NotAllowedError, 403),
    (ConflictError, 409),
    (NoSuchSessionError, 404),
    (NoSuchClaimError, 404),
    (StorageFullError, 507),
    (StorageFailedError, 503),
    (MatwiseError, 409),
)


class Token(msgspec.Struct, forbid_unknown_fields=True):
    """What the opening page sends."""

    token: str


def create_app(
    settings: Settings, db: Database, *, now: Callable[[], datetime], launch: Launch, demo: bool = False
) -> Starlette:
    """The whole web app for one person.

    Args:
        settings: where things are kept; `port` is the one really listened on.
        db: the person's open database.
        now: the clock.
        launch: the links that open the app.
        demo: say on every page that the days are simulated.
    """
    rooms = (home, screen, plan, guide, measure, answer, explain, connect, api)
    app = Starlette(
        routes=[
            Route("/open", _open, methods=["POST"]),
            Mount("/static", _Static(directory=STATIC), name="static"),
            *(route for room in rooms for route in room.routes),
        ],
        middleware=[Middleware(Guard, launch=launch, port=settings.port)],
        exception_handlers={MatwiseError: _mendable, HTTPException: _http, Exception: _unexpected},
    )
    app.state.settings, app.state.db, app.state.now = settings, db, now
    app.state.launch, app.state.demo = launch, demo
    return app


class _Static(StaticFiles):
    """Static files; their addresses change with their content (page.static), so browsers may keep them."""

    def file_response(self, *args: object, **kwargs: object) -> Response:
        response = super().file_response(*args, **kwargs)  # type: ignore[arg-type]  # passed on as they came
        response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
        return response


def _open(request: Request) -> Response:
    launch: Launch = request.app.state.launch
    session = launch.redeem(asked.json(request, Token).token)
    if session is None:
        return JSONResponse({"error": "This link was used before."}, 401)
    return session_cookie(JSONResponse({"open": True}), session, asked.settings(request).port)


def _mendable(request: Request, error: Exception) -> Response:
    status = next(status for kind, status in STATUS if isinstance(error, kind))
    problems = [
        {"where": problem.where, "got": problem.got, "want": problem.want}
        for problem in (error.problems if isinstance(error, InvalidInputError) else ())
    ]
    if wants_json(request.scope):
        return JSONResponse({"error": str(error), "problems": problems}, status)
    return page(request, "error.html", status, sentence=str(error), refusal=isinstance(error, NotAllowedError))


def _http(request: Request, error: Exception) -> Response:
    status = error.status_code if isinstance(error, HTTPException) else 500
    sentence = {404: "There is nothing at this address.", 405: "That can't be done at this address."}.get(
        status, "That did not work."
    )
    if wants_json(request.scope):
        return JSONResponse({"error": sentence, "problems": []}, status)
    return page(request, "error.html", status, sentence=sentence, refusal=False)


def _unexpected(request: Request, error: Exception) -> Response:
    log.error("%s failed", request.url.path, exc_info=error)
    sentence = "Something went wrong on our side. What you entered before is kept."
    if wants_json(request.scope):
        return JSONResponse({"error": sentence, "problems": []}, 500)
    return page(request, "error.html", 500, sentence=sentence, refusal=False)
