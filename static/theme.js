// Tell Tabler which theme the reader's system prefers. Colours follow it without this (tokens.css); a few of
// Tabler's rules ask for the attribute. Runs in the head, so that nothing flashes.
const dark = window.matchMedia("(prefers-color-scheme: dark)");
const apply = () => document.documentElement.setAttribute("data-bs-theme", dark.matches ? "dark" : "light");
apply();
dark.addEventListener("change", apply);
