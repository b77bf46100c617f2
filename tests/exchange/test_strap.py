from __future__ import annotations

import asyncio
import sys
from contextlib import aclosing
from typing import Any

import pytest
from bleak import BleakScanner
from bleak.exc import BleakBluetoothNotAvailableError, BleakBluetoothNotAvailableReason

from matwise.exchange import strap as bluetooth
from matwise.exchange.strap import NoStrapError, listen
from matwise.measures.strap import Packet, read_packet
from tests.emulated_strap import Said, Strap, apart, beats


async def heard(strap: Strap, for_s: float = 1000.0) -> list[tuple[float, Packet]]:
    async with aclosing(listen(strap.packets(), strap.clock, for_s)) as told:
        return [(at_s, read_packet(raw)) async for at_s, raw in told]


def test_what_a_strap_notifies_arrives_as_it_was_sent() -> None:
    sent = [
        beats(812, rate=74),
        beats(rate=74),
        Said(74),
        beats(830, 798, 1024, rate=74),
        Said(300, sensor_contact_detected=True, energy_expended=513, rr_intervals=[700 / 1024]),
        Said(74, sensor_contact_detected=False),
    ]
    came = [packet for _, packet in apart(asyncio.run, heard(Strap(sent)))]

    ticks = [[round(one * 1024 / 1000) for one in packet.rr_ms] for packet in came]
    assert ticks == [[812], [], [], [830, 798, 1024], [700], []]
    assert [packet.heart_rate_per_min for packet in came] == [74, 74, 74, 74, 300, 74]
    assert [packet.touches for packet in came] == [None, None, None, None, True, False]
    assert [packet.energy_kj for packet in came] == [None, None, None, None, 513, None]


def test_listening_ends_when_its_time_is_over() -> None:
    came = apart(asyncio.run, heard(Strap([beats(1024)] * 50), for_s=10.0))

    assert len(came) == 10
    assert came[-1][0] == pytest.approx(10.0)


def test_without_its_package_it_says_which_one_and_what_else_can_be_done(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "bleak", None)

    with pytest.raises(NoStrapError, match=r"matwise\[strap\].*file of any app"):
        apart(asyncio.run, bluetooth.find())


def test_without_bluetooth_it_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    async def off(*_: Any, **__: Any) -> None:  # noqa: ANN401 – whatever bleak is asked
        reason = BleakBluetoothNotAvailableReason.POWERED_OFF
        raise BleakBluetoothNotAvailableError("Bluetooth device is turned off.", reason)

    monkeypatch.setattr(BleakScanner, "find_device_by_filter", off)
    with pytest.raises(NoStrapError, match=r"turned off\. Switch it on"):
        apart(asyncio.run, bluetooth.find())


def test_where_no_strap_is_in_reach_it_says_what_helps(monkeypatch: pytest.MonkeyPatch) -> None:
    async def nothing(*_: Any, **__: Any) -> None:  # noqa: ANN401 – whatever bleak is asked
        return None

    monkeypatch.setattr(BleakScanner, "find_device_by_filter", nothing)
    with pytest.raises(NoStrapError, match="electrodes wetted"):
        apart(asyncio.run, bluetooth.find())
