// Opens Puente's chat in a panel on the page that holds this script's tag. It runs under a strict
// Content-Security-Policy that allows Puente's origin in script-src and frame-src: its style is a constructed sheet in a
// shadow tree, it makes no markup from text, and it asks nothing of any server until the panel is opened.

(() => {
  const words = /* words */ {};
  const script = document.currentScript;
  const home = new URL(script.src).origin;
  // The tab's memory: a panel left open stays open on the site's next page, and does not greet the next visit.
  const MEMORY = "puente-widget";

  const STYLE = `
    :host { all: initial; color-scheme: light dark; --paper: #f8f3ea; --ink: #2a241e; --line: #d9cdbb; --accent: #0b5b5e; --on-accent: #fff; }
    @media (prefers-color-scheme: dark) { :host { --paper: #191613; --ink: #f1eae0; --line: #39322b; --accent: #86cdc5; --on-accent: #0d2b2a; } }
    * { box-sizing: border-box; }
    [hidden] { display: none !important; }
    button { cursor: pointer; font: 600 1rem/1.25 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", sans-serif; }
    :focus-visible { outline: 3px solid var(--accent); outline-offset: 3px; }
    .launcher { align-items: center; background: var(--accent); border: 0; border-radius: 1.75rem; bottom: max(1rem, env(safe-area-inset-bottom)); box-shadow: 0 2px 4px rgb(0 0 0 / .12), 0 8px 24px rgb(0 0 0 / .18); color: var(--on-accent); display: flex; gap: .625rem; inset-inline-end: 1rem; max-width: calc(100vw - 2rem); min-height: 3.25rem; padding: .5rem 1.25rem .5rem 1rem; position: fixed; text-align: start; z-index: 2147483000; }
    .launcher svg { flex: none; }
    .panel { background: var(--paper); border: 1px solid var(--line); border-radius: 1rem; bottom: 1rem; box-shadow: 0 4px 12px rgb(0 0 0 / .12), 0 16px 48px rgb(0 0 0 / .22); color: var(--ink); display: flex; flex-direction: column; height: min(42rem, calc(100vh - 2rem)); height: min(42rem, calc(100dvh - 2rem)); inset-inline-end: 1rem; overflow: hidden; position: fixed; width: min(25rem, calc(100vw - 2rem)); z-index: 2147483000; }
    .bar { align-items: center; border-bottom: 1px solid var(--line); display: flex; flex: none; font: 700 1rem/1.25 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", sans-serif; gap: .5rem; justify-content: space-between; padding: .25rem .25rem .25rem 1rem; }
    .bar h2 { font: inherit; margin: 0; }
    .close { align-items: center; background: none; border: 0; border-radius: .75rem; color: inherit; display: flex; flex: none; height: 2.75rem; justify-content: center; width: 2.75rem; }
    .close:focus-visible { outline-offset: -3px; }
    iframe { background: var(--paper); border: 0; display: block; flex: 1; min-height: 0; width: 100%; }
    .failed { font: 1rem/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", sans-serif; margin: 0; padding: 1rem; }
    .failed a { color: var(--accent); font-weight: 600; }
    @media (max-width: 30rem), (max-height: 26rem) { .panel { border: 0; border-radius: 0; height: auto; inset: 0; width: auto; } }
    @media (forced-colors: active) { .launcher, .close { border: 1px solid; } }
    @media print { .launcher, .panel { display: none; } }
  `;

  const kept = remembered();
  let language = [kept.language, script.dataset.lang, document.documentElement.lang, navigator.language, "en"]
    .map((tag) => String(tag ?? "").slice(0, 2).toLowerCase()).find((tag) => tag in words) ?? "en";
  let frame = null, ready = false, wantsFocus = false, patience = 0;

  function remembered() {
    try { return JSON.parse(sessionStorage.getItem(MEMORY)) ?? {}; } catch { return {}; }
  }

  function remember(change) {
    Object.assign(kept, change);
    try { sessionStorage.setItem(MEMORY, JSON.stringify(kept)); } catch { /* The page may not store: nothing is remembered. */ }
  }

  function make(tag, attributes = {}, ...children) {
    const element = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
    element.append(...children);
    return element;
  }

  function drawing(path, size) {
    const space = "http://www.w3.org/2000/svg";
    const svg = document.createElementNS(space, "svg");
    const line = document.createElementNS(space, "path");
    const look = { viewBox: "0 0 24 24", width: size, height: size, "aria-hidden": "true", fill: "none", stroke: "currentColor",
      "stroke-width": 2, "stroke-linecap": "round", "stroke-linejoin": "round" };
    for (const [name, value] of Object.entries(look)) svg.setAttribute(name, value);
    line.setAttribute("d", path);
    svg.append(line);
    return svg;
  }

  const label = make("span"), title = make("h2", { id: "title" });
  const launcher = make("button", { type: "button", class: "launcher", "aria-expanded": "false", "aria-haspopup": "dialog" },
    drawing("M4 5h16v11H10l-4 4v-4H4zM8 9h8M8 12.500h5", 24), label);
  const close = make("button", { type: "button", class: "close" }, drawing("M6 6l12 12M18 6 6 18", 22));
  const failed = make("p", { class: "failed", role: "alert" });
  const panel = make("section", { class: "panel", role: "dialog", "aria-labelledby": "title" },
    make("div", { class: "bar" }, title, close), failed);
  panel.hidden = failed.hidden = true;

  function speak(tag) {
    language = tag in words ? tag : language;
    const say = words[language];
    label.textContent = say.widget_open;
    title.textContent = say.widget_title;
    close.setAttribute("aria-label", say.widget_close);
    frame?.setAttribute("title", say.widget_title);
    for (const part of [launcher, panel]) part.lang = language;
  }

  // Messages go to Puente's origin alone, and count only when they come from there and from our own frame.
  function tell(what) {
    frame?.contentWindow?.postMessage({ puente: what }, home);
  }

  addEventListener("message", (event) => {
    if (event.origin !== home || !frame || event.source !== frame.contentWindow) return;
    const { puente, language: spoken } = event.data ?? {};
    if (puente === "ready") {
      ready = true;
      clearTimeout(patience);
      failed.hidden = true;
      frame.hidden = false;
      if (typeof spoken === "string" && spoken in words) {
        speak(spoken);
        remember({ language: spoken });
      }
      if (wantsFocus) focusInput();
    } else if (puente === "close") shut();
  });

  function focusInput() {
    wantsFocus = false;
    frame.focus();
    tell("focus");
  }

  function load() {
    frame = make("iframe", { src: `${home}/widget?lang=${language}`, title: words[language].widget_title,
      allow: ["clipboard-write", navigator.share && "web-share"].filter(Boolean).map((use) => `${use} ${home}`).join("; "), referrerpolicy: "origin" });
    frame.addEventListener("load", () => {
      ready = false;
      clearTimeout(patience);
      patience = setTimeout(fail, 8000);
      greet(12);
    });
    patience = setTimeout(fail, 20000);
    panel.append(frame);
  }

  // The frame listens some moments after it has loaded.
  function greet(times) {
    if (ready || !times) return;
    tell("hello");
    setTimeout(greet, 250, times - 1);
  }

  function fail() {
    const say = words[language];
    const link = make("a", { href: `${home}/?lang=${language}`, target: "_blank", rel: "noopener" }, say.widget_failed_link);
    failed.replaceChildren(`${say.widget_failed} `, link, ` ${say.opens_new}`);
    failed.hidden = false;
    frame.hidden = true;
  }

  function open(byHand) {
    panel.hidden = false;
    launcher.hidden = true;
    launcher.setAttribute("aria-expanded", "true");
    remember({ open: true });
    if (!frame) load();
    if (!byHand) return;
    // The close button holds the focus until the chat can take it.
    close.focus();
    wantsFocus = true;
    if (ready) focusInput();
  }

  function shut() {
    wantsFocus = false;
    panel.hidden = true;
    launcher.hidden = false;
    launcher.setAttribute("aria-expanded", "false");
    remember({ open: false });
    launcher.focus();
  }

  launcher.addEventListener("click", () => open(true));
  close.addEventListener("click", shut);
  panel.addEventListener("keydown", (event) => { if (event.key === "Escape") shut(); });

  const host = document.createElement("puente-widget");
  const root = host.attachShadow({ mode: "open" });
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(STYLE);
  root.adoptedStyleSheets = [sheet];
  root.append(launcher, panel);
  speak(language);

  function place() {
    document.body.append(host);
    if (kept.open) open(false);
  }
  if (document.body) place();
  else addEventListener("DOMContentLoaded", place);
})();
