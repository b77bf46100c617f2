"""Recordings of beats: what each of them says, and where it says nothing, why."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from matwise.sentence import Sentence
from matwise.web import asked
from matwise.web.page import page

if TYPE_CHECKING:
    from matwise.practice.recordings import Heard
    from matwise.store.recordings import KeptRecording

NAMES = {
    "rmssd": Sentence("RMSSD: how much one beat differs from the next"),
    "sdnn": Sentence("SDNN: how much all of them differ"),
    "pnn50": Sentence("pNN50: steps of more than 50 ms"),
    "heart_rate": Sentence("Mean heart rate"),
    "lf_power": Sentence("LF power: slow waves, 0.04 to 0.15 Hz"),
    "hf_power": Sentence("HF power: quick waves, 0.15 to 0.4 Hz"),
}
SHOWN_UNITS = {"ms": "ms", "%": "%", "/min": Sentence("per minute"), "ms2": "ms²"}
VALUE = Sentence("{value:.0f} {unit}")
FINE = Sentence("{value:.1f} {unit}")
SMALL = 10.0


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
    lines = []
    for name, figure in said.figures.items():
        if figure.value is None:
            lines.append(Line(NAMES[name], figure.why_not or "", shown=False))
        else:
            template = FINE if figure.value < SMALL else VALUE
            lines.append(
                Line(NAMES[name], template.format(value=figure.value, unit=SHOWN_UNITS[figure.unit]), shown=True)
            )
    return Shown(
        one.recording,
        said.duration_s / 60,
        said.beats,
        100 * said.artefact_share,
        said.window_s,
        tuple(lines),
        said.cautions,
    )


routes = [Route("/measure/recordings", show, methods=["GET"])]
