"""Bring in a file of a wearable, a strap or a cuff in a terminal."""

from __future__ import annotations

import signal
import threading
import uuid
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TypeVar

from cyclopts import Parameter

from matwise.cli.measure import measure
from matwise.cli.terminal import ask, bold, database, dim, in_words, now, out
from matwise.errors import InvalidInputError, Problem
from matwise.sentence import Sentence

if TYPE_CHECKING:
    from types import FrameType

    from matwise.practice.bring_in import Look, Said
    from matwise.practice.import_tally import Tally
    from matwise.store.database import Database

T = TypeVar("T")
Progress = Callable[[int, int], None]
Stopped = Callable[[], bool]

NOTHING = Sentence("Nothing was brought in yet: matwise measure import FILE")
WHICH_FILE = Sentence("a file, or --list, or --undo with an id of the list")
RECOGNISED = Sentence("A file of {maker}.")
LOOKING, BRINGING = Sentence("Looking at it; nothing is kept yet"), Sentence("Bringing it in")
GOES_ON = Sentence("It was begun before; going on where it stopped.")
COUNTS = Sentence(
    "{read:,} read: {kept:,} fit, {doubtful:,} fit and are marked as unusual, {rejected:,} can’t be kept."
)
WOULD = Sentence("{new:,} are new; {known:,} are there already.")
DID = Sentence("{new:,} were new; {known:,} were there before.")
ROW = Sentence("{measure}, {source}: {new:,} new, {known:,} known, {doubtful:,} unusual, {rejected:,} not kept")
SPAN = Sentence("{first:long} to {last:long}")
REASON = Sentence("{number:,} not kept: {why}")
BEATS_NAME = Sentence("Recordings of beats")
ZONE_SAID = Sentence("Times without a zone are read in {zone}; --zone says another one.")
AT_WANTED = Sentence("It does not say when it was recorded; --at says it, such as --at “2027-01-04 21:30”.")
NOTHING_NEW = Sentence("There is nothing new in it.")
A_COLUMN = Sentence("what it holds and its name, such as heart_rate=Pulse")
HOLDS = Sentence("column “{name}” is taken for {holds}; --column says otherwise")
BRING = Sentence("Bring it in?")
NOT_NOW = Sentence("Not now; nothing was kept.")
DONE = Sentence("Brought in as {id}. To take it out again: matwise measure import --undo {id}")
WAITS = Sentence("It waits. The same command goes on where it stopped.")
STATES = {
    "running": Sentence("not finished"),
    "paused": Sentence("not finished"),
    "done": Sentence("brought in"),
    "undone": Sentence("taken out again"),
}
LISTED = Sentence("{on:long}: {maker}, {state}, {new:,} new")


@measure.command(name="import")
def bring(
    file: Path | None = None,
    /,
    *,
    yes: bool = False,
    zone: str | None = None,
    at: str = "",
    column: tuple[str, ...] = (),
    undo: str | None = None,
    list_all: Annotated[bool, Parameter(name="--list")] = False,
) -> None:
    """Bring in what a wearable, a strap or a cuff measured: see what is in a file, then bring it in or not.

    Ctrl-C lets it wait; the same command goes on where it stopped.

    Args:
        file: An export of a wearable or an app, packed or not.
        yes: Bring it in without asking.
        zone: The time zone of times that are written without one, such as Europe/Berlin. Default: that of this machine.
        at: When a recording began that does not say so, such as "2027-01-04 21:30".
        column: For a table that nobody knows, what a column holds, such as at=Date or heart_rate="Pulse (bpm)"; can be
            given several times. Guessed from their names when left out.
        undo: Take out again everything that the import with this id brought in.
        list_all: List what was brought in so far.
    """
    with database() as db:
        if undo is not None:
            _undo(db, undo)
        elif list_all:
            _list(db)
        elif file is None:
            raise InvalidInputError(Problem("import", Sentence("nothing"), WHICH_FILE))
        else:
            _import(db, file, zone, at, column, yes=yes)


def _import(db: Database, file: Path, zone: str | None, at: str, column: tuple[str, ...], *, yes: bool) -> None:
    from matwise.practice import bring_in
    from matwise.practice.import_spool import digest

    look = bring_in.open_for_import(file)
    out.print(RECOGNISED.format(maker=look.maker.NAME))
    sha256 = digest(file)
    begun = bring_in.unfinished(db, sha256)
    if begun is not None:
        out.print(GOES_ON)
    else:
        said = bring_in.Said(zone or bring_in.usual_zone(), at, _columns(look, column))
        if not yes and not _agreed(db, look, said):
            return
        begun = bring_in.begin(db, uuid.uuid4().hex[:8], look, sha256, said, now())
    begun_id = begun.id
    kept = _watched(BRINGING, lambda told, stopped: bring_in.bring(db, begun_id, look, now, told, stopped))
    _tell(bring_in.counts(kept), DID)
    out.print(DONE.format(id=kept.id) if kept.ended_at is not None else WAITS, soft_wrap=True)


