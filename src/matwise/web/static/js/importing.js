// A file is read on the other side: how far it is, until it is done. Without this script the page reloads itself.

const ASK_EVERY_MS = 700;

const place = document.querySelector("[data-progress]");
const bar = place.querySelector("progress");
const said = place.querySelector("[data-said]");
let last = -1;

async function ask() {
  try {
    const reply = await fetch(place.dataset.progress, { headers: { accept: "application/json" } });
    const { running, share } = await reply.json();
    if (!running) {
      location.reload();
      return;
    }
    bar.value = share;
    const tenth = Math.floor(share * 10);
    // Every tenth: a screen reader reads it out.
    if (tenth !== last) said.textContent = said.dataset.said.replace("{percent}", Math.floor(share * 100));
    last = tenth;
  } catch {
    // Out of reach for a moment: asked again.
  }
  setTimeout(ask, ASK_EVERY_MS);
}

ask();
