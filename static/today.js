// Today by keyboard: rows open in place, one key decides, and the next row is open before the answer is there.
// In a function of its own: other scripts of the page have an `open` and a `move`, too.
(() => {
  const rows = () => [...document.querySelectorAll(".round-row[data-row]:not(.round-leaving)")];
  const current = () => document.activeElement?.closest?.(".round-row[data-row]");
  const place = (row) => row.querySelector(".round-place");

  // Settled, not only there: before that its forms are the browser's own, and would leave the page.
  function load(row) {
    const inside = place(row);
    inside.loaded ??= new Promise((settled) => {
      inside.addEventListener("htmx:afterSettle", settled, { once: true });
      htmx.ajax("GET", row.dataset.openAt, { target: inside, swap: "innerHTML", source: inside });
    });
    return inside.loaded;
  }

  function show(row, open) {
    place(row).hidden = !open;
    row.querySelector("[data-open]").setAttribute("aria-expanded", open);
  }

  function open(row) {
    for (const other of rows()) if (other !== row && !place(other).hidden) show(other, false);
    show(row, true);
    const loaded = load(row);
    const all = rows();
    const at = all.indexOf(row);
    // So that they are there when this one is decided.
    loaded.then(() => all.slice(at + 1, at + 3).reduce((before, next) => before.then(() => load(next)), Promise.resolve()));
    return loaded;
  }

  function focus(row) {
    row.focus({ preventScroll: true });
    row.scrollIntoView({ block: "nearest" });
  }

  function move(by) {
    const all = rows();
    const at = all.indexOf(current());
    const next = all[at < 0 ? 0 : Math.min(Math.max(at + by, 0), all.length - 1)];
    if (!next) return;
    const isOpen = all.some((row) => !place(row).hidden);
    focus(next);
    if (isOpen) open(next);
  }

  function leave(row) {
    const all = rows();
    const next = all[all.indexOf(row) + 1] || all[all.indexOf(row) - 1];
    row.classList.add("round-leaving");
    show(row, false);
    if (!next) return;
    open(next);
    focus(next);
  }

  // A list that was asked for before the last decision would bring its row back.
  let decided = 0;
  let decidedAt = 0;
  document.addEventListener("htmx:beforeRequest", (event) => {
    if (event.target.id !== "round" || event.detail.requestConfig.triggeringEvent?.type === "refresh") return;
    if (Date.now() - decidedAt < 10_000) event.preventDefault(); // whoever is at it needs the server for the next row
  });
  document.addEventListener("htmx:beforeSend", (event) => {
    if (event.target.id === "round") event.detail.xhr.decided = decided;
  });
  document.addEventListener("htmx:beforeSwap", (event) => {
    if (event.target.id === "round" && event.detail.xhr.decided !== decided) event.detail.shouldSwap = false;
  });

  // The row that a decision leaves is struck at once, and the next one opened: the server answers behind it.
  document.addEventListener("htmx:beforeRequest", (event) => {
    const form = event.target.closest?.("[data-decides]");
    const row = form?.closest(".round-row");
    if (!row) return;
    decided += 1;
    decidedAt = Date.now();
    leave(row);
  });
  document.addEventListener("customer-logged", (event) => {
    const row = document.getElementById(`row-${event.detail.customer}`);
    if (!row?.dataset.row) return;
    leave(row);
    htmx.trigger("#round", "refresh");
  });
  for (const name of ["htmx:responseError", "htmx:sendError", "htmx:timeout"]) {
    document.addEventListener(name, () => {
      for (const row of document.querySelectorAll(".round-leaving")) row.classList.remove("round-leaving");
      for (const inside of document.querySelectorAll(".round-place:empty")) inside.loaded = undefined;
    });
  }

  // A refresh may have brought the row anew while it was waited for.
  const asNow = (row) => document.getElementById(row.id) ?? row;

  function press(selector, row) {
    const now = asNow(row);
    htmx.process(now); // just swapped in, its forms may still be the browser's own
    const wanted = now.querySelector(selector);
    wanted?.click();
    return Boolean(wanted);
  }

  // The form takes the focus once it is there.
  async function log(row) {
    await open(row);
    press("[data-log-link]", row);
  }

  async function into(row, selector) {
    await open(row);
    asNow(row).querySelector(selector)?.focus();
  }

  const keys = {
    j: () => move(1),
    k: () => move(-1),
    l: (row) => row && log(row),
    t: (row) => row && (press('[data-key="t"]', row) || open(row).then(() => press("[data-new-task]", row))),
    s: (row) => row && into(row, "[data-presets] button"),
    d: (row) => row && open(row).then(() => press('[data-key="d"]', row)),
    o: (row) => row && press("[data-profile]"),
    z: () => document.querySelector("[data-undo]")?.requestSubmit(),
    "?": () => document.getElementById("round-help").showModal(),
  };
  for (const n of "123") keys[n] = (row) => row && open(row).then(() => press(`[data-key="${n}"]`, row));

  document.addEventListener("keydown", (event) => {
    const typing = event.target.closest("input, textarea, select, [contenteditable], dialog[open]");
    if (typing || event.ctrlKey || event.metaKey || event.altKey || document.querySelector("dialog[open]")) return;
    if (event.key === "Enter" && event.target.matches(".round-row[data-row]")) {
      event.preventDefault();
      if (place(event.target).hidden) open(event.target);
      else show(event.target, false);
    } else if (keys[event.key] && document.querySelector("#round")) {
      event.preventDefault();
      keys[event.key](current() || null);
    }
  });
  document.addEventListener("click", (event) => {
    const opener = event.target.closest("[data-open], [data-log]");
    const row = opener?.closest(".round-row[data-row]");
    if (event.target.closest("[data-help]")) keys["?"]();
    if (!row || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    if (opener.matches("[data-log]")) log(row);
    else if (place(row).hidden) open(row);
    else show(row, false);
  });

  // The undo is offered for its seconds, and not taken away while somebody is at it.
  let offered;
  function offer() {
    clearTimeout(offered);
    const bar = document.getElementById("undo");
    if (!bar?.querySelector("[data-undo]")) return;
    offered = setTimeout(() => (bar.matches(":focus-within, :hover") ? offer() : bar.replaceChildren()), bar.dataset.seconds * 1000);
  }
  document.addEventListener("htmx:oobAfterSwap", offer);
  offer();

  // Polling brings what others did: what is open stays open, and the focus stays where it was.
  let kept;
  document.addEventListener("htmx:beforeSwap", (event) => {
    if (event.target.id !== "round" || !event.detail.shouldSwap) return;
    kept = { row: current()?.id, open: rows().filter((row) => !place(row).hidden).map((row) => row.id) };
  });
  document.addEventListener("htmx:afterSwap", () => {
    if (!kept) return;
    for (const id of kept.open) if (document.getElementById(id)?.matches("[data-row]")) show(document.getElementById(id), true);
    if (kept.row && !document.activeElement?.closest(".round-row")) document.getElementById(kept.row)?.focus({ preventScroll: true });
    kept = undefined;
  });
  document.querySelector("[data-help]")?.removeAttribute("hidden");
})();
