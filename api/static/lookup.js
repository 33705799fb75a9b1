// Results while one types: a combobox with a list of results (WAI-ARIA 1.2, "Editable Combobox With List Autocomplete").
// The page works without this script: its form asks the server for the same results.

const look = document.getElementById("look");
const form = document.getElementById("find");
const input = document.getElementById("q");
const found = document.getElementById("found");
const status = document.getElementById("status");
const slash = document.getElementById("slash");
const words = JSON.parse(look.dataset.words);
const language = look.dataset.language;
const other = language === "es" ? "en" : "es";
const LIMIT = 12;
const MEANING_AFTER_MS = 350;
const SAY_AFTER_MS = 500;

let cards = [];
let chosen = -1;
let asking = null;
let answered = Promise.resolve();
let saying = 0;
let meaning = 0;

function element(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...children);
  return made;
}

const list = element("ul", { id: "options", role: "listbox", "aria-label": words.results });
const preview = element("section", { id: "preview", "aria-label": words.selected });
const split = element("div", { class: "split", hidden: "" }, list, preview);

/** Shows `text` at once and has it read once typing pauses. */
function say(text) {
  clearTimeout(saying);
  saying = setTimeout(() => { status.textContent = text; }, SAY_AFTER_MS);
}

function sayNow(text) {
  clearTimeout(saying);
  status.textContent = "";
  requestAnimationFrame(() => { status.textContent = text; });
}

function query() {
  const asked = new URLSearchParams();
  for (const [key, value] of new FormData(form)) if (value && key !== "lang") asked.set(key, value);
  return asked;
}

function address(card) {
  return `${card.url}?lang=${language}`;
}

function option(card, number) {
  const isNamed = card.kind === "resource" || card.kind === "overview";
  const head = isNamed
    ? element("span", { class: "named", lang: language }, card[language].kind)
    : element("span", { class: "code" }, card.id);
  const lines = [language, other].map((tag) => {
    const side = card[tag];
    const text = card.kind === "strategy" || card.kind === "measure" || card.kind === "overview" ? side.text : side.label;
    return element("span", { class: "line", lang: tag }, text);
  });
  const made = element("li", { id: `option-${number}`, role: "option", "aria-selected": "false" }, head, ...lines);
  made.addEventListener("mousedown", (event) => event.preventDefault());
  made.addEventListener("click", () => {
    if (matchMedia("(min-width: 60rem)").matches && chosen !== number) choose(number);
    else location.assign(address(card));
  });
  return made;
}

function side(card, tag) {
  const held = card[tag];
  const made = element("div", { class: "side", lang: tag },
    element("p", { class: "of" }, [held.kind, ...held.above].join(" · ")),
    element("p", { class: "said" }, held.text || held.label));
  if (held.numbers.length) {
    made.append(element("dl", {}, ...held.numbers.map(([name, text]) =>
      element("div", {}, element("dt", {}, name), element("dd", {}, text)))));
  }
  const copy = element("button", { type: "button", lang: language }, words.copy_answer);
  copy.append(element("span", { class: "hidden" }, ` (${tag === "es" ? "Español" : "English"})`));
  copy.addEventListener("click", () => copyText(answer(card, tag), words.copied_answer));
  made.append(copy);
  return made;
}

function permalink(card) {
  return `${look.dataset.base || location.origin}${card.url}`;
}

/** The text to hand on; where the server knows no public address, the browser's own stands in it. */
function answer(card, tag) {
  const text = card[tag].answer;
  return look.dataset.base ? text : text.slice(0, text.length - card.url.length) + permalink(card);
}

async function copyText(text, done) {
  try {
    await navigator.clipboard.writeText(text);
    sayNow(done);
  } catch {
    sayNow(words.copy_failed);
  }
}

function choose(number) {
  const marked = list.children[chosen];
  if (marked) marked.setAttribute("aria-selected", "false");
  chosen = number;
  const card = cards[number];
  if (!card) {
    preview.replaceChildren();
    preview.hidden = true;
    return;
  }
  list.children[number].setAttribute("aria-selected", "true");
  const link = element("button", { type: "button", class: "quiet" }, words.copy_link);
  link.addEventListener("click", () => copyText(permalink(card), words.copied_link));
  preview.hidden = false;
  preview.replaceChildren(
    element("h2", { lang: language }, card[language].label),
    side(card, language), side(card, other),
    element("p", { class: "acts" },
      element("a", { class: "tool", href: address(card) }, words.open), link,
      element("a", { class: "tool", href: `${card.url}/brief.pdf` }, words.brief)));
}

