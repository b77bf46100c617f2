// Fields that are kept the moment they are answered. Markup:
//   <fieldset data-autosave="/measure/ratings" data-field="pain" data-body='{"scale":"pain","moment":"evening"}'
//             data-value="value"> radios … <p data-state role="status"></p> <p data-problem></p> </fieldset>
//   <input data-draft="/measure/drafts" data-field="complaint_1">  typed text, kept while it is typed

import { onState, put, waiting } from "./outbox.js";

const TYPING_PAUSE_MS = 400;
// What it says, as the page brought it along (templates/measure/_scale.html).
const SAID = JSON.parse(document.querySelector('script[src*="js/autosave.js"]').dataset.words);

function holder(field) {
  return document.querySelector(`[data-field="${CSS.escape(field)}"]`);
}

function show(entry, state, reply) {
  const place = holder(entry.field);
  if (place === null) return;
  const scope = place.closest("[data-scope]") ?? place;
  const status = scope.querySelector("[data-state]");
  if (status !== null) {
    status.textContent = SAID[state];
    status.dataset.state = state;
  }
  if (state === "saved") {
    showHint(scope, reply.hint);
    showNotice(reply.notice);
  }
  const problem = scope.querySelector("[data-problem]");
  if (problem === null) return;
  const told = (reply?.problems ?? []).map((one) => SAID.entered.replace("{got}", () => one.got).replace("{want}", () => one.want));
  problem.textContent = state === "refused" ? told.join(" ") || reply?.error || SAID.not_kept : "";
  problem.hidden = problem.textContent === "";
}

/** What the answer means beside an earlier one ("7 before, 4 after"). */
function showHint(scope, words) {
  const hint = scope.querySelector("[data-hint]");
  if (hint === null || words === undefined) return;
  hint.textContent = words;
  hint.hidden = words === "";
}

/** What the safety check says since this answer; null takes it back, undefined says nothing of it. */
function showNotice(told) {
  const notice = document.querySelector("[data-notice]");
  if (notice === null || told === undefined) return;
  notice.hidden = told === null;
  if (told === null) return;
  notice.querySelector("[data-notice-sentence]").textContent = told.sentence;
  const way = notice.querySelector("[data-notice-way]");
  way.href = told.address;
  way.textContent = told.way;
  notice.scrollIntoView({ block: "nearest" });
}

function keepChoice(place, input) {
  const body = { ...JSON.parse(place.dataset.body ?? "{}"), [place.dataset.value ?? "value"]: input.value };
  // An earlier tap that still waits was only on the way to this one.
  put({ url: place.dataset.autosave, field: place.dataset.field, body, latestOnly: true });
  place.dispatchEvent(new CustomEvent("matwise:answered", { bubbles: true, detail: { value: input.value } }));
}

function keepTyping(input) {
  put({
    url: input.dataset.draft,
    field: input.dataset.field,
    body: { form: input.dataset.form, field: input.dataset.field, value: input.value },
    latestOnly: true,
  });
}

function bindDraft(input) {
  let timer = null;
  const now = () => {
    clearTimeout(timer);
    if (timer !== null) keepTyping(input);
    timer = null;
  };
  input.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(now, TYPING_PAUSE_MS);
  });
  input.addEventListener("blur", now);
  // Capture: before the outbox makes its last try.
  addEventListener("pagehide", now, { capture: true });
}

/** What still waits from an earlier visit is shown as entered, not as lost. */
function restore() {
  for (const [, entry] of waiting()) {
    const place = holder(entry.field);
    if (place === null) continue;
    show(entry, "waiting");
    if (place.matches("input[type=text], textarea")) {
      place.value = entry.body.value;
    } else {
      const value = String(entry.body[place.dataset.value ?? "value"]);
      const input = place.querySelector(`input[value="${CSS.escape(value)}"]`);
      if (input !== null) input.checked = true;
    }
  }
}

/** What only matters without this script (the button that sends everything at once). */
function hideFallbacks() {
  for (const one of document.querySelectorAll("[data-fallback]")) one.hidden = true;
}

for (const place of document.querySelectorAll("[data-autosave]")) {
  place.addEventListener("change", (event) => {
    if (event.target.matches("input[type=radio]")) keepChoice(place, event.target);
  });
}
for (const input of document.querySelectorAll("[data-draft]")) bindDraft(input);
onState(show);
restore();
hideFallbacks();
