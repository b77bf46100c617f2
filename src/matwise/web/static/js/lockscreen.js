// Keys of the lock screen and the headset, and what the lock screen shows.

const there = "mediaSession" in navigator;

/** Bind `acts`, by the names that browsers have for the keys. Bound again after coming back: iOS forgets them. */
export function bindKeys({ title, artwork, acts }) {
  if (!there) return;
  const picture = { src: artwork, sizes: "512x512", type: "image/png" };
  navigator.mediaSession.metadata = new MediaMetadata({ title, artist: "Matwise", artwork: [picture] });
  for (const [name, act] of Object.entries(acts)) {
    try {
      navigator.mediaSession.setActionHandler(name, act);
    } catch {
      // This browser has no such key.
    }
  }
}

/** Say whether it plays, and where: within the part that is heard, so that nobody sees the minutes nobody asked for. */
export function tellLockScreen({ playing, from_s, until_s, at_s }) {
  if (!there) return;
  navigator.mediaSession.playbackState = playing ? "playing" : "paused";
  const duration = until_s - from_s;
  if (!(duration > 0) || navigator.mediaSession.setPositionState === undefined) return;
  const position = Math.min(Math.max(0, at_s - from_s), duration);
  navigator.mediaSession.setPositionState({ duration, position, playbackRate: 1 });
}
