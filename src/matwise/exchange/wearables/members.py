"""The files of an archive one after the other, or the only one: which of them can be read, and how far it is."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from matwise.exchange.wearables.maker import Found, ImportRejectedError, Position, Told
from matwise.exchange.wearables.opened import Member, Opened
from matwise.measures.reading import Rejected
from matwise.sentence import Sentence

Read = Callable[[Opened, Member, Told], Iterable[Found]]


def read_each(opened: Opened, told: Told, reader_of: Callable[[Opened, Member], Read | None]) -> Iterator[Found]:
    """What every file says that `reader_of` has a reader for; the position after each.

    A damaged file of an archive is rejected, the others are read.

    Raises:
        ImportRejectedError: it is no archive, and damaged.
    """
    done, total = 0, sum(member.size for member in opened.members)
    for member in opened.members:
        done += member.size
        if done <= told.from_position:
            continue
        read = reader_of(opened, member)
        if read is None:
            continue
        try:
            yield from read(opened, member, told)
        except ImportRejectedError as error:
            if not opened.zipped:
                raise
            where = ascii(member.name)[1:-1][:80]
            yield Rejected(where, where, Sentence.joined(one.got for one in error.problems))
        yield Position(done, total)
