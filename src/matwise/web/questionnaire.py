"""Where am I today, and the questionnaires: asked, kept as they are tapped, and what they come to."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from matwise.content.catalogue import tongue
from matwise.errors import InvalidInputError
from matwise.measures.questionnaire import NOT_FOR_ME, Item, Kind, Scoring, shown
from matwise.practice import questionnaire as practice
from matwise.practice import questionnaire_words as words
from matwise.practice.questionnaire import BESIDE, EVERY, SNAPSHOT, TODAY, Result, UnansweredError
from matwise.sentence import Sentence, said
from matwise.web import asked
from matwise.web.field import Field, with_problem
from matwise.web.measure import SentDraft
from matwise.web.notice import Notice
from matwise.web.page import language_of, page
from matwise.web.scores_picture import ScoresPicture, scores_picture
from matwise.web.sent import Sent, answered_at

if TYPE_CHECKING:
    from matwise.content.help import Card
    from matwise.content.questionnaires import Questionnaire
    from matwise.measures.questionnaire import Answers

ANSWER = "/measure/questionnaires/answer"
HELP = "/measure/help"
WHO = Sentence("Who you can talk to")
NOT_FOR_ME_WORDS = Sentence("Does not apply to me")


class GivenItem(Sent, kw_only=True, forbid_unknown_fields=True):
    """One answer, the moment it is tapped."""

    questionnaire: str
    item: str
    value: str


@dataclass(frozen=True, slots=True)
class Block:
    """One questionnaire on a page: its questions as fields, and what is wrong with them.

    `foreign`: its wording stands in English, since it has no official translation into the language of the page.
    """

    questionnaire: Questionnaire
    fields: tuple[tuple[Item, Field], ...]
    foreign: bool
    problems: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()

    @property
    def id(self) -> str:
        """Which questionnaire it is."""
        return self.questionnaire.instrument.id


@dataclass(frozen=True, slots=True)
class Told:
    """A result in the words of a page."""

    result: Result
    picture: ScoresPicture | None
    rows: tuple[tuple[object, str], ...]

    @property
    def id(self) -> str:
        """Of which questionnaire."""
        return self.result.questionnaire.instrument.id


def show_today(request: Request) -> Response:
    """Where am I today: the snapshot, and a short validated scale beside it."""
    return _today(request, {name: _block(request, name) for name in TODAY})


def save_today(request: Request) -> Response:
    """Both at once; what can't be kept stays as it was entered and says why."""
    db, now, form = asked.database(request), asked.now(request), asked.form(request)
    incomplete = bool(form.one("incomplete"))
    answers: dict[str, Answers] = {}
    blocks = {}
    for name in TODAY:
        answers[name], blocks[name] = _entered(request, name, incomplete=incomplete)
    if any(one.problems or one.missing for one in blocks.values()):
        return _today(request, blocks, 422)
    for name in TODAY:
        practice.finish(db, name, form.one("form_id") or uuid.uuid4().hex, answers[name], now)
    return RedirectResponse("/measure/today/result", 303)


def show_today_result(request: Request) -> Response:
    """What both come to, help before anything else."""
    found = [practice.result(asked.database(request), name) for name in TODAY]
    told = [_told(one) for one in found if one is not None]
    if not told:
        return RedirectResponse("/measure/today", 303)
    last = practice.last_day(asked.database(request))
    again = last + EVERY if last is not None else None
    return page(request, "measure/scores.html", told=told, help=_help(told), say_score=words, again=again, today=True)


def show_all(request: Request) -> Response:
    """Every questionnaire there is."""
    db = asked.database(request)
    rows = [(one, practice.result(db, one.instrument.id)) for one in practice.every(db)]
    return page(
        request, "measure/questionnaires.html", rows=rows, say_score=words, due=practice.due(db, asked.now(request))
    )


def show_one(request: Request) -> Response:
    """The questions of one, or the field for its score."""
    return _one(request, _block(request, _name(request)))


def save_one(request: Request) -> Response:
    """Keep the answers, or the score."""
    db, now, form, name = asked.database(request), asked.now(request), asked.form(request), _name(request)
    form_id = form.one("form_id") or uuid.uuid4().hex
    if practice.find(db, name).instrument.scoring is Scoring.TOLD:
        try:
            practice.tell(db, name, form_id, form.one("score"), now)
        except InvalidInputError as error:
            return _one(request, _block(request, name, problems=(_sentence(error),)), 422, score=form.one("score"))
        return RedirectResponse(f"/measure/questionnaires/{name}/result", 303)
    answers, block = _entered(request, name, incomplete=bool(form.one("incomplete")))
    if block.problems or block.missing:
        return _one(request, block, 422)
    practice.finish(db, name, form_id, answers, now)
    return RedirectResponse(f"/measure/questionnaires/{name}/result", 303)


def show_result(request: Request) -> Response:
    """What the answers to one come to, help before anything else."""
    found = practice.result(asked.database(request), _name(request))
    if found is None:
        return RedirectResponse(f"/measure/questionnaires/{_name(request)}", 303)
    told = [_told(found)]
    return page(request, "measure/scores.html", told=told, help=_help(told), say_score=words, again=None, today=False)


def show_help(request: Request) -> Response:
    """Who to talk to, for everybody at any time."""
    return page(request, "measure/help.html", cards=practice.cards())


def save_answer(request: Request) -> Response:
    """One answer, the moment it is tapped; answers that worry bring the way to help along."""
    sent = asked.json(request, GivenItem)
    return _keep(request, sent, sent.questionnaire, sent.item, sent.value)


