"""A maker of files as small as they can be, to try imports on. A line is a reading, a recording, or neither."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import numpy as np

from matwise.exchange.wearables.maker import Found, Position, Told
from matwise.exchange.wearables.opened import Opened
from matwise.measures.reading import Gathered, Recording, Rejected
from matwise.sentence import Sentence

HEAD = b"a file of lines\n"
NO_LINE = Sentence("It is no line of this file.")


@dataclass(slots=True)  # not frozen: a maker is a module, whose names could be set
class Lines:
    """Lines such as `heart_rate;watch;2026-03-02T21:30:00+01:00;62`, `rr;strap;2026-03-02T21:30:00+01:00;812 798`.

    Attributes:
        every: lines between two positions; 0 for a reader that never says where it is.
        resumes: whether the reader begins where it is told to, or at the beginning.
    """

    every: int = 3
    resumes: bool = True
    ID: str = "lines"
    NAME: str = "Lines"

    def recognises(self, opened: Opened) -> bool:
        return opened.head().startswith(HEAD)

    def read(self, opened: Opened, told: Told) -> Iterator[Found]:
        with opened.stream(opened.members[0]) as stream:
            stream.read(len(HEAD))
            done = max(len(HEAD), told.from_position if self.resumes else 0)
            stream.seek(done)
            for number, line in enumerate(stream.read().splitlines(keepends=True), 1):
                done += len(line)
                yield from _found(line.decode().strip(), told)
                if self.every and number % self.every == 0:
                    yield Position(done, opened.size)


def write(path: Path, lines: Sequence[str]) -> Path:
    path.write_bytes(HEAD + "".join(f"{line}\n" for line in lines).encode())
    return path


def _found(line: str, told: Told) -> Iterator[Found]:
    measure, *rest = line.split(";")
    if len(rest) != 3:
        yield Rejected(ascii(line)[:20], ascii(line)[:80], NO_LINE)
        return
    source, moment, value = rest
    at = datetime.fromisoformat(moment) if moment else told.at
    if at is not None and at.tzinfo is None:
        at = at.replace(tzinfo=told.zone)
    if measure == "rr":
        yield Recording(source, at, np.array(value.split(), dtype=np.float64))
        return
    gathered = Gathered()
    assert at is not None
    gathered.add(measure, source, at, float(value))
    yield from gathered.columns()
