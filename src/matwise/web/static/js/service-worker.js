// Lets the app open, and a session play, without a connection. MATWISE stands before this file (web/installable.py):
// its version, the shell that every page is drawn with, and two pages for when nothing can be reached.
//
// Pages come from the network as long as there is one: what the safety check says now goes before any copy. A session is
// kept only when its player asks for it, and only as long as the server said.

const SHELL = `matwise-shell-${MATWISE.version}`;
const SESSION = "matwise-session-";
const PLAYING = "matwise-playing"; // the lock that a player holds while it plays
const PATIENCE_MS = 5000; // for a network that neither answers nor fails, where there is a copy
const REASON_STAYS_MS = 7 * 24 * 3600 * 1000;
const OF_SESSION = /^\/guide\/([A-Za-z0-9-]{8,50})(\/audio\.mp3|\/cues\.json|\/captions\.vtt|\/progress|\/after)?$/;
const UNREACHABLE = new Set([502, 503, 504]); // what a proxy says when the app behind it is down

addEventListener("install", (event) => event.waitUntil(fillShell()));
addEventListener("activate", (event) => event.waitUntil(Promise.all([dropOldShells(), dropWhatRanOut()])));
addEventListener("message", (event) => event.waitUntil(answer(event)));
addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== location.origin) return;
  const [, session, part] = url.pathname.match(OF_SESSION) ?? [];
  if (url.pathname.startsWith("/static/")) event.respondWith(ofShell(request, url));
  else if (request.mode === "navigate") event.respondWith(page(request, session, part));
  else if (session !== undefined && part !== "/after") event.respondWith(ofSession(request, url, session, part));
});

// ---------------------------------------------------------------- the shell

async function fillShell() {
  const cache = await caches.open(SHELL);
  await cache.addAll(MATWISE.shell.map((address) => new Request(address, { cache: "no-cache" })));
}

async function dropOldShells() {
  const names = await caches.keys();
  const old = names.filter((name) => name.startsWith("matwise-shell-") && name !== SHELL);
  await Promise.all(old.map((name) => caches.delete(name)));
}

/** An address that carries the digest of its content is right wherever it comes from; any other is asked for first. */
async function ofShell(request, url) {
  const cache = await caches.open(SHELL);
  const same = url.searchParams.has("v") ? await cache.match(request.url) : undefined;
  if (same !== undefined) return same;
  try {
    return await fetch(request);
  } catch (error) {
    const alike = await cache.match(request.url, { ignoreSearch: true });
    if (alike === undefined) throw error;
    return alike;
  }
}

// ---------------------------------------------------------------- pages

async function page(request, session, part) {
  const standing = session === undefined ? null : await standingOf(session);
  try {
    const reply = await (standing?.good ? inTime(fetch(request)) : fetch(request));
    if (session !== undefined && part === undefined && isRefused(reply)) await forget(session);
    if (!UNREACHABLE.has(reply.status)) return reply;
  } catch {
    // No way to the app: below is what is here.
  }
  if (standing?.good) return (await caches.open(SESSION + session)).match(`/guide/${session}`);
  return (await caches.open(SHELL)).match(standing === null ? MATWISE.offline : MATWISE.over);
}

/** The session has ended (a way on to its questions), or may not be heard any more, or is gone. */
function isRefused(reply) {
  return reply.type === "opaqueredirect" || reply.status === 403 || reply.status === 404;
}

function inTime(reply) {
  const late = new Promise((_, fail) => setTimeout(() => fail(new Error("too late")), PATIENCE_MS));
  return Promise.race([reply, late]);
}

// ---------------------------------------------------------------- sessions

async function ofSession(request, url, session, part) {
  const standing = await standingOf(session);
  if (part === "/audio.mp3" && url.searchParams.has("download")) return download(request, session, standing);
  if (standing === null) return fetch(request);
  if (part === "/audio.mp3" && !url.searchParams.has("kept")) return ofApp(request, session, standing);
  if (part === "/progress") {
    return fetch(request).catch(() => Response.json({ ready: standing.good, share: 1, failed: standing.because }));
  }
  const range = request.headers.get("range");
  if (!standing.good && !(standing.mayEnd && startsLater(range))) return ranOut(standing);
  const kept = await (await caches.open(SESSION + session)).match(url.pathname);
  return part === "/audio.mp3" ? inParts(request, kept) : kept;
}

/** What a sound began with from the app goes on from there; the copy has an address of its own (sound.js). */
function ofApp(request, session, standing) {
  return fetch(request).catch(async (error) => {
    if (!standing.good || request.headers.get("range") !== "bytes=0-") throw error;
    return inParts(request, await (await caches.open(SESSION + session)).match(`/guide/${session}/audio.mp3`));
  });
}

/** Somebody who began in time hears the end, and the alarm. */
function startsLater(range) {
  return /^bytes=0*[1-9]/.test(range ?? "");
}

function ranOut(standing) {
  return Response.json({ error: standing.because, problems: [] }, { status: 403 });
}

async function download(request, session, standing) {
  try {
    return await fetch(request);
  } catch (error) {
    if (standing === null) throw error;
    if (!standing.good) return ranOut(standing);
    const kept = await (await caches.open(SESSION + session)).match(`/guide/${session}/audio.mp3`);
    const headers = new Headers(kept.headers);
    headers.set("Content-Disposition", 'attachment; filename="matwise-session.mp3"');
    return new Response(kept.body, { headers });
  }
}

