// What a page and the service worker say to each other (service-worker.js).

const PLAYING = "matwise-playing";
const TAKES_OVER_MS = 3000;
let letGo = null;

/** Whether this browser, at this address, can keep anything to be used without a connection. */
export const canKeep = window.isSecureContext && "serviceWorker" in navigator && "caches" in window;

/** Whether a worker stands between this page and the app already. */
export const isControlled = () => canKeep && navigator.serviceWorker.controller !== null;

/** Let the worker stand between this page and the app, now that no sound can be disturbed; whether it does. */
export async function takenOver() {
  if (!canKeep || isControlled()) return canKeep;
  releasePlaying();
  const taken = new Promise((resolve) => {
    navigator.serviceWorker.addEventListener("controllerchange", resolve, { once: true });
    navigator.serviceWorker.ready.then(({ active }) => active.postMessage({ asks: "take over" }));
    setTimeout(resolve, TAKES_OVER_MS);
  });
  await taken;
  return isControlled();
}

/** Ask the worker; gives its answer, or null where there is none, within `patience_ms` if that is given. */
export async function ask(asks, session, patience_ms = null) {
  if (!canKeep) return null;
  const answer = navigator.serviceWorker.ready.then(({ active }) => askWorker(active, { asks, session }));
  if (patience_ms === null) return answer;
  return Promise.race([answer, new Promise((resolve) => setTimeout(resolve, patience_ms, null))]);
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
