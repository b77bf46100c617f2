// The session player: one real <audio> element with one real file. The element is the clock; nothing here keeps time.
// No volume, no muting, no loop of silence, no second element: those break playing with the screen off.

import {
  clock,
  comeBack,
  cueAt,
  goalOf,
  isAlarm,
  joined,
  minutesOnMat,
  overOf,
  partAt,
  roughly,
  spokenTime,
} from "./playback.js";
import { drawBreath } from "./breath.js";
import { bindChoices, holdScreen, sayTime, wantsLetters, wantsWords } from "./comfort.js";
import { end, endWaits } from "./ending.js";
import { holdPlaying, releasePlaying } from "./keeping.js";
import { noticePause, noticePlay, pauseHere, watchDevices } from "./interruptions.js";
import { bindKeys, tellLockScreen } from "./lockscreen.js";
import { keepPlace, lastPlace } from "./place.js";
import { asJson, keepHere, untilPrepared } from "./preparing.js";
import { sourced } from "./sound.js";
import { said, words } from "./words.js";

const SAVE_EVERY_MS = 5000;
const SKIP_S = 15;
// So long before the alarm the sound goes on through whatever output is left.
const ALARM_IS_NEAR_S = 60;

const byId = (id) => document.getElementById(id);
const root = byId("player");
const audio = byId("audio");
const toggle = byId("toggle");
const parts = JSON.parse(root.dataset.parts);
const session = root.dataset.session;
const here = `/guide/${encodeURIComponent(session)}`;

let part = parts[0];
let cues = [];
let heardBefore = []; // spans of earlier visits to this page, in s of the file
let saved_ms = 0;
let over = false; // it ended: nothing is kept or played any more

const sound = sourced(audio, `${here}/audio.mp3`, session, {
  beforeChange: () => {
    heardBefore = heard();
  },
  failed: () => tellTrouble(words.no_sound),
});

// ---------------------------------------------------------------- what was heard, and where we are

function heard() {
  const now = [];
  for (let i = 0; i < audio.played.length; i += 1) now.push([audio.played.start(i), audio.played.end(i)]);
  return joined([...heardBefore, ...now]);
}

function savePlace() {
  if (over || audio.currentTime < 1) return;
  saved_ms = Date.now();
  keepPlace({ position_s: audio.currentTime, playing: !audio.paused && !audio.ended, heard: heard() });
}

const partCalled = (id) => parts.find((one) => one.id === id);
const inAlarm = () => isAlarm(part, audio.currentTime);
const hasMore = () => part.id === "session" && partCalled("five_more") !== undefined;
const left_s = () => Math.max(0, goalOf(part) - audio.currentTime);

// ---------------------------------------------------------------- what is shown

function show(id, visible) {
  byId(id).hidden = !visible;
}

function tellTrouble(sentence) {
  byId("trouble").textContent = sentence;
  show("trouble", sentence !== "");
}

function drawButton() {
  toggle.dataset.playing = audio.paused ? "no" : "yes";
  const label = audio.paused ? (audio.currentTime >= 1 ? "go_on" : "play") : "pause";
  if (byId("toggle-label").textContent !== words[label]) byId("toggle-label").textContent = words[label];
}

function drawTime() {
  const at_s = audio.currentTime - part.from_s;
  const left = left_s();
  byId("elapsed").textContent = clock(at_s);
  byId("remaining").textContent = left > 0 ? said("left", { time: clock(left) }) : words.over;
  byId("time-spoken").textContent = said("time_spoken", { heard: spokenTime(at_s), left: spokenTime(left) });
  const share = Math.min(1, Math.max(0, at_s) / (goalOf(part) - part.from_s));
  byId("ring").setAttribute("stroke-dashoffset", String(Math.round(1000 * (1 - share))));
}

function drawCue() {
  const at_s = audio.currentTime;
  const current = cueAt(cues, at_s, ["voice", "bell", "inhale", "exhale", "alarm"]);
  const phase = words.phase[current?.chapter] ?? words.phase.ready;
  if (byId("phase").textContent !== phase) byId("phase").textContent = phase;
  const spoken = cueAt(cues, at_s, ["voice"]);
  // A sentence stays long enough to be read after it was spoken, then makes room for quiet.
  const text = spoken !== null && at_s < spoken.at_s + spoken.duration_s + 6 ? spoken.text : "";
  if (byId("caption").textContent !== text) byId("caption").textContent = text;
  drawBreath(audio, cueAt(cues, at_s, ["inhale", "exhale"]));
}

/** What can be asked for from here on: only what lies after this part, and only once the mat is over. */
function drawOffers() {
  const isOver = audio.currentTime >= overOf(part) && !inAlarm();
  const quiet = part.id !== "open_quiet" && partCalled("open_quiet") !== undefined;
  show("finish-early", isOver || part.id === "open_quiet");
  show("five-more", hasMore() && isOver);
  show("open-quiet", quiet && isOver);
  show("alarm-five-more", hasMore());
  root.dataset.stage = audio.currentTime < 1 ? "before" : isOver ? "after" : "on";
}

