"""Measure: tonight's ratings, the skin the day after, and complaints in one's own words."""

from __future__ import annotations

import uuid
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from starlette.background import BackgroundTask
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from matwise.errors import ONE_OF, InvalidInputError, MatwiseError, Problem
from matwise.measures.rating import Moment
from matwise.practice import measure as practice
from matwise.practice import say
from matwise.practice.beside import prepare
from matwise.sentence import Sentence
from matwise.web import asked
from matwise.web.afterwards import hint_of
from matwise.web.field import Field, in_words, rating_field, short_name, with_problem
from matwise.web.notice import notice
from matwise.web.page import page
from matwise.web.sent import GivenRating, GivenSkin, Sent, answered_at

if TYPE_CHECKING:
    from datetime import datetime

    from matwise.measures.rating import Rating
    from matwise.practice.measure import Evening
from matwise.store.database import Database

FORM = "measure"  # the drafts of this page
RECENT_DAYS = 14
SLOTS = (1, 2)
DRAFTS = tuple((FORM, f"complaint_{slot}") for slot in SLOTS)  # what can be typed here


class SentDraft(Sent, kw_only=True, forbid_unknown_fields=True):
    """What is being typed."""

    form: str
    field: str
    value: str


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
            # What is kept already was left out above, so the same form sent twice is one rating all the same.
            practice.keep(db, uuid.uuid4().hex, field.body["scale"], Moment.EVENING, entered, now)
        except InvalidInputError as error:
            problems.append(Sentence.joined((field.question, in_words(error))))
            return with_problem(field, entered, error)
        return field

    fields = tuple(kept(field) for field in _ratings(evening))
    skin = _keep_skin_of_form(request, evening, problems)
    if problems:
        return _page(request, evening, Evenings(fields, skin, tuple(problems)), 422)
    return RedirectResponse("/measure", 303, background=BackgroundTask(prepare, db, now))


def save_rating(request: Request) -> Response:
    """One rating, the moment it is tapped."""
    rating = keep_given(asked.database(request), asked.json(request, GivenRating[str]), asked.now(request))
    told = {"kept": rating.value_0_10, "client_id": rating.client_id}
    # Weighed anew once it is kept and acknowledged: the next look at the answer finds it done.
    weigh = BackgroundTask(prepare, asked.database(request), asked.now(request))
    if rating.moment is not Moment.AFTER or rating.session_id is None:
        return JSONResponse(told, background=weigh)
    given = practice.of_session(asked.database(request), rating.session_id)
    return JSONResponse(told | {"hint": hint_of(given, rating.scale)}, background=weigh)


def keep_given(db: Database, sent: GivenRating[int] | GivenRating[str], now: datetime) -> Rating:
    """Keep one rating as it was sent.

    Raises:
        InvalidInputError, ConflictError: see `practice.measure.keep`.
    """
    at = answered_at(sent.age_s, now)
    return practice.keep(db, sent.client_id, sent.scale, sent.moment, str(sent.value), at, sent.session_id)


def save_skin(request: Request) -> Response:
    """The skin on the day after, the moment it is tapped."""
    sent = asked.json(request, GivenSkin)
    at = answered_at(sent.age_s, asked.now(request))
    practice.keep_skin(asked.database(request), sent.session_id, sent.value, at)
    told = notice(request)
    return JSONResponse({"kept": sent.value, "client_id": sent.client_id, "notice": asdict(told) if told else None})


def save_draft(request: Request) -> Response:
    """What is being typed, valid or not."""
    sent = asked.json(request, SentDraft)
    if (sent.form, sent.field) not in DRAFTS:
        got, want = f"{sent.form} {sent.field}", ", ".join(" ".join(one) for one in DRAFTS)
        raise InvalidInputError(Problem("form and field", ascii(got)[:80], ONE_OF.format(known=want)))
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
    recent = practice.recent(db, RECENT_DAYS, now)
    shown = {one.id for one in evening.scales}.union(*(given for _, given in recent))
    columns = tuple(Column(one.id, short_name(one)) for one in practice.scales_ever(db) if one.id in shown)
    return page(
        request,
        "measure/index.html",
        status,
        day=evening.day,
        ratings=entered.fields,
        skin=entered.skin,
        skin_is_told=evening.skin_told is not None,
        notice=notice(request) if evening.skin_told is not None else None,
        skin_said=_skin_said(evening),
        problems=entered.problems,
        complaints=complaints,
        columns=columns,
        recent=recent,
    )


def _ratings(evening: Evening) -> tuple[Field, ...]:
    return tuple(rating_field(scale, Moment.EVENING, given=evening.given.get(scale.id)) for scale in evening.scales)


def _skin(evening: Evening) -> Field | None:
    session = evening.skin_due or evening.skin_told
    if session is None:
        return None
    told = evening.skin_told.skin if evening.skin_told is not None else None
    return Field(
        name="skin",
        question=say.words().skin_question,
        url="/measure/skin",
        body={"session_id": session.id},
        options=tuple(say.words().skin.items()),
        value=None if told is None else told.name.lower(),
        saved=told is not None,
    )


def _skin_said(evening: Evening) -> str:
    session = evening.skin_due or evening.skin_told
    if session is None:
        return ""
    days = (evening.day - session.day).days
    return Sentence.counted(
        "Your last session on the mat was yesterday: {placement}.",
        "Your last session on the mat was {number} days ago: {placement}.",
        days,
        placement=say.words().placement[session.placement],
    )


def _keep_skin_of_form(request: Request, evening: Evening, problems: list[str]) -> Field | None:
    form, skin = asked.form(request), _skin(evening)
    entered = form.one("skin")
    if skin is None or not entered or (skin.saved and entered == skin.value):
        return skin
    try:
        practice.keep_skin(asked.database(request), skin.body["session_id"], entered, asked.now(request))
    except MatwiseError as error:
        problems.append(error.sentence)
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
