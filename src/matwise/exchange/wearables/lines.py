"""The lines of a text file, whatever wrote it."""

from __future__ import annotations

import codecs
import io
import re
from collections.abc import Iterator

from matwise.errors import Problem
from matwise.exchange.wearables.maker import ImportRejectedError
from matwise.exchange.wearables.opened import Member, Opened
from matwise.sentence import Sentence

LONGEST_LINE = 64 << 10  # characters
_HEAD_BYTES = 16 << 10
_MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_NUMBER = re.compile(r"[+-]?\d{1,12}(?:[.,]\d{1,12})?")


def lines(opened: Opened, member: Member | None = None) -> Iterator[tuple[int, str]]:
    """Each line that says something, with its number, from 1 on; without blanks around it.

    Raises:
        ImportRejectedError: it is no text, or a line is longer than any that means something.
    """
    wanted = member or opened.members[0]
    encoding = encoding_of(opened.head(wanted, 4096))
    with opened.stream(wanted) as stream, io.TextIOWrapper(stream, encoding, errors="replace", newline=None) as text:
        number = 0
        while line := text.readline(LONGEST_LINE):
            number += 1
            if len(line) >= LONGEST_LINE or "\x00" in line:
                got = Sentence("line {number}, which is no text", number=number)
                raise ImportRejectedError(Problem(opened.name, got, Sentence("lines of text")))
            if line.strip():
                yield number, line.strip()


def first_lines(opened: Opened, most: int = 50, member: Member | None = None) -> list[str]:
    """The first lines that say something; none where it is no text."""
    head = opened.head(member or opened.members[0], _HEAD_BYTES)
    if b"\x00" in head and not head.startswith(tuple(mark for mark, _ in _MARKS)):
        return []
    found = head.decode(encoding_of(head), errors="replace").splitlines()
    whole = found[:-1] if len(head) == _HEAD_BYTES else found  # the last line of a part of the file is cut
    return [line.strip() for line in whole if line.strip()][:most]


def encoding_of(head: bytes) -> str:
    """How a text is written: by its mark, else UTF-8 where it is that, else as Windows writes in the West."""
    for mark, encoding in _MARKS:
        if head.startswith(mark):
            return encoding
    try:
        codecs.getincrementaldecoder("utf-8")().decode(head)
    except UnicodeDecodeError:
        return "cp1252"
    return "utf-8"


def number_of(written: str) -> float | None:
    """A number with a point or a comma before its decimals; None for anything else."""
    said = written.strip().strip('"')
    return float(said.replace(",", ".")) if _NUMBER.fullmatch(said) else None
