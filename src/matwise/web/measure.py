"""Measure: tonight's ratings, the skin the day after, and complaints in one's own words."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import TYPE_CHECKING

from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from matwise.errors import InvalidInputError, MatwiseError
from matwise.measures.rating import Moment
from matwise.practice import measure as practice
from matwise.practice import say
from matwise.web import asked
from matwise.web.field import Field, Sent, answered_at, in_words, rating_field, short_name, with_problem
from matwise.web.page import page

if TYPE_CHECKING:
    from matwise.practice.measure import Evening

FORM = "measure"  # the drafts of this page
RECENT_DAYS = 14
SLOTS = (1, 2)


class SentRating(Sent):
    """A rating as the browser sends it."""

    scale: str = ""
    moment: str = ""
    value: str = ""
    session_id: str | None = None


class SentSkin(Sent):
    """How the skin looks, as the browser sends it."""

    session_id: str = ""
    value: str = ""


class SentDraft(Sent):
    """What is being typed."""

    form: str = ""
    field: str = ""
    value: str = ""


@dataclass(frozen=True, slots=True)
class Complaint:
    """One complaint in the person's own words: what is kept, what is typed, what is wrong with it."""

    slot: int
    kept: str
    typed: str
    problem: str | None = None

    @property
    def name(self) -> str:
        """Its field."""
        return f"complaint_{self.slot}"

    @property
    def saved(self) -> bool:
        """Whether what stands in the field is what is kept."""
        return bool(self.kept) and self.typed == self.kept


@dataclass(frozen=True, slots=True)
class Column:
    """A scale in the table of recent evenings."""

    id: str
    short: str


@dataclass(frozen=True, slots=True)
class Evenings:
    """What a form without a script sent: the fields as they were entered, and everything that is wrong."""

    fields: tuple[Field, ...]
    skin: Field | None
    problems: tuple[str, ...]


def show(request: Request) -> Response:
    """The evening page."""
    evening = practice.evening(asked.database(request), asked.now(request))
    return _page(request, evening, Evenings(_ratings(evening), _skin(evening), ()))


def save_all(request: Request) -> Response:
    """Everything at once, for browsers without a script; what can't be kept stays in its field and says why."""
    db, now, form = asked.database(request), asked.now(request), asked.form(request)
    evening = practice.evening(db, now)
    problems: list[str] = []

    def kept(field: Field) -> Field:
        entered = form.one(field.name)
        if not entered or (field.saved and entered == field.value):
            return field
        try:
            # The id holds the value: the same form sent twice is one rating, a changed mind is another.
            client_id = f"{form.one('form_id')[:36]}-{field.body['scale']}-{entered[:4]}"
            practice.keep(db, client_id, field.body["scale"], Moment.EVENING, entered, now)
        except InvalidInputError as error:
            problems.append(f"{field.question} {in_words(error)}")
            return with_problem(field, entered, error)
        return field

    fields = tuple(kept(field) for field in _ratings(evening))
    skin = _keep_skin_of_form(request, evening, problems)
    if problems:
        return _page(request, evening, Evenings(fields, skin, tuple(problems)), 422)
    return RedirectResponse("/measure", 303)


def save_rating(request: Request) -> Response:
    """One rating, the moment it is tapped."""
    now, sent = asked.now(request), asked.json(request, SentRating)
    at = answered_at(sent.age_s, now)
    rating = practice.keep(
        asked.database(request), sent.client_id, sent.scale, sent.moment, sent.value, at, sent.session_id
    )
    return JSONResponse({"kept": rating.value_0_10, "client_id": rating.client_id})


def save_skin(request: Request) -> Response:
    """The skin on the day after, the moment it is tapped."""
    sent = asked.json(request, SentSkin)
    at = answered_at(sent.age_s, asked.now(request))
    practice.keep_skin(asked.database(request), sent.session_id, sent.value, at)
    return JSONResponse({"kept": sent.value, "client_id": sent.client_id})


def save_draft(request: Request) -> Response:
    """What is being typed, valid or not."""
    sent = asked.json(request, SentDraft)
    practice.keep_draft(asked.database(request), sent.form, sent.field, sent.value, asked.now(request))
    return JSONResponse({"kept": True, "client_id": sent.client_id})


def name_complaint(request: Request) -> Response:
    """Give a complaint its words."""
    db, now = asked.database(request), asked.now(request)
    slot, words = int(request.path_params["slot"]), asked.form(request).one("words")
    try:
        practice.name_complaint(db, slot, words, now)
    except InvalidInputError as error:
        practice.keep_draft(db, FORM, f"complaint_{slot}", words, now)
        evening = practice.evening(db, now)
        problem = Complaint(slot, evening.complaints.get(slot, ""), words, in_words(error))
        return _page(request, evening, Evenings(_ratings(evening), _skin(evening), ()), 422, problem)
    practice.keep_draft(db, FORM, f"complaint_{slot}", "", now)
    return RedirectResponse("/measure#own-title", 303)


def _page(
    request: Request, evening: Evening, entered: Evenings, status: int = 200, wrong: Complaint | None = None
) -> Response:
    db, now = asked.database(request), asked.now(request)
    complaints = tuple(wrong if wrong and wrong.slot == slot else _complaint(request, evening, slot) for slot in SLOTS)
    columns = tuple(Column(scale.id, short_name(scale, evening.complaints)) for scale in evening.scales)
    return page(
        request,
        "measure/index.html",
        status,
        day=evening.day,
        form_id=uuid.uuid4().hex,
        ratings=entered.fields,
        skin=entered.skin,
        skin_said=_skin_said(evening),
        problems=entered.problems,
        complaints=complaints,
        columns=columns,
        recent=practice.recent(db, RECENT_DAYS, now),
    )


def _ratings(evening: Evening) -> tuple[Field, ...]:
    return tuple(rating_field(scale, Moment.EVENING, given=evening.given.get(scale.id)) for scale in evening.scales)


def _skin(evening: Evening) -> Field | None:
    if evening.skin_due is None:
        return None
    return Field(
        name="skin",
        question=say.words().skin_question,
        url="/measure/skin",
        body={"session_id": evening.skin_due.id},
        options=tuple(say.words().skin.items()),
    )


def _skin_said(evening: Evening) -> str:
    if evening.skin_due is None:
        return ""
    session = evening.skin_due
    days = (evening.day - session.day).days
    when = "yesterday" if days == 1 else f"{days} days ago"
    return f"Your last session on the mat was {when}: {say.words().placement[session.placement]}."


def _keep_skin_of_form(request: Request, evening: Evening, problems: list[str]) -> Field | None:
    form, skin = asked.form(request), _skin(evening)
    entered = form.one("skin")
    if skin is None or not entered:
        return skin
    try:
        practice.keep_skin(asked.database(request), skin.body["session_id"], entered, asked.now(request))
    except MatwiseError as error:
        problems.append(str(error))
    return skin


def _complaint(request: Request, evening: Evening, slot: int) -> Complaint:
    kept = evening.complaints.get(slot, "")
    typed = practice.drafts_of(asked.database(request), FORM).get(f"complaint_{slot}")
    return Complaint(slot, kept, typed or kept)


routes = [
    Route("/measure", show, methods=["GET"]),
    Route("/measure", save_all, methods=["POST"]),
    Route("/measure/ratings", save_rating, methods=["POST"]),
    Route("/measure/skin", save_skin, methods=["POST"]),
    Route("/measure/drafts", save_draft, methods=["POST"]),
    Route("/measure/complaints/{slot:int}", name_complaint, methods=["POST"]),
]
