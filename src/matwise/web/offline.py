"""What a browser keeps of a session to play it without a connection, and how the app hears later how it ended."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from matwise.content.catalogue import tongue
from matwise.practice import offline as practice
from matwise.sentence import said
from matwise.web import asked
from matwise.web.page import language_of
from matwise.web.sent import Sent, answered_at

# What a session is played with, below its own address; the player's page itself is the empty one.
PARTS = ("", "/cues.json", "/captions.vtt", "/audio.mp3")


class SentEnd(Sent, kw_only=True, forbid_unknown_fields=True):
    """How a session ended; `reason` where it was stopped, `awake_at_s` where its alarm was answered."""

    minutes: float | None = None
    reason: str | None = None
    awake_at_s: float | None = None


def keep(request: Request) -> Response:
    """What to keep of a session, for how many seconds from now, and what to say afterwards.

    A length of time, not a moment: the clocks of browser and server may differ.
    """
    session_id, now = request.path_params["session"], asked.now(request)
    until = practice.kept_until(asked.database(request), session_id, now, asked.settings(request))
    keep_for_s = max(0.0, (until.at - now).total_seconds())
    addresses = [f"/guide/{session_id}{part}" for part in PARTS]
    because = said(until.because, tongue(language_of(request)))
    told = {"addresses": addresses, "keep_for_s": keep_for_s, "until": until.at.isoformat(), "because": because}
    return JSONResponse(told)


def end(request: Request) -> Response:
    """Keep how a session ended. Sent again, it changes nothing."""
    sent, now, session_id = asked.json(request, SentEnd), asked.now(request), request.path_params["session"]
    kept = practice.end(
        asked.database(request),
        session_id,
        reason=sent.reason,
        minutes=sent.minutes,
        awake_at_s=sent.awake_at_s,
        said_at=answered_at(sent.age_s, now),
    )
    return JSONResponse({"ended": kept.id, "minutes": kept.minutes, "client_id": sent.client_id})


routes = [
    Route("/guide/{session}/offline.json", keep, methods=["GET"]),
    Route("/guide/{session}/end", end, methods=["POST"]),
]
