// Keeps each answer of the safety check the moment it is given. Without this script the form's button keeps them all.
const form = document.querySelector("#check");
const csrf = document.querySelector('meta[name="csrf-token"]').content;
const saved = form.querySelector("[data-saved]");
const waiting = new Map();
let sending = false;

function answerOf(question) {
  const reply = question.querySelector('input[type="radio"]:checked')?.value;
  const areas = [...question.querySelectorAll('input[type="checkbox"]:checked')].map((box) => box.value);
  return reply && { screening: form.dataset.screening, question: question.dataset.question, reply, areas };
}

function showWhere(question) {
  const where = question.querySelector(".where");
  if (where) where.hidden = question.querySelector('input[type="radio"]:checked')?.value !== "yes";
}

/** How far each part is, and which question is open next. */
function showWay() {
  const questions = [...form.querySelectorAll("[data-question]")];
  const isOpen = (question) => question.querySelector('input[type="radio"]:checked') === null;
  for (const count of form.querySelectorAll("[data-part]")) {
    const part = questions.filter((question) => question.dataset.group === count.dataset.part);
    const open = part.filter(isOpen).length;
    count.textContent = open ? `${part.length - open} of ${part.length}` : "done";
    count.classList.toggle("all", open === 0);
  }
  const next = questions.find(isOpen);
  const onward = form.querySelector("[data-onward]");
  onward.href = next ? `#${next.id}` : "#outcome";
  onward.textContent = next ? "Go to the next open question" : "See the outcome";
}

async function send() {
  if (sending) return;
  sending = true;
  for (const [id, answer] of waiting) {
    const said = await fetch("/screen/answer", {
      method: "POST",
      headers: { "content-type": "application/json", accept: "application/json", "x-csrf-token": csrf },
      body: JSON.stringify(answer),
    }).catch(() => null);
    if (!said || said.status >= 500) {
      saved.textContent = "Not kept yet. Trying again…";
      setTimeout(send, 2000);
      break;
    }
    if (waiting.get(id) === answer) waiting.delete(id);
    const told = await said.json();
    const problem = document.querySelector(`#q-${CSS.escape(id)} [data-problem]`);
    problem.hidden = said.ok;
    if (!said.ok) {
      problem.textContent = told.error;
      continue;
    }
    form.querySelector("[data-answered]").textContent = told.answered;
    form.querySelector("progress").value = told.answered;
    saved.textContent = waiting.size ? "Keeping…" : "Kept";
    if (told.help) location.assign("/screen/help");
  }
  sending = false;
}

// One question at a time: the page holds all of them, so that it works without this script as well.
const questions = [...form.querySelectorAll("[data-question]")];
const steps = form.querySelector("[data-steps]");
const finish = form.querySelector("[data-finish]");
const all = form.querySelector("[data-all]");
let current = 0;

const isAnswered = (question) => question.querySelector('input[type="radio"]:checked') !== null;

function show(index, moveFocus) {
  current = Math.max(0, Math.min(index, questions.length - 1));
  questions.forEach((question, number) => {
    question.hidden = number !== current;
  });
  for (const group of form.querySelectorAll("[data-group]")) group.hidden = !group.contains(questions[current]);
  steps.querySelector("[data-back]").disabled = current === 0;
  steps.querySelector("[data-next]").hidden = current === questions.length - 1;
  finish.hidden = !questions.every(isAnswered);
  if (!moveFocus) return;
  const place = questions[current].querySelector('input[type="radio"]:checked') ?? questions[current].querySelector("input");
  place.focus({ preventScroll: true });
  scrollTo({ top: form.offsetTop - 8, behavior: matchMedia("(prefers-reduced-motion: reduce)").matches ? "auto" : "smooth" });
}

function oneAtATime() {
  document.body.classList.add("one-at-a-time");
  steps.hidden = all.hidden = false;
  const open = questions.findIndex((question) => !isAnswered(question));
  show(open === -1 ? questions.length - 1 : open, false);
}

function showAll() {
  document.body.classList.remove("one-at-a-time");
  steps.hidden = all.hidden = true;
  for (const part of form.querySelectorAll("[data-question], [data-group]")) part.hidden = false;
  finish.hidden = false;
}

for (const question of questions) {
  showWhere(question);
  question.addEventListener("change", () => {
    showWhere(question);
    showWay();
    question.classList.remove("missing");
    const answer = answerOf(question);
    if (!answer) return;
    waiting.set(answer.question, answer);
    saved.textContent = "Keeping…";
    send();
    finish.hidden = steps.hidden ? false : !questions.every(isAnswered);
  });
  // A tap goes on to the next question; the arrow keys only choose, so that nobody is carried past an answer.
  question.addEventListener("click", (event) => {
    const chose = event.target.matches('input[type="radio"]') && event.detail > 0;
    const asksWhere = question.querySelector(".where:not([hidden])");
    if (chose && !asksWhere && !steps.hidden) setTimeout(() => show(questions.indexOf(question) + 1, true), 220);
  });
}
steps.querySelector("[data-back]").addEventListener("click", () => show(current - 1, true));
steps.querySelector("[data-next]").addEventListener("click", () => show(current + 1, true));
all.addEventListener("click", showAll);
if (document.querySelector('[role="alert"]')) showAll();
else oneAtATime();
showWay();
form.querySelector("[data-onward]").addEventListener("click", (event) => {
  // Into the question itself, so that the keyboard goes on from there.
  const target = document.querySelector(new URL(event.currentTarget.href).hash);
  event.preventDefault();
  target.scrollIntoView({ block: "start" });
  target.querySelector("input, button")?.focus({ preventScroll: true });
});
