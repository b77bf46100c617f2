// What a player must know about time, as plain functions: seconds in, decisions out.

/** 460 → "7:40" */
export function clock(seconds) {
  const whole = Math.max(0, Math.floor(seconds + 1e-6));
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, "0")}`;
}

/** 7, "minute" → "7 minutes", in the language of the page */
function counted(count, unit) {
  const language = document.documentElement.lang || "en";
  return new Intl.NumberFormat(language, { style: "unit", unit, unitDisplay: "long" }).format(count);
}

/** 460 → "7 minutes 40 seconds", for ears. */
export function spokenTime(seconds) {
  const whole = Math.max(0, Math.floor(seconds + 1e-6));
  const minutes = Math.floor(whole / 60);
  const rest = whole % 60;
  const parts = [];
  if (minutes > 0) parts.push(counted(minutes, "minute"));
  if (rest > 0 || minutes === 0) parts.push(counted(rest, "second"));
  return parts.join(" ");
}

/** 400 → "7 minutes", 80 → "1 minute 20 seconds": as exact as somebody with closed eyes wants to know it. */
export function briefTime(seconds) {
  return seconds >= 120 ? counted(Math.round(seconds / 60), "minute") : spokenTime(seconds);
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
  if (minutes < 60) return counted(minutes, "minute");
  const hours = Math.floor(minutes / 60);
  const rest = minutes % 60;
  return rest === 0 || hours >= 6 ? counted(hours, "hour") : `${counted(hours, "hour")} ${counted(rest, "minute")}`;
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

/** The part of the sound that `at_s` lies in; each goes up to, not into, the next. */
export function partAt(parts, at_s) {
  return parts.findLast((part) => at_s >= part.from_s) ?? parts[0];
}

/** When a part has reached what it leads to: its alarm, or its end. */
export function goalOf(part) {
  return part.alarm_s ?? part.until_s;
}

/** When what a part is there for is over: the time on the mat, or all that comes before its alarm. */
export function overOf(part) {
  return part.mat_s?.[1] ?? goalOf(part);
}

/** Whether the alarm of this part is heard at `at_s`. */
export function isAlarm(part, at_s) {
  return part.alarm_s !== null && at_s >= part.alarm_s && at_s < part.until_s;
}

/** Minutes of what was heard that were time on the mat, in all parts. */
export function minutesOnMat(parts, spans) {
  return parts.reduce((sum, part) => sum + (part.mat_s === null ? 0 : overlap(spans, ...part.mat_s)), 0) / 60;
}
