// How a session ends: kept here first, sent as soon as there is a way, and asked about afterwards with or without one.

import { onState, put, waiting } from "./outbox.js";
import { ask } from "./keeping.js";
import { said } from "./words.js";

const root = document.getElementById("player");
const session = root.dataset.session;
const here = `/guide/${encodeURIComponent(session)}`;
const FIELD = `guide.end.${session}`;
const byId = (id) => document.getElementById(id);
let answered = false; // whoever answers already is not torn away from it

/** Keep that it ended, after so many minutes on the mat; with the reason where it was stopped, or when somebody woke. */
export function end(minutes, { reason = null, awake_at_s = null } = {}) {
  const body = { minutes: Number(minutes.toFixed(3)), reason, awake_at_s };
  put({ url: `${here}/end`, field: FIELD, body, latestOnly: true });
}

/** Whether an end waits to be sent: then this page is here for the questions after it. */
export function endWaits() {
  const found = waiting().find(([, entry]) => entry.field === FIELD);
  if (found === undefined) return false;
  showQuestions(found[1].body.reason);
  return true;
}

function showQuestions(reason) {
  if (byId("why").open) byId("why").close();
  root.hidden = true;
  byId("ended").hidden = false;
  byId("ended-said").textContent = said("ended_waits");
  for (const advice of document.querySelectorAll("[data-advice]")) advice.hidden = advice.dataset.advice !== reason;
  document.body.classList.remove("playing");
  byId("ended-title").focus();
}

onState(async (entry, state, reply) => {
  if (entry.field !== FIELD) return;
  if (state === "waiting" && byId("ended").hidden) showQuestions(entry.body.reason);
  if (state === "saved") {
    ask("forget", session);
    if (!answered) location.assign(`${here}/after`);
    else byId("ended-said").textContent = said("ended_sent");
    byId("ended-on").hidden = false;
  }
  if (state === "refused") {
    byId("trouble").textContent = said("ended_refused", { why: reply?.error ?? "" });
    byId("trouble").hidden = false;
    if (byId("why").open) byId("why").close();
  }
});

byId("ended").addEventListener("change", () => {
  answered = true;
});
