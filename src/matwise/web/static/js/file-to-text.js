// A chosen file is read here and put where it can be seen before it is sent. Without this script it is pasted.

for (const chooser of document.querySelectorAll("input[type=file][data-into]")) {
  chooser.closest("[data-file]").hidden = false;
  chooser.addEventListener("change", async () => {
    const [file] = chooser.files;
    if (file !== undefined) document.getElementById(chooser.dataset.into).value = await file.text();
  });
}
