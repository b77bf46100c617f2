// Two choices of the player: words on the screen, and a screen that stays on.

const CAPTIONS = "matwise.captions";

let wakeLock = null;

/** Show or hide the words, and remember it. */
export function bindCaptions() {
  const box = document.getElementById("show-captions");
  try {
    box.checked = localStorage.getItem(CAPTIONS) !== "hidden";
  } catch {
    box.checked = true;
  }
  const apply = () => {
    document.getElementById("caption").hidden = !box.checked;
    try {
      localStorage.setItem(CAPTIONS, box.checked ? "shown" : "hidden");
    } catch {
      // Storage is forbidden: asked again next time.
    }
  };
  box.addEventListener("change", apply);
  apply();
}

/** Keep the screen on, if the person asked for it; browsers let go whenever the page is hidden. */
export async function holdScreen() {
  if (!document.getElementById("keep-screen").checked || document.visibilityState !== "visible") return;
  wakeLock = await navigator.wakeLock.request("screen").catch(() => null);
}

/** Offer to keep the screen on where the browser can. */
export function bindScreen() {
  document.getElementById("screen-choice").hidden = !("wakeLock" in navigator);
  document.getElementById("keep-screen").addEventListener("change", async () => {
    if (document.getElementById("keep-screen").checked) await holdScreen();
    else await wakeLock?.release();
  });
}
