// Where the sound comes from: the app, or the copy on this device. Browsers refuse to go on when the bytes of one sound come
// now from the one and now from the other, so each has an address of its own, and a change between them begins anew.

import { ask, isControlled, takenOver } from "./keeping.js";

const RETRY_MS = 2000;
const PATIENCE_MS = 2000; // with the worker: a sound from the app is better than none

/** Play `audio` from the app at `address`, or from the copy kept of `session` where there is one; survives a lost way. */
export function sourced(audio, address, session, { beforeChange, failed }) {
  const ofCopy = `${address}?kept=1`;
  let playing = false;
  let retrying = null;

  audio.addEventListener("play", () => {
    playing = true;
  });
  audio.addEventListener("pause", () => {
    if (audio.error === null) playing = false;
  });
  audio.addEventListener("error", () => {
    clearTimeout(retrying);
    retrying = setTimeout(goOn, audio.src.endsWith(ofCopy) ? RETRY_MS : 0);
  });

  async function goOn() {
    const told = (await takenOver()) ? await ask("standing", session, PATIENCE_MS) : null;
    if (told?.good !== true && audio.src.endsWith(address)) {
      failed();
      retrying = setTimeout(begin, RETRY_MS, address);
      return;
    }
    begin(told?.good === true ? ofCopy : address);
  }

  function begin(from) {
    const at_s = audio.currentTime;
    const goesOn = playing;
    beforeChange();
    audio.src = from;
    audio.preload = "auto";
    audio.load();
    audio.currentTime = at_s;
    if (goesOn) audio.play().catch(() => {});
  }

  return {
    /** Call once the file is ready. */
    async load() {
      const told = isControlled() ? await ask("standing", session, PATIENCE_MS) : null;
      begin(told?.good === true ? ofCopy : address);
    },
  };
}
