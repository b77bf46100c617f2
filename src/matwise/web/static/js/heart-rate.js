// One notification of a chest strap (Heart Rate Measurement, 0x2A37), as far as the page shows it while it records.
// What counts is read again on the other side, from the very bytes that came.

const WIDE = 0x01;
const TOUCHES = 0x02;
const TELLS_TOUCH = 0x04;
const ENERGY = 0x08;
const INTERVALS = 0x10;
const TICKS_PER_S = 1024;

/** Rate in beats a minute, whether it feels skin (null: does not tell), intervals in ms; null where it is none. */
export function readPacket(view) {
  if (view.byteLength < 2) return null;
  const flags = view.getUint8(0);
  const wide = (flags & WIDE) !== 0;
  let at = wide ? 3 : 2;
  if (view.byteLength < at) return null;
  const rate = wide ? view.getUint16(1, true) : view.getUint8(1);
  const touches = flags & TELLS_TOUCH ? (flags & TOUCHES) !== 0 : null;
  if (flags & ENERGY) at += 2;
  const rr = [];
  if (flags & INTERVALS) {
    for (; at + 2 <= view.byteLength; at += 2) rr.push((view.getUint16(at, true) * 1000) / TICKS_PER_S);
  }
  return { rate, touches, rr };
}

/** The bytes as hexadecimal digits. */
export function hex(view) {
  const bytes = new Uint8Array(view.buffer, view.byteOffset, view.byteLength);
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
