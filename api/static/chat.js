// The chat page's behaviour. The server has drawn the page; without this file its form still works.

const API = "/api/v1";
const CONVERSATION = "puente_conversation";
const DRAFT = "puente_draft";
const TIMEOUT = 30000;
const COUNT_FROM = 800;

const find = (selector) => document.querySelector(selector);
const chat = find("#chat"), log = find("#log"), ask = find("#ask"), question = find("#question");
const problem = find("#problem"), left = find("#left"), announce = find("#status");
const remove = find("#delete"), confirmDelete = find("#confirm"), notice = find(".notice");

const pageLanguage = document.documentElement.lang;
const words = JSON.parse(chat.dataset.words);
const say = words[pageLanguage];
let conversation = recall();
let waiting = false;

// Storage may be blocked; the page then forgets the conversation when it closes.

function stored(kind, action) {
  try { return action(window[kind]); } catch { return null; }
}

function recall() {
  const cookie = document.cookie.split("; ").find((part) => part.startsWith(`${CONVERSATION}=`));
  const id = cookie?.slice(CONVERSATION.length + 1) || stored("localStorage", (box) => box.getItem(CONVERSATION));
  return /^[\w-]{8,64}$/.test(id ?? "") ? id : null;
}

function remember(id) {
  conversation = id;
  const seconds = id ? Number(chat.dataset.days) * 86400 : 0;
  const secure = location.protocol === "https:" ? "; Secure" : "";
  document.cookie = `${CONVERSATION}=${id ?? ""}; Path=/; Max-Age=${seconds}; SameSite=Lax${secure}`;
  stored("localStorage", (box) => (id ? box.setItem(CONVERSATION, id) : box.removeItem(CONVERSATION)));
}

// Elements are made from text alone: nothing that a person or the service wrote is read as markup.

function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (value === true) element.setAttribute(name, "");
    else if (value !== false && value != null) element.setAttribute(name, value);
  }
  element.append(...children.filter((child) => child != null && child !== false));
  return element;
}

function drawing(path) {
  const space = "http://www.w3.org/2000/svg";
  const svg = document.createElementNS(space, "svg");
  const line = document.createElementNS(space, "path");
  const look = { viewBox: "0 0 24 24", width: 18, height: 18, "aria-hidden": "true", fill: "none", stroke: "currentColor",
    "stroke-width": 1.8, "stroke-linecap": "round", "stroke-linejoin": "round" };
  for (const [name, value] of Object.entries(look)) svg.setAttribute(name, value);
  line.setAttribute("d", path);
  svg.append(line);
  return svg;
}

const THUMB_UP = "M7 10.5V20H4v-9.5zM7 10.5 11 3c1.7 0 2.7 1.2 2.4 2.800L12.8 9H18c1.4 0 2.3 1.2 2 2.5l-1.5 6.5c-.3 1.2-1.2 2-2.4 2H7";
const THUMB_DOWN = "M7 13.5V4H4v9.5zM7 13.5 11 21c1.7 0 2.7-1.2 2.4-2.800L12.8 15H18c1.4 0 2.3-1.2 2-2.5L18.5 6c-.3-1.2-1.2-2-2.4-2H7";

// Message text: "• " lines become lists; telephone numbers and web addresses become links (as in api/page_text.py).

const LINK = /(?<mail>[\w.+-]+@[\w-]+(?:\.[\w-]+)+)|(?<web>https?:\/\/[^\s<>"]+|\b(?:[a-z0-9-]+\.)+(?:com|edu|gov|net|org|us)\b(?:\/[^\s<>"]*)?)|(?<phone>(?:\+?\b1[-. ]?)?(?:\(\d{3}\) ?|\b\d{3}[-. ])\d{3}[-. ]\d{4}\b)|(?<short>\b(?:911|988)\b)/gi;

function webAddress(address) {
  const whole = /^https?:\/\//i.test(address) ? address : `https://${address}`;
  return URL.canParse?.(whole) === false ? null : whole;
}

function webLink(text, address, t) {
  return make("a", { href: webAddress(address), target: "_blank", rel: "noopener" }, text,
    make("span", { class: "hidden" }, ` ${t.opens_new}`));
}

function linkify(line, t, crisis) {
  const parts = [];
  let end = 0;
  for (const match of line.matchAll(LINK)) {
    const { mail, web, phone, short } = match.groups;
    if (short && !crisis) continue;
    const found = web ? web.replace(/[.,;:!?)\]»”'"]+$/, "") : match[0];
    parts.push(line.slice(end, match.index));
    if (web) parts.push(webLink(found, found, t));
    else if (mail) parts.push(make("a", { href: `mailto:${mail}` }, mail));
    else parts.push(make("a", { href: phone ? `tel:+1${phone.replace(/\D/g, "").slice(-10)}` : `tel:${short}` }, found));
    end = match.index + found.length;
  }
  parts.push(line.slice(end));
  return parts;
}

