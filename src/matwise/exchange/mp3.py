"""Samples in, an MP3 file out, with a header that tells its exact length."""

from __future__ import annotations

import struct
from typing import IO

import lameenc

from matwise.exchange.pcm import pcm_16
from matwise.session.sound import RATE_HZ, Samples

# One channel at 80 kbit/s is what 160 would be in stereo; the voice has nothing above 12 kHz to lose.
BITRATE_KBPS = 80
QUALITY = 7  # of 0 (slow) to 9: a third quicker than 5 (bench/audio)
ENCODER_GAIN = 0.95  # LAME turns this bit rate down by so much against clipping, which ours is far from: put back
FRAME_SAMPLES = 1152
ENCODER_DELAY = 576  # samples LAME puts before the first; a decoder told of them drops them

_HEADER_BITS = {80: 0b0110}[BITRATE_KBPS]
_FRAME_BYTES = 144_000 * BITRATE_KBPS / RATE_HZ
_CRC_POLYNOMIAL = 0xA001  # CRC-16 as in the LAME tag, bits reversed


class Mp3Writer:
    """Writes one mono MP3, block by block, after its tag (see `id3`); `finish` completes the header."""

    def __init__(self, file: IO[bytes], tag: bytes = b"") -> None:
        self._file = file
        self._encoder = lameenc.Encoder()
        self._encoder.set_bit_rate(BITRATE_KBPS)
        self._encoder.set_in_sample_rate(RATE_HZ)
        self._encoder.set_channels(1)
        self._encoder.set_quality(QUALITY)
        self._encoder.silence()
        self._samples = 0
        self._bytes = 0
        self._file.write(tag)
        self._header_at = self._file.tell()
        self._file.write(bytes(int(_FRAME_BYTES)))

    def write(self, samples: Samples) -> None:
        """Append samples, shape (n_samples,), at `RATE_HZ`; beyond ±0.95 they are clipped."""
        pcm = pcm_16(samples, 1 / ENCODER_GAIN)
        self._samples += pcm.size
        self._put(self._encoder.encode(pcm.tobytes()))

    def finish(self) -> None:
        """Write what the encoder still holds, then the header."""
        self._put(self._encoder.flush())
        frames = round(self._bytes / _FRAME_BYTES)
        padding = frames * FRAME_SAMPLES - ENCODER_DELAY - self._samples
        self._file.seek(self._header_at)
        self._file.write(_info_frame(frames, self._bytes, padding))

    def _put(self, encoded: bytes | bytearray) -> None:
        self._bytes += len(encoded)
        self._file.write(encoded)


def _info_frame(frames: int, audio_bytes: int, padding: int) -> bytes:
    """The first frame, silent, with what players read: frames, bytes, places to jump to, samples to drop.

    Source:
        G. Bouvigne, "Mp3 Info Tag revision 1 specifications"; without it, the length is a guess from the bit rate.
    """
    header = bytes((0xFF, 0xFB, _HEADER_BITS << 4, 0xC4))  # MPEG 1 layer III, 44.1 kHz, mono, as LAME writes it
    side = bytes(17)
    jumps = bytes(round(255 * percent / 100) for percent in range(100))
    info = b"Info" + struct.pack(">III", 0b0111, frames, audio_bytes + int(_FRAME_BYTES)) + jumps
    dropped = (ENCODER_DELAY << 12 | max(0, min(padding, 0xFFF))).to_bytes(3, "big")
    lame = b"LAME3.100" + bytes((0x01, 0)) + bytes(8) + bytes((0, BITRATE_KBPS)) + dropped + bytes((0, 0, 0, 0))
    lame += struct.pack(">IH", audio_bytes + int(_FRAME_BYTES), 0)
    frame = header + side + info + lame
    frame += struct.pack(">H", _crc16(frame))
    return frame + bytes(int(_FRAME_BYTES) - len(frame))


def _crc16(content: bytes) -> int:
    crc = 0
    for byte in content:
        crc ^= byte
        for _ in range(8):
            crc = crc >> 1 ^ (_CRC_POLYNOMIAL if crc & 1 else 0)
    return crc
