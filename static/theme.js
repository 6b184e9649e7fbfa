// The theme: what the reader chose here, else what their system prefers. Colours follow the system without this
// (tokens.css). Runs in the head, so that nothing flashes.
const dark = window.matchMedia("(prefers-color-scheme: dark)");
const chosen = () => localStorage.getItem("theme") || "system";

function apply() {
  const theme = chosen() === "system" ? (dark.matches ? "dark" : "light") : chosen();
  document.documentElement.setAttribute("data-theme", theme);
  for (const button of document.querySelectorAll("[data-choose]")) {
    button.setAttribute("aria-pressed", String(button.dataset.choose === chosen()));
  }
}

apply();
dark.addEventListener("change", apply);
document.addEventListener("DOMContentLoaded", () => {
  for (const group of document.querySelectorAll("[data-themes]")) group.hidden = false;
  apply();
});
document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-choose]");
  if (!button) return;
  localStorage.setItem("theme", button.dataset.choose);
  apply();
});