def _columns(look: Look, said: tuple[str, ...]) -> Mapping[str, str]:
    """What columns hold: as it was said, or as their names say."""
    from matwise.practice import bring_in

    if said:
        pairs = [one.partition("=") for one in said]
        wrong = next((one for one, pair in zip(said, pairs, strict=True) if not all(pair)), None)
        if wrong is not None:
            raise InvalidInputError(Problem("--column", repr(wrong), A_COLUMN))
        return bring_in.chosen_columns((name, holds) for holds, _, name in pairs)
    guessed = [(one.name, one.guess) for one in bring_in.columns_of(look) if one.guess]
    for name, holds in guessed:
        out.print(" ", HOLDS.format(name=name, holds=holds), markup=False)
    return bring_in.chosen_columns(guessed)


def _agreed(db: Database, look: Look, said: Said) -> bool:
    """Show what is in a file, and ask whether it is wanted."""
    from matwise.practice import bring_in

    found = _watched(LOOKING, lambda told, stopped: bring_in.preview(db, look, said, now(), told, stopped))
    if found is None:
        out.print(NOT_NOW)
        return False
    _tell(found.tally, WOULD)
    if found.zone_counts:
        out.print(ZONE_SAID.format(zone=said.zone))
    if found.tally.undated:
        out.print(AT_WANTED)
    if not found.tally.new:
        out.print(NOTHING_NEW)
        return False
    if ask(BRING, choices=["yes", "no"]) == "yes":
        return True
    out.print(NOT_NOW)
    return False


def _tell(tally: Tally, how_many_new: Sentence) -> None:
    from matwise.content.measures import measures
    from matwise.practice.by_hand import SOURCES

    parts = {name: getattr(tally, name) for name in ("read", "kept", "doubtful", "rejected", "new", "known")}
    out.print(COUNTS.format(**parts))
    out.print(how_many_new.format(**parts))
    for one in tally.rows():
        known = measures().get(one.measure)
        counted = {name: getattr(one, name) for name in ("new", "known", "doubtful", "rejected")}
        source = SOURCES.get(one.source, one.source)
        line = ROW.format(measure=known.name if known is not None else BEATS_NAME, source=source, **counted)
        out.print(" ", bold(line), markup=True)
        if one.first is not None and one.last is not None:
            out.print("   ", dim(SPAN.format(first=one.first.date(), last=one.last.date())))
    for why, number in tally.reasons.items():
        out.print(REASON.format(number=number, why=why), markup=False)
    for example in tally.examples[:5]:
        out.print(f"  {example.where}: {example.what}", markup=False, soft_wrap=True)


def _undo(db: Database, import_id: str) -> None:
    from matwise.practice import bring_in

    number = bring_in.undo(db, import_id, now())
    out.print(Sentence.counted("{number} value was taken out again.", "{number} values were taken out again.", number))


def _list(db: Database) -> None:
    from matwise.practice import bring_in

    kept = bring_in.all_of(db)
    if not kept:
        out.print(NOTHING)
    for one in kept:
        new = bring_in.counts(one).new
        line = LISTED.format(
            on=one.begun_at.date(), maker=bring_in.maker_name(one), state=STATES[one.state.value], new=new
        )
        out.print(f"{one.id} ", line, markup=False)
        if one.file_name:
            out.print(" ", one.file_name, markup=False)


def _watched(what: Sentence, work: Callable[[Progress, Stopped], T]) -> T:
    """Do something long with a bar that says how far it is; Ctrl-C lets it stop where it is."""
    from rich.progress import BarColumn, DownloadColumn, TextColumn, TimeRemainingColumn, TransferSpeedColumn
    from rich.progress import Progress as Bar

    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        DownloadColumn(),
        TransferSpeedColumn(),
        TimeRemainingColumn(),
    )
    with _stopping() as stop, Bar(*columns, console=out.console, transient=True) as bar:
        task = bar.add_task(in_words(what), total=None)
        return work(lambda done, total: bar.update(task, completed=done, total=total), stop.is_set)


@contextmanager
def _stopping() -> Iterator[threading.Event]:
    """Ctrl-C is noted instead of tearing down what is being written."""
    stop = threading.Event()

    def note(_signal: int, _frame: FrameType | None) -> None:
        stop.set()

    before = signal.signal(signal.SIGINT, note)
    try:
        yield stop
    finally:
        signal.signal(signal.SIGINT, before)
