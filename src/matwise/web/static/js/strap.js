// Records a chest strap by Web Bluetooth. Every packet goes to the server as the bytes it is, half a minute at a time,
// by way of the outbox; what has not been handed to it yet lies in the browser's storage, so that a closed page loses
// nothing. A strap that goes out of reach is connected to again for as long as the recording lasts.

import { hex, readPacket } from "./heart-rate.js";
import { onState, put } from "./outbox.js";

const PENDING = "matwise.strap.pending";
const SEND_EVERY_MS = 30000;
const SAY_EVERY_MS = 30000;
const AGAIN_AFTER_MS = 1000;
const LATE_MS = 3000; // as measures/strap.py: what is missing longer is missing

const place = document.querySelector("[data-strap]");
const SAID = JSON.parse(place.dataset.words);
const part = (name) => place.querySelector(`[data-${name}]`);
const timer = part("timer");
const rateShown = part("rate");
const status = part("status");
const problem = part("problem");

let recording = null; // what is being recorded
let lastSaid_ms = 0;
let wakeLock = null;

function said(name, values = {}) {
  return SAID[name].replace(/\{(\w+)\}/g, (_, one) => values[one]);
}

function say(words) {
  if (status.textContent !== words) status.textContent = words;
  lastSaid_ms = Date.now();
}

function clock(ms) {
  const seconds = Math.max(0, Math.ceil(ms / 1000));
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
}

function fail(words) {
  problem.textContent = words;
  problem.hidden = words === "";
}

// --- what came and is not handed over yet ---------------------------------------------------------------------------

function remember() {
  const { id, number, began, moment, name, packets } = recording;
  try {
    localStorage.setItem(PENDING, JSON.stringify({ id, number, began, moment, name, packets }));
  } catch {
    // Storage is forbidden: then a closed page loses up to half a minute.
  }
}

function handOver(one) {
  if (one.packets.length === 0) return;
  const body = {
    recording: one.id,
    number: one.number,
    packets: one.packets,
    since_ms: Math.max(0, Date.now() - one.began),
    moment: one.moment,
    name: one.name,
  };
  put({ url: place.dataset.packets, field: `strap-${one.id}-${one.number}`, body });
  one.number += 1;
  one.packets = [];
}

/** What an earlier page left behind when it was closed. */
function leftover() {
  try {
    const left = JSON.parse(localStorage.getItem(PENDING));
    localStorage.removeItem(PENDING);
    if (left !== null) handOver(left);
  } catch {
    // Nothing, or nothing that can be read.
  }
}

function keep() {
  handOver(recording);
  recording.handed_ms = Date.now();
  remember();
}

// --- the strap ------------------------------------------------------------------------------------------------------

function notified(event) {
  if (recording === null) return;
  const view = event.target.value;
  const now = Date.now();
  recording.packets.push([Math.max(0, now - recording.began), hex(view)]);
  remember();
  const packet = readPacket(view);
  if (packet !== null) {
    recording.rate = packet.rate;
    recording.touches = packet.touches;
    if (packet.rr.length > 0) recording.beat_ms = now;
  }
  if (now - recording.handed_ms >= SEND_EVERY_MS) keep();
  show();
}

async function connect() {
  const server = await recording.device.gatt.connect();
  const service = await server.getPrimaryService("heart_rate");
  const characteristic = await service.getCharacteristic("heart_rate_measurement");
  characteristic.addEventListener("characteristicvaluechanged", notified);
  await characteristic.startNotifications();
}

async function connectAgain() {
  const mine = recording;
  while (recording !== null && recording === mine) {
    try {
      await connect();
      if (recording === mine) say(said("back"));
      return;
    } catch {
      await new Promise((done) => setTimeout(done, AGAIN_AFTER_MS));
    }
  }
}

function lost() {
  if (recording === null) return;
  say(said("lost"));
  connectAgain();
}

// --- what is seen and heard -----------------------------------------------------------------------------------------

