// What somebody may choose on this device: words, a screen that stays on, vibration, a spoken time, keys. Kept here.

import { briefTime } from "./playback.js";
import { said } from "./words.js";

const IN_MS = [160];
const OUT_MS = [110, 130, 110];

let wakeLock = null;

const box = (id) => document.getElementById(id);

/** Every choice as it was made last time; where storage is forbidden, as it usually is. */
export function bindChoices(changed) {
  for (const one of document.querySelectorAll("[data-kept]")) {
    const key = `matwise.choice.${one.dataset.kept}`;
    try {
      const kept = localStorage.getItem(key);
      if (kept !== null) one.checked = kept === "yes";
    } catch {
      // Storage is forbidden: asked again next time.
    }
    one.addEventListener("change", () => {
      try {
        localStorage.setItem(key, one.checked ? "yes" : "no");
      } catch {
        // As above.
      }
      changed();
    });
  }
  offer("screen", "wakeLock" in navigator);
  // Browsers on desks have the function and nothing that could move.
  offer("vibration", "vibrate" in navigator && matchMedia("(pointer: coarse)").matches);
  if (!("speechSynthesis" in window)) return;
  const offerSpeech = () => offer("speech", voice() !== null);
  speechSynthesis.addEventListener?.("voiceschanged", offerSpeech);
  offerSpeech();
}

function offer(need, there) {
  document.querySelector(`[data-needs="${need}"]`).hidden = !there;
}

export const wantsWords = () => box("show-captions").checked;
export const wantsLetters = () => box("letter-keys").checked;

/** Keep the screen on while the session plays, if the person asked for it; browsers let go when the page is hidden. */
export async function holdScreen(playing) {
  const wanted = playing && box("keep-screen").checked && document.visibilityState === "visible";
  if (!wanted) {
    const held = wakeLock;
    wakeLock = null;
    await held?.release();
  } else if ((wakeLock === null || wakeLock.released) && "wakeLock" in navigator) {
    wakeLock = await navigator.wakeLock.request("screen").catch(() => null); // a low battery refuses
  }
}

/** Once for in, twice for out; only with the page in front, as browsers have it. */
export function feelBreath(kind) {
  if (!box("vibrate").checked || document.visibilityState !== "visible" || !("vibrate" in navigator)) return;
  if (kind === "inhale") navigator.vibrate(IN_MS);
  else if (kind === "exhale") navigator.vibrate(OUT_MS);
}

/** A voice of this device in the language of the page; one from the network would tell a server what is said. */
function voice() {
  const language = document.documentElement.lang || "en";
  return speechSynthesis.getVoices().find((one) => one.localService && one.lang.startsWith(language)) ?? null;
}

/** Say how much time is left: as text that screen readers read out, and aloud where the device has a voice. */
export function sayTime(left_s) {
  const sentence = left_s > 0 ? said("left", { time: briefTime(left_s) }) : said("over_spoken");
  const place = document.getElementById("time-said");
  place.textContent = "";
  requestAnimationFrame(() => {
    place.textContent = sentence; // the same words again are read again
  });
  const speaks = "speechSynthesis" in window && box("say-aloud").checked ? voice() : null;
  if (speaks === null) return;
  const spoken = new SpeechSynthesisUtterance(sentence);
  spoken.voice = speaks;
  spoken.lang = speaks.lang;
  speechSynthesis.cancel();
  speechSynthesis.speak(spoken);
}
