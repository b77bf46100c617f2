"""What a chest strap sends over Bluetooth, and the successive beats in it.

Heart Rate Measurement (0x2A37) of the Heart Rate Service, Bluetooth SIG 2011: a byte of flags, the heart rate, the
energy that was spent, and none, one or several intervals between beats in 1/1024 s, the oldest first.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from matwise.errors import InvalidInputError, Problem
from matwise.sentence import Sentence

HEART_RATE_SERVICE = "0000180d-0000-1000-8000-00805f9b34fb"
HEART_RATE_MEASUREMENT = "00002a37-0000-1000-8000-00805f9b34fb"
LONGEST_PACKET = 512  # bytes: no attribute is longer (Bluetooth Core, Vol 3, Part F, 3.2.9)
# A packet comes every second and may be a second late; a heart at rest beats at least every two.
LOST_S = 3.0

_WIDE, _TOUCHES, _TELLS_TOUCH, _ENERGY, _INTERVALS = 0x01, 0x02, 0x04, 0x08, 0x10
_TICKS_PER_S = 1024


@dataclass(frozen=True, slots=True)
class Packet:
    """One notification: `touches` is None where the strap does not tell, `energy_kj` where it does not count.

    `rr_ms` are the intervals that ended since the packet before, in ms, oldest first.
    """

    heart_rate_per_min: int
    touches: bool | None = None
    energy_kj: int | None = None
    rr_ms: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True)
class Arrived:
    """A packet and when it came, in s since the recording was begun."""

    at_s: float
    packet: Packet


@dataclass(frozen=True, slots=True, eq=False)
class Stretch:
    """Beats without one missing between them: `rr_ms` of shape (n_beats,), the first from `begins_s` on.

    `begins_s` is in s since the recording was begun; below 0 where the strap sent beats of before.
    """

    begins_s: float
    rr_ms: NDArray[np.float64]


def read_packet(raw: bytes) -> Packet:
    """One notification as the strap sent it.

    Raises:
        InvalidInputError: it is shorter than its flags say, or ends in the middle of an interval.
    """
    if not 2 <= len(raw) <= LONGEST_PACKET:
        raise _unread(raw, Sentence("flags and a heart rate"))
    flags, at = raw[0], 1
    wide = 2 if flags & _WIDE else 1
    heart_rate, at = _number(raw, at, wide), at + wide
    energy_kj = None
    if flags & _ENERGY:
        energy_kj, at = _number(raw, at, 2), at + 2
    rr_ms: tuple[float, ...] = ()
    if flags & _INTERVALS:
        rr_ms = tuple(_number(raw, place, 2) * 1000 / _TICKS_PER_S for place in range(at, len(raw), 2))
    elif len(raw) > at:
        raise _unread(raw, Sentence("{number} bytes, as its flags say", number=at))
    return Packet(heart_rate, bool(flags & _TOUCHES) if flags & _TELLS_TOUCH else None, energy_kj, rr_ms)


def stretches(arrived: Sequence[Arrived]) -> tuple[Stretch, ...]:
    """The beats of a recording, in a row as far as none is missing.

    A packet that is only late makes up for it with the next ones, which come sooner; time in which no beat came never
    comes back. Where more than three seconds are lost so, a new stretch begins.

    Args:
        arrived: in the order they came.
    """
    told = [one for one in arrived if one.packet.rr_ms]
    if not told:
        return ()
    at_s = np.array([one.at_s for one in told])
    beat_s = np.array([sum(one.packet.rr_ms) for one in told]) / 1000
    begins_s = at_s - np.cumsum(beat_s)  # when the first beat began, as each packet has it
    # The least late of all packets from here on: it only ever rises by what was lost.
    least_s = np.minimum.accumulate(begins_s[::-1])[::-1]
    first = np.flatnonzero(np.diff(least_s, prepend=-np.inf) > LOST_S)
    found = []
    for begin, end in zip(first, [*first[1:], len(told)], strict=True):
        before_s = float(beat_s[:begin].sum())
        rr_ms = np.array([rr for one in told[begin:end] for rr in one.packet.rr_ms])
        found.append(Stretch(float(least_s[begin]) + before_s, rr_ms))
    return tuple(found)


def _number(raw: bytes, at: int, size: int) -> int:
    if at + size > len(raw):
        raise _unread(raw, Sentence("all that its flags say"))
    return int.from_bytes(raw[at : at + size], "little")


def _unread(raw: bytes, want: Sentence) -> InvalidInputError:
    got = Sentence("{number} bytes, {bytes}", number=len(raw), bytes=raw[:20].hex() or "-")
    return InvalidInputError(Problem("packet", got, want))
