"""What became of everything that a file told, counted: read is kept, doubtful and rejected, and nothing else."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Protocol

from matwise.content.measures import measures
from matwise.errors import InvalidInputError
from matwise.measures.reading import Readings, Recording, Rejected, sort
from matwise.practice.person import ME
from matwise.sentence import Sentence
from matwise.store import readings, recordings
from matwise.store.readings import LONGEST_SOURCE

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from matwise.measures.reading import Measure
    from matwise.store.database import Connection
    from matwise.store.readings import Told

MOST_EXAMPLES = 20
MOST_REASONS = 30
BEATS = "beats"  # where a measure is named: recordings of beats, each counted once
NO_SOURCE = "unknown"

NO_DATE = Sentence("It does not say when it was recorded.")
FUTURE = Sentence("It lies in the future.")
UNFIT = Sentence("There are no beats in it that can be kept.")
NOT_MEASURED = Sentence("Nothing here knows this measure.")
OUTSIDE = Sentence("It lies outside {low:g} to {high:g} {unit}, or before 1990 or in the future.")
DIFFERS = Sentence("Another value of the same moment from the same source was there first.")
OTHERS = Sentence("Other reasons")


class Keeping(Protocol):
    """Where readings and recordings go, or would go."""

    def readings(self, told: Readings, doubtful: NDArray[np.bool_]) -> Told:
        """Keep readings, and tell which of them were new."""

    def recording(self, told: Recording) -> bool:
        """Keep a recording, and tell whether it was new."""


@dataclass(frozen=True, slots=True)
class InStore:
    """Keeps as part of an import."""

    c: Connection
    import_id: str

    def readings(self, told: Readings, doubtful: NDArray[np.bool_]) -> Told:
        """As `Keeping.readings`."""
        return readings.keep(self.c, ME, self.import_id, told, doubtful)

    def recording(self, told: Recording) -> bool:
        """As `Keeping.recording`."""
        return recordings.keep(self.c, ME, self.import_id, told) is not None


@dataclass(slots=True)
class Counted:
    """One measure from one source. `known` are those of kept and doubtful that were there already."""

    measure: str
    source: str
    read: int = 0
    kept: int = 0
    doubtful: int = 0
    rejected: int = 0
    known: int = 0
    first_ms: int | None = None
    last_ms: int | None = None

    @property
    def new(self) -> int:
        """How many come in that were not there."""
        return self.kept + self.doubtful - self.known

    @property
    def first(self) -> datetime | None:
        """The earliest moment that is not rejected, in UTC."""
        return _moment(self.first_ms)

    @property
    def last(self) -> datetime | None:
        """The latest one."""
        return _moment(self.last_ms)

    def spans(self, first_ms: int, last_ms: int) -> None:
        """Widen the span of time."""
        self.first_ms = first_ms if self.first_ms is None else min(self.first_ms, first_ms)
        self.last_ms = last_ms if self.last_ms is None else max(self.last_ms, last_ms)


@dataclass(slots=True)
class Tally:
    """The counts of one file.

    Attributes:
        counted: by measure and source.
        unread: what the reader itself rejected.
        undated: recordings that don't say when they were made; each is rejected too.
        reasons: how often each reason for rejecting came.
        examples: the first of what was rejected.
    """

    counted: dict[tuple[str, str], Counted] = field(default_factory=dict)
    unread: int = 0
    undated: int = 0
    reasons: dict[str, int] = field(default_factory=dict)
    examples: list[Rejected] = field(default_factory=list)

    def take(self, told: Readings | Recording | Rejected, now: datetime, keeping: Keeping) -> int:
        """Sort what was told, keep what can be kept, and count all of it; gives how much it was."""
        if isinstance(told, Rejected):
            self.unread += 1
            self._reject(told, 1)
            return 1
        if isinstance(told, Recording):
            self._take_recording(replace(told, source=as_source(told.source)), now, keeping)
            return 1
        self._take_readings(replace(told, source=as_source(told.source)), now, keeping)
        return int(told.at_ms.size)

    @property
    def read(self) -> int:
        """Everything that was told."""
        return self.unread + self._sum("read")

    @property
    def kept(self) -> int:
        """What is kept without doubt."""
        return self._sum("kept")

    @property
    def doubtful(self) -> int:
        """What is kept and marked."""
        return self._sum("doubtful")

    @property
    def rejected(self) -> int:
        """What can't be kept."""
        return self.unread + self._sum("rejected")

    @property
    def known(self) -> int:
        """How much of what is kept was there already."""
        return self._sum("known")

    @property
    def new(self) -> int:
        """How much comes in that was not there."""
        return self.kept + self.doubtful - self.known

    def rows(self) -> tuple[Counted, ...]:
        """The counts in the order of the measures, recordings last."""
        order = [*measures(), BEATS]
        place = {one: number for number, one in enumerate(order)}
        return tuple(self.counted[key] for key in sorted(self.counted, key=lambda key: (place.get(key[0], -1), key[1])))

    def as_json(self) -> dict[str, Any]:
        """All of it in what JSON has."""
        return {
            "counted": [asdict(one) for one in self.counted.values()],
            "unread": self.unread,
            "undated": self.undated,
            "reasons": [[_kept_words(reason), number] for reason, number in self.reasons.items()],
            "examples": [[one.where, one.what, _kept_words(one.why)] for one in self.examples],
        }

    def _sum(self, what: str) -> int:
        return sum(getattr(one, what) for one in self.counted.values())

    def _of(self, measure: str, source: str) -> Counted:
        return self.counted.setdefault((measure, source), Counted(measure, source))

    def _take_recording(self, told: Recording, now: datetime, keeping: Keeping) -> None:
        counted = self._of(BEATS, told.source)
        counted.read += 1
        where = told.at.isoformat(timespec="seconds") if told.at is not None else told.source
        what = f"{told.rr_ms.size} beats"
        if told.at is None or told.at > now:
            self.undated += told.at is None
            counted.rejected += 1
            self._reject(Rejected(where, what, NO_DATE if told.at is None else FUTURE), 1)
            return
        try:
            new = keeping.recording(told)
        except InvalidInputError:
            counted.rejected += 1
            self._reject(Rejected(where, what, UNFIT), 1)
            return
        at_ms = round(told.at.timestamp() * 1000)
        counted.kept += 1
        counted.known += not new
        counted.spans(at_ms, at_ms)

    def _take_readings(self, told: Readings, now: datetime, keeping: Keeping) -> None:
        counted, size = self._of(told.measure, told.source), int(told.at_ms.size)
        counted.read += size
        measure = measures().get(told.measure)
        if measure is None:
            counted.rejected += size
            self._reject(Rejected(told.measure, told.source, NOT_MEASURED), size)
            return
        found = sort(measure, told, now)
        self._reject_some(told, found.rejected, _outside(measure), counted)
        fit = ~found.rejected
        if not fit.any():
            return
        wanted, doubtful = some_of(told, fit), found.doubtful[fit]
        became = keeping.readings(wanted, doubtful)
        self._reject_some(wanted, became.differing, DIFFERS, counted)
        stays = ~became.differing
        counted.kept += int((stays & ~doubtful).sum())
        counted.doubtful += int((stays & doubtful).sum())
        counted.known += int(became.known.sum())
        if stays.any():
            counted.spans(int(wanted.at_ms[stays].min()), int(wanted.at_ms[stays].max()))

    def _reject_some(self, told: Readings, which: NDArray[np.bool_], why: Sentence, counted: Counted) -> None:
        number = int(which.sum())
        if not number:
            return
        counted.rejected += number
        self._count_reason(why, number)
        first = some_of(told, which.nonzero()[0][: max(0, MOST_EXAMPLES - len(self.examples))])
        for at_ms, value in zip(first.at_ms.tolist(), first.values.tolist(), strict=True):
            self.examples.append(Rejected(_clock(at_ms), f"{told.measure} {value:g}"[:80], why))

    def _reject(self, told: Rejected, number: int) -> None:
        self._count_reason(told.why, number)
        if len(self.examples) < MOST_EXAMPLES:
            self.examples.append(told)

    def _count_reason(self, why: str, number: int) -> None:
        named = why if why in self.reasons or len(self.reasons) < MOST_REASONS else OTHERS
        self.reasons[named] = self.reasons.get(named, 0) + number


