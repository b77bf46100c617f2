"""The short questions after a session, each kept as it is tapped."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from matwise.errors import InvalidInputError, Problem
from matwise.measures.rating import Moment
from matwise.practice import guide as practice
from matwise.practice import measure, say
from matwise.trial.design import Arm
from matwise.web import asked
from matwise.web.field import YES_NO, Field, Sent, answered_at, in_words, rating_field, with_problem
from matwise.web.page import page

if TYPE_CHECKING:
    from matwise.content.stop_reasons import StopReason
    from matwise.store.sessions import KeptSession

PAIN = "worst_pain_0_10"
QUESTIONS = {
    "dizzy": "Were you dizzy or light-headed?",
    "dozed": "Did you doze off?",
    "warmth": "Did it feel warm?",
    "tingling": "Did it tingle?",
    "itch": "Did it itch?",
}
OF_REST = ("dizzy", "dozed")  # without spikes there is no sting, warmth or itch to ask for


class SentReport(Sent):
    """One thing said of a session, as the browser sends it."""

    field: str = ""
    value: str = ""


@dataclass(frozen=True, slots=True)
class Entered:
    """The questions with what was entered, and everything that is wrong."""

    felt: tuple[Field, ...]
    after: tuple[Field, ...]
    problems: tuple[str, ...] = ()


def show(request: Request) -> Response:
    """The questions after a session, below the advice where it was stopped."""
    kept = practice.find(asked.database(request), request.path_params["session"])
    if kept.ended_at is None:
        return RedirectResponse(f"/guide/{kept.id}", 303)
    return _page(request, kept, Entered(_felt(kept), _after(request, kept)))


def save(request: Request) -> Response:
    """One answer, the moment it is tapped."""
    sent, now = asked.json(request, SentReport), asked.now(request)
    db, session_id = asked.database(request), request.path_params["session"]
    practice.report(db, session_id, answered_at(sent.age_s, now), **{sent.field: _said(sent.field, sent.value)})
    return JSONResponse({"kept": sent.value, "client_id": sent.client_id})


def save_all(request: Request) -> Response:
    """Everything at once, for browsers without a script."""
    db, now, form = asked.database(request), asked.now(request), asked.form(request)
    kept = practice.find(db, request.path_params["session"])
    problems: list[str] = []

    def told(field: Field) -> Field:
        entered = form.one(field.name)
        if not entered:
            return field
        try:
            if field.name in (PAIN, *QUESTIONS):
                practice.report(db, kept.id, now, **{field.name: _said(field.name, entered)})
            else:
                client_id = f"{kept.id[:36]}-{field.body['scale']}-{entered[:4]}"
                measure.keep(db, client_id, field.body["scale"], Moment.AFTER, entered, now, kept.id)
        except InvalidInputError as error:
            problems.append(f"{field.question} {in_words(error)}")
            return with_problem(field, entered, error)
        return field

    felt = tuple(told(field) for field in _felt(kept))
    after = tuple(told(field) for field in _after(request, kept))
    if problems:
        return _page(request, kept, Entered(felt, after, tuple(problems)), 422)
    return RedirectResponse(f"/guide/{kept.id}/after", 303)


def _said(field: str, value: str) -> object:
    """An answer as the log keeps it: a whole number for pain, yes or no for the rest."""
    if field == PAIN:
        return int(value) if value.isascii() and value.isdigit() else value
    if field not in QUESTIONS:
        raise InvalidInputError(Problem("field", ascii(field)[:60], "one of " + ", ".join((PAIN, *QUESTIONS))))
    return {"yes": True, "no": False}.get(value, value)


def _page(request: Request, kept: KeptSession, entered: Entered, status: int = 200) -> Response:
    advice = next((reason for reason in practice.stop_reasons() if reason.id == kept.stop_reason), None)
    return page(
        request,
        "guide/after.html",
        status,
        session=kept,
        advice=advice,
        headline=_headline(kept, advice),
        lead=_lead(kept),
        felt=entered.felt,
        after=entered.after,
        problems=entered.problems,
    )


def _headline(kept: KeptSession, advice: StopReason | None) -> str:
    if kept.stop_reason == "chest":
        return say.words().outcome["GET_HELP_NOW"]
    if advice is not None:
        return "Please look after this first" if advice.warning else "It is good that you stopped"
    return "Well done" if kept.completed else "Stopped early"


def _lead(kept: KeptSession) -> str:
    minutes = round(kept.minutes or 0)
    where = "on the mat" if kept.arm is Arm.MAT else "of rest"
    length = "Less than a minute" if minutes == 0 else f"{minutes} minute{'s' if minutes != 1 else ''}"
    return f"{length} {where} {'is' if minutes <= 1 else 'are'} in your log."


def _felt(kept: KeptSession) -> tuple[Field, ...]:
    url = f"/guide/{kept.id}/report"
    asked_for = OF_REST if kept.arm is Arm.REST else tuple(QUESTIONS)
    fields = [_yes_no_field(kept, url, name) for name in asked_for]
    if kept.arm is Arm.REST:
        return tuple(fields)
    worst = kept.worst_pain_0_10
    pain = Field(
        name=PAIN,
        question="How strong was the sting at its worst?",
        url=url,
        body={"field": PAIN},
        low="nothing",
        high="the worst pain you can imagine",
        value=None if worst is None else str(worst),
        saved=worst is not None,
    )
    return (pain, *fields)


def _yes_no_field(kept: KeptSession, url: str, name: str) -> Field:
    said: bool | None = getattr(kept, name)
    value = None if said is None else ("yes" if said else "no")
    return Field(name, QUESTIONS[name], url, {"field": name}, options=YES_NO, value=value, saved=said is not None)


def _after(request: Request, kept: KeptSession) -> tuple[Field, ...]:
    scales = measure.scales(asked.database(request))
    return tuple(rating_field(one, Moment.AFTER, session_id=kept.id) for one in scales if Moment.AFTER in one.moments)


routes = [
    Route("/guide/{session}/after", show, methods=["GET"]),
    Route("/guide/{session}/after", save_all, methods=["POST"]),
    Route("/guide/{session}/report", save, methods=["POST"]),
]