function answerText(text, t, crisis) {
  const body = make("div", { class: "text" });
  for (const line of text.split("\n").filter((held) => held.trim())) {
    const entry = line.startsWith("• ");
    const content = linkify(line.replace(/^• /, "").trim(), t, crisis);
    if (!entry) body.append(make("p", {}, ...content));
    else if (body.lastElementChild?.tagName === "UL") body.lastElementChild.append(make("li", {}, ...content));
    else body.append(make("ul", {}, make("li", {}, ...content)));
  }
  return body;
}

function publishedOn(date, language) {
  const parts = /^(\d{4})-(\d{2})(?:-(\d{2}))?/.exec(date);
  if (!parts) return String(date);
  const [, year, month, day] = parts;
  const style = { year: "numeric", month: "long", day: day && "numeric", timeZone: "UTC" };
  return new Intl.DateTimeFormat(language, style).format(new Date(Date.UTC(year, month - 1, day ?? 1)));
}

function sourceList(citations, t, language) {
  const entries = citations.map((cited) => {
    const where = (cited.path ?? []).filter((step) => step !== cited.title).join(" › ");
    const about = [cited.source !== cited.title && cited.source, cited.as_of && `${t.as_of} ${publishedOn(cited.as_of, language)}`];
    const details = about.filter(Boolean).join(" · ");
    return make("li", {}, cited.url ? webLink(cited.title, cited.url, t) : make("strong", {}, cited.title),
      where && make("span", { class: "where" }, where), details && make("span", { class: "where" }, details));
  });
  return make("details", { class: "sources" }, make("summary", {}, `${t.sources} (${citations.length})`), make("ul", {}, ...entries));
}

function helpful(id, t) {
  const thanks = make("span", { role: "status" });
  const buttons = [[true, t.helpful_yes, THUMB_UP], [false, t.helpful_no, THUMB_DOWN]].map(([value, label, path]) =>
    make("button", { type: "button", class: "plain", "aria-pressed": "false", onclick: (event) => tell(value, event.currentTarget) },
      drawing(path), label));
  async function tell(value, chosen) {
    for (const button of buttons) button.setAttribute("aria-pressed", String(button === chosen));
    try {
      await call("/feedback", "POST", { message_id: id, helpful: value, reason: null });
      thanks.textContent = t.helpful_thanks;
    } catch {
      chosen.setAttribute("aria-pressed", "false");
      thanks.textContent = t.helpful_failed;
    }
  }
  return make("div", { class: "helpful", role: "group", "aria-label": t.helpful_question },
    make("span", { "aria-hidden": "true" }, t.helpful_question), ...buttons, thanks);
}

function chips(suggestions, t) {
  return make("ul", { class: "chips", "aria-label": t.suggestions_label }, ...suggestions.map((offered) =>
    make("li", {}, make("button", { form: "ask", name: "starter", value: offered.text, formnovalidate: true }, offered.title))));
}

function drawMessage(entry) {
  const language = entry.language ?? pageLanguage;
  const t = words[language] ?? say;
  const own = entry.role === "user";
  const crisis = entry.outcome === "crisis";
  const text = own ? make("div", { class: "text" }, make("p", {}, entry.text)) : answerText(entry.text, t, crisis);
  const calls = crisis && make("p", { class: "calls" },
    make("a", { href: "tel:911" }, t.call_911), make("a", { href: "tel:988" }, t.call_988));
  if (calls) text.firstElementChild?.after(calls);
  const sources = entry.citations?.length > 0 && sourceList(entry.citations, t, language);
  const rate = !own && entry.message_id && ["answered", "gap", "abstain"].includes(entry.outcome);
  return make("article", { class: `message ${entry.role} ${entry.outcome ?? ""}`, lang: language },
    make("p", { class: "who" }, own ? t.you : t.puente),
    make("div", { class: "bubble" }, text, sources),
    rate && helpful(entry.message_id, t),
    !own && entry.suggestions?.length > 0 && chips(entry.suggestions, t));
}

// The service.

class Trouble extends Error {
  constructor(sentence, status) {
    super(sentence);
    this.sentence = sentence;
    this.status = status;
  }
}

async function call(path, method = "GET", body = undefined) {
  const headers = { Accept: "application/json", "Accept-Language": pageLanguage };
  if (body) headers["Content-Type"] = "application/json";
  try {
    const response = await fetch(API + path,
      { method, headers, body: body && JSON.stringify(body), signal: AbortSignal.timeout?.(TIMEOUT) });
    if (response.ok) return response.status === 204 ? null : await response.json();
    if (response.status === 429) throw new Trouble("error_busy", 429);
    throw new Trouble(response.status < 500 ? "error_refused" : "error_server", response.status);
  } catch (error) {
    throw error instanceof Trouble ? error : new Trouble("error_lost", 0);
  }
}

async function post(text, language) {
  const send = () => call("/messages", "POST", { text, conversation_id: conversation, language, channel: "web" });
  try {
    return await send();
  } catch (error) {
    if (error.status !== 404 || !conversation) throw error;
    remember(null);
    return send();
  }
}

