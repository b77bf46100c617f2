"""The same verbs for programs: JSON in, JSON out, through the very functions the pages call."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from matwise.content.catalogue import tongue
from matwise.practice import answer, explain, guide, measure, plan, say, screen
from matwise.screening.verdict import Verdict
from matwise.sentence import Sentence, said
from matwise.web import asked
from matwise.web.measure import keep_given as keep_given_rating
from matwise.web.page import language_of
from matwise.web.screen import keep_given as keep_given_answer
from matwise.web.sent import GivenAnswer, GivenRating, GivenSkin, answered_at

if TYPE_CHECKING:
    from matwise.store.sessions import KeptSession


class Start(msgspec.Struct, forbid_unknown_fields=True):
    """A wish to start a session."""

    session_id: str
    changed: str
    choice: str = guide.TODAY
    sounds: dict[str, str] | None = None


class Stop(msgspec.Struct, forbid_unknown_fields=True):
    """Why a session was stopped early, and after how many minutes; without them the clock says it."""

    reason: str
    minutes: float | None = None


class Finish(msgspec.Struct, forbid_unknown_fields=True):
    """After how many minutes a session was over; without them the clock says it."""

    minutes: float | None = None


def _json(request: Request, value: object, status: int = 200) -> Response:
    spoken = tongue(language_of(request))

    def plain(inner: object) -> object:
        if isinstance(inner, Sentence):
            return said(inner, spoken)
        if isinstance(inner, frozenset):
            return sorted(inner)
        raise NotImplementedError(f"no JSON for {type(inner)}")

    return Response(msgspec.json.encode(value, enc_hook=plain), status, media_type="application/json")


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
    return _json(request, {"screening": check.id, "questions": screen.questions(), "answers": dict(check.answers)})


def _keep_answer(request: Request) -> Response:
    given = asked.json(request, GivenAnswer)
    return _json(request, keep_given_answer(asked.database(request), given, asked.now(request)))


def _finish(request: Request) -> Response:
    db, now = asked.database(request), asked.now(request)
    return _json(request, _verdict(screen.finish(db, screen.resume(db, now).id, now)))


def _standing(request: Request) -> Response:
    return _json(request, _verdict(screen.verdict(asked.database(request))))


def _plan(request: Request) -> Response:
    today = plan.today(asked.database(request), asked.now(request))
    return _json(
        request,
        {
            "step": today.step,
            "reached": today.reached,
            "refusal": today.refusal.sentence if today.refusal else None,
            "trial_day": today.trial_day,
            "due": today.due,
        },
    )


def _start(request: Request) -> Response:
    wish = asked.json(request, Start)
    settings = asked.settings(request)
    db, now = asked.database(request), asked.now(request)
    started = guide.start(db, wish.session_id, wish.choice, wish.changed, now, wish.sounds, settings)
    audio = f"/guide/{started.session.id}/audio.mp3"
    return _json(request, {"session": started.session, "timeline": started.timeline, "audio": audio}, 201)


def _stop(request: Request) -> Response:
    told = asked.json(request, Stop)
    db, session_id, now = asked.database(request), request.path_params["session"], asked.now(request)
    return _ended(request, guide.stop(db, session_id, told.reason, told.minutes, now))


def _finish_session(request: Request) -> Response:
    told = asked.json(request, Finish)
    db, session_id, now = asked.database(request), request.path_params["session"], asked.now(request)
    return _ended(request, guide.finish(db, session_id, told.minutes, now))


def _report(request: Request) -> Response:
    told = asked.json(request, dict[str, bool | int])
    kept = guide.report(asked.database(request), request.path_params["session"], asked.now(request), **told)
    return _ended(request, kept)


def _ended(request: Request, kept: KeptSession) -> Response:
    """The session as it is kept now, what to do where it was stopped, and what the safety check says by now."""
    advice = next((one.advice for one in guide.stop_reasons() if one.id == kept.stop_reason), None)
    return _json(request, {"session": kept, "advice": advice, "refusal": _refusal(request)})


def _look_at_skin(request: Request) -> Response:
    sent = asked.json(request, GivenSkin)
    db, at = asked.database(request), answered_at(sent.age_s, asked.now(request))
    measure.keep_skin(db, sent.session_id, sent.value, at)
    return _json(request, {"session": guide.find(db, sent.session_id), "refusal": _refusal(request)})


def _refusal(request: Request) -> str | None:
    refusal = screen.refusal(asked.database(request), asked.now(request))
    return None if refusal is None else refusal.sentence


def _sessions(request: Request) -> Response:
    told = [
        {
            "session": one.session,
            "before": {scale: rating.value_0_10 for scale, rating in one.before.items()},
            "after": {scale: rating.value_0_10 for scale, rating in one.after.items()},
            "changes": one.changes,
        }
        for one in measure.of_sessions(asked.database(request))
    ]
    return _json(request, told)


def _rate(request: Request) -> Response:
    sent = asked.json(request, GivenRating[int])
    return _json(request, keep_given_rating(asked.database(request), sent, asked.now(request)), 201)


def _answer(request: Request) -> Response:
    db, now = asked.database(request), asked.now(request)
    trial = answer.latest(db)
    return _json(request, answer.answer(db, trial, now).to_json() if trial else None)


def _claims(request: Request) -> Response:
    return _json(request, explain.claims())


routes = [
    Route("/api/screen", _questions),
    Route("/api/screen/answers", _keep_answer, methods=["POST"]),
    Route("/api/screen/finish", _finish, methods=["POST"]),
    Route("/api/screen/verdict", _standing),
    Route("/api/plan", _plan),
    Route("/api/guide", _start, methods=["POST"]),
    Route("/api/guide/{session}/stop", _stop, methods=["POST"]),
    Route("/api/guide/{session}/finish", _finish_session, methods=["POST"]),
    Route("/api/guide/{session}/report", _report, methods=["POST"]),
    Route("/api/measure", _rate, methods=["POST"]),
    Route("/api/measure/skin", _look_at_skin, methods=["POST"]),
    Route("/api/measure/sessions", _sessions),
    Route("/api/answer", _answer),
    Route("/api/explain", _claims),
]
