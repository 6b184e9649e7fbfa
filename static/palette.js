// The command palette: Ctrl or Cmd and K, anywhere. Without JavaScript the same is at /search/.
const palette = () => document.getElementById("palette");
const choices = () => [...palette().querySelectorAll(".results a")];

function open() {
  palette().showModal();
  palette().querySelector("input").select();
}

function move(by) {
  const all = choices();
  if (!all.length) return;
  const at = all.findIndex((link) => link.hasAttribute("data-current"));
  const next = all[at < 0 ? (by > 0 ? 0 : all.length - 1) : (at + by + all.length) % all.length];
  mark(next);
  next.scrollIntoView({ block: "nearest" });
}

function mark(link) {
  for (const one of choices()) one.toggleAttribute("data-current", one === link);
  const input = palette().querySelector("input");
  if (link) {
    link.id = "palette-current";
    for (const one of choices()) if (one !== link && one.id) one.removeAttribute("id");
    input.setAttribute("aria-activedescendant", link.id);
  } else input.removeAttribute("aria-activedescendant");
}

document.addEventListener("keydown", (event) => {
  if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k" && palette()) {
    event.preventDefault();
    open();
  } else if (palette()?.open && (event.key === "ArrowDown" || event.key === "ArrowUp")) {
    event.preventDefault();
    move(event.key === "ArrowDown" ? 1 : -1);
  } else if (palette()?.open && event.key === "Enter") {
    const current = choices().find((link) => link.hasAttribute("data-current")) || choices()[0];
    if (current && document.activeElement === palette().querySelector("input")) {
      event.preventDefault();
      window.location.assign(current.href);
    }
  }
});
document.addEventListener("click", (event) => {
  if (event.target.closest("[data-palette]")) {
    event.preventDefault();
    open();
  } else if (event.target === palette()) palette().close();
});
document.addEventListener("htmx:afterSwap", (event) => {
  if (event.target.closest?.("#palette")) mark(choices()[0]);
});