/**
 * Whether there is a copy of a session: null, or {good, mayEnd, over_ms, because}.
 *
 * A clock that was put back to before the copy was made says nothing about how old it is, so it counts as too old.
 */
async function standingOf(session) {
  if (!(await caches.has(SESSION + session))) return null;
  const told = await (await caches.open(SESSION + session)).match(`/guide/${session}/offline.json`);
  if (told === undefined) return null; // begun and not finished
  const kept = await told.json();
  const now_ms = Date.now();
  const good = kept.at_ms <= now_ms && now_ms < kept.until_ms;
  const mayEnd = kept.at_ms <= now_ms && now_ms < kept.until_ms + kept.length_ms;
  return { good, mayEnd, over_ms: now_ms - kept.until_ms, because: good ? null : kept.because };
}

/** Take everything of a session in; what says until when comes last, so that half a copy is none. */
async function keep(session) {
  const address = `/guide/${session}`;
  const told = await fetch(`${address}/offline.json`, { headers: { accept: "application/json" } });
  if (!told.ok) return { kept: false, because: (await told.json().catch(() => ({}))).error ?? null };
  const { addresses, keep_for_s, because, until } = await told.json();
  const cache = await caches.open(SESSION + session);
  const replies = await Promise.all(addresses.map((one) => fetch(one, { cache: "no-cache" })));
  if (replies.some((reply) => !reply.ok || reply.redirected)) return { kept: false, because: null };
  const sheet = await replies[addresses.indexOf(`${address}/cues.json`)].clone().json();
  await Promise.all(replies.map((reply, i) => cache.put(addresses[i], reply)));
  const at_ms = Date.now();
  const terms = { at_ms, until_ms: at_ms + 1000 * keep_for_s, length_ms: 1000 * sheet.duration_s, because };
  await cache.put(`${address}/offline.json`, Response.json(terms));
  return { kept: keep_for_s > 0, because, until };
}

async function forget(session) {
  await caches.delete(SESSION + session);
}

/** The sound goes as soon as it may not be heard any more; why it may not stays for a while. */
async function dropWhatRanOut() {
  for (const name of await caches.keys()) {
    if (!name.startsWith(SESSION)) continue;
    const cache = await caches.open(name);
    const standing = await standingOf(name.slice(SESSION.length));
    if (standing === null || standing.over_ms > REASON_STAYS_MS) await caches.delete(name);
    else if (!standing.mayEnd) {
      const kept = await cache.keys();
      await Promise.all(kept.filter((one) => !one.url.endsWith("/offline.json")).map((one) => cache.delete(one)));
    }
  }
}

// ---------------------------------------------------------------- parts of the sound (RFC 9110, section 14)

/** The bytes that `range` asks of `size`: [from, to], "all" where it says nothing that can be done, "none" beyond. */
function wanted(range, size) {
  const found = /^bytes=\s*(\d*)\s*-\s*(\d*)\s*$/i.exec(range ?? "");
  if (found === null || (found[1] === "" && found[2] === "")) return "all"; // not bytes, or several parts at once
  const [first, last] = [found[1], found[2]].map((digits) => (digits === "" ? null : Number(digits)));
  if (first === null) return last === 0 ? "none" : [Math.max(0, size - last), size - 1];
  if (last !== null && last < first) return "all";
  return first >= size ? "none" : [first, Math.min(last ?? size - 1, size - 1)];
}

async function inParts(request, kept) {
  const whole = await kept.blob();
  const headers = new Headers({ "Accept-Ranges": "bytes", "Content-Type": kept.headers.get("content-type") });
  const tag = kept.headers.get("etag");
  if (tag !== null) headers.set("ETag", tag);
  const condition = request.headers.get("if-range");
  const range = condition === null || condition === tag ? request.headers.get("range") : null;
  const part = wanted(range, whole.size);
  if (part === "none") {
    headers.set("Content-Range", `bytes */${whole.size}`);
    return new Response(null, { status: 416, headers });
  }
  if (part === "all") {
    headers.set("Content-Length", String(whole.size));
    return new Response(whole, { status: 200, headers });
  }
  const [from, to] = part;
  headers.set("Content-Range", `bytes ${from}-${to}/${whole.size}`);
  headers.set("Content-Length", String(to - from + 1));
  return new Response(whole.slice(from, to + 1), { status: 206, headers });
}

// ---------------------------------------------------------------- what pages ask for

async function answer(event) {
  const { asks, session } = event.data;
  const say = (told) => event.ports[0]?.postMessage(told);
  if (asks === "standing") say(await standingOf(session));
  else if (asks === "keep") say(await keep(session).catch(() => ({ kept: false, because: null })));
  else if (asks === "forget") await forget(session);
  else if (asks === "take over") await (await nobodyPlays() ? clients.claim() : undefined);
  else if (asks === "renew") {
    const free = await nobodyPlays();
    say({ renewed: free });
    if (free) await skipWaiting();
  }
}

/** Nothing changes hands under somebody who lies on the mat. */
async function nobodyPlays() {
  if (navigator.locks === undefined) return false;
  const { held } = await navigator.locks.query();
  return held.every((lock) => lock.name !== PLAYING);
}
