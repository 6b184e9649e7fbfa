// A survey on your own pages, in a small panel that can be closed. Put this where the page ends:
//   <script src="https://rapport.example/static/survey-widget.js" data-survey="…" defer></script>
// It sets no cookie, stores nothing, and asks for nothing but the survey's own page (docs/integrate/survey-widget.md).
(() => {
  const tag = document.currentScript;
  if (!tag || !tag.dataset.survey) return;

  const home = new URL(tag.src).origin;
  const address = new URL(`/s/widget/${encodeURIComponent(tag.dataset.survey)}/`, home);
  const { userId, signature, lang } = tag.dataset;
  if (userId && signature) {
    address.searchParams.set("user_id", userId);
    address.searchParams.set("signature", signature);
  }
  if (lang) address.searchParams.set("lang", lang);

  const WORDS = {
    en: { title: "Survey", close: "Close" },
    fr: { title: "Enquête", close: "Fermer" },
    ru: { title: "Опрос", close: "Закрыть" },
  };
  const language = (lang || document.documentElement.lang || navigator.language || "en").slice(0, 2);
  const words = WORDS[language] || WORDS.en;

  // Styles are set property by property: a page's Content-Security-Policy may forbid style attributes and sheets.
  const styled = (element, styles) => {
    for (const [name, value] of Object.entries(styles)) element.style.setProperty(name, value);
    return element;
  };

  const panel = styled(document.createElement("section"), {
    position: "fixed", right: "16px", bottom: "16px", "z-index": "2147483000", margin: "0", padding: "0",
    width: "min(26rem, calc(100vw - 32px))", "max-height": "calc(100vh - 32px)", overflow: "hidden",
    "border-radius": "12px", border: "1px solid #868686", background: "Canvas", "color-scheme": "light dark",
    "box-shadow": "0 8px 32px rgb(0 0 0 / 0.24)",
  });
  panel.setAttribute("aria-label", words.title);

  const frame = styled(document.createElement("iframe"), {
    display: "block", width: "100%", height: "26rem", "max-height": "calc(100vh - 34px)", border: "0",
  });
  frame.title = words.title;
  frame.src = address.href;
  frame.referrerPolicy = "no-referrer";

  const button = styled(document.createElement("button"), {
    position: "absolute", top: "10px", right: "10px", width: "36px", height: "36px", margin: "0", padding: "0",
    "line-height": "1", "font-size": "22px", "font-family": "system-ui, sans-serif", cursor: "pointer",
    color: "CanvasText", background: "Canvas", border: "1px solid #868686", "border-radius": "8px",
  });
  button.type = "button";
  button.textContent = "×";
  button.setAttribute("aria-label", words.close);

  const close = () => {
    const hadFocus = panel.contains(document.activeElement);
    panel.remove();
    window.removeEventListener("message", heard);
    document.removeEventListener("keydown", pressed);
    if (hadFocus && before && before.isConnected) before.focus();
  };
  const pressed = (event) => {
    if (event.key === "Escape" && panel.contains(document.activeElement)) close();
  };
  const heard = (event) => {
    if (event.origin !== home || event.source !== frame.contentWindow) return;
    if (!event.data || event.data.from !== "rapport-survey") return;
    if (event.data.close === true) close();
    const height = Number(event.data.height);
    if (height > 0) frame.style.setProperty("height", `${Math.min(Math.ceil(height), 2000)}px`);
  };

  const before = document.activeElement;
  button.addEventListener("click", close);
  document.addEventListener("keydown", pressed);
  window.addEventListener("message", heard);
  panel.append(button, frame);

  const show = () => document.body.append(panel);
  if (document.body) show();
  else document.addEventListener("DOMContentLoaded", show);
})();
