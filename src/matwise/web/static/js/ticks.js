// Sentences to tick, kept the moment they are ticked or unticked; what becomes of it is shown by autosave.js. Markup:
//   <div data-scope data-tick="/measure/questionnaires/answer" data-field="…" data-body="{…}"> checkbox … </div>

import { put, waiting } from "./outbox.js";

const places = [...document.querySelectorAll("[data-tick]")];

for (const place of places) {
  place.addEventListener("change", (event) => {
    const body = { ...JSON.parse(place.dataset.body), value: event.target.checked ? "1" : "0" };
    put({ url: place.dataset.tick, field: place.dataset.field, body, latestOnly: true });
  });
}

// What was unticked on an earlier visit and still waits.
for (const [, entry] of waiting()) {
  const place = places.find((one) => one.dataset.field === entry.field);
  if (place !== undefined) place.querySelector("input").checked = entry.body.value === "1";
}
