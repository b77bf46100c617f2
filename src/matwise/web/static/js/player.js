// The session player: one real <audio> element with one real file. The element is the clock; nothing here keeps time.
// No volume, no muting, no loop of silence, no second element: those break playing with the screen off.

import { clock, comeBack, cueAt, joined, newer, overlap, roughly, spokenTime } from "./playback.js";
import { bindCaptions, bindScreen, holdScreen } from "./comfort.js";
import { requestHeaders } from "./outbox.js";

const SAVE_EVERY_MS = 5000;
const POLL_MS = 400;
const SKIP_S = 10;
const PHASES = {
  settling_in: "Settling in",
  getting_on: "Getting on the mat",
  breathing: "Breathing",
  quiet: "Quiet",
  closing: "Coming to the end",
  getting_up: "Getting up slowly",
  alarm: "Time to wake up",
};

const byId = (id) => document.getElementById(id);
const root = byId("player");
const audio = byId("audio");
const toggle = byId("toggle");
const times = {
  duration_s: Number(root.dataset.durationS),
  from_s: Number(root.dataset.onMatFromS),
  until_s: Number(root.dataset.onMatUntilS),
  alarm_s: Number(root.dataset.alarmFromS),
};
const session = root.dataset.session;
const here = `/guide/${encodeURIComponent(session)}`;
const PLACE = `matwise.position.${session}`;

let cues = [];
let heardBefore = []; // spans of earlier visits to this page, in s of the file
let saved_ms = 0;
let leaving = false;

// ---------------------------------------------------------------- what was heard, and where we are

function heard() {
  const now = [];
  for (let i = 0; i < audio.played.length; i += 1) now.push([audio.played.start(i), audio.played.end(i)]);
  return joined([...heardBefore, ...now]);
}

function minutesOnMat() {
  return overlap(heard(), times.from_s, times.until_s) / 60;
}

function place() {
  return { position_s: audio.currentTime, playing: !audio.paused && !audio.ended, heard: heard() };
}

function savePlace({ keepalive = false } = {}) {
  if (leaving || audio.currentTime < 1) return;
  saved_ms = Date.now();
  const now = place();
  try {
    localStorage.setItem(PLACE, JSON.stringify({ ...now, saved_ms }));
  } catch {
    // Storage is forbidden: the server's copy is enough.
  }
  fetch(`${here}/position`, {
    method: "POST",
    headers: requestHeaders(),
    body: JSON.stringify(now),
    keepalive,
  }).catch(() => {}); // the next one comes in five seconds, and this browser has it too
}

function placeHere() {
  try {
    return JSON.parse(localStorage.getItem(PLACE));
  } catch {
    return null;
  }
}

function placeAtServer() {
  const told = root.dataset.positionS;
  if (told === undefined || told === "") return null;
  return {
    position_s: Number(told),
    playing: root.dataset.positionPlaying === "yes",
    heard: JSON.parse(root.dataset.positionHeard || "[]"),
    saved_ms: Date.now() - 1000 * Number(root.dataset.positionAgeS),
  };
}

// ---------------------------------------------------------------- what is shown

function show(id, visible) {
  byId(id).hidden = !visible;
}

function label() {
  if (!audio.paused) return "Pause";
  return audio.currentTime >= 1 ? "Go on" : "Play";
}

function drawButton() {
  toggle.dataset.playing = audio.paused ? "no" : "yes";
  byId("toggle-label").textContent = label();
}

function drawTime() {
  const at_s = audio.currentTime;
  const left_s = Math.max(0, times.alarm_s - at_s);
  byId("elapsed").textContent = clock(at_s);
  byId("remaining").textContent = left_s > 0 ? `${clock(left_s)} left` : "time is over";
  byId("time-spoken").textContent = `${spokenTime(at_s)} heard, ${spokenTime(left_s)} left`;
  const share = Math.min(1, at_s / times.alarm_s);
  byId("ring").setAttribute("stroke-dashoffset", String(Math.round(1000 * (1 - share))));
}