function move(step) {
  if (!cards.length) return;
  open(true);
  const at = input.hasAttribute("aria-activedescendant") ? chosen + step : step > 0 ? 0 : -1;
  choose((at + cards.length) % cards.length);
  input.setAttribute("aria-activedescendant", `option-${chosen}`);
  list.children[chosen].scrollIntoView({ block: "nearest" });
}

function open(isOpen) {
  split.hidden = !isOpen || !cards.length;
  input.setAttribute("aria-expanded", String(!split.hidden));
  if (split.hidden) input.removeAttribute("aria-activedescendant");
}

function show(results, total, asked, note) {
  cards = results;
  chosen = -1;
  input.removeAttribute("aria-activedescendant");
  list.replaceChildren(...cards.map(option));
  choose(0);
  open(true);
  found.dataset.query = asked;
  const some = total > cards.length ? words.count_shown : total === 1 ? words.count_one : total ? words.count_many : words.count_none;
  say(note || some.replace("{count}", total).replace("{shown}", cards.length));
}

async function ask(asked, by) {
  asking?.abort();
  asking = new AbortController();
  const response = await fetch(`/api/v1/lookup?${asked}&limit=${LIMIT}&by=${by}`, { signal: asking.signal });
  if (!response.ok) throw new Error(response.statusText);
  return response.json();
}

async function search() {
  clearTimeout(meaning);
  const asked = query();
  const typed = asked.toString();
  history.replaceState(null, "", `/lookup?${new URLSearchParams([...asked, ["lang", language]])}`);
  if (!typed) {
    asking?.abort();
    cards = [];
    list.replaceChildren();
    choose(-1);
    open(false);
    found.dataset.query = "";
    say("");
    return;
  }
  try {
    const { results, total } = await ask(asked, "words");
    show(results, total, typed);
    if (!total && (asked.get("q") || "").trim().length > 2) meaning = setTimeout(() => { answered = searchMeaning(asked); }, MEANING_AFTER_MS);
  } catch (error) {
    if (error.name !== "AbortError") say(words.failed);
  }
}

async function searchMeaning(asked) {
  try {
    const { results, total } = await ask(asked, "meaning");
    if (total) show(results, total, asked.toString(), words.by_meaning);
  } catch (error) {
    if (error.name !== "AbortError") say(words.failed);
  }
}

// Results still under way would open the list again.
function dismiss() {
  asking?.abort();
  clearTimeout(meaning);
  open(false);
}

function clear() {
  input.value = "";
  answered = search();
}

input.addEventListener("input", () => { answered = search(); });
for (const filter of form.querySelectorAll("select")) filter.addEventListener("change", () => { answered = search(); });

input.addEventListener("keydown", (event) => {
  if (event.isComposing || event.altKey || event.ctrlKey || event.metaKey) return;
  if (event.key === "ArrowDown" || event.key === "ArrowUp") {
    event.preventDefault();
    move(event.key === "ArrowDown" ? 1 : -1);
  } else if (event.key === "Escape") {
    event.preventDefault();
    if (split.hidden) clear();
    else dismiss();
  }
});

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  await answered;
  if (!split.hidden && cards[chosen]) location.assign(address(cards[chosen]));
  else answered = search();
});

document.addEventListener("keydown", (event) => {
  if (event.key !== "/" || !slash.checked || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.target.closest("input:not([type=checkbox]), select, textarea")) return;
  event.preventDefault();
  input.focus();
  input.select();
});

// A single key is a shortcut only where it can be switched off (WCAG 2.2, 2.1.4).
try {
  slash.checked = localStorage.getItem("puente-slash") !== "off";
  slash.addEventListener("change", () => localStorage.setItem("puente-slash", slash.checked ? "on" : "off"));
} catch {
  slash.checked = true;
}

for (const [name, value] of Object.entries({
  role: "combobox", "aria-autocomplete": "list", "aria-controls": "options", "aria-expanded": "false", "aria-haspopup": "listbox", "aria-describedby": "keys-hint",
})) input.setAttribute(name, value);
found.replaceChildren(split);
document.getElementById("keys").hidden = false;
if (query().toString()) answered = search();
else choose(-1);
look.dataset.ready = "";
