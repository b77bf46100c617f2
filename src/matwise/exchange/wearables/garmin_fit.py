"""FIT, the format of Garmin and many others: heart rates, and single beats where the watch was told to log them."""

from __future__ import annotations

import io
import warnings
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import numpy as np

from matwise.errors import Problem
from matwise.exchange.wearables.beats import OUTSIDE, POSSIBLE_MS
from matwise.exchange.wearables.maker import Found, ImportRejectedError, Told
from matwise.exchange.wearables.members import read_each
from matwise.exchange.wearables.opened import Member, Opened
from matwise.measures.reading import Gathered, Recording, Rejected
from matwise.sentence import Sentence

ID = "garmin_fit"
NAME = "Garmin FIT"

LARGEST_BYTES = 64 << 20  # a day of a watch that logs every beat takes a tenth of it
_MARK_AT, _MARK = 8, b".FIT"
_FILLED_MS = 65_535.0  # where a message of five beats has fewer

DAMAGED = Sentence("It is damaged or breaks off: {why}")
BEAT = Sentence("{file}, beat {number}")


def recognises(opened: Opened) -> bool:
    """Whether it is a FIT file, or an archive with one."""
    return any(_is_fit(opened, one) for one in opened.members[:200])


def read(opened: Opened, told: Told) -> Iterator[Found]:
    """Heart rates by moment, and a recording where beats were logged; of an archive every FIT file.

    A damaged file of an archive is rejected, the others are read.

    Raises:
        ImportRejectedError: the file is damaged, or there is none in the archive.
    """
    if not any(_is_fit(opened, one) for one in opened.members):
        raise ImportRejectedError(
            Problem(opened.name, Sentence("no FIT file"), Sentence("a FIT file, or a zip of them"))
        )
    yield from read_each(opened, told, lambda opened, member: _read if _is_fit(opened, member) else None)


def _is_fit(opened: Opened, member: Member) -> bool:
    return opened.head(member, _MARK_AT + len(_MARK))[_MARK_AT:] == _MARK


def _read(opened: Opened, member: Member, told: Told) -> list[Found]:
    with opened.stream(member) as stream:
        data = stream.read(LARGEST_BYTES + 1)
    if len(data) > LARGEST_BYTES:
        got = Sentence("a FIT file of more than {most} MiB", most=LARGEST_BYTES >> 20)
        raise ImportRejectedError(Problem(member.name, got, Sentence("the file of one day")))
    made = _Made(told)
    try:
        made.take_all(data)
    # A parser of others leaks whatever its own mistakes raise; to the person all of it is a damaged file.
    except Exception as error:
        got = DAMAGED.format(why=ascii(str(error))[1:-1][:60] or type(error).__name__)
        raise ImportRejectedError(Problem(member.name, got, Sentence("a whole FIT file"))) from None
    return list(made.found(member.name))


class _Made:
    """Gathers what the messages of one file say."""

    def __init__(self, told: Told) -> None:
        self._zone = told.zone
        self._gathered = Gathered()
        self._beats_ms: list[float] = []
        self._begun: datetime | None = None
        self._source = NAME
        self._rates: list[tuple[datetime, float]] = []

    def take_all(self, data: bytes) -> None:
        import fitdecode

        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # what it does not know is not for us either
            with fitdecode.FitReader(io.BytesIO(data), check_crc=fitdecode.CrcCheck.RAISE) as reader:
                for frame in reader:
                    if frame.frame_type == fitdecode.FIT_FRAME_DATA:
                        self._take(frame.name, {field.name: field.value for field in frame.fields})

    def _take(self, name: str, said: dict[str, Any]) -> None:
        at = said.get("timestamp")
        if isinstance(at, datetime) and self._begun is None and not self._beats_ms:
            self._begun = at
        if name == "file_id":
            self._source = " ".join(str(said[one]) for one in ("manufacturer", "product") if said.get(one)) or NAME
        elif name == "record" and isinstance(at, datetime) and isinstance(said.get("heart_rate"), int | float):
            self._rates.append((at, float(said["heart_rate"])))
        elif name == "hrv":
            told = said.get("time")
            beats = told if isinstance(told, tuple | list) else (told,)
            self._beats_ms += [1000 * one for one in beats if isinstance(one, int | float)]

    def found(self, name: str) -> Iterator[Found]:
        for at, rate in self._rates:
            self._gathered.add("heart_rate", self._source, self._there(at), rate)
        yield from self._gathered.columns()
        beats = [one for one in self._beats_ms if round(one) != _FILLED_MS]
        good = [POSSIBLE_MS[0] <= one <= POSSIBLE_MS[1] for one in beats]
        for number, (one, fits) in enumerate(zip(beats, good, strict=True), 1):
            if not fits:
                yield Rejected(BEAT.format(file=ascii(name)[1:-1][:60], number=number), f"{one:.0f} ms", OUTSIDE)
        kept = np.array([one for one, fits in zip(beats, good, strict=True) if fits])
        if kept.size:
            yield Recording(self._source, None if self._begun is None else self._there(self._begun), kept)

    def _there(self, at: datetime) -> datetime:
        """FIT tells universal time; the clock on the wall is that of the zone that was said."""
        return (at if at.tzinfo is not None else at.replace(tzinfo=UTC)).astimezone(self._zone)
