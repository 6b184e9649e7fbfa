// The customer list: how many rows are chosen, several at once with Shift; and which view is shown.
const boxes = () => [...document.querySelectorAll('input[name="customer"][form="bulk"]')];
let last = null;

function say() {
  const form = document.getElementById("bulk");
  if (!form) return;
  const everybody = form.elements.everybody.checked;
  const count = boxes().filter((box) => box.checked).length;
  const said = form.querySelector("[data-count]");
  said.textContent = count;
  said.hidden = everybody || count === 0;
  for (const box of boxes()) box.disabled = everybody;
}

document.addEventListener("click", (event) => {
  const box = event.target;
  if (!box.matches?.('input[name="customer"][form="bulk"]')) return;
  const all = boxes();
  if (event.shiftKey && all.includes(last)) {
    const [from, to] = [all.indexOf(last), all.indexOf(box)].sort((a, b) => a - b);
    for (const one of all.slice(from, to + 1)) one.checked = box.checked;
  }
  last = box;
});
document.addEventListener("change", say);
document.addEventListener("htmx:afterSwap", say);

// The tab of the view that is shown, when only the list below was replaced.
const asked = (query) => {
  const pairs = [...new URLSearchParams(query)].filter(([name, value]) => value !== "" && name !== "cursor");
  return JSON.stringify(pairs.sort());
};
document.addEventListener("htmx:pushedIntoHistory", () => {
  for (const tab of document.querySelectorAll(".tabs a:not(.tabs-more)")) {
    if (asked(new URL(tab.href).search) === asked(location.search)) tab.setAttribute("aria-current", "page");
    else tab.removeAttribute("aria-current");
  }
});
