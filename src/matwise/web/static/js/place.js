// Where the player is, and where it was: kept in this browser and sent to the server, which counts if both know.

import { newer } from "./playback.js";
import { put } from "./outbox.js";

const root = document.getElementById("player");
const KEPT = `matwise.position.${root.dataset.session}`;

/** Keep `place`, {position_s, playing, heard}; what does not reach the server now goes with the next one. */
export function keepPlace(place) {
  try {
    localStorage.setItem(KEPT, JSON.stringify({ ...place, saved_ms: Date.now() }));
  } catch {
    // Storage is forbidden: the server's copy is enough.
  }
  const url = `/guide/${encodeURIComponent(root.dataset.session)}/position`;
  put({ url, field: `guide.position.${root.dataset.session}`, body: place, latestOnly: true });
}

function placeHere() {
  try {
    return JSON.parse(localStorage.getItem(KEPT));
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

/** The place that was kept last, with the moment `saved_ms`; null where there is none. */
export function lastPlace() {
  return newer(placeHere(), placeAtServer());
}