function draw() {
  if (over) return;
  if (audio.currentTime >= part.until_s - 0.05) return finish();
  drawButton();
  drawTime();
  drawCue();
  drawOffers();
  drawAlarm();
  if (!audio.paused && Date.now() - saved_ms >= SAVE_EVERY_MS) savePlace();
}

function drawAlarm() {
  if (byId("alarm").hidden !== inAlarm()) return;
  show("alarm", inAlarm());
  if (inAlarm()) byId("awake").focus();
}

// ---------------------------------------------------------------- playing

async function play() {
  if (over) return;
  try {
    await audio.play();
    tellTrouble("");
  } catch (error) {
    if (error.name === "AbortError") return; // paused again before it began
    tellTrouble(error.name === "NotAllowedError" ? words.another_tap : words.no_sound);
  }
}

function playOrPause() {
  if (toggle.disabled) return;
  if (audio.paused) {
    show("come-back", false);
    play();
  } else {
    pauseHere(audio);
  }
}

function moveTo(seconds) {
  audio.currentTime = Math.min(Math.max(part.from_s, seconds), part.until_s - 1);
}

const skip = (by_s) => moveTo(audio.currentTime + by_s);

/** Go on in a part that is only heard when it is asked for. */
function goTo(id) {
  const asked = partCalled(id);
  if (asked === undefined || over) return;
  part = asked;
  audio.currentTime = part.from_s;
  show("come-back", false);
  play();
  draw();
  toggle.focus();
}

/** Five minutes more: from the end of the mat on, until its alarm has run out. */
function fiveMore() {
  if (part.id === "session" && audio.currentTime >= overOf(part)) goTo("five_more");
}

function finish(minutes = minutesOnMat(parts, heard())) {
  const awake_at_s = inAlarm() ? Number(audio.currentTime.toFixed(1)) : null; // they answered it, so they were awake
  leave();
  end(minutes, { awake_at_s });
}

function leave() {
  savePlace();
  over = true;
  pauseHere(audio);
  releasePlaying();
  holdScreen(false);
}

function askWhy() {
  pauseHere(audio);
  byId("stop-minutes").value = minutesOnMat(parts, heard()).toFixed(3);
  if (!byId("why").open) byId("why").showModal();
}

function stopFor(event) {
  event.preventDefault();
  const reason = event.submitter?.value;
  if (!reason || over) return;
  leave();
  end(Number(byId("stop-minutes").value), { reason });
}

// ---------------------------------------------------------------- keys of the lock screen and the headset

const orAwake = (act) => (told) => (inAlarm() ? finish() : act(told));

function bindLockScreen() {
  const acts = {
    play: orAwake(play),
    pause: orAwake(() => pauseHere(audio)),
    stop: orAwake(askWhy),
    seekbackward: orAwake((told) => skip(-(told?.seekOffset ?? SKIP_S))),
    seekforward: orAwake((told) => skip(told?.seekOffset ?? SKIP_S)),
    seekto: orAwake((told) => moveTo(part.from_s + told.seekTime)),
    previoustrack: orAwake(() => skip(-SKIP_S)),
    // Without eyes: the key for "next" asks for five minutes more as soon as there are any.
    nexttrack: () => (audio.currentTime >= overOf(part) ? next() : skip(SKIP_S)),
  };
  bindKeys({ title: root.dataset.title, artwork: root.dataset.artwork, acts });
}

function next() {
  if (hasMore()) fiveMore();
  else finish();
}

function tell() {
  const playing = !audio.paused;
  tellLockScreen({ playing, from_s: part.from_s, until_s: part.until_s, at_s: audio.currentTime });
}

// ---------------------------------------------------------------- coming back after a break

function goOnAt(seconds) {
  show("come-back", false);
  part = partAt(parts, seconds);
  moveTo(seconds);
  play();
  toggle.focus();
}

function offerToGoOn() {
  const last = lastPlace();
  heardBefore = last?.heard ?? [];
  part = partAt(parts, last?.position_s ?? 0);
  const offer = comeBack(last, Date.now(), overOf(part));
  if (offer.kind === "fresh") return;
  show("come-back", true);
  show("go-on", offer.kind === "go_on");
  show("time-over", offer.kind === "over");
  moveTo(offer.position_s);
  if (offer.kind === "over") {
    byId("time-over-said").textContent = said("was_over", { time: roughly(offer.ago_s) });
    // At most: the server allows no more than passed.
    byId("over-minutes").value = (parts[0].mat_s[1] / 60).toFixed(3);
    byId("time-over-said").focus();
    return;
  }
  byId("go-on-here").textContent = said("go_on_at", { time: clock(offer.position_s) });
  byId("go-on-here").onclick = () => goOnAt(offer.position_s);
  show("go-on-clock", offer.byClock_s !== null);
  if (offer.byClock_s === null) return;
  byId("go-on-clock").textContent = said("go_on_clock", { time: clock(offer.byClock_s) });
  const came_ms = Date.now();
  byId("go-on-clock").onclick = () => goOnAt(offer.byClock_s + (Date.now() - came_ms) / 1000);
}

