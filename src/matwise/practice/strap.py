"""Record a chest strap: what it sends is kept as it comes, and becomes recordings of beats when it is over.

Each recording is an import of its own, so that it can be undone.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import aclosing, suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from matwise.errors import ONE_OF, InvalidInputError, Problem
from matwise.measures.rating import Moment
from matwise.practice.person import ME
from matwise.sentence import Sentence
from matwise.store import imports, recordings, sessions
from matwise.store.imports import AT_WORK, KeptImport, Kind, State
from matwise.store.recordings import DURING, MOMENTS
from matwise.store.refusal import NotKeptError

# What calculates is imported where it is needed: the first page does not wait for it.
if TYPE_CHECKING:
    from matwise.measures.heart_rate_variability import Variability
    from matwise.measures.strap import Arrived, Packet
    from matwise.practice.import_tally import InStore, Tally
    from matwise.store.database import Connection, Database
    from matwise.store.recordings import KeptRecording
    from matwise.store.sessions import KeptSession

    Strap = tuple[str, AsyncIterator[bytes]]  # its name, and what it notifies

MAKER = "strap"
SOURCE = "strap"  # of a strap that does not say its name
REST_MINUTES = 5  # what the Task Force of 1996 takes as the standard length, and `variability` needs for SDNN
MOST_MINUTES = 240
KEPT_EVERY_S = 30.0
MOST_PACKETS = 1000  # at once: half a minute has about thirty
LONGEST_PACKET_HEX = 1024
AFTER_WITHIN = timedelta(hours=1)  # of the end of a session: what is measured later is of another time of the day
UNREADABLE = Sentence("It is no heart-rate measurement as straps send it: {want} is missing.")
LATER = Sentence("milliseconds since the recording began, none before the one ahead of it")
HEX = Sentence("bytes as hexadecimal digits")
NAME = Sentence("Chest strap")
_HEX = re.compile("[0-9a-f]*")


@dataclass(frozen=True, slots=True)
class Sent:
    """Part of a recording: `number` counts the parts from 0, each packet comes with its ms since the recording began.

    `began_at` and `moment` count where it is the first part that arrives; `packets` are hexadecimal.
    """

    recording_id: str
    number: int
    packets: Sequence[tuple[int, str]]
    began_at: datetime
    moment: str | None = None
    name: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class Recorded:
    """One recording that is over, or waits to be.

    Attributes:
        kept: the import it is.
        moment: before, during or after a session; None for neither.
        packets: how many the strap sent.
        tally: what became of them.
        parts: its stretches without a beat missing, in order; several where the strap was out of reach between.
        best: what the longest of them says; None where there is no beat.
    """

    kept: KeptImport
    moment: str | None
    packets: int
    tally: Tally
    parts: tuple[KeptRecording, ...]
    best: Variability | None

    @property
    def waits(self) -> bool:
        """Whether nobody said that it is over."""
        return self.kept.state in AT_WORK

    @property
    def session_id(self) -> str | None:
        """The session it belongs to."""
        return next((one.session_id for one in self.parts if one.session_id is not None), None)


def take(db: Database, sent: Sent, now: datetime) -> None:
    """Keep a part of a recording as it came; the same part again is kept once, and so is one that comes late.

    Raises:
        InvalidInputError: names everything that can't be meant.
        ConflictError: the recording was taken out again.
    """
    check_moment(sent.moment)
    problems = _problems(sent)
    if problems:
        raise InvalidInputError(*problems)

    def keep(c: Connection) -> None:
        first: dict[str, Any] = {"moment": sent.moment, "name": sent.name[:200], "parts": {}}
        began_at = min(sent.began_at, now)
        kept = imports.begin(c, KeptImport(sent.recording_id, ME, Kind.STRAP, MAKER, began_at, report=first))
        report = dict(kept.report or {})
        if kept.state is State.DONE or str(sent.number) in report["parts"]:
            return
        report["parts"] = {**report["parts"], str(sent.number): [list(one) for one in sent.packets]}
        position = sum(len(part) for part in report["parts"].values())
        imports.advance(c, ME, sent.recording_id, position, report)

    db.write(keep)


def finish(db: Database, recording_id: str, now: datetime) -> Recorded:
    """Make recordings of all that arrived; the same again changes nothing.

    Raises:
        NotKeptError: nothing of it arrived.
        ConflictError: it was taken out again.
    """
    db.write(lambda c: _finish(c, recording_id, now))
    return find(db, recording_id)


def _finish(c: Connection, recording_id: str, now: datetime) -> None:
    from matwise.measures.reading import Recording
    from matwise.measures.strap import stretches
    from matwise.practice.import_tally import InStore, Tally, as_source

    kept = _kept(c, recording_id)
    if kept.state is State.DONE:
        return
    report, tally, keeping = dict(kept.report or {}), Tally(), InStore(c, recording_id)
    arrived = _read(report, tally, keeping, now)
    moment = report.get("moment")
    known = sessions.all_of(c, ME)
    source = as_source(report.get("name") or SOURCE)
    for one in stretches(arrived):
        told = Recording(source, kept.begun_at + timedelta(seconds=one.begins_s), one.rr_ms)
        ends_at = kept.begun_at + timedelta(seconds=one.begins_s + float(one.rr_ms.sum()) / 1000)
        tally.take(told, now, keeping)
        if recordings.is_known(c, ME, told):
            session_id = _session_of(known, moment, kept.begun_at, ends_at)
            recordings.belongs_to(c, ME, recordings.identity(ME, told), session_id, moment)
    # What the strap sent is in the recordings by now.
    left = {"moment": moment, "name": source, "packets": kept.position, "tally": tally.as_json(), "parts": {}}
    imports.advance(c, ME, recording_id, kept.position, left)
    imports.end(c, ME, recording_id, now)


def discard(db: Database, recording_id: str, now: datetime) -> None:
    """Take a recording out again, finished or not.

    Raises:
        NotKeptError: there is none.
    """

    def undo(c: Connection) -> None:
        kept = _kept(c, recording_id)
        if kept.state is State.RUNNING:
            imports.advance(c, ME, recording_id, kept.position, {"moment": None, "name": "", "parts": {}})
        imports.undo(c, ME, recording_id, now)

    db.write(undo)


def find(db: Database, recording_id: str) -> Recorded:
    """One recording.

    Raises:
        NotKeptError: there is none.
    """
    from matwise.measures.heart_rate_variability import variability
    from matwise.practice.import_tally import tally_of

    with db.read() as c:
        kept = _kept(c, recording_id)
        parts = tuple(one for one in recordings.all_of(c, ME) if one.import_id == recording_id)
    report = kept.report or {}
    longest = max(parts, key=lambda one: one.duration_s, default=None)
    moment = report.get("moment")
    best = None if longest is None else variability(longest.rr_ms, led=moment == DURING)
    return Recorded(kept, moment, kept.position, tally_of(report.get("tally", {})), parts, best)


def waiting(db: Database) -> tuple[KeptImport, ...]:
    """Recordings that nobody said are over, the latest first."""
    with db.read() as c:
        kept = imports.all_of(c, ME)
    return tuple(one for one in reversed(kept) if one.kind is Kind.STRAP and one.state in AT_WORK)


def check_moment(moment: str | None) -> None:
    """Whether it can be said of a recording that it was made then.

    Raises:
        InvalidInputError: it is not before, during or after a session.
    """
    if moment is not None and moment not in MOMENTS:
        raise InvalidInputError(Problem("moment", ascii(moment)[:40], ONE_OF.format(known=", ".join(MOMENTS))))


def record(
    db: Database,
    recording_id: str,
    *,
    minutes: float,
    moment: str | None,
    now: Callable[[], datetime],
    clock: Callable[[], float],
    found: Callable[[str], None],
    told: Callable[[float, Packet], None],
    strap: Strap | None = None,
) -> Recorded:
    """Record a strap in this process, and keep it.

    Args:
        db: the person's database.
        recording_id: made for it.
        minutes: how long.
        moment: before, during or after a session; None for neither.
        now: the clock on the wall.
        clock: seconds that only go on.
        found: is told the name of the strap once it is found.
        told: is told each packet that can be read, and its s since the recording began.
        strap: where packets come from; None for the first one that Bluetooth finds.

    Raises:
        NoStrapError: there is no strap, no Bluetooth, or no package for it.
        InvalidInputError: that long can't be recorded, or there is no such moment.
        NotKeptError: nothing came.
    """
    check_moment(moment)
    if not 0 < minutes <= MOST_MINUTES:
        raise InvalidInputError(
            Problem("minutes", f"{minutes:g}", Sentence("above 0 and at most {most}", most=MOST_MINUTES))
        )
    empty = Sent(recording_id, 0, (), now(), moment)
    with suppress(KeyboardInterrupt):  # enough for today: what came until then is kept
        asyncio.run(_record(db, empty, 60 * minutes, now, clock, found, told, strap))
    return finish(db, recording_id, now())


async def _record(
    db: Database,
    part: Sent,
    for_s: float,
    now: Callable[[], datetime],
    clock: Callable[[], float],
    found: Callable[[str], None],
    told: Callable[[float, Packet], None],
    strap: Strap | None,
) -> None:
    from matwise.exchange import strap as bluetooth

    if strap is None:
        in_reach = await bluetooth.find()
        strap = in_reach.name, bluetooth.packets(in_reach)
    name, packets = strap
    found(name)
    part = replace(part, name=name, began_at=now())
    fresh: list[tuple[int, str]] = []
    kept_s = 0.0
    try:
        async with aclosing(bluetooth.listen(packets, clock, for_s)) as heard:
            async for at_s, raw in heard:
                fresh.append((round(1000 * at_s), raw.hex()))
                packet = _packet(raw)
                if packet is not None:
                    told(at_s, packet)
                if at_s - kept_s >= KEPT_EVERY_S:
                    take(db, replace(part, packets=tuple(fresh)), now())
                    part, fresh, kept_s = replace(part, number=part.number + 1), [], at_s
    finally:
        if fresh:
            take(db, replace(part, packets=tuple(fresh)), now())


def _packet(raw: bytes) -> Packet | None:
    from matwise.measures.strap import read_packet

    try:
        return read_packet(raw)
    except InvalidInputError:
        return None


def _kept(c: Connection, recording_id: str) -> KeptImport:
    kept = imports.find(c, ME, recording_id)
    if kept is None or kept.kind is not Kind.STRAP:
        raise NotKeptError("recording", recording_id)
    return kept


def _read(report: Mapping[str, Any], tally: Tally, keeping: InStore, now: datetime) -> list[Arrived]:
    """What arrived, part by part; packets that can't be read are counted as rejected."""
    from matwise.measures.reading import Rejected
    from matwise.measures.strap import Arrived, read_packet

    arrived = []
    for number in sorted(report["parts"], key=int):
        for at_ms, raw in report["parts"][number]:
            try:
                arrived.append(Arrived(at_ms / 1000, read_packet(bytes.fromhex(raw))))
            except InvalidInputError as error:
                where, why = f"{at_ms / 1000:.1f} s", UNREADABLE.format(want=error.problems[0].want)
                tally.take(Rejected(where, raw[:80], why), now, keeping)
    return arrived


