"""The recorder in a real Chromium.

Chromium's own emulation of Bluetooth (DevTools protocol, BluetoothEmulation) has a chooser, a connection and a
subscription, but no notification that nobody asked for. So the way in is walked with it, and what is notified is
replayed, byte by byte, from the emulated strap, whose Bluetooth stack is not ours.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import Browser, Page, expect

from matwise.practice import strap
from tests.conftest import CHROMIUM_ARGS
from tests.emulated_strap import Said, Strap, apart, beats
from tests.practice.people import MONDAY_EVENING

from .listening import Listening, listening
from .test_accessibility import SMALLEST_TARGET_PX, TOO_SMALL, TOO_WIDE, violations

pytestmark = pytest.mark.browser

TICKS = [960 + number * 37 % 41 for number in range(320)]
REPLAY = """
const characteristic = new EventTarget();
characteristic.startNotifications = async () => characteristic;
const device = new EventTarget();
device.name = "Emulated H10";
let away = false;
const server = { getPrimaryService: async () => ({ getCharacteristic: async () => characteristic }) };
device.gatt = {
  connect: async () => {
    if (away) throw new DOMException("out of reach", "NetworkError");
    return server;
  },
  disconnect: () => device.dispatchEvent(new Event("gattserverdisconnected")),
};
const bluetooth = {
  getAvailability: async () => true,
  requestDevice: async (asked) => ((window.asked = asked), device),
};
Object.defineProperty(navigator, "bluetooth", { value: bluetooth });
window.strap = {
  notify: (hex) => {
    const bytes = Uint8Array.from(hex.match(/../g), (two) => parseInt(two, 16));
    characteristic.value = new DataView(bytes.buffer);
    characteristic.dispatchEvent(new Event("characteristicvaluechanged"));
  },
  leave: () => ((away = true), device.dispatchEvent(new Event("gattserverdisconnected"))),
  comeBack: () => (away = false),
};
"""


@pytest.fixture(scope="module")
def notified() -> list[str]:
    """What a phone gets from the emulated strap in a bit more than five minutes: a packet a beat, some with none."""

    async def all_of() -> list[str]:
        said = [beats(one, rate=62) for one in TICKS]
        said[5:5] = [Said(62), beats(rate=62)]
        said[20] = Said(300, sensor_contact_detected=True, energy_expended=9, rr_intervals=[TICKS[18] / 1024])
        return [raw.hex() async for raw in Strap(said).packets()]

    return apart(asyncio.run, all_of())


@pytest.fixture
def wall() -> list[datetime]:
    """What the clock on the server's wall says."""
    return [MONDAY_EVENING]


@pytest.fixture
def app(tmp_path: Path, wall: list[datetime]) -> Iterator[Listening]:
    with listening(tmp_path, lambda: wall[0]) as running:
        yield running


def recorder(app: Listening, browser: Browser) -> Page:
    context = browser.new_context(viewport={"width": 360, "height": 800}, reduced_motion="reduce")
    page = app.enter(context)
    page.add_init_script(REPLAY)
    page.clock.install(time=MONDAY_EVENING)
    page.goto(f"{app.base}/measure/strap")
    page.clock.pause_at(MONDAY_EVENING + timedelta(minutes=2))  # from here on time is what the test says
    page.get_by_role("button", name="Choose the strap and begin").click()
    expect(page.get_by_role("button", name="Finish now")).to_be_focused()
    expect(page.get_by_text("It records. Rest, and breathe freely.")).to_be_visible()
    return page


def goes_on(page: Page, packets: list[str]) -> None:
    """A packet each second."""
    for one in packets:
        page.clock.run_for(1000)
        page.evaluate("hex => strap.notify(hex)", one)


def ticks_of(one: strap.Recorded) -> list[list[int]]:
    return [np.rint(part.rr_ms * 1.024).astype(int).tolist() for part in one.parts]


