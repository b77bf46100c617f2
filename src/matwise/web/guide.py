"""Guide: today's session, the player that needs no screen, and the questions afterwards."""

from __future__ import annotations

import uuid
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from matwise.errors import InvalidInputError
from matwise.measures.rating import Moment
from matwise.practice import guide as practice
from matwise.practice import measure, minutes_on_mat, plan, say, voice
from matwise.screening.gate import NotAllowedError
from matwise.sentence import Sentence
from matwise.trial.design import Arm
from matwise.web import afterwards, asked, sound, take_along, wishes
from matwise.web.field import rating_field
from matwise.web.page import page
from matwise.web.playing import parts

if TYPE_CHECKING:
    from matwise.practice.plan import Today
    from matwise.store.sessions import KeptSession

FIRST = Sentence("Something comes first.")
NOT_NOW = Sentence("Your safety check says no for now.")
NO_SESSION = Sentence("No session right now")
OFF_TODAY = Sentence("This day is off in your trial, as you said beforehand.")
GOES_ON = Sentence("The trial goes on with the next day.")
PART_OF_IT = Sentence("A day with nothing is part of a fair answer.")
NOTHING_TODAY = Sentence("Nothing today")
REST_TODAY = Sentence("Rest today")
NONE_TODAY = Sentence("No session today.")
SAME_REST = Sentence("Today: the same rest, without the mat")
WHEN = Sentence("{when}: {rung}")
THIS_ARM = Sentence("{arm} {rung}.")
BECAUSE = Sentence("{rung}. {why}")


@dataclass(frozen=True, slots=True)
class Choice:
    """One session on offer."""

    id: str
    title: str
    detail: str
    how: str
    caution: str = ""


@dataclass(frozen=True, slots=True)
class Offer:
    """What the guide has for today: a headline, a plain line, and the sessions on offer (none: `because` says why)."""

    headline: str
    lead: str
    choices: tuple[Choice, ...] = ()
    because: tuple[str, ...] = ()
    ask_again: bool = False


def show(request: Request) -> Response:
    """Today's session and the one question before it."""
    return _index(request, request.query_params.get("choice", practice.TODAY))


def _index(
    request: Request, wanted: str, form: asked.Form | None = None, error: InvalidInputError | None = None
) -> Response:
    """The guide's page; with an error, as it was entered, and what is wrong."""
    db, now = asked.database(request), asked.now(request)
    today = plan.today(db, now)
    offer = _offer(today)
    before = [rating_field(scale, Moment.BEFORE) for scale in measure.scales(db) if Moment.BEFORE in scale.moments]
    rungs = [today.step.rung] if today.step and today.step.rung else []
    rungs += [routine.rung for routine in today.routines]
    entered = (wishes.told(form) if form else None) or {}
    return page(
        request,
        "guide/index.html",
        200 if error is None else 422,
        sounds=wishes.choosing(request, [(rung.placement, rung.minutes) for rung in rungs], entered, error),
        offer=offer,
        chosen=wanted if wanted in {choice.id for choice in offer.choices} else practice.TODAY,
        before=before,
        along=take_along.along(request),
        open_session=practice.unfinished(db),
        spoken_by=voice.voice_report(asked.spoken_settings(request)).sentence,
        session_id=str(uuid.uuid4()) if form is None else form.one("session_id"),
    )


def _offer(today: Today) -> Offer:
    if today.refusal is not None:
        lead = FIRST if today.refusal.ask_again else NOT_NOW
        return Offer(NO_SESSION, lead, (), today.refusal.reasons, today.refusal.ask_again)
    arm = today.trial_day.arm if today.trial_day else None
    if arm is Arm.NOTHING:
        off = today.trial_day is not None and today.trial_day.off
        lead = OFF_TODAY if off else say.words().arm_today[arm]
        why = GOES_ON if off else PART_OF_IT
        return Offer(NOTHING_TODAY, lead, (), (why,))
    if today.step is None or today.step.rung is None:
        return Offer(REST_TODAY, NONE_TODAY, (), today.step.because if today.step else ())
    rung = today.step.rung
    first = Choice(practice.TODAY, rung.title, say.rung(rung), rung.how)
    if arm is Arm.REST:
        return Offer(SAME_REST, say.words().arm_today[arm], (first,))
    others = tuple(
        Choice(one.id, one.title, WHEN.format(when=one.when, rung=say.rung(one.rung)), one.how, one.caution)
        for one in today.routines
    )
    if arm is Arm.MAT:
        # On the days of a trial every session is today's step, so that mat days differ from rest days in the mat alone.
        return Offer(rung.title, THIS_ARM.format(arm=say.words().arm_today[arm], rung=say.rung(rung)), (first,))
    lead = BECAUSE.format(rung=say.rung(rung), why=today.step.because[0] if today.step.because else "")
    return Offer(rung.title, lead, (first, *others))