function show() {
  const now = Date.now();
  const passed = now - recording.began;
  timer.textContent = recording.lasts_ms === null ? clock(passed) : clock(recording.lasts_ms - passed);
  const silent = now - recording.beat_ms;
  if (recording.touches === false) rateShown.textContent = said("no_touch");
  else if (silent > LATE_MS) rateShown.textContent = said("silent", { seconds: Math.round(silent / 1000) });
  else if (recording.rate > 0) rateShown.textContent = said("rate", { rate: recording.rate });
  // Not with every beat: a screen reader would never be quiet.
  if (now - lastSaid_ms >= SAY_EVERY_MS) say(`${rateShown.textContent} ${timer.textContent}`);
  if (recording.lasts_ms !== null && passed >= recording.lasts_ms) finish();
}

async function stayAwake() {
  if (recording === null || document.visibilityState !== "visible" || !("wakeLock" in navigator)) return;
  wakeLock = await navigator.wakeLock.request("screen").catch(() => null); // a low battery refuses
}

function turn(running) {
  part("ready").hidden = running;
  part("running").hidden = !running;
}

async function start() {
  fail("");
  let device;
  try {
    device = await navigator.bluetooth.requestDevice({ filters: [{ services: ["heart_rate"] }] });
  } catch (error) {
    // Nothing was chosen: that needs no words.
    if (error.name !== "NotFoundError") fail(said("refused", { why: error.message }));
    return;
  }
  const moment = place.querySelector("input[name=moment]:checked").value || null;
  const now = Date.now();
  recording = {
    id: Array.from(crypto.getRandomValues(new Uint8Array(16)), (one) => one.toString(16).padStart(2, "0")).join(""),
    device,
    name: device.name ?? "",
    moment,
    lasts_ms: moment === "during" ? null : Number(place.dataset.lasts) * 1000,
    began: now,
    handed_ms: now,
    beat_ms: now,
    number: 0,
    packets: [],
    rate: 0,
    touches: null,
  };
  turn(true);
  rateShown.textContent = said("connecting");
  part("finish").focus();
  device.addEventListener("gattserverdisconnected", lost);
  try {
    await connect();
  } catch (error) {
    abandon();
    fail(said("refused", { why: error.message }));
    return;
  }
  // The time counts from here: connecting may take a while.
  if (recording.packets.length === 0) recording.began = recording.beat_ms = recording.handed_ms = Date.now();
  say(said(moment === "during" ? "began_open" : "began"));
  recording.ticking = setInterval(show, 500);
  stayAwake();
}

/** No more of this strap. */
function abandon() {
  const over = recording;
  recording = null;
  clearInterval(over.ticking);
  over.device.removeEventListener("gattserverdisconnected", lost);
  over.device.gatt?.disconnect();
  wakeLock?.release().catch(() => {});
  turn(false);
  part("start").focus();
}

function finish() {
  if (recording === null) return;
  const { id } = recording;
  keep();
  const { number } = recording;
  try {
    localStorage.removeItem(PENDING);
  } catch {
    // Storage is forbidden: nothing lies there.
  }
  abandon();
  if (number === 0) {
    fail(said("nothing"));
    return;
  }
  say(said("sending"));
  put({ url: place.dataset.finish, field: `strap-finish-${id}`, body: { recording: id } });
}

onState((entry, state, reply) => {
  if (!entry.field.startsWith("strap-")) return;
  if (state === "waiting") say(said("waiting"));
  if (state === "refused") fail(reply?.error ?? said("not_kept"));
  if (state === "saved" && entry.url === place.dataset.finish && recording === null) location.assign(reply.address);
});

/** Whether it can be done here at all; if not, why not and what else helps. */
async function offer() {
  const there = "bluetooth" in navigator;
  const on = there && (await navigator.bluetooth.getAvailability?.().catch(() => true)) !== false;
  const reason = !window.isSecureContext ? "insecure" : !there ? "missing" : !on ? "off" : null;
  part("recorder").hidden = reason !== null;
  for (const one of place.querySelectorAll("[data-reason]")) one.hidden = one.dataset.reason !== reason;
}

part("start").addEventListener("click", start);
part("finish").addEventListener("click", finish);
document.addEventListener("visibilitychange", stayAwake);
// Capture: before the outbox makes its last try.
addEventListener("pagehide", () => recording !== null && keep(), { capture: true });
leftover();
offer();
