"""What was brought in together and can be undone together: a file, a strap's recording, an entry by hand."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, RowMapping, delete, insert, select, update

from matwise.store.entry import check_ids, check_text
from matwise.store.instant import instant, instant_columns, instant_or_none
from matwise.store.refusal import ConflictError, NotKeptError
from matwise.store.tables import imports, readings, recordings


class Kind(StrEnum):
    """Where it came from."""

    FILE = "file"
    STRAP = "strap"
    HAND = "hand"


class State(StrEnum):
    """How far it is."""

    RUNNING = "running"
    PAUSED = "paused"
    DONE = "done"
    UNDONE = "undone"


LONGEST_NAME = 255  # characters: no file system has longer ones
AT_WORK = frozenset({State.RUNNING, State.PAUSED})


@dataclass(frozen=True, slots=True)
class KeptImport:
    """One import. `report` is what its makers want to know of it, as JSON can say it; `position` where it goes on."""

    id: str
    person: str
    kind: Kind
    maker: str
    begun_at: datetime
    file_name: str | None = None
    sha256: str | None = None
    state: State = State.RUNNING
    position: int = 0
    ended_at: datetime | None = None
    report: Mapping[str, Any] | None = None


def begin(c: Connection, begun: KeptImport) -> KeptImport:
    """Keep that an import begins; the same id again gives the one that is kept.

    Raises:
        InvalidInputError: names everything that can't be kept.
        ConflictError: the id came before with another file.
    """
    check_ids(person=begun.person, import_id=begun.id, maker=begun.maker)
    if begun.file_name is not None:
        check_text("file name", begun.file_name, LONGEST_NAME)
    known = find(c, begun.person, begun.id)
    if known is not None:
        if (known.kind, known.maker, known.sha256) != (begun.kind, begun.maker, begun.sha256):
            raise ConflictError(f"The import {begun.id!r} was begun with another file before. Begin it with a new id.")
        return known
    c.execute(
        insert(imports).values(
            id=begun.id,
            person=begun.person,
            kind=begun.kind.value,
            maker=begun.maker,
            file_name=begun.file_name or None,
            sha256=begun.sha256,
            state=begun.state.value,
            position=begun.position,
            report=_as_json(begun.report),
            **instant_columns("begun", begun.begun_at),
            **instant_columns("ended", begun.ended_at),
        )
    )
    return begun


def advance(c: Connection, person: str, import_id: str, position: int, report: Mapping[str, Any]) -> None:
    """Keep how far an import has come; in the same transaction as what was brought in up to there.

    Raises:
        NotKeptError: there is no such import.
        ConflictError: it was paused, ended or undone meanwhile.
    """
    _change(c, person, import_id, {State.RUNNING}, position=position, report=_as_json(report))


def pause(c: Connection, person: str, import_id: str) -> None:
    """Let an import wait; what was brought in stays.

    Raises:
        NotKeptError, ConflictError: see `advance`.
    """
    _change(c, person, import_id, AT_WORK, state=State.PAUSED.value)


def go_on(c: Connection, person: str, import_id: str) -> None:
    """Let a paused import go on.

    Raises:
        NotKeptError, ConflictError: see `advance`.
    """
    _change(c, person, import_id, AT_WORK, state=State.RUNNING.value)


def end(c: Connection, person: str, import_id: str, at: datetime) -> None:
    """Keep that all of it was brought in.

    Raises:
        NotKeptError, ConflictError: see `advance`.
    """
    _change(c, person, import_id, AT_WORK, state=State.DONE.value, **instant_columns("ended", at))


def undo(c: Connection, person: str, import_id: str, at: datetime) -> int:
    """Take everything out again that an import brought in; gives how many readings and recordings that were.

    That it was there stays on record. Undoing again does nothing.

    Raises:
        NotKeptError: there is no such import.
    """
    kept = find(c, person, import_id)
    if kept is None:
        raise NotKeptError("import", import_id)
    if kept.state is State.UNDONE:
        return 0
    counts = c.execute(select(readings.c.count).where(readings.c.import_id == import_id)).scalars().all()
    c.execute(delete(readings).where(readings.c.import_id == import_id))
    beats = c.execute(delete(recordings).where(recordings.c.import_id == import_id)).rowcount
    _change(c, person, import_id, set(State), state=State.UNDONE.value, position=0, **instant_columns("ended", at))
    return int(sum(counts) + beats)


def find(c: Connection, person: str, import_id: str) -> KeptImport | None:
    """One import of a person, or None."""
    row = c.execute(select(imports).where(imports.c.id == import_id, imports.c.person == person)).mappings().first()
    return None if row is None else _kept(row)


def all_of(c: Connection, person: str) -> tuple[KeptImport, ...]:
    """Every import of a person, in the order they were begun."""
    wanted = select(imports).where(imports.c.person == person).order_by(imports.c.seq)
    return tuple(_kept(row) for row in c.execute(wanted).mappings())


def _change(c: Connection, person: str, import_id: str, states: set[State] | frozenset[State], **to: Any) -> None:  # noqa: ANN401 – columns of the table
    kept = find(c, person, import_id)
    if kept is None:
        raise NotKeptError("import", import_id)
    if kept.state not in states:
        raise ConflictError(f"The import {import_id!r} is {kept.state} by now.")
    c.execute(update(imports).where(imports.c.id == import_id, imports.c.person == person).values(**to))


def _as_json(report: Mapping[str, Any] | None) -> str:
    return json.dumps(report or {}, ensure_ascii=False, allow_nan=False, sort_keys=True)


def _kept(row: RowMapping) -> KeptImport:
    return KeptImport(
        id=row["id"],
        person=row["person"],
        kind=Kind(row["kind"]),
        maker=row["maker"],
        begun_at=instant(row, "begun"),
        file_name=row["file_name"],
        sha256=row["sha256"],
        state=State(row["state"]),
        position=row["position"],
        ended_at=instant_or_none(row, "ended"),
        report=json.loads(row["report"]),
    )
