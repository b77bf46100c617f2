"""Every session, with what was rated right before and right after it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from matwise.practice import measure, say
from matwise.sentence import Sentence
from matwise.web import asked
from matwise.web.field import short_name
from matwise.web.page import page

if TYPE_CHECKING:
    from matwise.practice.measure import SessionRatings

SHOWN = 60  # two months of daily sessions; all of them are in the export


@dataclass(frozen=True, slots=True)
class Row:
    """One session: when, what it was, how it ended (None: not yet), and how each rating moved."""

    id: str
    when: str
    what: str
    ended: str | None
    changes: tuple[str, ...]


def show(request: Request) -> Response:
    """The sessions, newest first."""
    db = asked.database(request)
    names = {one.id: short_name(one) for one in measure.scales_ever(db)}
    rows = [_row(one, names) for one in reversed(measure.of_sessions(db))]
    return page(request, "measure/sessions.html", rows=rows[:SHOWN], count=len(rows))


def _row(one: SessionRatings, names: dict[str, str]) -> Row:
    kept = one.session
    changes = tuple(
        Sentence("{scale}: {change}").format(
            scale=names[scale], change=say.change(one.before[scale].value_0_10, one.after[scale].value_0_10)
        )
        for scale in one.changes
    )
    ended = None
    if kept.ended_at is not None:
        ended = Sentence("{done} of {planned} minutes").format(
            done=round(kept.minutes or 0), planned=kept.planned_minutes
        )
    on = Sentence("{day:weekday}, {time}").format(day=kept.started_at.date(), time=f"{kept.started_at:%H:%M}")
    what = Sentence.joined((say.words().arm[kept.arm], say.words().placement[kept.placement]), ", ")
    return Row(kept.id, on, what, ended, changes)


routes = [Route("/measure/sessions", show, methods=["GET"])]