def _session_of(kept: Sequence[KeptSession], moment: str | None, began: datetime, ended: datetime) -> str | None:
    """The session that a recording was made during or after; one before it can't know which it will be."""
    found = None
    if moment == DURING:
        fits = [one for one in kept if one.started_at < ended and (one.ended_at is None or one.ended_at > began)]
        found = fits[-1] if fits else None
    elif moment == Moment.AFTER:
        over = [one for one in kept if one.ended_at is not None and one.ended_at <= ended]
        latest = max(over, key=lambda one: one.ended_at or one.started_at, default=None)
        if latest is not None and latest.ended_at is not None and began - latest.ended_at <= AFTER_WITHIN:
            found = latest
    return None if found is None else found.id


def _problems(sent: Sent) -> list[Problem]:
    problems = []
    if not (0 <= sent.number < 60 * MOST_MINUTES and len(sent.packets) <= MOST_PACKETS):
        got = Sentence("part {number} of {packets} packets", number=sent.number, packets=len(sent.packets))
        problems.append(Problem("number", got, Sentence("at most {most} packets", most=MOST_PACKETS)))
    before_ms = 0
    for at_ms, raw in sent.packets:
        if not before_ms <= at_ms <= 60_000 * MOST_MINUTES:
            problems.append(Problem("packets", str(at_ms), LATER))
            break
        if len(raw) % 2 or len(raw) > LONGEST_PACKET_HEX or _HEX.fullmatch(raw) is None:
            problems.append(Problem("packets", ascii(raw)[:40], HEX))
            break
        before_ms = at_ms
    return problems