function drawCue() {
  const at_s = audio.currentTime;
  const current = cueAt(cues, at_s, ["voice", "bell", "inhale", "exhale", "alarm"]);
  const phase = PHASES[current?.chapter] ?? "Ready when you are";
  if (byId("phase").textContent !== phase) byId("phase").textContent = phase;
  const said = cueAt(cues, at_s, ["voice"]);
  // A sentence stays long enough to be read after it was spoken, then makes room for quiet.
  const words = said !== null && at_s < said.at_s + said.duration_s + 6 ? said.text : "";
  if (byId("caption").textContent !== words) byId("caption").textContent = words;
  drawBreath(cueAt(cues, at_s, ["inhale", "exhale"]), at_s);
}

function drawBreath(breath, at_s) {
  const now = breath !== null && at_s < breath.at_s + breath.duration_s ? breath : null;
  const kind = now === null || audio.paused ? "none" : now.kind;
  if (root.dataset.breath === kind) return;
  root.dataset.breath = kind;
  if (now !== null) root.style.setProperty("--breath-time", `${now.duration_s}s`);
  byId("breath").textContent = { inhale: "in", exhale: "out", none: "" }[kind];
}

function draw() {
  drawButton();
  drawTime();
  drawCue();
  show("finish-early", audio.currentTime >= times.until_s && !inAlarm());
  if (inAlarm() && root.dataset.part !== "alarm") beginAlarm();
  if (!audio.paused && Date.now() - saved_ms >= SAVE_EVERY_MS) savePlace();
}

// ---------------------------------------------------------------- playing

async function play() {
  try {
    await audio.play();
    show("trouble", false);
  } catch (error) {
    byId("trouble").textContent =
      error.name === "NotAllowedError"
        ? "Your browser wants another tap before it plays sound."
        : "The sound could not be played. Try again, or use the download.";
    show("trouble", true);
  }
}

function playOrPause() {
  if (toggle.disabled) return;
  if (audio.paused) {
    show("come-back", false);
    play();
  } else {
    audio.pause();
  }
}

function skip(by_s) {
  audio.currentTime = Math.min(Math.max(0, audio.currentTime + by_s), times.duration_s - 1);
}

function inAlarm() {
  return audio.currentTime >= times.alarm_s;
}

function beginAlarm() {
  root.dataset.part = "alarm";
  show("alarm", true);
  byId("awake").focus();
}

/** Any key, any tap, any key of a headset. */
function awake() {
  finish();
}

function finish(minutes = minutesOnMat()) {
  if (leaving) return;
  savePlace();
  leaving = true;
  audio.pause();
  byId("finish-minutes").value = minutes.toFixed(3);
  byId("finish").requestSubmit();
}

function askWhy() {
  audio.pause();
  byId("stop-minutes").value = minutesOnMat().toFixed(3);
  byId("why").showModal();
}

// ---------------------------------------------------------------- keys of the lock screen and the headset

const orAwake = (act) => () => (inAlarm() ? awake() : act());

function bindMediaSession() {
  if (!("mediaSession" in navigator)) return;
  navigator.mediaSession.metadata = new MediaMetadata({ title: root.dataset.title, artist: "Matwise" });
  const acts = {
    play: orAwake(play),
    pause: orAwake(() => audio.pause()),
    stop: orAwake(askWhy),
    seekbackward: orAwake(() => skip(-SKIP_S)),
    seekforward: orAwake(() => skip(SKIP_S)),
    previoustrack: orAwake(() => skip(-SKIP_S)),
    nexttrack: orAwake(() => skip(SKIP_S)),
  };
  for (const [name, act] of Object.entries(acts)) {
    try {
      navigator.mediaSession.setActionHandler(name, act);
    } catch {
      // This browser has no such key.
    }
  }
}

function tellMediaSession() {
  if (!("mediaSession" in navigator)) return;
  navigator.mediaSession.playbackState = audio.paused ? "paused" : "playing";
  if (!(audio.duration > 0) || !navigator.mediaSession.setPositionState) return;
  const position = Math.min(audio.currentTime, audio.duration);
  navigator.mediaSession.setPositionState({ duration: audio.duration, position, playbackRate: 1 });
}

// ---------------------------------------------------------------- coming back after a break

function goOnAt(seconds) {
  show("come-back", false);
  audio.currentTime = seconds;
  play();
  toggle.focus();
}