def start(request: Request) -> Response:
    """Start a session, or say why not. The same form sent twice starts one session."""
    form = asked.form(request)
    session_id = form.one("session_id")
    choice = form.one("choice") or practice.TODAY
    db, now = asked.database(request), asked.now(request)
    try:
        started = practice.start(
            db, session_id, choice, form.one("changed"), now, wishes.told(form), asked.spoken_settings(request)
        )
    except InvalidInputError as error:
        if not form.one(wishes.SOUNDS) or any(one.where in {"session_id", "choice"} for one in error.problems):
            raise
        return _index(request, choice, form, error)
    except NotAllowedError as refusal:
        return _refused(request, refusal, practice.unfinished(asked.database(request)))
    except practice.NothingTodayError as nothing:
        return _refused(request, NotAllowedError(nothing.sentence), practice.unfinished(asked.database(request)))
    return RedirectResponse(f"/guide/{started.session.id}", 303)


def player(request: Request) -> Response:
    """The player of a session that has not ended."""
    kept = _find(request)
    if kept.ended_at is not None:
        return RedirectResponse(f"/guide/{kept.id}/after", 303)
    try:
        heard = practice.session(asked.database(request), kept.id, asked.now(request), asked.settings(request)).timeline
        sound.job(request, kept.id)
    except NotAllowedError as refusal:
        return _refused(request, refusal, kept)
    return page(
        request,
        "guide/player.html",
        session=kept,
        heard=heard,
        parts=[asdict(part) for part in parts(heard)],
        title=heard.title,
        spoken_in=sound.spoken_in(request, kept),
        place=sound.place(request, kept.id),
        reasons=practice.stop_reasons(),
        afterwards=afterwards.questions(request, kept),
    )


def ask_why(request: Request) -> Response:
    """The reasons to stop, as a page of their own for browsers without a script."""
    kept = _find(request)
    return page(request, "guide/stop.html", session=kept, reasons=practice.stop_reasons())


def stop(request: Request) -> Response:
    """Keep that and why a session was stopped; what to do then comes on the next page."""
    kept, form = _find(request), asked.form(request)
    minutes = minutes_on_mat.typed(form.one("minutes"))
    practice.stop(asked.database(request), kept.id, form.one("reason"), minutes, asked.now(request))
    return RedirectResponse(f"/guide/{kept.id}/after", 303)


def finish(request: Request) -> Response:
    """Keep a session as finished."""
    kept = _find(request)
    minutes = minutes_on_mat.typed(asked.form(request).one("minutes"))
    practice.finish(asked.database(request), kept.id, minutes, asked.now(request))
    return RedirectResponse(f"/guide/{kept.id}/after", 303)


def _find(request: Request) -> KeptSession:
    return practice.find(asked.database(request), request.path_params["session"])


def _refused(request: Request, refusal: NotAllowedError, open_session: KeptSession | None) -> Response:
    """Why there is no session now. One that was begun can always be ended, whatever the safety check says by now."""
    return page(
        request,
        "guide/refused.html",
        403,
        reasons=refusal.reasons,
        ask_again=refusal.ask_again,
        open_session=open_session,
        stop_reasons=practice.stop_reasons(),
    )


routes = [
    Route("/guide", show, methods=["GET"]),
    Route("/guide/start", start, methods=["POST"]),
    *sound.routes,
    *afterwards.routes,
    Route("/guide/{session}", player, methods=["GET"]),
    Route("/guide/{session}/stop", ask_why, methods=["GET"]),
    Route("/guide/{session}/stop", stop, methods=["POST"]),
    Route("/guide/{session}/finish", finish, methods=["POST"]),
]
