// The breath as it is seen and felt: a circle that grows and shrinks, a word, and vibration where it was chosen.

import { feelBreath } from "./comfort.js";
import { words } from "./words.js";

const root = document.getElementById("player");

/** Show the breath of this cue, as long as it lasts and the sound plays; null where none is guided. */
export function drawBreath(audio, cue) {
  const now = cue !== null && audio.currentTime < cue.at_s + cue.duration_s ? cue : null;
  const kind = now === null || audio.paused ? "none" : now.kind;
  if (root.dataset.breath === kind) return;
  root.dataset.breath = kind;
  if (now !== null) root.style.setProperty("--breath-time", `${now.duration_s}s`);
  document.getElementById("breath").textContent = words.breath[kind];
  feelBreath(kind);
}
