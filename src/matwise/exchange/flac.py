"""Samples in, a FLAC file out, with its tags in front."""

from __future__ import annotations

from typing import IO

import soundfile

from matwise.exchange.audio_tags import Tags
from matwise.exchange.encoded import Encoded
from matwise.exchange.pcm import pcm_16
from matwise.exchange.vorbis_comment import comments, picture, vendor_of
from matwise.session.sound import RATE_HZ, Samples

_STREAM_INFO, _COMMENT, _PICTURE = 0, 4, 6
_LAST = 0x80  # in front of the last block before the sound
_START = 42  # bytes of "fLaC" and the stream info, which the encoder completes when all is told


class FlacWriter:
    """Writes one mono FLAC of 16 bits, block by block; `finish` completes the header.

    Source:
        RFC 9639.
    """

    def __init__(self, file: IO[bytes], tags: Tags) -> None:
        self._file = file
        self._tags = tags
        self._encoded = Encoded(kept=_START)
        self._encoder = soundfile.SoundFile(
            self._encoded, "w", samplerate=RATE_HZ, channels=1, format="FLAC", subtype="PCM_16"
        )
        self._starts_at = file.tell()
        self._header = b""
        self._started = False

    def write(self, samples: Samples) -> None:
        """Append samples, shape (n_samples,), at `RATE_HZ`; beyond ±1 they are clipped."""
        self._encoder.write(pcm_16(samples))  # a third quicker than libsndfile's own way from floats
        self._put()

    def finish(self) -> None:
        """Write what the encoder still holds, then the length and the checksum of the sound."""
        self._encoder.close()
        self._put()
        ends_at = self._file.tell()
        self._file.seek(self._starts_at)
        self._file.write(self._first())
        self._file.seek(ends_at)

    def _put(self) -> None:
        new = self._encoded.take()
        if not self._started:
            self._header += new
            blocks_end = _blocks_end(self._header)
            if blocks_end is None:
                return
            new, self._started = self._header[blocks_end:], True
            self._file.write(self._first() + self._told(self._header[:blocks_end]))
        self._file.write(new)

    def _first(self) -> bytes:
        start = bytearray(self._encoded.head)
        start[4] = _STREAM_INFO  # more blocks follow
        return bytes(start)

    def _told(self, encoders_own: bytes) -> bytes:
        """Our comments and cover, in place of the encoder's comments."""
        vendor = vendor_of(encoders_own[4:])
        blocks = [(_COMMENT, comments(self._tags, vendor, picture_inside=False))]
        if self._tags.cover:
            blocks.append((_PICTURE, picture(self._tags.cover)))
        kinds = [kind | (_LAST if number == len(blocks) else 0) for number, (kind, _) in enumerate(blocks, start=1)]
        contents = [content for _, content in blocks]
        return b"".join(
            bytes((kind,)) + len(content).to_bytes(3, "big") + content
            for kind, content in zip(kinds, contents, strict=True)
        )


def _blocks_end(header: bytes) -> int | None:
    """Where the encoder's blocks end and the sound begins, once all of them are there."""
    at = 0
    while at + 4 <= len(header):
        ends = at + 4 + int.from_bytes(header[at + 1 : at + 4], "big")
        if header[at] & _LAST:
            return ends if ends <= len(header) else None
        at = ends
    return None
