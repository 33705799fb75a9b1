// Elements, storage and speech of the page that its modules share.

export const find = (selector) => document.querySelector(selector);
export const page = JSON.parse(find("#chat").dataset.page);
export const pageLanguage = document.documentElement.lang;
export const say = page.words[pageLanguage];

/** The sentences in the language of the message that holds `element`. */
export const sayIn = (element) => page.words[element.closest("[lang]")?.lang] ?? say;

/** How the reader writes numbers and dates in `language`: as the browser's own region does, else as the United States do. */
export const region = (language) => navigator.languages.find((tag) => tag.startsWith(`${language}-`)) ?? `${language}-US`;

/** Storage may be blocked, in a frame above all; then nothing is remembered. */
export function stored(kind, action) {
  try { return action(window[kind]); } catch { return null; }
}

// Elements are made from text alone: nothing that a person or the service wrote is read as markup.
export function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (value === true) element.setAttribute(name, "");
    else if (value !== false && value != null) element.setAttribute(name, value);
  }
  element.append(...children.filter((child) => child != null && child !== false));
  return element;
}

/** The elements that the server drew; it escapes every text, and the page's policy runs no script in them. */
export function drawn(html) {
  const template = document.createElement("template");
  template.innerHTML = html;
  return template.content;
}

let fading = 0;

/** Tell something briefly, seen and read aloud. */
export function announce(sentence) {
  const status = find("#status");
  status.textContent = sentence;
  clearTimeout(fading);
  fading = setTimeout(() => { status.textContent = ""; }, 6000);
}

export function localTimes(root) {
  for (const time of root.querySelectorAll("time[hidden]")) {
    const moment = new Date(time.dateTime);
    const today = moment.toDateString() === new Date().toDateString();
    const style = today ? { timeStyle: "short" } : { dateStyle: "medium", timeStyle: "short" };
    time.textContent = new Intl.DateTimeFormat(region(time.closest("[lang]").lang), style).format(moment);
    time.hidden = false;
  }
}
