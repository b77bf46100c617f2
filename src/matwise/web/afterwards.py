"""The short questions after a session, each kept as it is tapped."""

from __future__ import annotations

import uuid
from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING

from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from matwise.errors import InvalidInputError
from matwise.measures.rating import Moment
from matwise.practice import guide as practice
from matwise.practice import measure, say
from matwise.sentence import Sentence
from matwise.trial.design import Arm
from matwise.web import asked
from matwise.web.field import YES_NO, Field, in_words, rating_field, with_problem
from matwise.web.notice import notice
from matwise.web.page import page
from matwise.web.sent import Sent, answered_at

if TYPE_CHECKING:
    from matwise.content.stop_reasons import StopReason
    from matwise.measures.rating import Scale
    from matwise.practice.measure import SessionRatings
    from matwise.store.sessions import KeptSession

BEFORE = Sentence("{before} before the session.")
LOOK_AFTER = Sentence("Please look after this first")
GOOD_STOP = Sentence("It is good that you stopped")
WELL_DONE = Sentence("Well done")
STOPPED_EARLY = Sentence("Stopped early")
LESS_ON_MAT = Sentence("Less than a minute on the mat is in your log.")
LESS_OF_REST = Sentence("Less than a minute of rest is in your log.")
NO_PAIN = Sentence("nothing")
WORST_PAIN = Sentence("the worst pain you can imagine")


class SentReport(Sent, kw_only=True, forbid_unknown_fields=True):
    """One thing said of a session, as the browser sends it."""

    field: str
    value: str


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
    return _page(request, kept, questions(request, kept))


def questions(request: Request, kept: KeptSession) -> Entered:
    """What is asked after a session, with what was answered so far."""
    return Entered(_felt(kept), _after(request, kept))


def save(request: Request) -> Response:
    """One answer, the moment it is tapped."""
    sent, now = asked.json(request, SentReport), asked.now(request)
    db, session_id = asked.database(request), request.path_params["session"]
    practice.report(db, session_id, answered_at(sent.age_s, now), **{sent.field: _said(sent.field, sent.value)})
    told = notice(request)
    return JSONResponse({"kept": sent.value, "client_id": sent.client_id, "notice": asdict(told) if told else None})


def save_all(request: Request) -> Response:
    """Everything at once, for browsers without a script."""
    db, now, form = asked.database(request), asked.now(request), asked.form(request)
    kept = practice.find(db, request.path_params["session"])
    problems: list[str] = []

    def told(field: Field) -> Field:
        entered = form.one(field.name)
        if not entered or (field.saved and entered == field.value):
            return field
        try:
            if field.name in practice.OF_MAT:
                practice.report(db, kept.id, now, **{field.name: _said(field.name, entered)})
            else:
                measure.keep(db, uuid.uuid4().hex, field.body["scale"], Moment.AFTER, entered, now, kept.id)
        except InvalidInputError as error:
            problems.append(Sentence.joined((field.question, in_words(error))))
            return with_problem(field, entered, error)
        return field

    felt = tuple(told(field) for field in _felt(kept))
    after = tuple(told(field) for field in _after(request, kept))
    if problems:
        return _page(request, kept, Entered(felt, after, tuple(problems)), 422)
    return RedirectResponse(f"/guide/{kept.id}/after", 303)


def _said(field: str, value: str) -> object:
    """An answer as the log keeps it: a whole number for pain, yes or no for the rest."""
    if field in {practice.PAIN, practice.NAP}:
        return int(value) if value.isascii() and value.isdigit() else value
    return {"yes": True, "no": False}.get(value, value)


def _page(request: Request, kept: KeptSession, entered: Entered, status: int = 200) -> Response:
    advice = next((reason for reason in practice.stop_reasons() if reason.id == kept.stop_reason), None)
    return page(
        request,
        "guide/after.html",
        status,
        session=kept,
        advice=advice,
        notice=notice(request),
        headline=_headline(kept, advice),
        lead=_lead(kept),
        felt=entered.felt,
        after=entered.after,
        problems=entered.problems,
    )


def hint_of(given: SessionRatings, scale_id: str) -> str:
    """What is known of a scale beside the rating after a session; empty where it was not rated before."""
    before, after = given.before.get(scale_id), given.after.get(scale_id)
    if before is None:
        return ""
    return say.change(before.value_0_10, after.value_0_10) if after else BEFORE.format(before=before.value_0_10)


def _headline(kept: KeptSession, advice: StopReason | None) -> str:
    if kept.stop_reason == "chest":
        return say.words().outcome["GET_HELP_NOW"]
    if advice is not None:
        return LOOK_AFTER if advice.warning else GOOD_STOP
    return WELL_DONE if kept.completed else STOPPED_EARLY


def _lead(kept: KeptSession) -> str:
    minutes = round(kept.minutes or 0)
    if kept.arm is Arm.MAT:
        if not minutes:
            return LESS_ON_MAT
        return Sentence.counted(
            "{number} minute on the mat is in your log.", "{number} minutes on the mat are in your log.", minutes
        )
    if not minutes:
        return LESS_OF_REST
    return Sentence.counted(
        "{number} minute of rest is in your log.", "{number} minutes of rest are in your log.", minutes
    )


def _felt(kept: KeptSession) -> tuple[Field, ...]:
    return tuple(_felt_field(kept, name) for name in practice.felt(kept.arm))


def _felt_field(kept: KeptSession, name: str) -> Field:
    said: float | bool | None = getattr(kept, name)
    field = Field(name, say.words().felt[name], f"/guide/{kept.id}/report", {"field": name}, saved=said is not None)
    if name == practice.PAIN:
        value = None if said is None else str(said)
        return replace(field, low=NO_PAIN, high=WORST_PAIN, value=value)
    if name == practice.NAP:
        options = say.naps(kept.planned_minutes)
        known = None if said is None else f"{said:g}"
        if known is not None and known not in dict(options):
            options = (*options, (known, say.words().nap["about"].format(minutes=known)))
        return replace(field, options=options, value=known)
    return replace(field, options=YES_NO, value=None if said is None else ("yes" if said else "no"))


def _after(request: Request, kept: KeptSession) -> tuple[Field, ...]:
    db = asked.database(request)
    given = measure.of_session(db, kept.id)

    def field(scale: Scale) -> Field:
        after = given.after.get(scale.id)
        value = None if after is None else after.value_0_10
        return rating_field(scale, Moment.AFTER, session_id=kept.id, given=value, hint=hint_of(given, scale.id))

    return tuple(field(one) for one in measure.scales(db) if Moment.AFTER in one.moments)


routes = [
    Route("/guide/{session}/after", show, methods=["GET"]),
    Route("/guide/{session}/after", save_all, methods=["POST"]),
    Route("/guide/{session}/report", save, methods=["POST"]),
]