// ---------------------------------------------------------------- before the first sound

async function prepare() {
  const told = await untilPrepared(here, tellTrouble);
  const sheet = told.failed ? told : await asJson(`${here}/cues.json`);
  show("preparing", false);
  if (sheet.failed) return tellTrouble(sheet.failed);
  cues = sheet.cues;
  await sound.load();
  toggle.disabled = false;
  show("download", true);
  offerToGoOn();
  draw();
  return keepHere(session);
}

// ---------------------------------------------------------------- keys of the keyboard

const KEYS = { r: () => sayTime(left_s()), s: askWhy, 5: fiveMore };

function onKey(event) {
  if (over || byId("why").open || event.ctrlKey || event.metaKey || event.altKey) return;
  if (inAlarm()) {
    event.preventDefault();
    if (event.key === "5") next();
    else finish();
    return;
  }
  if (event.target.closest?.("input, select, textarea") && !event.target.matches("[type=checkbox]")) return;
  const letter = KEYS[event.key.toLowerCase()];
  if (letter !== undefined && wantsLetters() && !event.repeat && !toggle.disabled) return letter();
  if (event.key === "ArrowLeft" || event.key === "ArrowRight") return skip(event.key === "ArrowLeft" ? -SKIP_S : SKIP_S);
  const own = event.target.closest?.("button, a, input, summary, label");
  if (own !== null && own !== undefined && own !== toggle) return;
  if (event.key === " " || event.key === "Enter") {
    event.preventDefault();
    if (!event.repeat) playOrPause();
  }
}

// ---------------------------------------------------------------- what happens

audio.addEventListener("timeupdate", draw);
audio.addEventListener("seeked", () => {
  draw();
  tell();
});
audio.addEventListener("play", () => {
  holdPlaying();
  noticePlay();
});
audio.addEventListener("pause", () => {
  releasePlaying();
  noticePause(audio);
  savePlace();
});
for (const name of ["play", "pause"]) {
  audio.addEventListener(name, () => {
    holdScreen(!audio.paused);
    draw();
    tell();
  });
}
audio.addEventListener("loadedmetadata", tell);
audio.addEventListener("ended", () => {
  if (!over) finish();
});
toggle.addEventListener("click", playOrPause);
byId("earlier").addEventListener("click", () => skip(-SKIP_S));
byId("later").addEventListener("click", () => skip(SKIP_S));
byId("say-time").addEventListener("click", () => sayTime(left_s()));
byId("five-more").addEventListener("click", fiveMore);
byId("open-quiet").addEventListener("click", () => goTo("open_quiet"));
byId("stop").addEventListener("click", (event) => {
  event.preventDefault();
  askWhy();
});
byId("why").addEventListener("submit", stopFor);
byId("never-mind").addEventListener("click", () => {
  byId("why").close();
  if (!byId("come-back").hidden) return;
  play();
});
byId("alarm").addEventListener("pointerdown", (event) => {
  if (event.target.closest("#alarm-five-more")) next();
  else finish();
});
byId("awake").addEventListener("click", () => {
  if (!over) finish();
});
byId("finish-now").addEventListener("click", () => finish());
byId("unfinished").addEventListener("click", askWhy);
byId("over-done").addEventListener("submit", (event) => {
  event.preventDefault();
  if (!over) finish(Number(byId("over-minutes").value));
});
addEventListener("keydown", onKey);
// Capture: before the outbox makes its last try.
addEventListener("pagehide", savePlace, { capture: true });
document.addEventListener("visibilitychange", () => {
  if (document.visibilityState !== "visible") return savePlace();
  bindLockScreen(); // iOS forgets the handlers
  return holdScreen(!audio.paused);
});
// A frozen page heard nothing of what happened meanwhile.
document.addEventListener("resume", draw);

audio.controls = false;
for (const one of document.querySelectorAll("[data-fallback]")) one.hidden = true;
for (const one of document.querySelectorAll("[data-script]")) one.hidden = false;
bindLockScreen();
bindChoices(() => {
  show("caption", wantsWords());
  holdScreen(!audio.paused);
});
show("caption", wantsWords());
watchDevices(audio, () => left_s() > ALARM_IS_NEAR_S);
if (!endWaits()) prepare();
