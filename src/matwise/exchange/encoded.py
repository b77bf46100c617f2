"""The bytes an encoder has made so far, in memory until they are taken."""

from __future__ import annotations

import io

from matwise.errors import MatwiseError


class EncoderError(MatwiseError):
    """The encoder did something a stream can't follow."""


class Encoded:
    """A file for libsndfile to write to.

    An error inside one of its callbacks would be printed and forgotten; so nothing here touches a disk or raises, and
    what was made is taken away after every block. The first `kept` bytes stay, since a header is corrected at the end.
    """

    def __init__(self, kept: int = 0) -> None:
        self.head = bytearray()
        self._kept = kept
        self._new = bytearray()
        self._at = 0
        self._end = 0
        self._gone_back_to: int | None = None

    def write(self, content: bytes) -> int:
        """Append, or change what stays."""
        if self._at == self._end:
            self._append(content)
        elif self._at + len(content) <= len(self.head):
            self.head[self._at : self._at + len(content)] = content
        else:
            self._gone_back_to = self._at
        self._at += len(content)
        return len(content)

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        """Go somewhere."""
        self._at = {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: self._end}[whence] + offset
        return self._at

    def tell(self) -> int:
        """Where the next byte goes."""
        return self._at

    def take(self) -> bytes:
        """What came after the first bytes and was not taken yet.

        Raises:
            EncoderError: the encoder changed something that was taken already.
        """
        if self._gone_back_to is not None:
            raise EncoderError(f"The encoder went back to byte {self._gone_back_to}, which is written already.")
        new, self._new = bytes(self._new), bytearray()
        return new

    def _append(self, content: bytes) -> None:
        room = max(0, self._kept - len(self.head))
        self.head += content[:room]
        self._new += content[room:]
        self._end += len(content)
