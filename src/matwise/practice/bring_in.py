"""Bring in what straps, cuffs and wearables measured: look first, bring in, let it wait, go on, take it out again."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, tzinfo
from typing import TYPE_CHECKING
from zoneinfo import available_timezones

from matwise.errors import InvalidInputError, Problem
from matwise.exchange.local_zone import known_zone, local_zone
from matwise.exchange.wearables import makers
from matwise.exchange.wearables.maker import Column, Found, ImportRejectedError, Maker, Position, Told
from matwise.exchange.wearables.opened import Opened, open_file
from matwise.measures.reading import Readings
from matwise.practice import by_hand, strap
from matwise.practice.heard_zone import Heard
from matwise.practice.import_tally import InStore, Tally, some_of, tally_of
from matwise.practice.person import ME
from matwise.sentence import Sentence
from matwise.store import imports, readings, recordings
from matwise.store.aside import aside
from matwise.store.imports import AT_WORK, KeptImport, Kind
from matwise.store.refusal import ConflictError, NotKeptError

if TYPE_CHECKING:
    from pathlib import Path

    import numpy as np
    from numpy.typing import NDArray

    from matwise.measures.reading import Recording, Rejected
    from matwise.store.database import Connection, Database

ENOUGH = 50_000  # readings in one transaction: written in a fraction of a second, and no more is lost by a crash
MOST = 200_000  # before the reader says how far it is: what waits in memory
FAR_ENOUGH = 16 << 20  # bytes of a file with little in it
A_ZONE = Sentence("a time zone such as Europe/Berlin")
A_MOMENT = Sentence("a moment such as 2027-01-04 21:30")
ELSEWHERE = Sentence("This file is being brought in by another window of Matwise.")

Progress = Callable[[int, int], None]
Stopped = Callable[[], bool]


@dataclass(frozen=True, slots=True)
class Said:
    """What a person says of a file: the zone of times without one, the moment of what has no date, its columns."""

    zone: str = "UTC"
    at: str = ""
    columns: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, eq=False)
class Preview:
    """What a file holds. `zone_counts`: it has times without a zone, so the one that was said decides."""

    maker: str
    name: str
    tally: Tally
    zone_counts: bool


@dataclass(frozen=True, slots=True)
class Look:
    """A file to import, and who made it."""

    opened: Opened
    maker: Maker


def open_for_import(path: Path, name: str | None = None) -> Look:
    """Open a file and find out who made it.

    Raises:
        ImportRejectedError: it can't be imported; says what can.
    """
    opened = open_file(path, name)
    return Look(opened, makers.recognise(opened))


def preview(
    db: Database,
    look: Look,
    said: Said,
    now: datetime,
    progress: Progress | None = None,
    stopped: Stopped = lambda: False,
) -> Preview | None:
    """Read the whole file and count what would come in; nothing is written. None if it was stopped.

    Raises:
        ImportRejectedError: it can't be read.
        InvalidInputError: what was said of it can't be meant.
    """
    told = told_of(said)
    zone = Heard(told.zone)
    tally = Tally()
    with db.read() as c, aside() as apart:
        trial = _Trial(c, apart)
        for found in look.maker.read(look.opened, replace(told, zone=zone)):
            if stopped():
                return None
            if not isinstance(found, Position):
                tally.take(found, now, trial)
            elif progress is not None:
                progress(found.done, found.total)
    return Preview(look.maker.NAME, look.opened.name, tally, zone.heard)


def columns_of(look: Look) -> tuple[Column, ...]:
    """The columns of a table that nobody knows; none for a file that says itself what is in it."""
    told = getattr(look.maker, "columns_of", None)
    return told(look.opened) if told is not None else ()


def chosen_columns(chosen: Iterable[tuple[str, str]]) -> dict[str, str]:
    """What a person says of columns, as `Said` has it.

    Args:
        chosen: the name of each column and what it holds: "at" for moments, the id of a measure, or nothing.

    Raises:
        InvalidInputError: two columns are said to hold the same.
    """
    columns: dict[str, str] = {}
    for name, holds in chosen:
        if holds in columns:
            got = Sentence("{first} and {second}", first=repr(columns[holds]), second=repr(name))
            raise InvalidInputError(Problem(holds, got, Sentence("one column")))
        if holds:
            columns[holds] = name
    return columns


def begin(db: Database, import_id: str, look: Look, sha256: str, said: Said, now: datetime) -> KeptImport:
    """Keep that a file will be brought in.

    Raises:
        InvalidInputError: what was said of it can't be meant.
        ConflictError: the id was used for another file.
    """
    told_of(said)
    report = {"said": {"zone": said.zone, "at": said.at, "columns": dict(said.columns)}, "since": 0}
    name = look.opened.name[-imports.LONGEST_NAME :]
    begun = KeptImport(import_id, ME, Kind.FILE, look.maker.ID, now, name, sha256, report=report)
    return db.write(lambda c: imports.begin(c, begun))


def bring(
    db: Database,
    import_id: str,
    look: Look,
    clock: Callable[[], datetime],
    progress: Progress | None = None,
    stopped: Stopped = lambda: False,
) -> KeptImport:
    """Bring a file in from where it stopped, and give it as it is kept then: done, or paused where it was stopped.

    Whatever happens, what is kept is whole up to some place in the file, and going on begins there.

    Raises:
        ImportRejectedError: the file can't be read, or is another one than before.
        ConflictError: it was undone meanwhile, or goes on elsewhere.
        StorageError: the disk refused.
    """
    db.write(lambda c: imports.go_on(c, ME, import_id))
    kept = find(db, import_id)
    bringing = _Bringing(db, kept, clock())
    told = replace(told_of(said_of(kept)), from_position=kept.position)
    if kept.maker != look.maker.ID:
        raise ImportRejectedError(Problem(look.opened.name, look.maker.NAME, Sentence("the file that was begun")))
    try:
        for found in _rest(look.maker.read(look.opened, told), kept.position, bringing.since):
            bringing.add(found)
            if progress is not None and isinstance(found, Position):
                progress(found.done, found.total)
            if stopped():
                bringing.commit()
                db.write(lambda c: imports.pause(c, ME, import_id))
                return find(db, import_id)
        bringing.commit()
    except ImportRejectedError:
        db.write(lambda c: imports.pause(c, ME, import_id))
        raise
    db.write(lambda c: imports.end(c, ME, import_id, clock()))
    return find(db, import_id)


def pause(db: Database, import_id: str) -> None:
    """Let an import wait that nobody brings in any more.

    Raises:
        NotKeptError, ConflictError: there is none, or it is done.
    """
    db.write(lambda c: imports.pause(c, ME, import_id))


def undo(db: Database, import_id: str, now: datetime) -> int:
    """Take everything out again that one import brought in; gives how many readings and recordings that were.

    Raises:
        NotKeptError: there is no such import.
    """
    return db.write(lambda c: imports.undo(c, ME, import_id, now))


def find(db: Database, import_id: str) -> KeptImport:
    """One import.

    Raises:
        NotKeptError: there is none of this id.
    """
    with db.read() as c:
        kept = imports.find(c, ME, import_id)
    if kept is None:
        raise NotKeptError("import", import_id)
    return kept


def all_of(db: Database) -> tuple[KeptImport, ...]:
    """Every import, the latest first."""
    with db.read() as c:
        return tuple(reversed(imports.all_of(c, ME)))


def usual_zone() -> str:
    """The zone of this machine, by its name."""
    return local_zone(os.environ)


def zones() -> tuple[str, ...]:
    """Every zone that has a name."""
    return tuple(sorted(available_timezones()))


def maker_names() -> tuple[str, ...]:
    """What can be imported."""
    return tuple(one.NAME for one in makers.MAKERS)


def maker_name(kept: KeptImport) -> str:
    """Who made what was brought in."""
    names = {one.ID: one.NAME for one in makers.MAKERS} | {by_hand.MAKER: by_hand.NAME, strap.MAKER: strap.NAME}
    return names.get(kept.maker, kept.maker)


def unfinished(db: Database, sha256: str) -> KeptImport | None:
    """The import of this very file that waits to go on, if there is one."""
    return next((one for one in all_of(db) if one.sha256 == sha256 and one.state in AT_WORK), None)


def counts(kept: KeptImport) -> Tally:
    """What became of everything that an import told so far."""
    return tally_of((kept.report or {}).get("tally", {}))


def said_of(kept: KeptImport) -> Said:
    """What the person said of the file when it was begun."""
    said = (kept.report or {}).get("said", {})
    return Said(said.get("zone", "UTC"), said.get("at", ""), said.get("columns", {}))


def told_of(said: Said) -> Told:
    """What was said, as the readers of files want it.

    Raises:
        InvalidInputError: it can't be meant.
    """
    zone, at = _zone(said.zone), None
    if said.at.strip():
        try:
            at = datetime.fromisoformat(said.at.strip())
        except ValueError:
            raise InvalidInputError(Problem("at", ascii(said.at)[:60], A_MOMENT)) from None
        at = at.replace(tzinfo=zone) if at.tzinfo is None else at
    return Told(zone, at, said.columns)


def _zone(name: str) -> tzinfo:
    zone = UTC if name == "UTC" else known_zone(name)
    if zone is None:
        raise InvalidInputError(Problem("zone", ascii(name)[:60], A_ZONE))
    return zone


def _rest(found: Iterator[Found], position: int, since: int) -> Iterator[Found]:
    """What was not brought in yet, whether the reader went on from the position it was told or began at the beginning.

    Args:
        found: what the reader tells.
        position: up to there everything is in.
        since: how much of what was told after it is in as well.
    """
    if position == 0:
        for one in found:
            if since and not isinstance(one, Position):
                since -= 1
                continue
            yield one
        return
    waiting: list[Found] = []
    for one in found:
        if not isinstance(one, Position):
            waiting.append(one)
        elif one.done > position:
            waiting.append(one)
            break
        else:
            waiting.clear()  # it began at the beginning, and all of this is in
    yield from waiting[since:]
    yield from found


class _Bringing:
    """Brings in what a reader tells, so much at a time that each part is kept whole with the place it ends at."""

    def __init__(self, db: Database, kept: KeptImport, now: datetime) -> None:
        self.position = kept.position
        self.since = int((kept.report or {}).get("since", 0))
        self._db, self._kept, self._now = db, kept, now
        self._tally = counts(kept)
        self._waiting: list[Readings | Recording | Rejected] = []
        self._size = 0
        self._written = (self.position, self.since)

    def add(self, found: Found) -> None:
        """Take one thing, and write where that is enough."""
        if isinstance(found, Position):
            if found.done > self.position:
                self.position, self.since = found.done, 0
            if self._size >= ENOUGH or self.position - self._written[0] >= FAR_ENOUGH:
                self.commit()
            return
        self._waiting.append(found)
        self.since += 1
        self._size += found.at_ms.size if isinstance(found, Readings) else 1
        if self._size >= MOST:
            self.commit()

    def commit(self) -> None:
        """Write what waits, with the place it ends at."""
        if (self.position, self.since) != self._written:
            self._db.write(self._write)
            self._written = (self.position, self.since)
            self._waiting, self._size = [], 0

    def _write(self, c: Connection) -> None:
        kept = imports.find(c, ME, self._kept.id)
        if kept is None or (kept.position, (kept.report or {}).get("since", 0)) != self._written:
            raise ConflictError(ELSEWHERE)
        for one in self._waiting:
            self._tally.take(one, self._now, InStore(c, self._kept.id))
        report = {**(self._kept.report or {}), "since": self.since, "tally": self._tally.as_json()}
        imports.advance(c, ME, self._kept.id, self.position, report)


@dataclass(frozen=True, slots=True)
class _Trial:
    """Keeps apart what is not in the store, so that what a file says twice counts once here as well."""

    c: Connection
    apart: Connection

    def readings(self, told: Readings, doubtful: NDArray[np.bool_]) -> readings.Told:
        in_store = readings.look(self.c, ME, told)
        new = in_store.new
        here = readings.keep(self.apart, ME, "preview", some_of(told, new), doubtful[new])
        where = new.nonzero()[0]
        in_store.known[where], in_store.differing[where] = here.known, here.differing
        in_store.new[where] = here.new
        return in_store

    def recording(self, told: Recording) -> bool:
        new = not recordings.is_known(self.c, ME, told)
        return recordings.keep(self.apart, ME, "preview", told) is not None and new
