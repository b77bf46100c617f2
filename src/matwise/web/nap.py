"""What a chest strap says of a nap: a recording goes in, an estimate comes out, the person corrects it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from matwise.errors import InvalidInputError, Problem
from matwise.practice import guide
from matwise.practice import nap as practice
from matwise.sentence import Sentence
from matwise.web import asked
from matwise.web.page import page

if TYPE_CHECKING:
    from matwise.practice.nap import Nap
    from matwise.store.sessions import KeptSession

WIDTH, HEIGHT = 600.0, 120.0


@dataclass(frozen=True, slots=True)
class Bar:
    """One half minute of the picture: its place in it, and the chance of sleep in percent."""

    x: float
    y: float
    width: float
    height: float
    percent: int


def show(request: Request) -> Response:
    """Ask for the recording."""
    kept = guide.find(asked.database(request), request.path_params["session"])
    if kept.ended_at is None:
        return RedirectResponse(f"/guide/{kept.id}", 303)
    return _page(request, kept, "", "0")


def estimate(request: Request) -> Response:
    """Say what the recording speaks for; what was pasted stays where it was pasted, and is not kept."""
    db, form = asked.database(request), asked.form(request)
    kept = guide.find(db, request.path_params["session"])
    recording, begins_min = form.one("recording"), form.one("begins_min", "0")
    try:
        if chosen := form.one("kept"):
            found = practice.estimate_from(db, kept.id, chosen)
        else:
            found = practice.estimate(db, kept.id, recording, 60 * _minutes(begins_min))
    except InvalidInputError as error:
        return _page(request, kept, recording, begins_min, problems=tuple(map(str, error.problems)), status=422)
    return _page(request, kept, recording, begins_min, found=found)


def _minutes(typed: str) -> float:
    try:
        return float(typed.strip().replace(",", ".").replace("−", "-") or 0)
    except ValueError:
        raise InvalidInputError(Problem("begins", ascii(typed)[:40], Sentence("minutes, such as 0 or -5"))) from None


def _page(
    request: Request,
    kept: KeptSession,
    recording: str,
    begins_min: str,
    *,
    found: Nap | None = None,
    problems: tuple[str, ...] = (),
    status: int = 200,
) -> Response:
    return page(
        request,
        "guide/nap.html",
        status,
        session=kept,
        recordings=practice.recordings_of(asked.database(request), kept.id),
        recording=recording,
        begins_min=begins_min,
        problems=problems,
        sentence=None if found is None else practice.told(found),
        probably=None if found is None else round(found.minutes) if found.p_nap >= 0.5 else 0,
        bars=() if found is None else bars(found.p_asleep),
        minutes=None if found is None else len(found.p_asleep) / 2,
    )


def bars(p_asleep: tuple[float, ...]) -> tuple[Bar, ...]:
    """The chance of sleep through the session as bars, each half minute one."""
    wide = WIDTH / max(1, len(p_asleep))
    return tuple(
        Bar(round(n * wide, 1), round(HEIGHT * (1 - p), 1), round(wide, 1), round(HEIGHT * p, 1), round(100 * p))
        for n, p in enumerate(p_asleep)
    )


routes = [
    Route("/guide/{session}/nap", show, methods=["GET"]),
    Route("/guide/{session}/nap", estimate, methods=["POST"]),
]
