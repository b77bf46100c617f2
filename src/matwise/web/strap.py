"""Record a chest strap in the browser: its packets arrive in parts, and become a recording when it is over."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, NoReturn

from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from matwise.errors import InvalidInputError, MatwiseError, Problem
from matwise.sentence import Sentence
from matwise.web import asked
from matwise.web.page import page
from matwise.web.sent import LONGEST_WAIT
from matwise.web.sent import Sent as AnySent

if TYPE_CHECKING:
    from matwise.practice.strap import Recorded

ADDRESS = "/measure/strap"
MOMENTS = {
    "before": Sentence("Before a session"),
    "after": Sentence("After the session I just had"),
    "during": Sentence("During a session, to tell a nap later"),
    "": Sentence("Neither, just so"),
}
NONE_SUCH = Sentence("There is no such recording.")
SECONDS = Sentence("seconds, 0 or more")


class SentPackets(AnySent, kw_only=True, forbid_unknown_fields=True):
    """Half a minute of a recording: packets with their ms since it began, which was `since_ms` before this was sent."""

    recording: str
    number: int
    packets: list[tuple[int, str]]
    since_ms: float
    moment: str | None = None
    name: str = ""


class SentEnd(AnySent, kw_only=True, forbid_unknown_fields=True):
    """A recording is over."""

    recording: str


class NoSuchRecordingError(MatwiseError):
    """There is no recording of this id."""


def show(request: Request) -> Response:
    """The recorder, and recordings that nobody said are over."""
    from matwise.practice import strap as practice

    moment = request.query_params.get("moment", "before")
    return page(
        request,
        "measure/strap.html",
        moments=MOMENTS,
        moment=moment if moment in MOMENTS else "before",
        minutes=practice.REST_MINUTES,
        waiting=practice.waiting(asked.database(request)),
    )


def take(request: Request) -> Response:
    """Part of a recording, as the strap sent it."""
    from matwise.practice import strap as practice

    sent, now = asked.json(request, SentPackets), asked.now(request)
    began_at = _before(now, sent.age_s, sent.since_ms / 1000)
    part = practice.Sent(sent.recording, sent.number, sent.packets, began_at, sent.moment, sent.name)
    practice.take(asked.database(request), part, now)
    return JSONResponse({"kept": sent.number, "client_id": sent.client_id})


def finish(request: Request) -> Response:
    """A recording is over."""
    sent = asked.json(request, SentEnd)
    _finish(request, sent.recording)
    return JSONResponse({"address": f"{ADDRESS}/{sent.recording}", "client_id": sent.client_id})


def finish_waiting(request: Request) -> Response:
    """Keep what came of a recording that broke off."""
    recording_id = request.path_params["recording"]
    _finish(request, recording_id)
    return RedirectResponse(f"{ADDRESS}/{recording_id}", 303)


def discard(request: Request) -> Response:
    """Take a recording out again."""
    from matwise.practice import strap as practice
    from matwise.store.refusal import NotKeptError

    try:
        practice.discard(asked.database(request), request.path_params["recording"], asked.now(request))
    except NotKeptError:
        _missing()
    return RedirectResponse(ADDRESS, 303)


def result(request: Request) -> Response:
    """What a recording says, and how good it is."""
    from matwise.practice import strap as practice
    from matwise.store.refusal import NotKeptError
    from matwise.web.recordings import lines

    try:
        found: Recorded = practice.find(asked.database(request), request.path_params["recording"])
    except NotKeptError:
        _missing()
    if found.waits:
        return RedirectResponse(ADDRESS, 303)
    return page(
        request,
        "measure/strap_result.html",
        found=found,
        best=found.best,
        lines=() if found.best is None else lines(found.best),
        undone=found.kept.state == "undone",
    )


def _finish(request: Request, recording_id: str) -> None:
    from matwise.practice import strap as practice
    from matwise.store.refusal import NotKeptError

    try:
        practice.finish(asked.database(request), recording_id, asked.now(request))
    except NotKeptError:
        _missing()


def _missing() -> NoReturn:
    raise NoSuchRecordingError(NONE_SUCH) from None


def _before(now: datetime, *seconds: float) -> datetime:
    if not all(one >= 0 for one in seconds) or sum(seconds) > LONGEST_WAIT.total_seconds():
        raise InvalidInputError(Problem("age_s and since_ms", repr(seconds), SECONDS))
    return now - timedelta(seconds=sum(seconds))


routes = [
    Route(ADDRESS, show, methods=["GET"]),
    Route(f"{ADDRESS}/packets", take, methods=["POST"]),
    Route(f"{ADDRESS}/finish", finish, methods=["POST"]),
    Route(f"{ADDRESS}/{{recording}}", result, methods=["GET"]),
    Route(f"{ADDRESS}/{{recording}}/finish", finish_waiting, methods=["POST"]),
    Route(f"{ADDRESS}/{{recording}}/discard", discard, methods=["POST"]),
]
