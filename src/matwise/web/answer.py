"""Answer: ask a question of one's own, keep to its days, and read what they say."""

from __future__ import annotations

import secrets
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route

from matwise.content.catalogue import first_weekday, tongue
from matwise.errors import InvalidInputError, Problem
from matwise.measures.day import day_of
from matwise.measures.rating import Better
from matwise.practice import answer as practice
from matwise.practice import beside, measure
from matwise.practice.outlook import Outlook, outlook, stopping_rules
from matwise.sentence import Sentence, said
from matwise.trial.account_words import PRIOR
from matwise.trial.design import Arm
from matwise.web import asked
from matwise.web.field import PLEASE, short_name
from matwise.web.page import language_of, page
from matwise.web.picture import DensityPicture, days_picture, density_picture
from matwise.web.question import (
    ALL_PASSED,
    BLOCKS,
    NO_REASON,
    ORDERS,
    WASHINS,
    WHY_ENDED,
    interval_words,
    needed_words,
    points_of,
    question_words,
)
from matwise.web.weeks import weeks
from matwise.web.whiskers import Interval, Whiskers, whiskers

if TYPE_CHECKING:
    from matwise.store.trials import KeptTrial
    from matwise.trial.answer import Answer
    from matwise.trial.outcomes import Several

USUAL = {
    "scale": "pain",
    "versus": "rest",
    "days": "56",
    "block_days": "4",
    "washin_days": "0",
    "order": "random",
    "cannot": "",
}
NUMBERS = ("days", "block_days", "washin_days")
A_DATE = Sentence("a date such as 2027-03-01")
DATES = Sentence("dates such as 2027-03-01, with spaces between them")


@dataclass(frozen=True, slots=True)
class Entered:
    """The form of a new question as it was entered, and what is wrong, by field."""

    values: Mapping[str, str]
    problems: Mapping[str, str] = field(default_factory=dict)


def show(request: Request) -> Response:
    """The answer of the latest trial; without one, the form that begins it."""
    trial = practice.latest(asked.database(request))
    if trial is None:
        return _form(request, Entered(_usual(request)))
    return _trial(request, trial)


def new(request: Request) -> Response:
    """The form that begins a trial."""
    if practice.current(asked.database(request)) is not None:
        return RedirectResponse("/answer", 303)
    return _form(request, Entered(_usual(request)))


def look_ahead(request: Request) -> Response:
    """What the chosen trial can show, honestly, before it begins."""
    values = _usual(request) | {name: value for name, value in request.query_params.items() if name in _FIELDS}
    try:
        ahead = _outlook(request, values)
    except InvalidInputError as error:
        return _form(request, Entered(values, _by_field(error)), 422)
    return page(
        request, "answer/ahead.html", ahead=ahead, values=values, query=urlencode(values), trial_id=str(uuid.uuid4())
    )


def looks(request: Request) -> Response:
    """How often a useless mat would be called helpful, by when one looks: simulated for the chosen design."""
    values = _usual(request) | {name: value for name, value in request.query_params.items() if name in _FIELDS}
    try:
        design = _outlook(request, values).design
    except InvalidInputError as error:
        return _form(request, Entered(values, _by_field(error)), 422)
    return page(request, "answer/looks.html", rules=stopping_rules(design), design=design, query=urlencode(values))


def begin(request: Request) -> Response:
    """Begin the trial; its days are dealt now. The same form sent twice begins one trial."""
    form = asked.form(request)
    values = {name: form.one(name, _LEFT_OUT.get(name, "")) for name in _FIELDS}
    try:
        design = _outlook(request, values).design
        practice.begin(
            asked.database(request),
            form.one("trial_id"),
            scale=design.question.scale,
            versus=design.question.versus.value,
            days=design.days,
            block_days=design.block_days,
            washin_days=design.washin_days,
            starts_on=design.starts_on,
            seed=secrets.randbits(32),
            now=asked.now(request),
            order=design.order.value,
            cannot=design.cannot,
        )
    except InvalidInputError as error:
        return _form(request, Entered(values, _by_field(error)), 422)
    return RedirectResponse("/answer", 303)


def end(request: Request) -> Response:
    """End the trial under way and keep why."""
    form = asked.form(request)
    why = form.one("why").strip() or str(ALL_PASSED if form.one("over") else NO_REASON)
    practice.end(asked.database(request), why[:1000], asked.now(request))
    return RedirectResponse("/answer", 303)


_FIELDS = (*USUAL, "starts_on")
_LEFT_OUT = {"order": USUAL["order"]}  # what a program that knows fewer choices means


def _usual(request: Request) -> dict[str, str]:
    return USUAL | {"starts_on": (asked.now(request).date() + timedelta(days=1)).isoformat()}


def _outlook(request: Request, values: Mapping[str, str]) -> Outlook:
    numbers, starts_on, cannot = _read(values)
    return outlook(
        asked.database(request),
        scale=values["scale"],
        versus=values["versus"],
        days=numbers["days"],
        block_days=numbers["block_days"],
        washin_days=numbers["washin_days"],
        starts_on=starts_on,
        today=day_of(asked.now(request)),
        order=values["order"],
        cannot=cannot,
        from_own_days=True,
    )


def _read(values: Mapping[str, str]) -> tuple[dict[str, int], date, frozenset[date]]:
    problems = []
    numbers = {}
    for name in NUMBERS:
        typed = values[name].strip()
        if typed.isascii() and typed.isdigit() and len(typed) < 6:
            numbers[name] = int(typed)
        else:
            problems.append(Problem(name.replace("_", " "), ascii(typed)[:40], Sentence("a whole number")))
    starts_on = date.min
    try:
        starts_on = date.fromisoformat(values["starts_on"].strip())
    except ValueError:
        problems.append(Problem("first day", ascii(values["starts_on"])[:40], A_DATE))
    cannot = set()
    for word in values["cannot"].replace(",", " ").split():
        try:
            cannot.add(date.fromisoformat(word))
        except ValueError:
            problems.append(Problem("cannot", ascii(word)[:40], DATES))
    if problems:
        raise InvalidInputError(*problems)
    return numbers, starts_on, frozenset(cannot)