function offerToGoOn() {
  const saved = newer(placeHere(), placeAtServer());
  heardBefore = saved?.heard ?? [];
  const offer = comeBack(saved, Date.now(), times.until_s);
  if (offer.kind === "fresh") return;
  show("come-back", true);
  show("go-on", offer.kind === "go_on");
  show("time-over", offer.kind === "over");
  audio.currentTime = offer.position_s;
  if (offer.kind === "over") {
    byId("time-over-said").textContent = `Your time was over ${roughly(offer.ago_s)} ago.`;
    byId("over-minutes").value = (times.until_s / 60).toFixed(3); // at most: the server allows no more than passed
    byId("unfinished").addEventListener("click", askWhy);
    byId("time-over-said").focus();
    return;
  }
  byId("go-on-here").textContent = `Go on at ${clock(offer.position_s)}`;
  byId("go-on-here").addEventListener("click", () => goOnAt(offer.position_s));
  show("go-on-clock", offer.byClock_s !== null);
  if (offer.byClock_s === null) return;
  byId("go-on-clock").textContent = `Go on at ${clock(offer.byClock_s)}, where the clock is`;
  const came_ms = Date.now();
  byId("go-on-clock").addEventListener("click", () => goOnAt(offer.byClock_s + (Date.now() - came_ms) / 1000));
}

// ---------------------------------------------------------------- before the first sound

async function untilPrepared() {
  for (;;) {
    const told = await fetch(`${here}/progress`, { headers: { accept: "application/json" } })
      .then((response) => response.json())
      .catch(() => ({ ready: false, share: null }));
    if (told.ready || told.failed) return told;
    if (told.share !== null) {
      byId("preparing-bar").value = told.share;
      byId("preparing-share").textContent = `${Math.round(100 * told.share)} %`;
    }
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
}

async function prepare() {
  const [sheet, told] = await Promise.all([
    fetch(`${here}/cues.json`).then((response) => response.json()),
    untilPrepared(),
  ]);
  show("preparing", false);
  if (told.failed) {
    byId("trouble").textContent = told.failed;
    show("trouble", true);
    return;
  }
  cues = sheet.cues;
  audio.preload = "auto";
  audio.load();
  toggle.disabled = false;
  drawButton();
  show("download", true);
  offerToGoOn();
  draw();
}

// ---------------------------------------------------------------- keys of the keyboard

function onKey(event) {
  if (byId("why").open || event.ctrlKey || event.metaKey || event.altKey) return;
  if (inAlarm()) {
    event.preventDefault();
    awake();
    return;
  }
  const own = event.target.closest?.("button, a, input, select, textarea, summary, label");
  if (own !== null && own !== undefined && own !== toggle) return;
  if (event.key === " " || event.key === "Enter") {
    event.preventDefault();
    if (!event.repeat) playOrPause();
  } else if (event.key === "ArrowLeft") skip(-SKIP_S);
  else if (event.key === "ArrowRight") skip(SKIP_S);
}

audio.addEventListener("timeupdate", draw);
audio.addEventListener("seeked", draw);
for (const name of ["play", "pause"]) {
  audio.addEventListener(name, () => {
    drawButton();
    draw();
    tellMediaSession();
    if (name === "pause") savePlace();
  });
}
audio.addEventListener("loadedmetadata", tellMediaSession);
audio.addEventListener("ended", () => finish());
toggle.addEventListener("click", playOrPause);
byId("stop").addEventListener("click", (event) => {
  event.preventDefault();
  askWhy();
});
byId("never-mind").addEventListener("click", () => {
  byId("why").close();
  if (!byId("come-back").hidden) return;
  play();
});
byId("awake").addEventListener("click", awake);
byId("alarm").addEventListener("pointerdown", awake);
byId("finish-now").addEventListener("click", () => finish());
byId("over-done").addEventListener("submit", () => {
  leaving = true;
});
addEventListener("keydown", onKey);
addEventListener("pagehide", () => savePlace({ keepalive: true }));
document.addEventListener("visibilitychange", () => {
  if (document.visibilityState !== "visible") return savePlace({ keepalive: true });
  bindMediaSession(); // iOS forgets the handlers
  return holdScreen();
});

audio.controls = false;
for (const one of document.querySelectorAll("[data-fallback]")) one.hidden = true;
for (const one of document.querySelectorAll("[data-script]")) one.hidden = false;
bindMediaSession();
bindCaptions();
bindScreen();
prepare();
