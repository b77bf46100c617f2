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

for (const question of form.querySelectorAll("[data-question]")) {
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
