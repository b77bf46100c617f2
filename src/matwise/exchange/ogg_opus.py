"""Samples in, an Ogg Opus file out: our tags in it, and the same bytes every time."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import IO

import soundfile

from matwise.exchange.audio_tags import Tags
from matwise.exchange.encoded import Encoded
from matwise.exchange.resampler import OPUS_RATE_HZ, Resampler
from matwise.exchange.vorbis_comment import comments, vendor_of
from matwise.session.sound import Samples

COMPRESSION = 0.77  # libsndfile's word for 64 kbit/s in one channel: 250 000 · (1 − 0.77) + 6 000
_PAGE = struct.Struct("<4sBBqIII B")
_CONTINUED = 0x01  # the page goes on with a packet of the page before
_NOTHING_ENDS = -1  # in place of the time, on a page on which no packet ends
_MOST_SEGMENTS = 255
_REVERSED = bytes(int(f"{byte:08b}"[::-1], 2) for byte in range(256))


@dataclass(frozen=True, slots=True)
class _Page:
    """One page of an Ogg stream; `segments` are the lengths of its pieces, 255 where a packet goes on."""

    kind: int
    granule: int
    number: int
    segments: bytes
    content: bytes


class OpusWriter:
    """Writes one mono Opus file, block by block; `finish` ends it.

    Source:
        RFC 3533 (Ogg), RFC 7845 (Opus in Ogg).
    """

    def __init__(self, file: IO[bytes], tags: Tags) -> None:
        self._file = file
        self._tags = tags
        self._resampler = Resampler()
        self._encoded = Encoded()
        self._encoder = soundfile.SoundFile(
            self._encoded,
            "w",
            samplerate=OPUS_RATE_HZ,
            channels=1,
            format="OGG",
            subtype="OPUS",
            compression_level=COMPRESSION,
        )
        self._waiting = b""
        self._header = b""  # the encoder's comments, as far as they came
        self._serial = 0
        self._shift: int | None = None  # pages we have more than the encoder, once its comments are replaced

    def write(self, samples: Samples) -> None:
        """Append samples, shape (n_samples,), at the rate of the mix; beyond ±1 they are clipped."""
        self._encoder.write(self._resampler.push(samples))
        self._put()

    def finish(self) -> None:
        """Write what the encoder still holds."""
        self._encoder.write(self._resampler.rest())
        self._encoder.close()
        self._put()

    def _put(self) -> None:
        self._waiting += self._encoded.take()
        pages, self._waiting = _split(self._waiting)
        for page in pages:
            for ours in self._ours(page):
                self._file.write(_bytes_of(ours, self._serial))

    def _ours(self, page: _Page) -> Iterator[_Page]:
        """The page as it goes into our file; the encoder's comments give way to ours."""
        if self._shift is not None:
            yield replace(page, number=page.number + self._shift)
        elif page.number == 0:
            self._first = page
        else:
            self._header += page.content
            if page.segments[-1] < _MOST_SEGMENTS:
                packet = b"OpusTags" + comments(self._tags, vendor_of(self._header[8:]), picture_inside=True)
                told = tuple(_pages_of(packet, first_number=1))
                # libsndfile draws this number by chance; it need only differ from that of a stream it is joined with.
                self._serial = zlib.crc32(packet)
                self._shift = len(told) - page.number
                yield self._first
                yield from told


def _split(stream: bytes) -> tuple[list[_Page], bytes]:
    """The whole pages at the start of a stream, and what is left of it."""
    pages, at = [], 0
    while len(stream) >= at + _PAGE.size:
        _, _, kind, granule, _, number, _, n_segments = _PAGE.unpack_from(stream, at)
        content_at = at + _PAGE.size + n_segments
        segments = stream[at + _PAGE.size : content_at]
        ends = content_at + sum(segments)
        if len(segments) < n_segments or ends > len(stream):
            break
        pages.append(_Page(kind, granule, number, segments, stream[content_at:ends]))
        at = ends
    return pages, stream[at:]


def _pages_of(packet: bytes, first_number: int) -> Iterator[_Page]:
    """A packet alone on as many pages as it needs."""
    # A length of 255 means that the packet goes on, so one that is a multiple of it ends with a piece of none.
    pieces = bytes(255 for _ in range(len(packet) // 255)) + bytes((len(packet) % 255,))
    on_a_page = _MOST_SEGMENTS * 255
    for number in range(-(-len(pieces) // _MOST_SEGMENTS)):
        segments = pieces[number * _MOST_SEGMENTS : (number + 1) * _MOST_SEGMENTS]
        content = packet[number * on_a_page : (number + 1) * on_a_page]
        last = (number + 1) * _MOST_SEGMENTS >= len(pieces)
        yield _Page(_CONTINUED if number else 0, 0 if last else _NOTHING_ENDS, first_number + number, segments, content)


def _bytes_of(page: _Page, serial: int) -> bytes:
    def written(checksum: int) -> bytes:
        start = (b"OggS", 0, page.kind, page.granule, serial, page.number, checksum, len(page.segments))
        return _PAGE.pack(*start) + page.segments + page.content

    return written(_checksum(written(0)))


def _checksum(content: bytes) -> int:
    """The CRC of Ogg: the polynomial of zlib's, with the bits the other way round and nothing inverted."""
    mirrored = zlib.crc32(content.translate(_REVERSED), 0xFFFFFFFF) ^ 0xFFFFFFFF
    return int.from_bytes(mirrored.to_bytes(4, "little").translate(_REVERSED), "big")
