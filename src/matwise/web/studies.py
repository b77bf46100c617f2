"""Everything that studies of mats report, what may be pooled, and where they contradict themselves."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from matwise.practice import studies as practice
from matwise.practice.studies_words import contradiction, ends_of, figures, figures_of, said_together, together
from matwise.sentence import Sentence
from matwise.web.forest_picture import ForestPicture, Line, forest_picture
from matwise.web.page import page

if TYPE_CHECKING:
    from matwise.practice.studies import Question

TOGETHER = Sentence("Together")


@dataclass(frozen=True, slots=True)
class Shown:
    """One outcome against one comparator, on the page."""

    question: Question
    picture: ForestPicture
    lines: tuple[Line, ...]
    sentences: tuple[str, ...]


def show(request: Request) -> Response:
    """The page for those who want everything."""
    shown = tuple(_shown(one) for one in practice.questions())
    return page(
        request,
        "explain/studies.html",
        shown=shown,
        results=[one for one in practice.results() if one.on_mat],
        related=[one for one in practice.results() if not one.on_mat],
        contradictions=[contradiction(one) for one in practice.contradictions()],
    )


def _shown(question: Question) -> Shown:
    lines = [
        Line(one.result.study, figures_of(one.effect), one.effect.value, *ends_of(one.effect), _weight(question, place))
        for place, one in enumerate(question.derived)
        if one.effect is not None
    ]
    told = together(question)
    if told is not None:
        lines.append(Line(TOGETHER, figures(*told), *told, None))
    return Shown(question, forest_picture(lines), tuple(lines), said_together(question))


def _weight(question: Question, place: int) -> float:
    """Of a study that stands alone all of it."""
    used = [one for one in question.derived if one.effect is not None]
    if question.pooled is None:
        return 1.0
    return float(question.pooled.weights[used.index(question.derived[place])])


routes = [Route("/explain/studies", show)]
