"""Samples in, a WAV file out, with its chapters as named places in it."""

from __future__ import annotations

import struct
from typing import IO

from matwise.exchange.audio_tags import Mark, Tags
from matwise.exchange.pcm import pcm_16
from matwise.session.sound import RATE_HZ, Samples

_PCM, _CHANNELS, _BYTES = 1, 1, 2
_TEXTS = (("INAM", "title"), ("IART", "artist"), ("IPRD", "album"), ("ILNG", "language"))


class WavWriter:
    """Writes one mono WAV of 16 bits, block by block; `finish` completes the header.

    Source:
        IBM and Microsoft, "Multimedia Programming Interface and Data Specifications 1.0" (1991): RIFF, INFO and cue.
    """

    def __init__(self, file: IO[bytes], tags: Tags) -> None:
        self._file = file
        self._tags = tags
        self._samples = 0
        self._starts_at = file.tell()
        form = struct.pack("<HHIIHH", _PCM, _CHANNELS, RATE_HZ, RATE_HZ * _BYTES, _BYTES, 8 * _BYTES)
        file.write(b"RIFF\0\0\0\0WAVE" + _chunk(b"fmt ", form) + _info(tags))
        self._sound_at = file.tell()
        file.write(b"data\0\0\0\0")

    def write(self, samples: Samples) -> None:
        """Append samples, shape (n_samples,), at `RATE_HZ`; beyond ±1 they are clipped."""
        pcm = pcm_16(samples)
        self._samples += pcm.size
        self._file.write(pcm.tobytes())

    def finish(self) -> None:
        """Write the chapters, then the lengths."""
        self._file.write(_places(self._tags.marks) if self._tags.marks else b"")
        ends_at = self._file.tell()
        for at, length in ((self._starts_at, ends_at - self._starts_at - 8), (self._sound_at, self._samples * _BYTES)):
            self._file.seek(at + 4)
            self._file.write(struct.pack("<I", length))
        self._file.seek(ends_at)


def _chunk(name: bytes, content: bytes) -> bytes:
    return name + struct.pack("<I", len(content)) + content + bytes(len(content) % 2)


def _info(tags: Tags) -> bytes:
    """What the file says of itself; programs of today read it as UTF-8."""
    told = [(name, getattr(tags, field)) for name, field in _TEXTS]
    texts = b"".join(_chunk(name.encode("ascii"), text.encode() + b"\0") for name, text in told if text)
    return _chunk(b"LIST", b"INFO" + texts)


def _places(marks: tuple[Mark, ...]) -> bytes:
    """Where the chapters start, in samples, and what they are called."""
    starts = [round(mark.start_s * RATE_HZ) for mark in marks]
    points = b"".join(struct.pack("<II4sIII", number, at, b"data", 0, 0, at) for number, at in enumerate(starts, 1))
    names = b"".join(
        _chunk(b"labl", struct.pack("<I", number) + mark.name.encode() + b"\0") for number, mark in enumerate(marks, 1)
    )
    return _chunk(b"cue ", struct.pack("<I", len(marks)) + points) + _chunk(b"LIST", b"adtl" + names)
