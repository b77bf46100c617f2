"""What sessions do right away: each person's own change, a picture, a sentence and a table for everything measured."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from starlette.requests import Request
from starlette.responses import Response as Reply
from starlette.routing import Route

from matwise.sentence import Sentence
from matwise.web import asked
from matwise.web.page import page
from matwise.web.response_picture import ResponsePicture, response_picture

if TYPE_CHECKING:
    from matwise.practice.response import ArmResponse, Response

ARMS = ("mat", "rest", "breath")
KINDS = {
    "mat": Sentence("Mat sessions"),
    "rest": Sentence("Rest sessions"),
    "breath": Sentence("Breathing sessions"),
}
FELL = Sentence("{kind}: over {number} sessions it fell by {by} on average; with 95 % certainty by {low} to {high}.")
ROSE = Sentence("{kind}: over {number} sessions it rose by {by} on average; with 95 % certainty by {low} to {high}.")
TOO_FEW_ONE = Sentence("{kind}: 1 is measured before and after. That is too few for a mean; it needs at least {least}.")
TOO_FEW = Sentence(
    "{kind}: {number} are measured before and after. That is too few for a mean; it needs at least {least}."
)
UNSURE = Sentence(
    "{kind}: over {number} sessions it moved by {mean} on average; with 95 % certainty the mean lies between {low} and"
    " {high}, so up and down are both possible."
)
OF_UNIT = Sentence("{value} {unit}")


@dataclass(frozen=True, slots=True)
class Row:
    """One session of the table."""

    at: datetime
    arm: str
    before: str
    after: str
    change: str


@dataclass(frozen=True, slots=True)
class Shown:
    """One thing that was rated or measured, on the page."""

    id: str
    name: str
    unit: str
    value_unit: str
    picture: ResponsePicture
    sentences: tuple[str, ...]
    rows: tuple[Row, ...]


def show(request: Request) -> Reply:
    """Everything that was rated or measured before and after sessions."""
    from matwise.practice.response import responses

    shown = tuple(_shown(one) for one in responses(asked.database(request)))
    return page(request, "measure/response.html", shown=shown, kinds=KINDS)


def _shown(told: Response) -> Shown:
    from matwise.trial.measured import changed

    in_order = sorted(told.arms, key=lambda one: ARMS.index(one.arm))
    picture = response_picture(
        [(one.arm, [changed(pair, in_percent=told.in_percent) for pair in one.pairs], one.moved) for one in in_order]
    )
    digits = 0 if told.in_percent else max(1, told.decimals)
    rows = [
        Row(
            pair.at,
            one.arm,
            _figure(pair.before, told.decimals),
            _figure(pair.after, told.decimals),
            _signed(changed(pair, in_percent=told.in_percent), digits if told.in_percent else told.decimals),
        )
        for one in in_order
        for pair in one.pairs
    ]
    rows.sort(key=lambda row: row.at, reverse=True)
    sentences = tuple(_said(told, one, digits) for one in in_order)
    return Shown(told.id, told.name, told.unit, told.value_unit, picture, sentences, tuple(rows))


def _said(told: Response, one: ArmResponse, digits: int) -> str:
    from matwise.trial.acute import FEWEST_FOR_CHANGE

    kind, number = KINDS[one.arm], len(one.pairs)
    mean, low, high = one.moved.mean, one.moved.low, one.moved.high
    if mean is None or low is None or high is None:
        return (TOO_FEW_ONE if number == 1 else TOO_FEW).format(kind=kind, number=number, least=FEWEST_FOR_CHANGE)

    def of_unit(figure: str) -> str:
        return OF_UNIT.format(value=figure, unit=told.unit)

    if low < 0 < high:
        ends = (of_unit(_signed(one_end, digits)) for one_end in (mean, low, high))
        return UNSURE.format(kind=kind, number=number, **dict(zip(("mean", "low", "high"), ends, strict=True)))
    nearer, further = sorted((abs(low), abs(high)))
    return (FELL if mean < 0 else ROSE).format(
        kind=kind,
        number=number,
        by=of_unit(_figure(abs(mean), digits)),
        low=_figure(nearer, digits),
        high=of_unit(_figure(further, digits)),
    )


def _figure(value: float, digits: int) -> Sentence:
    return Sentence(f"{{value:.{digits}f}}", value=value)


def _signed(value: float, digits: int) -> str:
    rounded = round(value, digits)
    return Sentence(f"{{value:+.{digits}f}}", value=rounded) if rounded else "0"


routes = [Route("/measure/response", show, methods=["GET"])]
