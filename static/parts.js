// Pages in parts (htmx): keep addresses short, and say so when a part did not load.
document.addEventListener("htmx:configRequest", (event) => {
  const asked = event.detail;
  if (asked.verb !== "get") return;
  for (const [name, value] of [...asked.formData.entries()]) if (value === "") asked.formData.delete(name);
});

const problem = () => document.getElementById("problem");
for (const name of ["htmx:responseError", "htmx:sendError", "htmx:timeout"]) {
  document.addEventListener(name, () => problem()?.removeAttribute("hidden"));
}
document.addEventListener("htmx:beforeRequest", () => problem()?.setAttribute("hidden", ""));
document.addEventListener("click", (event) => {
  if (event.target.closest("[data-dismiss]")) problem()?.setAttribute("hidden", "");
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
