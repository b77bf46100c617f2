"""Sessions: what was begun, how it ended, and what the person said of it."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import IntEnum
from typing import Any

import msgspec
from sqlalchemy import Connection, RowMapping, insert, select, update

from matwise.errors import InvalidInputError, Problem
from matwise.plan.rung import Effort, SkinNextDay
from matwise.screening.gate import AdverseReport
from matwise.screening.limits import Base, Layer, Placement
from matwise.screening.reaction import (
    reaction_to_dizziness,
    reaction_to_pain,
    reaction_to_skin,
    reaction_to_stop,
)
from matwise.store.entry import check_ids
from matwise.store.instant import instant, instant_columns, instant_or_none
from matwise.store.refusal import ConflictError, NotKeptError
from matwise.store.tables import session_reports, sessions
from matwise.trial.design import Arm

LONGEST_MINUTES = 1440  # a day; no clock that runs right makes a session longer


@dataclass(frozen=True, slots=True)
class KeptSession:
    """One session. None means "not answered" or "not yet", never "fine".

    `content` is what was chosen to be heard, as JSON. `day` is the local day it began on, assigned once. `completed` is
    whether it went to its end. `skin_later` is how the skin looked when it was looked at again, `skin_day` the day of
    the latest look. `nap_minutes` is how long they slept, `awake_at_s` when in the sound they said they were awake.
    """

    id: str
    person: str
    arm: Arm
    rung: int
    routine: str | None
    placement: Placement
    layer: Layer
    base: Base
    planned_minutes: int
    started_at: datetime
    day: date
    content: str = "{}"
    ended_at: datetime | None = None
    minutes: float | None = None
    completed: bool | None = None
    stop_reason: str | None = None
    worst_pain_0_10: int | None = None
    dizzy: bool | None = None
    dozed: bool | None = None
    warmth: bool | None = None
    tingling: bool | None = None
    itch: bool | None = None
    skin_next_day: SkinNextDay | None = None
    skin_later: SkinNextDay | None = None
    skin_day: date | None = None
    nap_minutes: float | None = None
    awake_at_s: float | None = None

    @property
    def skin(self) -> SkinNextDay | None:
        """How the skin was when it was last looked at."""
        return self.skin_next_day if self.skin_later is None else self.skin_later


def begin(c: Connection, session: KeptSession) -> KeptSession:
    """Keep that a session began; the same again gives the one that is kept, with the moment it first began.

    Raises:
        ConflictError: the id came before with another session.
    """
    check_ids(session_id=session.id, person=session.person, placement=session.placement.value)
    known = _row(c, session.id)
    if known is not None:
        kept = _kept(known)
        if _plan(kept) != _plan(session):
            raise ConflictError(f"The session {session.id!r} was begun differently before. Start one with a new id.")
        return kept
    c.execute(
        insert(sessions).values(
            id=session.id,
            day=session.day.isoformat(),
            **_plan(session),
            **instant_columns("started", session.started_at),
        )
    )
    return _found(c, session.id)


def report(c: Connection, session_id: str, at: datetime, **told: object) -> KeptSession:
    """Keep what a person says of a session; every word stays on record, the latest counts.

    The first end counts: `ended_at`, `minutes` and `completed` come together, and coming again change nothing.

    Raises:
        NotKeptError: there is no such session.
        InvalidInputError: names every field and value that can't be reported.
    """
    row = _found_row(c, session_id)
    problems = [problem for field, value in told.items() if (problem := _problem(field, value))]
    if not problems and 0 < len(_END & told.keys()) < len(_END):
        problems = [Problem("end of the session", ", ".join(_END & told.keys()), "ended_at, minutes and completed")]
    if problems:
        raise InvalidInputError(*problems)
    ended = row["ended_utc"] is not None
    columns: dict[str, Any] = {}
    for field, value in told.items():
        if not (ended and field in _END):
            columns |= _columns(field, value)
    if columns.keys() & {"skin_next_day", "skin_later"}:
        columns["skin_day"] = at.date().isoformat()
    news = {column: value for column, value in columns.items() if row[column] != value}
    if news:
        c.execute(update(sessions).where(sessions.c.id == session_id).values(**news))
        said = [column for column in news if not column.endswith("_offset_min") and column != "skin_day"]
        shared = {"session_id": session_id, "person": row["person"], "day": at.date().isoformat()}
        shared |= instant_columns("at", at)
        if said:
            c.execute(insert(session_reports), [{"field": field, "told": str(news[field]), **shared} for field in said])
    return _found(c, session_id)


def find(c: Connection, person: str, session_id: str) -> KeptSession | None:
    """One session of a person; None if there is none of this id."""
    row = _row(c, session_id)
    return _kept(row) if row is not None and row["person"] == person else None


def all_of(c: Connection, person: str) -> tuple[KeptSession, ...]:
    """Every session of a person, in the order they were begun."""
    rows = c.execute(select(sessions).where(sessions.c.person == person).order_by(sessions.c.seq))
    return tuple(_kept(row) for row in rows.mappings())


def efforts(c: Connection, person: str) -> tuple[Effort, ...]:
    """Every session on the mat that has ended, as the plan sees it, in the order they were begun."""
    return tuple(_effort(kept) for kept in all_of(c, person) if kept.arm is Arm.MAT and kept.ended_at is not None)


def adverse_reports(c: Connection, person: str) -> tuple[AdverseReport, ...]:
    """Every bad reaction of a person, oldest first: one for each session and day it was told on.

    What a person takes back ("the 10 was a slip") does not count; a warning sign given as the reason to stop
    always does.
    """
    wanted = select(session_reports).where(
        session_reports.c.person == person, session_reports.c.field.in_(("stop_reason", *_SIGNS))
    )
    counts: dict[tuple[str, str], RowMapping] = {}
    for row in c.execute(wanted.order_by(session_reports.c.seq)).mappings():
        field = f"stop {row['told']}" if row["field"] == "stop_reason" else row["field"]
        counts[row["session_id"], field] = row
    signs: dict[tuple[date, str], list[str]] = {}
    for row in counts.values():
        sign = reaction_to_stop(row["told"]) if row["field"] == "stop_reason" else _SIGNS[row["field"]](row["told"])
        if sign:
            signs.setdefault((date.fromisoformat(row["day"]), row["session_id"]), []).append(sign)
    return tuple(AdverseReport(on, ", ".join(dict.fromkeys(what))) for (on, _), what in sorted(signs.items()))


_SIGNS: Mapping[str, Callable[[str], str | None]] = {
    "dizzy": lambda told: reaction_to_dizziness(dizzy=told == "1"),
    "worst_pain_0_10": lambda told: reaction_to_pain(int(told)),
    "skin_next_day": lambda told: reaction_to_skin(broken=int(told) == SkinNextDay.BRUISED_OR_BROKEN),
    "skin_later": lambda told: reaction_to_skin(broken=int(told) == SkinNextDay.BRUISED_OR_BROKEN),
}

_END = frozenset({"ended_at", "minutes", "completed"})
_YES_NO = ("dizzy", "dozed", "warmth", "tingling", "itch")


def _problem(field: str, value: object) -> Problem | None:
    if field not in _WANTED:
        return Problem("field", ascii(field), "one of " + ", ".join(_WANTED))
    is_right, want = _WANTED[field]
    return None if is_right(value) else Problem(field, ascii(value)[:80], want)


def _is_rating(value: object) -> bool:
    return type(value) is int and 0 <= value <= 10


def _is_yes_no(value: object) -> bool:
    return isinstance(value, bool)


def _is_minutes(value: object) -> bool:
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return False
    return math.isfinite(value) and 0 <= value <= LONGEST_MINUTES


def _is_moment_in_it(value: object) -> bool:
    return _is_minutes(value / 60) if isinstance(value, (int, float)) and not isinstance(value, bool) else False


def _is_reason(value: object) -> bool:
    return isinstance(value, str) and 0 < len(value) <= 64 and value.isascii() and value.isidentifier()


def _is_moment(value: object) -> bool:
    return isinstance(value, datetime) and value.utcoffset() is not None


_WANTED: Mapping[str, tuple[Callable[[object], bool], str]] = {
    "ended_at": (_is_moment, "a moment with its time zone"),
    "minutes": (_is_minutes, f"minutes from 0 to {LONGEST_MINUTES}"),
    "completed": (_is_yes_no, "yes or no"),
    "stop_reason": (_is_reason, "the id of a reason to stop"),
    "worst_pain_0_10": (_is_rating, "a whole number from 0 to 10"),
    "nap_minutes": (_is_minutes, f"minutes from 0 to {LONGEST_MINUTES}"),
    "awake_at_s": (_is_moment_in_it, "seconds from the start of the sound, from 0 to 86400"),
    **dict.fromkeys(_YES_NO, (_is_yes_no, "yes or no")),
    **dict.fromkeys(
        ("skin_next_day", "skin_later"),
        (lambda value: isinstance(value, SkinNextDay), "fine, red, or bruised or broken"),
    ),
}


def _columns(field: str, value: Any) -> dict[str, Any]:  # noqa: ANN401 – checked by _WANTED
    if field == "ended_at":
        return instant_columns("ended", value)
    return {field: int(value) if isinstance(value, (bool, IntEnum)) else value}


def _plan(session: KeptSession) -> dict[str, Any]:
    return {
        "person": session.person,
        "arm": session.arm.value,
        "rung": session.rung,
        "routine": session.routine,
        "placement": session.placement.value,
        "layer": int(session.layer),
        "base": int(session.base),
        "planned_minutes": session.planned_minutes,
        "content": session.content,
    }


class _Length(msgspec.Struct):
    """The one thing of a session's content that the plan asks for: whether its length was the person's own."""

    minutes: int | None = None


def _effort(kept: KeptSession) -> Effort:
    return Effort(
        on=kept.day,
        rung=kept.rung,
        # "Finished" and then "I feel dizzy": whoever gave a reason to stop did not finish well.
        completed=bool(kept.completed) and kept.stop_reason is None,
        minutes=kept.minutes or 0.0,
        worst_pain_0_10=kept.worst_pain_0_10,
        dizzy=True if kept.stop_reason == "dizzy" else kept.dizzy,
        skin_next_day=kept.skin_next_day,
        skin_later=kept.skin_later,
        interrupted=kept.stop_reason == "interrupted",
        nap_minutes=kept.nap_minutes,
        shortened=msgspec.json.decode(kept.content, type=_Length).minutes is not None,
    )


def _row(c: Connection, session_id: str) -> RowMapping | None:
    return c.execute(select(sessions).where(sessions.c.id == session_id)).mappings().first()


def _found_row(c: Connection, session_id: str) -> RowMapping:
    row = _row(c, session_id)
    if row is None:
        raise NotKeptError("session", session_id)
    return row


def _found(c: Connection, session_id: str) -> KeptSession:
    return _kept(_found_row(c, session_id))


def _kept(row: RowMapping) -> KeptSession:
    return KeptSession(
        id=row["id"],
        person=row["person"],
        arm=Arm(row["arm"]),
        rung=row["rung"],
        routine=row["routine"],
        placement=Placement(row["placement"]),
        layer=Layer(row["layer"]),
        base=Base(row["base"]),
        planned_minutes=row["planned_minutes"],
        started_at=instant(row, "started"),
        day=date.fromisoformat(row["day"]),
        content=row["content"],
        ended_at=instant_or_none(row, "ended"),
        minutes=row["minutes"],
        completed=_yes_no(row["completed"]),
        stop_reason=row["stop_reason"],
        worst_pain_0_10=row["worst_pain_0_10"],
        skin_next_day=_skin(row["skin_next_day"]),
        skin_later=_skin(row["skin_later"]),
        skin_day=None if row["skin_day"] is None else date.fromisoformat(row["skin_day"]),
        nap_minutes=row["nap_minutes"],
        awake_at_s=row["awake_at_s"],
        **{field: _yes_no(row[field]) for field in _YES_NO},
    )


def _skin(value: int | None) -> SkinNextDay | None:
    return None if value is None else SkinNextDay(value)


def _yes_no(value: int | None) -> bool | None:
    return None if value is None else bool(value)
