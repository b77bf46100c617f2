// Keeps each answer of the safety check the moment it is given. Without this script the form's button keeps them all.

import { onState, put, waiting } from "./outbox.js";

const form = document.querySelector("#check");
const saved = form.querySelector("[data-saved]");
const said = JSON.parse(form.dataset.words); // as the page brought it along
const URL_OF_ANSWERS = "/screen/answer";

function answerOf(question) {
  const reply = question.querySelector('input[type="radio"]:checked')?.value;
  const areas = [...question.querySelectorAll('input[type="checkbox"]:checked')].map((box) => box.value);
  return reply && { screening: form.dataset.screening, question: question.dataset.question, reply, areas };
}

function showWhere(question) {
  const where = question.querySelector(".where");
  if (where) where.hidden = question.querySelector('input[type="radio"]:checked')?.value !== "yes";
}

const partOf = (given, all) => said.part.replace("{given}", given).replace("{all}", all);

/** How far each part is, and which question is open next. */
function showWay() {
  const questions = [...form.querySelectorAll("[data-question]")];
  const isOpen = (question) => question.querySelector('input[type="radio"]:checked') === null;
  for (const count of form.querySelectorAll("[data-part]")) {
    const part = questions.filter((question) => question.dataset.group === count.dataset.part);
    const open = part.filter(isOpen).length;
    count.textContent = open ? partOf(part.length - open, part.length) : said.done;
    count.classList.toggle("all", open === 0);
  }
  for (const bar of form.querySelectorAll("[data-part-bar]")) {
    const part = questions.filter((question) => question.dataset.group === bar.dataset.partBar);
    bar.value = part.length - part.filter(isOpen).length;
  }
  const next = questions.find(isOpen);
  const onward = form.querySelector("[data-onward]");
  onward.href = next ? `#${next.id}` : "#outcome";
  onward.textContent = next ? said.next : said.outcome;
}

/** What became of an answer, at the top of the check and beside its question. */
function tell(entry, state, reply) {
  if (entry.url !== URL_OF_ANSWERS) return;
  const problem = document.querySelector(`#q-${CSS.escape(entry.body.question)} [data-problem]`);
  saved.textContent = state === "refused" ? "" : said[state];
  if (problem !== null) {
    problem.hidden = state !== "refused";
    problem.textContent = state === "refused" ? (reply?.error ?? said.refused) : "";
  }
  if (state !== "saved") return;
  form.querySelector("[data-answered]").textContent = reply.answered;
  form.querySelector(".far progress").value = reply.answered;
}

/** What still waits from an earlier visit is shown as answered, not as lost. */
function restore() {
  for (const [, entry] of waiting()) {
    if (entry.url !== URL_OF_ANSWERS || entry.body.screening !== form.dataset.screening) continue;
    const question = document.querySelector(`#q-${CSS.escape(entry.body.question)}`);
    for (const input of question?.querySelectorAll("input") ?? []) {
      input.checked = input.type === "radio" ? input.value === entry.body.reply : entry.body.areas.includes(input.value);
    }
    tell(entry, "waiting");
  }
}

onState(tell);
restore();
for (const question of form.querySelectorAll("[data-question]")) {
  showWhere(question);
  question.addEventListener("change", () => {
    showWhere(question);
    showWay();
    question.classList.remove("missing");
    const answer = answerOf(question);
    if (!answer) return;
    // An earlier answer that still waits was only on the way to this one.
    put({ url: URL_OF_ANSWERS, field: `screen.${answer.question}`, body: answer, latestOnly: true });
  });
}
form.querySelector("[data-onward]").addEventListener("click", (event) => {
  // Into the question itself, so that the keyboard goes on from there.
  const target = document.querySelector(new URL(event.currentTarget.href).hash);
  event.preventDefault();
  target.scrollIntoView({ block: "start" });
  target.querySelector("input, button")?.focus({ preventScroll: true });
});
showWay();
