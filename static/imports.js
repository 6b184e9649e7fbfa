// The progress of an import, renewed in place. Without it, the page renews itself, or by its link.
(() => {
  const renew = async () => {
    const old = document.getElementById("progress");
    if (!old) return;
    try {
      const answer = await fetch(location.href, { headers: { Accept: "text/html" } });
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const fresh = page.getElementById("progress");
      if (!fresh) {
        location.reload();
        return;
      }
      // Only what changed: the buttons, and whichever has the focus, stay.
      for (const part of ["label", "progress", "dl"]) {
        old.querySelector(part).replaceWith(fresh.querySelector(part));
      }
    } catch {
      // The server does not answer: the next look finds out.
    }
    setTimeout(renew, Number(old.dataset.again));
  };
  setTimeout(renew, 1500);
})();
