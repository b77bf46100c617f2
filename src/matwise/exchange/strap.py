"""Listen to a chest strap over Bluetooth.

What a strap says is told by `measures.strap`; here it is only fetched. `listen` takes any source of packets, so that
one way to a radio can be changed for another; `packets` is the one by bleak, an extra that only the terminal needs.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from matwise.errors import MatwiseError
from matwise.measures.strap import HEART_RATE_MEASUREMENT, HEART_RATE_SERVICE
from matwise.sentence import Sentence

if TYPE_CHECKING:
    from bleak.backends.device import BLEDevice
    from bleak.backends.scanner import AdvertisementData

LOOKS_FOR_S = 20.0
AGAIN_AFTER_S = 1.0  # a strap that went out of reach is asked again so often
NO_BLEAK = Sentence(
    "To record a strap in the terminal one more package is needed: pip install “matwise[strap]”. The page of Matwise in"
    " Chrome or Edge needs nothing, and a file of any app that records straps can be imported."
)
NO_RADIO = Sentence("Bluetooth can’t be used: {why}. Switch it on, or import a file of an app that recorded the strap.")
NO_SERVICE = Sentence("no Bluetooth service answers on this machine")
NO_STRAP = Sentence(
    "No strap was found in {seconds:.0f} seconds. Wear it with its electrodes wetted, since most are off until they"
    " feel skin, and close other apps that are connected to it."
)


class NoStrapError(MatwiseError):
    """There is no strap to listen to."""


@dataclass(frozen=True, slots=True)
class Strap:
    """A strap in reach."""

    name: str
    device: BLEDevice


async def listen(
    packets: AsyncIterator[bytes], clock: Callable[[], float], for_s: float
) -> AsyncGenerator[tuple[float, bytes], None]:
    """Each packet with when it came, in s since the call, until the time is over or no more come.

    Args:
        packets: as the strap notified them.
        clock: seconds that only go on.
        for_s: how long.
    """
    began_s = clock()
    while (left_s := began_s + for_s - clock()) > 0:
        try:
            raw = await asyncio.wait_for(anext(packets), left_s)
        except (TimeoutError, StopAsyncIteration):
            return
        yield clock() - began_s, raw


async def find(for_s: float = LOOKS_FOR_S) -> Strap:
    """The first strap that says it is there.

    Raises:
        NoStrapError: there is none, no Bluetooth, or no bleak.
    """
    try:
        from bleak import BleakScanner
        from bleak.exc import BleakError
    except ImportError:
        raise NoStrapError(NO_BLEAK) from None

    def is_strap(_: BLEDevice, said: AdvertisementData) -> bool:
        return HEART_RATE_SERVICE in said.service_uuids

    try:
        found = await BleakScanner.find_device_by_filter(is_strap, for_s, service_uuids=[HEART_RATE_SERVICE])
    except OSError:
        raise NoStrapError(NO_RADIO.format(why=NO_SERVICE)) from None
    except BleakError as error:
        # A code may stand beside its words.
        why = str(error.args[0]).removesuffix(".") if error.args else NO_SERVICE
        raise NoStrapError(NO_RADIO.format(why=why)) from None
    if found is None:
        raise NoStrapError(NO_STRAP.format(seconds=for_s))
    return Strap(found.name or "", found)


async def packets(strap: Strap) -> AsyncGenerator[bytes, None]:
    """What a strap notifies, for as long as it is asked; one that goes out of reach is connected to again."""
    from bleak import BleakClient
    from bleak.exc import BleakError

    while True:
        waiting: asyncio.Queue[bytes | None] = asyncio.Queue()

        def gone(_: BleakClient, into: asyncio.Queue[bytes | None] = waiting) -> None:
            into.put_nowait(None)

        def told(_: object, raw: bytearray, into: asyncio.Queue[bytes | None] = waiting) -> None:
            into.put_nowait(bytes(raw))

        try:
            async with BleakClient(strap.device, disconnected_callback=gone) as client:
                await client.start_notify(HEART_RATE_MEASUREMENT, told)
                while (raw := await waiting.get()) is not None:
                    yield raw
        except (BleakError, OSError, TimeoutError):
            pass  # out of reach: the time that is lost shows in the recording, and it is asked again
        await asyncio.sleep(AGAIN_AFTER_S)
