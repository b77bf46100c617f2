"""The safety check, one plain question after the other."""

from __future__ import annotations

from datetime import datetime
from itertools import groupby
from typing import TYPE_CHECKING

from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from matwise.errors import InvalidInputError
from matwise.practice import screen as practice
from matwise.screening.limits import Area
from matwise.screening.rule import Outcome, Reply
from matwise.sentence import Sentence
from matwise.web import asked
from matwise.web.page import page
from matwise.web.sent import GivenAnswer, answered_at

if TYPE_CHECKING:
    from matwise.store.database import Database


def _questions(request: Request) -> Response:
    return _form(request)


def _form(request: Request, problem: str = "", status: int = 200) -> Response:
    check = practice.resume(asked.database(request), asked.now(request))
    groups = [(group, list(rules)) for group, rules in groupby(practice.questions(), key=lambda rule: rule.group)]
    return page(
        request,
        "screen/questions.html",
        status,
        check=check,
        groups=groups,
        given_in=lambda rules, answers: sum(rule.id in answers for rule in rules),
        replies=list(Reply),
        areas=list(Area),
        problem=problem,
    )


def _submit(request: Request) -> Response:
    db, now, sent = asked.database(request), asked.now(request), asked.form(request)
    screening = sent.one("screening")
    problems = []
    for rule in practice.questions():
        reply = sent.one(f"reply.{rule.id}")
        if not reply:
            continue
        try:
            practice.keep_answer(db, screening, rule.id, reply, sent.every(f"areas.{rule.id}"), now)
        except InvalidInputError as error:
            problems.append(error.sentence)
    if practice.help_now(practice.resume(db, now), now) is not None:
        return RedirectResponse("/screen/help", 303)
    if problems:
        return _form(request, Sentence.joined(problems), 422)
    try:
        practice.finish(db, screening, now)
    except practice.UnansweredError as error:
        still_open = Sentence.counted(
            "One question is still open. If you are not sure, “I don’t know” is a good answer.",
            "{number} questions are still open. If you are not sure, “I don’t know” is a good answer.",
            len(error.missing),
        )
        return _form(request, still_open, 422)
    return RedirectResponse("/screen/result", 303)


def _keep(request: Request) -> Response:
    db, now, given = asked.database(request), asked.now(request), asked.json(request, GivenAnswer)
    return JSONResponse(keep_given(db, given, now))


def keep_given(db: Database, given: GivenAnswer, now: datetime) -> dict[str, object]:
    """Keep one answer; gives how far the check is, and whether help comes before the rest of it.

    Raises:
        InvalidInputError: the question, the reply or an area is not one of those on offer.
    """
    screening = given.screening or practice.resume(db, now).id
    at = answered_at(given.age_s, now)
    practice.keep_answer(db, screening, given.question, given.reply, given.areas, at)
    check = practice.resume(db, now)
    return {
        "screening": check.id,
        "answered": len(check.answers),
        "asked": check.asked,
        "help": practice.help_now(check, now) is not None,
    }


def _help(request: Request) -> Response:
    db, now = asked.database(request), asked.now(request)
    urgent = practice.help_now(practice.resume(db, now), now) or practice.verdict(db)
    if urgent is None or urgent.outcome is Outcome.GO:
        return RedirectResponse("/screen", 303)
    return page(request, "screen/result.html", verdict=urgent, unfinished=True)


def _result(request: Request) -> Response:
    verdict = practice.verdict(asked.database(request))
    if verdict is None:
        return RedirectResponse("/screen", 303)
    return page(request, "screen/result.html", verdict=verdict, unfinished=False)


routes = [
    Route("/screen", _questions),
    Route("/screen", _submit, methods=["POST"]),
    Route("/screen/answer", _keep, methods=["POST"]),
    Route("/screen/help", _help),
    Route("/screen/result", _result),
]
