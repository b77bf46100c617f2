// On every page: the service worker, where the browser has one; and a quiet word when a newer one waits.

import { askWorker, canKeep } from "./keeping.js";

function sayThatOneWaits(registration) {
  const said = document.getElementById("renewal");
  if (said === null || registration.waiting === null) return;
  said.hidden = false;
  const button = said.querySelector("button");
  button.onclick = async () => {
    button.disabled = true;
    const reload = () => location.reload();
    navigator.serviceWorker.addEventListener("controllerchange", reload, { once: true });
    const answer = await askWorker(registration.waiting, { asks: "renew" });
    // Whoever changes hands later does so without this page: by then a session may play here.
    if (!answer.renewed) navigator.serviceWorker.removeEventListener("controllerchange", reload);
    button.disabled = answer.renewed;
    said.querySelector("[data-playing]").hidden = answer.renewed;
  };
}

function watch(registration) {
  sayThatOneWaits(registration);
  registration.addEventListener("updatefound", () => {
    const found = registration.installing;
    found?.addEventListener("statechange", () => {
      // The very first one has nobody to wait for.
      if (found.state === "installed" && registration.active !== null) sayThatOneWaits(registration);
    });
  });
}

async function install() {
  const registration = await navigator.serviceWorker.register("/service-worker.js", { updateViaCache: "none" });
  watch(registration);
  const { active } = await navigator.serviceWorker.ready;
  if (navigator.serviceWorker.controller === null) active.postMessage({ asks: "take over" });
}

// Without it everything works as long as there is a connection: no storage in a private window is no fault.
if (canKeep) install().catch(() => {});