def test_five_minutes_count_down_and_every_beat_is_kept_as_the_strap_sent_it(
    app: Listening, browser: Browser, notified: list[str]
) -> None:
    page = recorder(app, browser)
    goes_on(page, notified[:65])
    asked = page.evaluate("window.asked")
    shown = page.locator("[data-timer]").inner_text(), page.locator("[data-rate]").inner_text()
    (half_way,) = strap.waiting(app.db)
    goes_on(page, notified[65:299])
    page.clock.run_for(2000)
    page.get_by_role("heading", name="What the strap recorded").wait_for()
    found = strap.find(app.db, page.url.rpartition("/")[2])
    page.clock.resume()  # axe waits by it

    assert asked == {"filters": [{"services": ["heart_rate"]}]}
    assert shown[0].startswith("3:5")
    assert shown[1] == "62 beats a minute"
    assert half_way.position >= 59
    assert ticks_of(found) == [TICKS[:297]]
    assert found.moment == "before"
    assert found.parts[0].source == "Emulated H10"
    assert "297 beats" in page.locator(".lead").inner_text()
    assert violations(page) == []
    assert page.evaluate(TOO_WIDE) <= 0


def test_while_it_records_the_page_is_for_everybody(app: Listening, browser: Browser, notified: list[str]) -> None:
    page = recorder(app, browser)
    goes_on(page, notified[:3])
    page.clock.resume()

    assert violations(page) == []
    assert page.evaluate(TOO_SMALL, SMALLEST_TARGET_PX) == []
    assert page.evaluate(TOO_WIDE) <= 0


def test_a_strap_that_comes_back_goes_on_and_what_was_missed_parts_the_recording(
    app: Listening, browser: Browser, notified: list[str], wall: list[datetime]
) -> None:
    page = recorder(app, browser)
    goes_on(page, notified[:40])
    page.evaluate("strap.leave()")
    expect(page.get_by_role("status").get_by_text("out of reach")).to_be_visible()
    page.clock.run_for(20_000)
    silent = page.locator("[data-rate]").inner_text()
    page.evaluate("strap.comeBack()")
    page.clock.run_for(2000)
    expect(page.get_by_text("The strap is back.")).to_be_visible()
    goes_on(page, notified[40:60])
    wall[0] += timedelta(minutes=2)
    page.get_by_role("button", name="Finish now").click()
    page.get_by_role("heading", name="What the strap recorded").wait_for()
    found = strap.find(app.db, page.url.rpartition("/")[2])

    assert silent.startswith("No beat for 2")
    assert ticks_of(found) == [TICKS[:38], TICKS[38:58]]
    assert page.get_by_text("there are 2 pieces").is_visible()


def test_a_page_that_is_closed_loses_nothing(app: Listening, browser: Browser, notified: list[str]) -> None:
    page = recorder(app, browser)
    goes_on(page, notified[:47])  # the last seventeen were not sent yet
    page.goto(f"{app.base}/measure/strap")
    page.get_by_role("heading", name="broke off").wait_for()
    expect(page.get_by_role("button", name="Choose the strap and begin")).to_be_visible()
    page.clock.resume()
    wrong = violations(page)
    page.get_by_role("button", name="Keep what came").click()
    page.get_by_role("heading", name="What the strap recorded").wait_for()

    assert ticks_of(strap.find(app.db, page.url.rpartition("/")[2])) == [TICKS[:45]]
    assert wrong == []


def test_where_a_browser_has_no_bluetooth_it_says_so_and_what_else_helps(app: Listening, browser: Browser) -> None:
    page = app.enter(browser.new_context())
    page.add_init_script("delete Navigator.prototype.bluetooth;")
    page.goto(f"{app.base}/measure/strap")

    expect(page.get_by_text("On an iPhone or iPad no browser can")).to_be_visible()
    assert not page.get_by_role("button", name="Choose the strap and begin").is_visible()
    assert page.get_by_role("link", name="bring in its file").is_visible()


