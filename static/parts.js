// Pages in parts (htmx): keep addresses short, and say so when a part did not load.
document.addEventListener("htmx:configRequest", (event) => {
  const asked = event.detail;
  if (asked.verb !== "get") return;
  for (const [name, value] of [...asked.formData.entries()]) if (value === "") asked.formData.delete(name);
});

const problems = () => document.querySelectorAll(".problem");
const hideProblems = () => problems().forEach((problem) => problem.setAttribute("hidden", ""));
for (const name of ["htmx:responseError", "htmx:sendError", "htmx:timeout"]) {
  document.addEventListener(name, (event) => {
    // What asks by itself, such as the bell, asks again soon: only that the session has ended is worth saying.
    if (event.target.closest?.("[data-quiet]") && event.detail.xhr?.status !== 401) return;
    const which = event.detail.xhr?.status === 401 ? "signed-out" : "problem";
    document.getElementById(which)?.removeAttribute("hidden");
  });
}
document.addEventListener("htmx:beforeRequest", (event) => {
  if (!event.target.closest?.("[data-quiet]")) hideProblems();
});
document.addEventListener("click", (event) => {
  if (event.target.closest("[data-dismiss]")) hideProblems();
});

// A box that unfolds over the page closes when the reader turns elsewhere.
document.addEventListener("click", (event) => {
  for (const box of document.querySelectorAll("details.box[open]")) if (!box.contains(event.target)) box.open = false;
});
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  for (const box of document.querySelectorAll("details.box[open]")) {
    box.open = false;
    box.querySelector("summary").focus();
  }
});

// Copies what a field shows; without a clipboard, or without this, the field can still be selected.
for (const button of document.querySelectorAll("[data-copy]")) button.hidden = !navigator.clipboard;
document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-copy]");
  if (!button) return;
  await navigator.clipboard.writeText(document.getElementById(button.dataset.copy).value);
  button.removeAttribute("aria-label");
  button.textContent = button.dataset.copied;
});

// Paper has a style of its own, so printing needs no page of its own.
for (const button of document.querySelectorAll("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
}
