// The page works without this. It tells once that a person began (nothing of what they chose), and, inside another
// site's page, how high the frame has to be.
const form = document.querySelector("form[data-started]");

if (form) {
  const tell = (event) => {
    if (!event.isTrusted || !form.dataset.started) return; // what a script does is not a person's doing
    const address = form.dataset.started;
    delete form.dataset.started;
    const body = new URLSearchParams({ by_hand: "1" });
    fetch(address, { method: "POST", body, keepalive: true, credentials: "omit" }).catch(() => {});
  };
  // Not "change": when a script clicks, the browser itself says that something changed, and is trusted.
  form.addEventListener("click", tell);
  form.addEventListener("keydown", tell);
}

if (window.parent !== window) {
  // Whoever frames us learns a number of pixels and that Escape was pressed, nothing else.
  const say = (what) => window.parent.postMessage({ from: "rapport-survey", ...what }, "*");
  const height = () => say({ height: document.body.scrollHeight });
  new ResizeObserver(height).observe(document.body);
  height();
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") say({ close: true });
  });
}
