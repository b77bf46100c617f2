"""Recordings of beats: what each of them says, and where it says nothing, why."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from matwise.practice.variability_words import NAMES, told
from matwise.web import asked
from matwise.web.page import page

if TYPE_CHECKING:
    from matwise.measures.heart_rate_variability import Variability
    from matwise.practice.recordings import Heard
    from matwise.store.recordings import KeptRecording


@dataclass(frozen=True, slots=True)
class Line:
    """One figure of a recording: what it is called, and what it is or why it is not shown."""

    name: str
    told: str
    shown: bool


@dataclass(frozen=True, slots=True)
class Shown:
    """A recording on the page."""

    recording: KeptRecording
    minutes: float
    beats: int
    artefacts_percent: float
    window_s: float | None
    lines: tuple[Line, ...]
    cautions: tuple[str, ...]


def show(request: Request) -> Response:
    """The latest recordings."""
    from matwise.practice import by_hand, recordings

    shown = tuple(_shown(one) for one in recordings.latest(asked.database(request)))
    return page(request, "measure/recordings.html", shown=shown, most=recordings.MOST, sources=by_hand.SOURCES)


def _shown(one: Heard) -> Shown:
    said = one.variability
    return Shown(
        one.recording,
        said.duration_s / 60,
        said.beats,
        100 * said.artefact_share,
        said.window_s,
        lines(said),
        said.cautions,
    )


def lines(said: Variability) -> tuple[Line, ...]:
    """Every figure of a recording, as its table has them."""
    return tuple(Line(NAMES[name], told(one), shown=one.value is not None) for name, one in said.figures.items())


routes = [Route("/measure/recordings", show, methods=["GET"])]
