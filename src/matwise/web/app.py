"""The app: every route behind the guard, every error an answer that says what would be right."""

from __future__ import annotations

import logging
import os
from collections.abc import Callable, Sequence
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
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from matwise.content.catalogue import tongue
from matwise.errors import InvalidInputError, MatwiseError, Problem
from matwise.practice.explain import NoSuchClaimError
from matwise.practice.guide import NoSuchSessionError
from matwise.practice.questionnaire import NoSuchQuestionnaireError
from matwise.screening.gate import NotAllowedError
from matwise.sentence import Sentence, said
from matwise.settings import Settings
from matwise.store.failure import StorageError, StorageFullError
from matwise.store.refusal import ConflictError
from matwise.web import (
    answer,
    api,
    asked,
    bring_in,
    by_hand,
    connect,
    explain,
    feed,
    guide,
    home,
    installable,
    measure,
    nap,
    offline,
    plan,
    questionnaire,
    readings,
    recordings,
    response,
    screen,
    sessions,
    strap,
    studies,
    take_along,
)
from matwise.web.access import PRIVATE, Guard, Launch, session_cookie, shown
from matwise.web.importing import Importing
from matwise.web.page import STATIC, language_of, page
from matwise.web.refuse import USED_BEFORE, wants_json

if TYPE_CHECKING:
    from matwise.store.database import Database

    PathLike = str | os.PathLike[str]

log = logging.getLogger(__name__)

STATUS: tuple[tuple[type[Exception], int], ...] = (
    (asked.MalformedError, 400),
    (InvalidInputError, 422),
    (NotAllowedError, 403),
    (ConflictError, 409),
    (NoSuchSessionError, 404),
    (NoSuchClaimError, 404),
    (NoSuchQuestionnaireError, 404),
    (bring_in.NoSuchFileError, 404),
    (strap.NoSuchRecordingError, 404),
    (StorageFullError, 507),
    (StorageError, 503),
    (MatwiseError, 409),
)

HTTP = {404: Sentence("There is nothing at this address."), 405: Sentence("That can't be done at this address.")}
NO_WORK = Sentence("That did not work.")
OUR_MISTAKE = Sentence("Something went wrong on our side. What you entered before is kept.")


class Token(msgspec.Struct, forbid_unknown_fields=True):
    """What the opening page sends."""

    token: str


def create_app(
    settings: Settings,
    db: Database,
    *,
    now: Callable[[], datetime],
    launch: Launch,
    demo: bool = False,
    away: str | None = None,
) -> Starlette:
    """The whole web app for one person.

    Args:
        settings: where things are kept; `port` is the one really listened on.
        db: the person's open database.
        now: the clock.
        launch: the links that open the app.
        demo: say on every page that the days are simulated.
        away: the address in the home network at which private addresses are reached as well; None for this machine
            alone.
    """
    rooms = (
        home,
        screen,
        plan,
        take_along,
        guide,
        offline,
        feed,
        measure,
        questionnaire,
        bring_in,
        by_hand,
        readings,
        recordings,
        strap,
        response,
        nap,
        sessions,
        answer,
        studies,
        explain,
        connect,
        api,
        installable,
    )
    app = Starlette(
        routes=[
            Route("/open", _open, methods=["POST"]),
            Mount("/static", _Static(directory=STATIC), name="static"),
            *(route for room in rooms for route in room.routes),
        ],
        # The net hangs inside the guard, so that a page about our own mistake carries the guard's headers too.
        middleware=[Middleware(Guard, launch=launch, port=settings.port, away=away), Middleware(Net)],
        exception_handlers={MatwiseError: _mendable, HTTPException: _http},
    )
    app.state.settings, app.state.db, app.state.now = settings, db, now
    app.state.launch, app.state.demo, app.state.away = launch, demo, away
    app.state.private_secret = None
    app.state.importing = Importing()
    return app


class Net:
    """Catches what nobody expected: the log gets the trace, the person a page without one."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on; answer in place of a handler that failed before it said anything."""
        begun = False

        async def watched(message: Message) -> None:
            nonlocal begun
            begun = begun or message["type"] == "http.response.start"
            await send(message)

        try:
            await self.app(scope, receive, watched)
        except Exception:
            if begun or scope["type"] != "http":
                raise
            log.exception("%s %s failed", scope["method"], shown(scope["path"]))
            await _unexpected(Request(scope))(scope, receive, send)


class _Static(StaticFiles):
    """Static files. An address that carries the digest of its content (page.static) may be kept for good."""

    def file_response(
        self, full_path: PathLike, stat_result: os.stat_result, scope: Scope, status_code: int = 200
    ) -> Response:
        response = super().file_response(full_path, stat_result, scope, status_code)
        named = scope["query_string"].startswith(b"v=")
        response.headers["Cache-Control"] = "public, max-age=31536000, immutable" if named else "no-cache"
        return response


def _open(request: Request) -> Response:
    launch: Launch = request.app.state.launch
    session = launch.redeem(asked.json(request, Token).token)
    if session is None:
        return JSONResponse({"error": said(USED_BEFORE, tongue(language_of(request)))}, 401)
    return session_cookie(JSONResponse({"open": True}), session, asked.settings(request).port)


def _mendable(request: Request, error: Exception) -> Response:
    status = next(status for kind, status in STATUS if isinstance(error, kind))
    sentence = error.sentence if isinstance(error, MatwiseError) else str(error)
    problems = error.problems if isinstance(error, InvalidInputError) else ()
    return _told(request, sentence, status, problems, refusal=isinstance(error, NotAllowedError))


def _http(request: Request, error: Exception) -> Response:
    if request.url.path.startswith(PRIVATE):
        return feed.nothing_here(request, error)
    status = error.status_code if isinstance(error, HTTPException) else 500
    return _told(request, HTTP.get(status, NO_WORK), status)


def _unexpected(request: Request) -> Response:
    return _told(request, OUR_MISTAKE, 500)


def _told(
    request: Request, sentence: str, status: int, problems: Sequence[Problem] = (), *, refusal: bool = False
) -> Response:
    """What went wrong, to programs as JSON and to people as a page, in the language of the request."""
    if not wants_json(request.scope):
        return page(request, "error.html", status, sentence=sentence, refusal=refusal)
    spoken = tongue(language_of(request))
    named = [
        {"where": said(problem.where, spoken), "got": said(problem.got, spoken), "want": said(problem.want, spoken)}
        for problem in problems
    ]
    return JSONResponse({"error": said(sentence, spoken), "problems": named}, status)
