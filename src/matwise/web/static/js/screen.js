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
    const answer = answerOf(question);
    if (!answer) return;
    waiting.set(answer.question, answer);
    saved.textContent = "Keeping…";
    send();
  });
}