def save_typed(request: Request) -> Response:
    """One answer while it is typed, such as a time or minutes."""
    sent = asked.json(request, SentDraft)
    return _keep(request, sent, sent.form, sent.field, sent.value)


def _keep(request: Request, sent: Sent, name: str, item: str, value: str) -> Response:
    db, at = asked.database(request), answered_at(sent.age_s, asked.now(request))
    practice.keep_answer(db, name, item, value, at)
    told = _notice(request, practice.help_so_far(db, name, at))
    return JSONResponse({"kept": value, "client_id": sent.client_id, "notice": asdict(told) if told else None})


def _notice(request: Request, card: Card | None) -> Notice | None:
    if card is None:
        return None
    spoken = tongue(language_of(request))
    return Notice(said(Sentence.joined((card.why, card.say)), spoken), HELP, said(WHO, spoken))


def _name(request: Request) -> str:
    return str(request.path_params["name"])


def _today(request: Request, blocks: Mapping[str, Block], status: int = 200) -> Response:
    db = asked.database(request)
    last = practice.last_day(db)
    return page(
        request,
        "measure/today.html",
        status,
        blocks=[blocks[SNAPSHOT], blocks[BESIDE]],
        form_id=uuid.uuid4().hex,
        last=last,
        again=last + EVERY if last is not None and not practice.due(db, asked.now(request)) else None,
        notice=_notice(request, practice.help_so_far(db, SNAPSHOT, asked.now(request))),
    )


def _one(request: Request, block: Block, status: int = 200, score: str = "") -> Response:
    found = practice.result(asked.database(request), block.id)
    return page(
        request,
        "measure/questionnaire.html",
        status,
        block=block,
        form_id=uuid.uuid4().hex,
        score=score,
        known=found,
        notice=_notice(request, practice.help_so_far(asked.database(request), block.id, asked.now(request))),
    )


def _block(request: Request, name: str, problems: tuple[str, ...] = ()) -> Block:
    db = asked.database(request)
    one = practice.find(db, name)
    typed = practice.typed(db, name, asked.now(request))
    fields = tuple((item, _field(one, item, typed.get(item.id))) for item in one.instrument.items)
    return Block(one, fields, one.in_original(language_of(request)), problems)


def _entered(request: Request, name: str, *, incomplete: bool) -> tuple[Answers, Block]:
    """The answers that a form sent, and the form as it was entered with what is wrong in it."""
    db, form = asked.database(request), asked.form(request)
    one = practice.find(db, name)
    entered = {item.id: form.one(f"{name}-{item.id}") for item in one.instrument.items}
    wrong: dict[str, InvalidInputError] = {}
    problems: list[str] = []
    missing: tuple[str, ...] = ()
    answers: Answers = {}
    for item, value in entered.items():
        try:
            practice.check_answer(one, item, value)
        except InvalidInputError as error:
            wrong[item] = error
    try:
        answers = practice.checked(db, name, entered, incomplete=incomplete)
    except InvalidInputError as error:
        problems.append(_sentence(error))
    except UnansweredError as error:
        missing = (error.sentence, *(item.text for item in error.missing))
    fields = tuple(
        (item, with_problem(field, entered[item.id], wrong[item.id]) if item.id in wrong else field)
        for item in one.instrument.items
        for field in (_field(one, item, entered[item.id] or None, saved=False),)
    )
    return answers, Block(one, fields, one.in_original(language_of(request)), tuple(problems), missing)


def _sentence(error: InvalidInputError) -> str:
    return Sentence.joined((str(problem) for problem in error.problems), "; ")


def _field(one: Questionnaire, item: Item, value: str | None, *, saved: bool = True) -> Field:
    options = tuple((str(number), text) for number, text in enumerate(one.instrument.options))
    if item.may_not_apply:
        options = (*options, (NOT_FOR_ME, NOT_FOR_ME_WORDS))
    return Field(
        name=f"{one.instrument.id}-{item.id}",
        question=item.text,
        url=ANSWER,
        body={"questionnaire": one.instrument.id, "item": item.id},
        low=item.low,
        high=item.high,
        options=options if item.kind is Kind.CHOICE else (),
        value=value,
        saved=saved and value is not None,
    )


def _told(result: Result) -> Told:
    instrument = result.questionnaire.instrument
    scored = [
        (one.day, one.score.value, shown(instrument, one.score.value))
        for one in result.entries
        if one.score.value is not None
    ]
    marks = [point.at for point in instrument.points if point.part is None]
    picture = scores_picture(scored, instrument.low, instrument.high, marks) if scored else None
    rows = tuple((one.day, words.headline(result, one)) for one in reversed(result.entries))
    return Told(result, picture, rows)


def _help(told: list[Told]) -> tuple[Card, ...]:
    """The cards to show, each once."""
    return tuple(dict.fromkeys(one.result.help for one in told if one.result.help is not None))


routes = [
    Route("/measure/today", show_today, methods=["GET"]),
    Route("/measure/today", save_today, methods=["POST"]),
    Route("/measure/today/result", show_today_result, methods=["GET"]),
    Route("/measure/help", show_help, methods=["GET"]),
    Route("/measure/questionnaires", show_all, methods=["GET"]),
    Route("/measure/questionnaires/answer", save_answer, methods=["POST"]),
    Route("/measure/questionnaires/typed", save_typed, methods=["POST"]),
    Route("/measure/questionnaires/{name}", show_one, methods=["GET"]),
    Route("/measure/questionnaires/{name}", save_one, methods=["POST"]),
    Route("/measure/questionnaires/{name}/result", show_result, methods=["GET"]),
]
