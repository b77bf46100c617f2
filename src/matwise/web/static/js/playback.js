// What a player must know about time, as plain functions: seconds in, decisions out.

/** 460 → "7:40" */
export function clock(seconds) {
  const whole = Math.max(0, Math.floor(seconds + 1e-6));
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, "0")}`;
}

/** 460 → "7 minutes 40 seconds", for ears. */
export function spokenTime(seconds) {
  const whole = Math.max(0, Math.floor(seconds + 1e-6));
  const minutes = Math.floor(whole / 60);
  const rest = whole % 60;
  const parts = [];
  if (minutes > 0) parts.push(`${minutes} minute${minutes === 1 ? "" : "s"}`);
  if (rest > 0 || minutes === 0) parts.push(`${rest} second${rest === 1 ? "" : "s"}`);
  return parts.join(" ");
}

/** Spans of time [from, to], overlapping ones joined, in order. */
export function joined(spans) {
  const sorted = spans.filter(([from, to]) => to > from).sort((a, b) => a[0] - b[0]);
  const result = [];
  for (const [from, to] of sorted) {
    const last = result.at(-1);
    if (last !== undefined && from <= last[1] + 0.25) last[1] = Math.max(last[1], to);
    else result.push([from, to]);
  }
  return result;
}

/** Seconds of `spans` that lie between `from` and `until`; what was heard twice counts once. */
export function overlap(spans, from, until) {
  return joined(spans).reduce((sum, [a, b]) => sum + Math.max(0, Math.min(b, until) - Math.max(a, from)), 0);
}

/**
 * What to offer somebody who comes back, by the clock on the wall.
 *
 * `saved` is {position_s, saved_ms, playing}; `over_s` is the moment of the file when the time on the mat is over.
 * Gives {kind: "fresh" | "go_on" | "over", position_s, byClock_s, ago_s}. `byClock_s`: where the file would be now had it
 * gone on; only where it was playing when it was last heard of.
 */
export function comeBack(saved, now_ms, over_s) {
  if (saved === null || !(saved.position_s >= 1)) return { kind: "fresh", position_s: 0, byClock_s: null, ago_s: 0 };
  const away_s = Math.max(0, (now_ms - saved.saved_ms) / 1000);
  // Paused or not: had nobody broken off, the time on the mat would have ended then.
  const ago_s = away_s - (over_s - saved.position_s);
  if (ago_s >= 0) return { kind: "over", position_s: saved.position_s, byClock_s: null, ago_s };
  const byClock_s = saved.playing && away_s >= 15 ? saved.position_s + away_s : null;
  return { kind: "go_on", position_s: saved.position_s, byClock_s, ago_s: 0 };
}

/** The newer of two saved positions; either may be missing. */
export function newer(a, b) {
  if (a === null || b === null) return a ?? b;
  return b.saved_ms > a.saved_ms ? b : a;
}

/** "12 minutes", "1 hour 5 minutes": how long ago, never more exact than it is useful. */
export function roughly(seconds) {
  const minutes = Math.max(1, Math.round(seconds / 60));
  if (minutes < 60) return `${minutes} minute${minutes === 1 ? "" : "s"}`;
  const hours = Math.floor(minutes / 60);
  const rest = minutes % 60;
  const said = `${hours} hour${hours === 1 ? "" : "s"}`;
  return rest === 0 || hours >= 6 ? said : `${said} ${rest} minute${rest === 1 ? "" : "s"}`;
}

/** The cue that is heard at `at_s` among cues in order of time: the last one of these kinds that has begun. */
export function cueAt(cues, at_s, kinds) {
  let found = null;
  for (const cue of cues) {
    if (cue.at_s > at_s + 0.05) break;
    if (kinds.includes(cue.kind)) found = cue;
  }
  return found;
}
