// Forms in which one writes: text templates, days by one key, Ctrl Enter, and drafts that outlive a closed tab.
// A draft stays in this browser until it was saved, was discarded, or is two weeks old.
const KEPT_FOR = 14 * 86_400_000;
const KEPT_FIELDS = ["kind", "purpose", "contact", "text", "pulse", "next_step", "next_on"];
const draftName = (id) => `draft:${id}`;

function readDraft(id) {
  try {
    return JSON.parse(localStorage.getItem(draftName(id)));
  } catch {
    return null;
  }
}

function keepDraft(form) {
  const fields = Object.fromEntries(KEPT_FIELDS.map((name) => [name, form.elements[name]?.value ?? ""]));
  const id = form.dataset.draft;
  try {
    if (fields.text.trim() || fields.next_step.trim()) {
      localStorage.setItem(draftName(id), JSON.stringify({ at: Date.now(), fields }));
    } else localStorage.removeItem(draftName(id));
  } catch {
    // No room, or the browser keeps nothing: the form works without.
  }
}

function restoreDraft(form) {
  const draft = readDraft(form.dataset.draft);
  if (!draft || form.elements.text.value.trim()) return;
  for (const [name, value] of Object.entries(draft.fields)) if (form.elements[name]) form.elements[name].value = value;
  form.querySelector("[data-kept]").hidden = false;
}

function forgetOldDrafts() {
  for (const name of Object.keys(localStorage)) {
    const id = name.startsWith("draft:") && name.slice("draft:".length);
    if (id && Date.now() - (readDraft(id)?.at ?? 0) > KEPT_FOR) localStorage.removeItem(name);
  }
}

// The server names the customer whose note it has saved: other tabs' drafts are left alone.
function forgetSaved() {
  const saved = document.cookie.match(/(?:^|; )saved-draft=(\d+)/)?.[1];
  if (!saved) return;
  document.cookie = "saved-draft=; Max-Age=0; Path=/; SameSite=Lax";
  for (const name of Object.keys(localStorage)) {
    if (name.startsWith("draft:") && name.endsWith(`-${saved}`)) localStorage.removeItem(name);
  }
}

function beginForms(root) {
  for (const form of root.querySelectorAll("form[data-draft]")) {
    if (form.dataset.begun) continue;
    form.dataset.begun = "yes";
    restoreDraft(form);
  }
  for (const group of root.querySelectorAll("[data-sets], [data-texts]")) group.hidden = false;
}

forgetSaved();
forgetOldDrafts();
beginForms(document);
document.addEventListener("htmx:afterSettle", () => {
  forgetSaved();
  beginForms(document);
});
// Colleagues are offered while an @ and the beginning of a name stand before the cursor.
function mentioned(text) {
  return text.value.slice(0, text.selectionStart).match(/(?:^|\s)@([^@\n]{0,40})$/u)?.[1] ?? null;
}

function offerNames(text) {
  const box = text.form.querySelector("[data-mentions]");
  if (!box) return;
  const typed = mentioned(text)?.toLowerCase();
  for (const button of box.children) {
    button.hidden = typed === undefined || !button.dataset.mention.toLowerCase().startsWith(typed);
  }
  box.hidden = [...box.children].every((button) => button.hidden);
}

function mention(text, name) {
  const end = text.selectionStart;
  text.setRangeText(`${name} `, end - (mentioned(text)?.length ?? 0), end, "end");
  text.focus();
  offerNames(text);
}

document.addEventListener("input", (event) => {
  const form = event.target.closest("form[data-draft]");
  if (form) keepDraft(form);
  if (form && event.target.name === "text") offerNames(event.target);
});
document.addEventListener("click", (event) => {
  const button = event.target.closest("button");
  const form = button?.form ?? event.target.closest("form");
  if (!form) return;
  if (button?.dataset.value && button.closest("[data-sets]")) {
    form.elements[button.closest("[data-sets]").dataset.sets].value = button.dataset.value;
    if (form.dataset.draft) keepDraft(form);
  } else if (button?.dataset.text) {
    const text = form.elements.text;
    text.value = text.value.trim() ? `${text.value.trimEnd()}\n\n${button.dataset.text}` : button.dataset.text;
    text.focus();
    keepDraft(form);
  } else if (button?.dataset.mention) {
    mention(form.elements.text, button.dataset.mention);
    keepDraft(form);
  } else if (button?.hasAttribute("data-forget")) {
    localStorage.removeItem(draftName(form.dataset.draft));
    form.reset();
    form.querySelector("[data-kept]").hidden = true;
    form.elements.text.focus();
  } else if (event.target.closest("[data-close]") && form.closest("[data-slot]")) {
    event.preventDefault();
    const slot = form.closest("[data-slot]");
    slot.replaceChildren();
    document.querySelector(`[aria-controls="${slot.id}"]`)?.focus();
  }
});
document.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
  const form = event.target.closest("form[data-draft], form.task-form");
  if (!form) return;
  event.preventDefault();
  form.requestSubmit();
});
