"""Mats as their makers and others describe them, read from `mats.csv`; what nobody says stays unknown."""

from __future__ import annotations

import functools
import re
from dataclasses import dataclass
from pathlib import Path

from matwise.content.reader import HERE, ContentError
from matwise.content.table import Row, table
from matwise.errors import Problem
from matwise.sentence import Sentence

FILE = HERE / "mats.csv"
COLUMNS = (
    *("id", "maker", "model", "length_cm", "width_cm", "discs", "spikes_per_disc", "spikes_total"),
    *("spike_height_mm", "spike_pitch_mm", "tip", "foam", "note", "source"),
)
UNKNOWN = "unknown"
# What a figure may be: wide enough for every mat and roll that is sold, narrow enough to catch a wrong unit.
SPANS = {
    "length_cm": (10.0, 250.0),
    "width_cm": (5.0, 120.0),
    "discs": (1.0, 2000.0),
    "spikes_per_disc": (1.0, 200.0),
    "spikes_total": (50.0, 60000.0),
    "spike_height_mm": (1.0, 15.0),
    "spike_pitch_mm": (1.0, 30.0),
}
COUNTED = frozenset({"discs", "spikes_per_disc", "spikes_total"})
_RANGE = re.compile(r"(?P<low>\d+(?:\.\d+)?)(?: to (?P<high>\d+(?:\.\d+)?))?")
_ID = re.compile(r"[a-z0-9]+(?:_[a-z0-9]+)*")


@dataclass(frozen=True, slots=True)
class Span:
    """A figure as it is told: `low` and `high` are the same where one number is given."""

    low: float
    high: float

    @property
    def middle(self) -> float:
        """Half-way."""
        return (self.low + self.high) / 2


@dataclass(frozen=True, slots=True)
class Mat:
    """One mat; None is "nobody says". `sources`: the pages that do."""

    id: str
    maker: str
    model: Sentence
    length_cm: Span | None
    width_cm: Span | None
    discs: Span | None
    spikes_per_disc: Span | None
    spikes_total: Span | None
    spike_height_mm: Span | None
    spike_pitch_mm: Span | None
    tip: Sentence | None
    foam: Sentence | None
    note: Sentence | None
    sources: tuple[str, ...]

    @property
    def spikes_per_cm2(self) -> Span | None:
        """Over the whole mat, gaps between discs included; from the pitch where spikes stand in one even grid."""
        if self.spikes_total and self.length_cm and self.width_cm:
            area = (self.length_cm.low * self.width_cm.low, self.length_cm.high * self.width_cm.high)
            return Span(self.spikes_total.low / area[1], self.spikes_total.high / area[0])
        if self.spike_pitch_mm and not self.spikes_total and not self.discs:
            return Span(100.0 / self.spike_pitch_mm.high**2, 100.0 / self.spike_pitch_mm.low**2)
        return None


@functools.cache
def mats() -> tuple[Mat, ...]:
    """Every mat that is known by name.

    Raises:
        ContentError: the file can't be read, or a row is broken; every broken row is named.
    """
    return mats_in(FILE)


def mats_in(path: Path) -> tuple[Mat, ...]:
    """The mats of this file.

    Raises:
        ContentError: see `mats`.
    """
    rows = table(path, COLUMNS)
    problems: list[Problem] = []
    for n, row in enumerate(rows):
        problems += _problems(row)
        if row.cells["id"] in {other.cells["id"] for other in rows[:n]}:
            problems.append(row.problem("id", "an id no other mat has"))
    if problems:
        raise ContentError(*problems)
    return tuple(_mat(row) for row in rows)


def _problems(row: Row) -> list[Problem]:
    found = [row.problem(column, f"text, or {UNKNOWN}") for column in ("tip", "foam") if not row.cells[column].strip()]
    found += [row.problem(column, "a text") for column in ("maker", "model") if not row.cells[column].strip()]
    if not _ID.fullmatch(row.cells["id"]):
        found.append(row.problem("id", "small letters, digits and underscores"))
    links = row.cells["source"].split(" ; ")
    if not all(link.startswith(("https://", "http://")) for link in links):
        found.append(row.problem("source", "addresses of pages, separated by ' ; '"))
    for column, (low, high) in SPANS.items():
        text = row.cells[column]
        span = _span(text)
        if text == UNKNOWN:
            continue
        unit = column.rpartition("_")[2] if column not in COUNTED else "number"
        want = f"{unit} from {low:g} to {high:g}, as '5' or '4 to 6', or {UNKNOWN}"
        if span is None or not low <= span.low <= span.high <= high or (column in COUNTED and "." in text):
            found.append(row.problem(column, want))
    return found


def _span(text: str) -> Span | None:
    told = _RANGE.fullmatch(text)
    return Span(float(told["low"]), float(told["high"] or told["low"])) if told else None


def _mat(row: Row) -> Mat:
    return Mat(
        id=row.cells["id"],
        maker=row.cells["maker"],
        model=Sentence(row.cells["model"]),
        length_cm=_span(row.cells["length_cm"]),
        width_cm=_span(row.cells["width_cm"]),
        discs=_span(row.cells["discs"]),
        spikes_per_disc=_span(row.cells["spikes_per_disc"]),
        spikes_total=_span(row.cells["spikes_total"]),
        spike_height_mm=_span(row.cells["spike_height_mm"]),
        spike_pitch_mm=_span(row.cells["spike_pitch_mm"]),
        tip=_text(row.cells["tip"]),
        foam=_text(row.cells["foam"]),
        note=_text(row.cells["note"]),
        sources=tuple(row.cells["source"].split(" ; ")),
    )


def _text(told: str) -> Sentence | None:
    return Sentence(told) if told not in {"", UNKNOWN} else None
