// What was entered and not yet kept by the server. Browser storage is only a waiting room: each entry carries an id made
// here, so sending it again keeps it once, and it leaves only when the server says that it is kept.

const PREFIX = "matwise.outbox.";
const FIRST_WAIT_MS = 1000;
const LONGEST_WAIT_MS = 60000;
// An answer of the server that no repetition will change; everything else is tried again.
const REFUSED = new Set([400, 404, 405, 409, 413, 415, 422]);

const listeners = new Set();
let sending = false;
let timer = null;
let wait_ms = FIRST_WAIT_MS;
let made = 0; // entries of one millisecond keep their order
const memory = new Map(); // where storage is forbidden (private windows), entries wait here

function store(key, entry) {
  try {
    localStorage.setItem(key, JSON.stringify(entry));
  } catch {
    memory.set(key, entry);
  }
}

function drop(key) {
  memory.delete(key);
  try {
    localStorage.removeItem(key);
  } catch {
    // Storage is forbidden: then the entry was only in memory.
  }
}

function read(key) {
  try {
    return JSON.parse(localStorage.getItem(key));
  } catch {
    return null;
  }
}

/** Every waiting entry, oldest first, as [key, entry]. */
export function waiting() {
  const found = [...memory.entries()];
  try {
    for (let i = 0; i < localStorage.length; i += 1) {
      const key = localStorage.key(i);
      const entry = key.startsWith(PREFIX) ? read(key) : null;
      if (entry !== null) found.push([key, entry]);
    }
  } catch {
    // Storage is forbidden: memory is all there is.
  }
  return found.sort((a, b) => (a[0] < b[0] ? -1 : 1));
}

/** Be told what becomes of an entry: "sending", "saved", "waiting" or "refused" (with the server's words). */
export function onState(listener) {
  listeners.add(listener);
}

function tell(entry, state, reply) {
  for (const listener of listeners) listener(entry, state, reply);
}

/** Sixteen random bytes; `randomUUID` is not there on plain http. */
function newId() {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** Keep one entry and send it as soon as possible. `latestOnly`: an older one of the same field need not be sent. */
export function put({ url, field, body, latestOnly = false }) {
  if (latestOnly) {
    for (const [key, entry] of waiting()) if (entry.field === field) drop(key);
  }
  const entry = { id: newId(), url, field, body, at: Date.now() };
  made += 1;
  store(`${PREFIX}${String(entry.at).padStart(15, "0")}.${String(made).padStart(6, "0")}.${entry.id}`, entry);
  tell(entry, "sending");
  flush();
  return entry.id;
}

export function requestHeaders() {
  const token = document.querySelector('meta[name="csrf-token"]')?.content ?? "";
  return { "content-type": "application/json", accept: "application/json", "x-csrf-token": token };
}

function send(entry, { keepalive = false } = {}) {
  // The age, not the time: the clocks of browser and server may differ, the time that passed does not.
  const age_s = Math.max(0, (Date.now() - entry.at) / 1000);
  return fetch(entry.url, {
    method: "POST",
    headers: requestHeaders(),
    body: JSON.stringify({ ...entry.body, client_id: entry.id, age_s }),
    credentials: "same-origin",
    redirect: "error",
    keepalive,
  });
}

/** Send everything that waits, one after the other, so that the last thing entered is the one that counts. */
export async function flush() {
  if (sending) return;
  sending = true;
  clearTimeout(timer);
  try {
    for (let next = waiting()[0]; next !== undefined; next = waiting()[0]) {
      const [key, entry] = next;
      const reply = await attempt(entry);
      if (reply === null) {
        for (const [, late] of waiting()) tell(late, "waiting");
        timer = setTimeout(flush, wait_ms);
        wait_ms = Math.min(wait_ms * 2, LONGEST_WAIT_MS);
        return;
      }
      drop(key);
      wait_ms = FIRST_WAIT_MS;
      tell(entry, reply.ok ? "saved" : "refused", reply.body);
    }
  } finally {
    sending = false;
  }
}

async function attempt(entry) {
  try {
    const response = await send(entry);
    if (!response.ok && !REFUSED.has(response.status)) return null;
    const body = await response.json().catch(() => ({}));
    return { ok: response.ok, body };
  } catch {
    return null;
  }
}

/** Try once more while the page goes away; what does not arrive is still here next time. */
function lastTry() {
  for (const [, entry] of waiting()) send(entry, { keepalive: true }).catch(() => {});
}

addEventListener("online", () => {
  wait_ms = FIRST_WAIT_MS;
  flush();
});
addEventListener("pagehide", lastTry);
