"""Tell what a cuff, a thermometer or a watch shows: each entry is an import of its own, so that it can be undone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from matwise.content.measures import measure
from matwise.errors import ONE_OF, InvalidInputError, Problem
from matwise.exchange.wearables import blood_pressure_csv, rr_text
from matwise.measures.reading import Gathered
from matwise.practice import strap
from matwise.practice.import_tally import InStore, Tally
from matwise.practice.person import ME
from matwise.sentence import Sentence
from matwise.store import imports
from matwise.store.imports import KeptImport, Kind

if TYPE_CHECKING:
    from matwise.measures.reading import Measure
    from matwise.store.database import Connection, Database

MAKER = "hand"
HAND = "hand"  # the source of what is typed
NAME = Sentence("Typed by hand")
CUFFS = {"arm": Sentence("Upper arm"), "wrist": Sentence("Wrist")}
POSITIONS = {"sitting": Sentence("Sitting"), "lying": Sentence("Lying"), "standing": Sentence("Standing")}
SOURCES = {HAND: NAME} | {
    "hand-arm": Sentence("Typed by hand, cuff at the upper arm"),
    "hand-wrist": Sentence("Typed by hand, cuff at the wrist"),
    rr_text.SOURCE: Sentence("Beat intervals"),
    strap.SOURCE: strap.NAME,
    blood_pressure_csv.SOURCE: Sentence("Blood-pressure cuff"),
}
# Of the measures a wearable can't tell by a file, or whose file nobody wants for one number.
TYPED = ("resting_heart_rate", "rmssd", "sdnn", "skin_temperature")
BETWEEN = timedelta(minutes=1)  # two readings of blood pressure; the form asks for it
A_NUMBER = Sentence("a number from {low:g} to {high:g} {unit}")
HIGHER = Sentence("an upper value above the lower one, {diastolic:g}")
OTHER_TIME = Sentence("another minute: something else is kept of this one, and can be undone")
NOT_YET = Sentence("a moment that has passed")


@dataclass(frozen=True, slots=True)
class Pressure:
    """One reading of a blood-pressure cuff, as it was typed."""

    systolic: str
    diastolic: str
    pulse: str = ""


@dataclass(frozen=True, slots=True)
class Entered:
    """What was kept: the import it can be undone as, and which values are unusual and so marked as doubtful."""

    import_id: str
    doubtful: tuple[str, ...]


@dataclass(slots=True)
class _Entry:
    at: datetime
    problems: list[Problem] = field(default_factory=list)
    values: list[tuple[str, datetime, float]] = field(default_factory=list)

    def value(self, measure_id: str, typed: str, at: datetime, where: str) -> float | None:
        """One typed value, or None with a problem."""
        known = measure(measure_id)
        try:
            value = float(typed.strip().replace(",", "."))
        except ValueError:
            value = float("nan")
        if not known.possible[0] <= value <= known.possible[1]:
            self.problems.append(Problem(where, ascii(typed.strip())[:40], _wanted(known)))
            return None
        self.values.append((measure_id, at, value))
        return value


def keep_pressure(
    db: Database, import_id: str, told: tuple[Pressure, ...], cuff: str, position: str, at: datetime, now: datetime
) -> Entered:
    """Keep readings of a blood-pressure cuff that were taken a minute apart; the first one at `at`.

    Raises:
        InvalidInputError: names everything that can't be meant.
    """
    entry = _Entry(at)
    for where, said, known in (("cuff", cuff, CUFFS), ("position", position, POSITIONS)):
        if said not in known:
            entry.problems.append(Problem(where, ascii(said)[:40], ONE_OF.format(known=", ".join(known))))
    for number, one in enumerate(told):
        moment = at + number * BETWEEN
        upper = entry.value("systolic", one.systolic, moment, f"systolic_{number + 1}")
        lower = entry.value("diastolic", one.diastolic, moment, f"diastolic_{number + 1}")
        if upper is not None and lower is not None and upper <= lower:
            entry.problems.append(Problem(f"systolic_{number + 1}", f"{upper:g}", HIGHER.format(diastolic=lower)))
        if one.pulse.strip():
            entry.value("heart_rate", one.pulse, moment, f"pulse_{number + 1}")
    # Cuffs at the arm and at the wrist read differently, so they are two sources.
    return _keep(db, import_id, entry, f"{HAND}-{cuff}", {"cuff": cuff, "position": position}, now)


def keep_value(db: Database, import_id: str, measure_id: str, typed: str, at: datetime, now: datetime) -> Entered:
    """Keep one typed value.

    Raises:
        InvalidInputError: names everything that can't be meant.
    """
    if measure_id not in TYPED:
        raise InvalidInputError(Problem("measure", ascii(measure_id)[:40], ONE_OF.format(known=", ".join(TYPED))))
    entry = _Entry(at)
    entry.value(measure_id, typed, at, measure_id)
    return _keep(db, import_id, entry, HAND, {"measure": measure_id}, now)


def _keep(
    db: Database, import_id: str, entry: _Entry, source: str, report: Mapping[str, str], now: datetime
) -> Entered:
    if not entry.values and not entry.problems:
        entry.problems.append(Problem("values", Sentence("nothing"), Sentence("at least one reading")))
    if entry.at > now:
        entry.problems.append(Problem("at", entry.at.isoformat(timespec="minutes"), NOT_YET))
    if entry.problems:
        raise InvalidInputError(*entry.problems)
    gathered = Gathered()
    for measure_id, at, value in entry.values:
        gathered.add(measure_id, source, at, value)
    tally = Tally()

    def keep(c: Connection) -> None:
        if imports.find(c, ME, import_id) is not None:
            return  # sent twice
        imports.begin(c, KeptImport(import_id, ME, Kind.HAND, MAKER, now))
        for told in gathered.columns():
            tally.take(told, now, InStore(c, import_id))
        if tally.rejected:
            raise InvalidInputError(*(Problem("at", one.what, OTHER_TIME) for one in tally.examples))
        imports.advance(c, ME, import_id, 0, {**report, "tally": tally.as_json()})
        imports.end(c, ME, import_id, now)

    db.write(keep)
    return Entered(import_id, tuple(one.measure for one in tally.rows() if one.doubtful))


def _wanted(known: Measure) -> Sentence:
    return A_NUMBER.format(low=known.possible[0], high=known.possible[1], unit=known.unit_shown)
