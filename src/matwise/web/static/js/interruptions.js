// When something else stops the sound. What browsers really give: phones pause the element themselves when headphones
// leave, a call comes or another app plays, and say nothing but "pause". Desktops go on through the loudspeaker and say
// that "some device changed"; which one they only tell pages that may use the microphone, so here they are counted.

import { clock } from "./playback.js";
import { said } from "./words.js";

let asked = false;
let devices = null; // how many of each kind the browser tells us of

/** Pause, and know that it was us. */
export function pauseHere(audio) {
  if (audio.paused) return;
  asked = true;
  audio.pause();
}

/** Call on every "pause" of the element; says so where nobody asked for it. */
export function noticePause(audio) {
  const wasAsked = asked;
  asked = false;
  if (!wasAsked && !audio.ended) say(said("paused_itself", { time: clock(audio.currentTime) }));
}

export function noticePlay() {
  asked = false;
  say("");
}

function say(sentence) {
  const place = document.getElementById("paused-itself");
  place.textContent = sentence;
  place.hidden = sentence === "";
}

async function counted() {
  const found = await navigator.mediaDevices.enumerateDevices().catch(() => []);
  return { outputs: found.filter((one) => one.kind === "audiooutput").length, all: found.length };
}

/** Something was added where there is more of anything; else it may have been the headphones. */
function mayHaveLeft(before, now) {
  if (now.outputs !== before.outputs) return now.outputs < before.outputs;
  return now.all <= before.all;
}

/**
 * Pause when headphones may have left while `isQuiet()`: not in the alarm nor just before it, which has to be heard
 * wherever it can be.
 */
export async function watchDevices(audio, isQuiet) {
  if (navigator.mediaDevices?.enumerateDevices === undefined) return;
  navigator.mediaDevices.addEventListener("devicechange", async () => {
    const before = devices ?? { outputs: 0, all: 0 };
    devices = await counted();
    if (audio.paused) return;
    if (isQuiet() && mayHaveLeft(before, devices)) {
      pauseHere(audio);
      say(said("headphones", { time: clock(audio.currentTime) }));
    } else say(said("device_came"));
  });
  devices = await counted();
}
