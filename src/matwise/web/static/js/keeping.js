// What a page and the service worker say to each other (service-worker.js).

const PLAYING = "matwise-playing";
let letGo = null;

/** Whether this browser, at this address, can keep anything to be used without a connection. */
export const canKeep = window.isSecureContext && "serviceWorker" in navigator && "caches" in window;

/** Whether a worker stands between this page and the app already. */
export const isControlled = () => canKeep && navigator.serviceWorker.controller !== null;

/** Ask the worker; gives its answer, or null where there is none. */
export async function ask(asks, session) {
  if (!canKeep) return null;
  const { active } = await navigator.serviceWorker.ready;
  return askWorker(active, { asks, session });
}

/** The answer of this worker. */
export function askWorker(worker, message) {
  const { port1, port2 } = new MessageChannel();
  const answer = new Promise((resolve) => {
    port1.onmessage = (event) => resolve(event.data);
  });
  worker.postMessage(message, [port2]);
  return answer;
}

/** Say to every page and to the worker that a session plays here; no newer version takes over until it is let go. */
export function holdPlaying() {
  if (letGo !== null || navigator.locks === undefined) return;
  const held = new Promise((resolve) => {
    letGo = resolve;
  });
  navigator.locks.request(PLAYING, { mode: "shared" }, () => held).catch(() => {});
}

export function releasePlaying() {
  letGo?.();
  letGo = null;
}