class Radio:
    """Chromium's emulated Bluetooth with one strap in reach; answers what the page does as it comes."""

    ADDRESS = "09:09:09:09:09:09"

    def __init__(self, browser: Browser, page: Page) -> None:
        self.air = browser.new_browser_cdp_session()
        self.chooser = page.context.new_cdp_session(page)
        self.came: list[tuple[str, dict[str, Any]]] = []
        self.page = page
        self.subscribed = False
        for session, name in (
            (self.chooser, "DeviceAccess.deviceRequestPrompted"),
            (self.air, "BluetoothEmulation.gattOperationReceived"),
            (self.air, "BluetoothEmulation.characteristicOperationReceived"),
        ):
            session.on(name, lambda said, name=name: self.came.append((name, said)))
        self.chooser.send("DeviceAccess.enable")
        self.air.send("BluetoothEmulation.enable", {"state": "powered-on", "leSupported": True})
        worn = {"address": self.ADDRESS, "name": "H10", "manufacturerData": [], "knownServiceUuids": [_uuid("180d")]}
        self.air.send("BluetoothEmulation.simulatePreconnectedPeripheral", worn)

    def answer_until_subscribed(self) -> None:
        chosen = False
        for _ in range(200):
            if self.subscribed:
                return
            while self.came:
                name, said = self.came.pop(0)
                if name.startswith("DeviceAccess"):
                    if not chosen and said["devices"]:
                        chosen = True
                        choice = {"id": said["id"], "deviceId": said["devices"][0]["id"]}
                        self.chooser.send("DeviceAccess.selectPrompt", choice)
                elif name.endswith("gattOperationReceived"):
                    self._gatt(said["type"])
                else:
                    done = {"characteristicId": said["characteristicId"], "type": said["type"], "code": 0}
                    self.air.send("BluetoothEmulation.simulateCharacteristicOperationResponse", done)
                    self.subscribed = said["type"] == "subscribe-to-notifications"
            self.page.wait_for_timeout(50)
        raise TimeoutError("The page did not subscribe.")

    def _gatt(self, kind: str) -> None:
        if kind == "connection":
            service = {"address": self.ADDRESS, "serviceUuid": _uuid("180d")}
            within = self.air.send("BluetoothEmulation.addService", service)["serviceId"]
            measured = {"serviceId": within, "characteristicUuid": _uuid("2a37"), "properties": {"notify": True}}
            made = self.air.send("BluetoothEmulation.addCharacteristic", measured)["characteristicId"]
            told = {"characteristicId": made, "descriptorUuid": _uuid("2902")}
            self.air.send("BluetoothEmulation.addDescriptor", told)
        done = {"address": self.ADDRESS, "type": kind, "code": 0}
        self.air.send("BluetoothEmulation.simulateGATTOperationResponse", done)


def _uuid(short: str) -> str:
    return f"0000{short}-0000-1000-8000-00805f9b34fb"


def test_the_browsers_own_bluetooth_is_asked_for_a_strap_and_subscribes_to_it(
    app: Listening, launched: Browser, chromium: str
) -> None:
    own = launched.browser_type.launch(
        executable_path=chromium, args=[*CHROMIUM_ARGS, "--enable-features=WebBluetooth"]
    )
    try:
        page = app.enter(own.new_context())
        radio = Radio(own, page)
        page.goto(f"{app.base}/measure/strap?moment=after")
        page.get_by_role("button", name="Choose the strap and begin").click()
        radio.answer_until_subscribed()
        expect(page.get_by_text("It records. Rest, and breathe freely.")).to_be_visible()
        page.get_by_role("button", name="Finish now").click()

        expect(page.get_by_role("alert")).to_have_text("The strap sent nothing, so nothing is kept.")
        assert strap.waiting(app.db) == ()
    finally:
        own.close()
