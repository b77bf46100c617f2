"""A chest strap without a radio: a Bluetooth device with the Heart Rate Service, and a phone that listens to it.

Both are whole Bluetooth stacks (bumble) on a link of their own in this process; what the strap notifies is made by
bumble's own service, not by anything of Matwise.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import ParamSpec, TypeVar

from bumble.controller import Controller
from bumble.device import Device, Peer
from bumble.hci import Address
from bumble.host import Host
from bumble.link import LocalLink
from bumble.profiles.heart_rate_service import HeartRateService
from bumble.transport.common import AsyncPipeSink

Said = HeartRateService.HeartRateMeasurement
TICKS_PER_S = 1024
P = ParamSpec("P")
T = TypeVar("T")


def apart(call: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """Call it in a thread of its own: where a browser test ran before, Playwright's event loop still runs in ours."""
    with ThreadPoolExecutor(1) as elsewhere:
        return elsewhere.submit(call, *args, **kwargs).result()


def beats(*ticks: int, rate: int = 60) -> Said:
    """A notification with intervals in 1/1024 s."""
    return Said(rate, rr_intervals=[one / TICKS_PER_S for one in ticks])


@dataclass(slots=True)
class Strap:
    """What it will say, one after the other; its clock goes on by the beats it tells, and by `pauses` before some."""

    says: Sequence[Said]
    pauses: dict[int, float] = field(default_factory=dict)
    now_s: float = 0.0

    def clock(self) -> float:
        """Seconds since it was put on."""
        return self.now_s

    async def packets(self) -> AsyncGenerator[bytes, None]:
        """What a phone that subscribed to it gets, as raw bytes."""
        link: LocalLink = LocalLink()  # type: ignore[no-untyped-call]
        service = HeartRateService(read_heart_rate_measurement=lambda _: Said(60))
        strap, phone = _device("strap", 0, link), _device("phone", 1, link)
        strap.add_services([service])
        await strap.power_on()
        await phone.power_on()
        await strap.start_advertising()
        peer = Peer(await phone.connect(strap.random_address))
        await peer.discover_services()
        for one in peer.services:
            await one.discover_characteristics()
        measured = service.heart_rate_measurement_characteristic
        came: asyncio.Queue[bytes] = asyncio.Queue()
        await peer.get_characteristics_by_uuid(measured.uuid)[0].subscribe(lambda raw: came.put_nowait(bytes(raw)))
        for number, said in enumerate(self.says):
            self.now_s += self.pauses.get(number, 0.0) + (sum(said.rr_intervals or ()) or 1.0)
            await strap.notify_subscribers(measured, bytes(said))  # type: ignore[misc]
            yield await came.get()


def _device(name: str, number: int, link: LocalLink) -> Device:
    controller = Controller(name, link=link)
    return Device(name, Address(f"F{number}:F1:F2:F3:F4:F5"), host=Host(controller, AsyncPipeSink(controller)))
