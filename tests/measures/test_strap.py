from __future__ import annotations

import struct
from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from matwise.errors import InvalidInputError
from matwise.measures.strap import LOST_S, Arrived, Packet, read_packet, stretches

TICKS = st.integers(1, 0xFFFF)


def a_packet(ticks: Sequence[int], flags: int = 0x10, rate: int = 60) -> bytes:
    return struct.pack(f"<BB{len(ticks)}H", flags, rate, *ticks)


def arrived(rr_ms: Sequence[Sequence[float]], late_s: Sequence[float] | None = None) -> list[Arrived]:
    """Packets that come the moment their last beat ends, but for so much time."""
    at_s = np.cumsum([sum(one) for one in rr_ms]) / 1000
    late = late_s if late_s is not None else [0.0] * len(rr_ms)
    return [
        Arrived(float(at) + by, Packet(60, rr_ms=tuple(one))) for at, by, one in zip(at_s, late, rr_ms, strict=True)
    ]


# The layout of the Heart Rate Service 1.0, 3.1.1: flags, rate, energy, intervals; little-endian.
@pytest.mark.parametrize(
    ("raw", "said"),
    [
        (b"\x00\x48", Packet(72)),
        (b"\x01\x2c\x01", Packet(300)),
        (b"\x04\x48", Packet(72, touches=False)),
        (b"\x06\x48", Packet(72, touches=True)),
        (b"\x02\x48", Packet(72)),  # touch is told only where it is supported
        (b"\x08\x48\x07\x01", Packet(72, energy_kj=263)),
        (b"\x10\x48\x00\x04\x00\x02\x01\x00", Packet(72, rr_ms=(1000.0, 500.0, 1000 / 1024))),
        (b"\x10\x48", Packet(72)),
        (b"\x1f\x48\x00\x07\x00\x00\x04", Packet(72, touches=True, energy_kj=7, rr_ms=(1000.0,))),
        (b"\xe0\x48", Packet(72)),  # bits that are kept for later
    ],
)
def test_a_packet_is_read_as_the_service_describes_it(raw: bytes, said: Packet) -> None:
    assert read_packet(raw) == said


@pytest.mark.parametrize(
    "raw", [b"", b"\x00", b"\x01\x48", b"\x08\x48\x07", b"\x10\x48\x00", b"\x00\x48\x00\x04", b"\x18\x48\x07\x00\x04"]
)
def test_a_packet_that_is_not_what_its_flags_say_is_refused(raw: bytes) -> None:
    with pytest.raises(InvalidInputError, match=f"{len(raw)} bytes"):
        read_packet(raw)


@given(st.binary(max_size=600))
def test_whatever_comes_is_read_or_refused_and_never_more_than_was_sent(raw: bytes) -> None:
    try:
        packet = read_packet(raw)
    except InvalidInputError:
        return

    assert 2 * len(packet.rr_ms) <= len(raw) - 2


@given(st.lists(TICKS, max_size=60), st.data())
def test_any_beats_cut_into_packets_in_any_way_come_back_whole(ticks: list[int], data: st.DataObject) -> None:
    cuts = sorted(data.draw(st.lists(st.integers(0, len(ticks)), max_size=20)))
    parts = [ticks[begin:end] for begin, end in zip([0, *cuts], [*cuts, len(ticks)], strict=True)]
    read = [read_packet(a_packet(part)) for part in parts]
    ends_s = np.cumsum([sum(one.rr_ms) for one in read]) / 1000
    found = stretches([Arrived(float(at), one) for at, one in zip(ends_s, read, strict=True)])

    assert len(found) == (1 if ticks else 0)
    assert [rr for one in found for rr in one.rr_ms] == [1000 * one / 1024 for one in ticks]


@given(st.lists(st.floats(0, 20), min_size=2, max_size=30))
def test_packets_that_are_late_and_then_come_at_once_are_still_one_stretch(late_s: list[float]) -> None:
    late_s[-1] = 0.0
    in_order = np.maximum.accumulate(np.arange(1, len(late_s) + 1) + np.array(late_s)) - np.arange(1, len(late_s) + 1)
    until_caught_up = [*in_order.tolist(), 0.0]  # the last one is on time again
    found = stretches(arrived([[1000.0]] * len(until_caught_up), until_caught_up))

    assert [one.rr_ms.size for one in found] == [len(until_caught_up)]
    assert found[0].begins_s == pytest.approx(0.0)


def test_where_time_is_lost_for_good_a_new_stretch_begins_when_its_beats_did() -> None:
    lost = [0.0] * 10 + [LOST_S + 7.0] * 5
    found = stretches(arrived([[1000.0]] * 15, lost))

    assert [one.rr_ms.size for one in found] == [10, 5]
    assert [one.begins_s for one in found] == pytest.approx([0.0, 10.0 + LOST_S + 7.0])


def test_a_strap_that_tells_no_beats_for_a_while_lost_them() -> None:
    told = arrived([[1000.0]] * 6)
    silent = [Arrived(6.0 + n, Packet(60)) for n in range(1, 9)]
    again = [Arrived(one.at_s + 14.0, one.packet) for one in told]
    found = stretches([*told, *silent, *again])

    assert [one.rr_ms.size for one in found] == [6, 6]


def test_a_strap_that_tells_a_rate_and_no_beats_has_none() -> None:
    assert stretches([Arrived(float(n), Packet(60)) for n in range(10)]) == ()