// The conversation.

function started(yes) {
  document.body.classList.toggle("started", yes);
  remove.hidden = !yes;
  if (!yes || matchMedia("(max-width: 59.99rem)").matches) notice.open = !yes;
}

function show(element) {
  const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
  element.scrollIntoView({ block: "start", behavior: still ? "auto" : "smooth" });
}

function complain(sentence) {
  problem.textContent = sentence ?? "";
  problem.hidden = !sentence;
}

function send(text, language) {
  complain(null);
  for (const old of log.querySelectorAll(".message:not(.welcome) > .chips")) old.remove();
  started(true);
  const asked = drawMessage({ role: "user", text, language: language ?? pageLanguage });
  log.append(asked);
  return deliver(asked, text, language);
}

async function deliver(asked, text, language) {
  const typing = make("div", { class: "typing" }, make("span", { class: "hidden" }, say.typing), make("i"), make("i"), make("i"));
  waiting = true;
  ask.setAttribute("aria-busy", "true");
  asked.querySelector(".failed")?.remove();
  log.append(asked, typing);
  show(asked);
  try {
    const reply = await post(text, language);
    remember(reply.conversation_id);
    asked.replaceWith(asked = drawMessage({ role: "user", text, language: reply.language }));
    typing.replaceWith(drawMessage({ ...reply, role: "assistant" }));
    show(asked);
    if (reply.outcome === "language_switch" && reply.language !== pageLanguage) switchTo(reply.language);
  } catch (error) {
    typing.remove();
    const retry = make("button", { type: "button", class: "plain", onclick: () => waiting || deliver(asked, text, language) }, say.retry);
    asked.append(make("div", { class: "failed", lang: pageLanguage },
      make("p", {}, say[error.sentence] ?? say.error_server), retry));
    show(asked);
  } finally {
    waiting = false;
    ask.removeAttribute("aria-busy");
  }
}

function switchTo(language) {
  stored("sessionStorage", (box) => box.setItem(DRAFT, question.value));
  location.assign(`/?lang=${language}`);
}

async function restore() {
  if (!conversation) return;
  try {
    const { messages } = await call(`/conversations/${encodeURIComponent(conversation)}`);
    remember(conversation);
    if (waiting || !messages.length) return;
    const last = messages.length - 1;
    const drawn = messages.map((entry, index) => drawMessage(index < last ? { ...entry, suggestions: [] } : entry));
    log.setAttribute("aria-live", "off");
    clear();
    log.append(...drawn);
    started(true);
    drawn[Math.max(0, last - 1)].scrollIntoView({ block: "start" });
    setTimeout(() => log.setAttribute("aria-live", "polite"), 500);
  } catch (error) {
    if (error.status !== 404) return;
    remember(null);
    clear();
    started(false);
  }
}

function clear() {
  for (const message of log.querySelectorAll(":scope > :not(.welcome)")) message.remove();
}

async function erase() {
  confirmDelete.close();
  try {
    if (conversation) await call(`/conversations/${encodeURIComponent(conversation)}`, "DELETE");
  } catch (error) {
    if (error.status !== 404) return complain(say.delete_failed);
  }
  remember(null);
  clear();
  complain(null);
  started(false);
  announce.textContent = say.deleted;
  setTimeout(() => { announce.textContent = ""; }, 6000);
  question.focus();
}

// The question box.

function fit() {
  const room = question.maxLength - question.value.length;
  left.hidden = question.value.length < COUNT_FROM;
  left.textContent = say.left.replace("{left}", room);
  question.style.height = "auto";
  question.style.height = `${Math.min(question.scrollHeight + 2, 160)}px`;
}

ask.addEventListener("submit", (event) => {
  event.preventDefault();
  if (waiting) return;
  const chip = event.submitter?.name === "starter" ? event.submitter : null;
  const text = (chip?.value ?? question.value).trim();
  if (!text) return;
  if (!chip) {
    question.value = "";
    fit();
  }
  send(text, chip ? chip.closest("[lang]").lang : null);
  if (chip && matchMedia("(pointer: fine)").matches) question.focus({ preventScroll: true });
});

question.addEventListener("input", fit);
question.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
  event.preventDefault();
  if (question.value.trim()) ask.requestSubmit();
});

for (const link of document.querySelectorAll("header nav a")) {
  link.addEventListener("click", () => stored("sessionStorage", (box) => box.setItem(DRAFT, question.value)));
}
remove.addEventListener("click", (event) => {
  event.preventDefault();
  confirmDelete.showModal();
});
find("#keep").addEventListener("click", () => confirmDelete.close());
find("#erase").addEventListener("click", erase);

const draft = stored("sessionStorage", (box) => box.getItem(DRAFT));
stored("sessionStorage", (box) => box.removeItem(DRAFT));
if (draft && !question.value) question.value = draft;
started(document.body.classList.contains("started"));
fit();
if (matchMedia("(pointer: fine)").matches) question.focus({ preventScroll: true });
restore();
