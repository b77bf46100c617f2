"""The same verbs for programs: JSON in, JSON out, through the very functions the pages call."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from matwise.practice import answer, explain, guide, measure, plan, say, screen
from matwise.screening.verdict import Verdict
from matwise.web import asked


class GivenAnswer(msgspec.Struct, forbid_unknown_fields=True):
    """One answer to the safety check."""

    question: str
    reply: str
    areas: list[str] = []


class Start(msgspec.Struct, forbid_unknown_fields=True):
    """A wish to start a session."""

    session_id: str
    changed: str
    choice: str = guide.TODAY


class GivenRating(msgspec.Struct, forbid_unknown_fields=True):
    """One rating."""

    client_id: str
    scale: str
    moment: str
    value: int
    session_id: str | None = None


def _json(value: object, status: int = 200) -> Response:
    return Response(msgspec.json.encode(value, enc_hook=_plain), status, media_type="application/json")


def _plain(value: object) -> object:
    if isinstance(value, frozenset):
        return sorted(value)
    raise NotImplementedError(f"no JSON for {type(value)}")


def _verdict(verdict: Verdict | None) -> dict[str, Any] | None:
    if verdict is None:
        return None
    return {
        **asdict(verdict),
        "outcome": verdict.outcome.name.lower(),
        "sentence": say.words().outcome[verdict.outcome.name],
    }


def _questions(request: Request) -> Response:
    check = screen.resume(asked.database(request), asked.now(request))
    return _json({"screening": check.id, "questions": screen.questions(), "answers": dict(check.answers)})


def _keep_answer(request: Request) -> Response:
    db, now, given = asked.database(request), asked.now(request), asked.json(request, GivenAnswer)
    check = screen.resume(db, now)
    screen.keep_answer(db, check.id, given.question, given.reply, given.areas, now)
    urgent = screen.first_red_flag(screen.resume(db, now), now) is not None
    return _json(
        {"screening": check.id, "answered": len(screen.resume(db, now).answers), "asked": check.asked, "help": urgent}
    )


def _finish(request: Request) -> Response:
    db, now = asked.database(request), asked.now(request)
    return _json(_verdict(screen.finish(db, screen.resume(db, now).id, now)))


def _standing(request: Request) -> Response:
    return _json(_verdict(screen.verdict(asked.database(request))))


def _plan(request: Request) -> Response:
    today = plan.today(asked.database(request), asked.now(request))
    return _json(
        {
            "step": today.step,
            "reached": today.reached,
            "refusal": str(today.refusal) if today.refusal else None,
            "trial_day": today.trial_day,
            "due": today.due,
        }
    )


def _start(request: Request) -> Response:
    wish = asked.json(request, Start)
    started = guide.start(asked.database(request), wish.session_id, wish.choice, wish.changed, asked.now(request))
    audio = f"/guide/{started.session.id}/audio.mp3"
    return _json({"session": started.session, "timeline": started.timeline, "audio": audio}, 201)


def _rate(request: Request) -> Response:
    sent = asked.json(request, GivenRating)
    db, now = asked.database(request), asked.now(request)
    kept = measure.keep(db, sent.client_id, sent.scale, sent.moment, str(sent.value), now, sent.session_id)
    return _json(kept, 201)


def _answer(request: Request) -> Response:
    db, now = asked.database(request), asked.now(request)
    trial = answer.latest(db)
    return _json(answer.answer(db, trial, now).to_json() if trial else None)


def _claims(_request: Request) -> Response:
    return _json(explain.claims())


routes = [
    Route("/api/screen", _questions),
    Route("/api/screen/answers", _keep_answer, methods=["POST"]),
    Route("/api/screen/finish", _finish, methods=["POST"]),
    Route("/api/screen/verdict", _standing),
    Route("/api/plan", _plan),
    Route("/api/guide", _start, methods=["POST"]),
    Route("/api/measure", _rate, methods=["POST"]),
    Route("/api/answer", _answer),
    Route("/api/explain", _claims),
]