def tally_of(kept: Mapping[str, Any]) -> Tally:
    """The tally of `Tally.as_json`."""
    counted = [Counted(**one) for one in kept.get("counted", ())]
    return Tally(
        {(one.measure, one.source): one for one in counted},
        kept.get("unread", 0),
        kept.get("undated", 0),
        {_words(reason): number for reason, number in kept.get("reasons", ())},
        [Rejected(where, what, _words(why)) for where, what, why in kept.get("examples", ())],
    )


def some_of(told: Readings, which: NDArray[Any]) -> Readings:
    """Some of these readings: a mask or indices, shape (n_readings,) or (n_wanted,)."""
    return replace(told, at_ms=told.at_ms[which], offset_min=told.offset_min[which], values=told.values[which])


def as_source(told: str) -> str:
    """A source as it can be kept: readable, of one line, not too long."""
    clean = "".join(letter if letter.isprintable() else " " for letter in told.replace("\u00a0", " "))
    return " ".join(clean.split())[:LONGEST_SOURCE].rstrip() or NO_SOURCE


def _outside(measure: Measure) -> Sentence:
    return OUTSIDE.format(low=measure.possible[0], high=measure.possible[1], unit=measure.unit_shown)


def _clock(at_ms: int) -> str:
    moment = _moment(at_ms)
    return str(at_ms) if moment is None else f"{moment:%Y-%m-%d %H:%M:%S} UTC"


def _moment(at_ms: int | None) -> datetime | None:
    try:
        return None if at_ms is None else datetime.fromtimestamp(at_ms / 1000, UTC)
    except (ValueError, OverflowError, OSError):
        return None


def _kept_words(text: object) -> Any:  # noqa: ANN401 – what JSON has
    """A sentence as what it was made of, so that it can still be said in another language; joined ones as they are."""
    if isinstance(text, Sentence) and text.pieces is None and text.many is None:
        return {"say": text.template, "parts": {name: _kept_words(part) for name, part in text.parts.items()}}
    return text if isinstance(text, (int, float)) else str(text)


def _words(kept: Any) -> Any:  # noqa: ANN401 – what JSON has
    if not isinstance(kept, dict):
        return kept
    return Sentence(kept["say"], **{name: _words(part) for name, part in kept["parts"].items()})
