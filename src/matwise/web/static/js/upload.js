// A file is sent as it is, however large, and says meanwhile how much of it has arrived. Without this script a form does.

const form = document.querySelector("form[data-upload]");
const chooser = form.querySelector("input[type=file]");
const sending = form.querySelector("[data-sending]");
const said = sending.querySelector("[data-said]");
const bar = sending.querySelector("progress");
const problem = form.querySelector("[data-problem]");
const button = form.querySelector("button");

function show(share) {
  const percent = Math.floor(share * 100);
  bar.value = percent;
  // Every tenth: a screen reader reads it out.
  if (percent % 10 === 0) said.textContent = said.dataset.said.replace("{percent}", percent);
}

function refuse(words) {
  sending.hidden = true;
  button.disabled = false;
  problem.textContent = words;
  problem.hidden = false;
}

function send(file) {
  // Not fetch: it does not say how much has been sent.
  const request = new XMLHttpRequest();
  request.open("PUT", form.dataset.upload);
  request.responseType = "json";
  request.setRequestHeader("Content-Type", "application/octet-stream");
  request.setRequestHeader("Accept", "application/json");
  request.setRequestHeader("X-CSRF-Token", document.querySelector('meta[name="csrf-token"]').content);
  request.setRequestHeader("X-File-Name", encodeURIComponent(file.name));
  request.upload.addEventListener("progress", (event) => show(event.loaded / event.total));
  request.addEventListener("load", () => {
    if (request.status === 201) location.assign(request.response.address);
    else refuse(request.response?.error ?? request.statusText);
  });
  request.addEventListener("error", () => refuse(form.dataset.broken));
  request.send(file);
}

form.addEventListener("submit", (event) => {
  const [file] = chooser.files;
  if (file === undefined) return;
  event.preventDefault();
  problem.hidden = true;
  sending.hidden = false;
  button.disabled = true;
  show(0);
  send(file);
});
