"""Type what a cuff, a thermometer or a watch shows."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import TYPE_CHECKING

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from matwise.errors import InvalidInputError, Problem
from matwise.sentence import Sentence
from matwise.web import asked
from matwise.web.page import page

if TYPE_CHECKING:
    from matwise.practice.by_hand import Entered, Pressure
    from matwise.web.asked import Form

TIME_FORMAT = "%Y-%m-%dT%H:%M"  # of the field of a browser
MOMENT = Sentence("a day and a time, such as 2027-01-04 21:30")
PRESSURE = "pressure"


def show(request: Request) -> Response:
    """The forms, empty."""
    return _page(request, {}, ())


def keep(request: Request) -> Response:
    """Keep what was typed; what can't be meant stays in its form and says why."""
    from matwise.practice import by_hand

    form, db, now = asked.form(request), asked.database(request), asked.now(request)
    # Made with the form, so that the same form sent twice is one entry.
    entry_id = form.one("entry") or uuid.uuid4().hex
    what = form.one("what")
    try:
        at = _moment(form.one("at"), now)
        if what == PRESSURE:
            told = _typed(form)
            kept = by_hand.keep_pressure(db, entry_id, told, form.one("cuff"), form.one("position"), at, now)
        else:
            kept = by_hand.keep_value(db, entry_id, what, form.one("value"), at, now)
    except InvalidInputError as error:
        entered = {name: form.one(name) for name in form.fields}
        return _page(request, entered, tuple(map(str, error.problems)), status=422)
    return _page(request, {}, (), kept)


def _typed(form: Form) -> tuple[Pressure, ...]:
    """Both readings, or the first where nothing stands in the fields of the second."""
    from matwise.practice.by_hand import Pressure

    told = tuple(
        Pressure(*(form.one(f"{name}_{number}") for name in ("systolic", "diastolic", "pulse"))) for number in (1, 2)
    )
    return tuple(one for one in told if one.systolic.strip() or one.diastolic.strip() or one.pulse.strip())


def _moment(typed: str, now: datetime) -> datetime:
    try:
        at = datetime.fromisoformat(typed.strip())
    except ValueError:
        raise InvalidInputError(Problem("at", ascii(typed)[:40], MOMENT)) from None
    return at.replace(tzinfo=now.tzinfo) if at.tzinfo is None else at


def _page(
    request: Request,
    entered: dict[str, str],
    problems: tuple[str, ...],
    kept: Entered | None = None,
    status: int = 200,
) -> Response:
    from matwise.content.measures import measure
    from matwise.practice import by_hand

    return page(
        request,
        "measure/hand.html",
        status,
        entered=entered,
        problems=problems,
        kept=kept,
        doubtful=tuple(measure(one).name for one in kept.doubtful) if kept is not None else (),
        typed=tuple(measure(one) for one in by_hand.TYPED),
        cuffs=by_hand.CUFFS,
        positions=by_hand.POSITIONS,
        at=f"{asked.now(request):{TIME_FORMAT}}",
        entry=uuid.uuid4().hex,
    )


routes = [
    Route("/measure/hand", show, methods=["GET"]),
    Route("/measure/hand", keep, methods=["POST"]),
]