# The names that problems carry, and the field each belongs to.
_FIELD_OF = {
    "scale": "scale",
    "compared with": "versus",
    "days": "days",
    "block days": "block_days",
    "wash-in days": "washin_days",
    "washin days": "washin_days",
    "first day": "starts_on",
    "order": "order",
    "cannot": "cannot",
}


def _by_field(error: InvalidInputError) -> dict[str, str]:
    return {
        _FIELD_OF.get(problem.where, "days"): PLEASE.format(got=problem.got, want=problem.want)
        for problem in error.problems
    }


def _form(request: Request, entered: Entered, status: int = 200) -> Response:
    db = asked.database(request)
    scales = [(one, short_name(one)) for one in measure.outcomes(db)]
    choices = {"blocks": BLOCKS, "washins": WASHINS, "orders": ORDERS}
    return page(request, "answer/new.html", status, entered=entered, scales=scales, **choices)


def _trial(request: Request, trial: KeptTrial) -> Response:
    db, now = asked.database(request), asked.now(request)
    days, today = trial.schedule.days, day_of(now)
    found = practice.answer(db, trial, now)
    several = beside.all_ratings(db, trial, now)
    tested = beside.randomisation(db, trial, now)
    by_number = {day.day: day for day in days}
    ratings = {by_number[one.day].on: one.y for one in found.days if one.y is not None}
    return page(
        request,
        "answer/trial.html",
        trial=trial,
        today=next((day for day in days if day.on == today), None) if trial.ended_at is None else None,
        begins_on=days[0].on if today < days[0].on and trial.ended_at is None else None,
        over=trial.ended_at is not None or today > days[-1].on,
        days_gone=sum(day.on < today for day in days),
        answer=found,
        question=question_words(measure.scale(db, trial.schedule.design.question.scale), trial.schedule),
        interval=interval_words(found.effect) if found.effect else None,
        needed=needed_words(found),
        weeks=weeks(days, ratings, today, first_weekday(language_of(request))),
        days_drawn=days_picture(days, ratings, today),
        curve_drawn=_curve(found),
        acute=beside.right_after(db),
        several=several,
        several_drawn=_ratings(several),
        test=tested,
        test_words=tested.words if tested else "",
        scale_names={one.id: short_name(one) for one in measure.scales_ever(db)},
        strip_drawn=_strip(found),
        pairs_drawn=_pairs(found),
        good_is_lower=found.better is Better.LOWER,
        arms=[Arm(arm) for arm in found.compared],
        all_arms=list(dict.fromkeys(day.arm for day in days if not day.off)),
        ratings=ratings,
        points_of=points_of,
        prior_names=PRIOR,
        why_ended=WHY_ENDED.get(trial.why_ended or "", trial.why_ended),
    )


def report(request: Request) -> Response:
    """The latest trial by the items of CENT 2015."""
    db = asked.database(request)
    trial = practice.latest(db)
    if trial is None:
        return RedirectResponse("/answer", 303)
    return page(request, "answer/report.html", report=beside.report(db, trial, asked.now(request)))


def report_text(request: Request) -> Response:
    """The same report as plain text."""
    db = asked.database(request)
    trial = practice.latest(db)
    if trial is None:
        return RedirectResponse("/answer", 303)
    text = said(beside.report(db, trial, asked.now(request)).to_text(), tongue(language_of(request)))
    return PlainTextResponse(text, headers={"Content-Disposition": 'attachment; filename="matwise-report.txt"'})


def _curve(found: Answer) -> DensityPicture | None:
    if found.density is None or found.effect is None or found.smallest_change is None:
        return None
    return density_picture(
        found.density.x,
        found.density.pdf,
        mean=found.effect.mean,
        low=found.effect.q025,
        high=found.effect.q975,
        matters=found.smallest_change,
    )


def _strip(found: Answer) -> Whiskers | None:
    if found.sensitivity is None or found.effect is None or found.smallest_change is None:
        return None
    here = Interval(found.effect.mean, found.effect.q025, found.effect.q975)
    others = (Interval(one.mean, one.low, one.high) for one in found.sensitivity.variants)
    return whiskers([here, *others], found.smallest_change)


def _pairs(found: Answer) -> Whiskers | None:
    if len(found.pairs) < 2 or found.smallest_change is None:
        return None
    effects = (one.effect for one in found.pairs)
    return whiskers([Interval(one.mean, one.q025, one.q975) for one in effects], found.smallest_change)


def _ratings(several: Several | None) -> Whiskers | None:
    if several is None:
        return None
    effects = [one.pooled_effect for one in several.outcomes if one.pooled_effect]
    matters = max((one.smallest_change or 0.0 for one in several.outcomes), default=1.0)
    return whiskers([Interval(one.mean, one.q025, one.q975) for one in effects], matters)


routes = [
    Route("/answer", show, methods=["GET"]),
    Route("/answer/new", new, methods=["GET"]),
    Route("/answer/report", report, methods=["GET"]),
    Route("/answer/report.txt", report_text, methods=["GET"]),
    Route("/answer/ahead", look_ahead, methods=["GET"]),
    Route("/answer/looks", looks, methods=["GET"]),
    Route("/answer/begin", begin, methods=["POST"]),
    Route("/answer/end", end, methods=["POST"]),
]
