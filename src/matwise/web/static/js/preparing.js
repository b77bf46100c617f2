// Before the first sound: the file is made ready, and a copy of it is kept here.

import { ask, canKeep } from "./keeping.js";
import { said, words } from "./words.js";

const POLL_MS = 400;

/** What the app says at an address; {failed} where it refuses. */
export async function asJson(address) {
  const reply = await fetch(address, { headers: { accept: "application/json" } });
  const told = await reply.json();
  return reply.ok ? told : { failed: told.error };
}

/** Wait until the file of the session `here` is ready, or can't be. */
export async function untilPrepared(here, tellTrouble) {
  for (;;) {
    const told = await asJson(`${here}/progress`).catch(() => ({ ready: false, share: null }));
    tellTrouble(told.share === null ? words.no_way : "");
    if (told.ready || told.failed) return told;
    if (told.share !== null) {
      document.getElementById("preparing-bar").value = told.share;
      document.getElementById("preparing-share").textContent = `${Math.round(100 * told.share)} %`;
    }
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
}

/** A copy on this device, and what to expect of it. */
export async function keepHere(session) {
  const state = document.getElementById("offline-state");
  if (!canKeep) {
    state.textContent = window.isSecureContext ? words.no_offline_browser : words.no_offline_here;
    return;
  }
  state.textContent = words.keeping;
  const told = await ask("keep", session);
  const language = document.documentElement.lang || "en";
  const written = (until) => new Date(until).toLocaleString(language, { weekday: "long", hour: "numeric", minute: "2-digit" });
  state.textContent = told?.kept ? said("kept", { time: written(told.until) }) : (told?.because ?? words.not_kept);
}
