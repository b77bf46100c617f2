"""Every session, with what was rated right before and right after it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from matwise.practice import measure, say
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
        f"{names[scale]}: {say.change(one.before[scale].value_0_10, one.after[scale].value_0_10)}"
        for scale in one.changes
    )
    ended = None
    if kept.ended_at is not None:
        ended = f"{round(kept.minutes or 0)} of {kept.planned_minutes} minutes"
    on = f"{kept.started_at:%a} {kept.started_at.day} {kept.started_at:%b, %H:%M}"
    return Row(kept.id, on, f"{say.words().arm[kept.arm]}, {say.words().placement[kept.placement]}", ended, changes)


routes = [Route("/measure/sessions", show, methods=["GET"])]
