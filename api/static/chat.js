// The chat page's behaviour. The server has drawn the page; without this file its forms still work.

import { announce, drawn, find, localTimes, make, page, pageLanguage, region, say, stored } from "./dom.js";
import { call, newKey } from "./service.js";
import { equip, quiet, serve } from "./answer.js";

const CONVERSATION = "puente_conversation", DRAFT = "puente_draft", PENDING = "puente_pending";
const COUNT_FROM = 800;
const PAUSES = [800, 2500];

const log = find("#log"), ask = find("#ask"), question = find("#question"), news = find("#news");
const problem = find("#problem"), left = find("#left"), remove = find("#delete"), confirmDelete = find("#confirm");
const narrow = matchMedia("(max-width: 59.99rem)"), fine = matchMedia("(pointer: fine)");

const wait = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));
let { conversation, shown } = page;
let waiting = false;
let resume = null;

// The server's cookie holds the conversation. In another site's panel some browsers keep no cookie; some of those set a
// storage apart for the frame in that site, and where there is none either the conversation lasts as long as this page.

function remember(id) {
  conversation = id;
  if (page.framed) stored("localStorage", (box) => (id ? box.setItem(CONVERSATION, id) : box.removeItem(CONVERSATION)));
  for (const field of document.querySelectorAll("input[name=conversation]")) field.value = id ?? "";
}

// A question that is under way is kept until its answer is here, so that a reload loses nothing; its key has it answered once.

const keepPending = (turn) => stored("sessionStorage", (box) =>
  (turn ? box.setItem(PENDING, JSON.stringify(turn)) : box.removeItem(PENDING)));
const pending = () => stored("sessionStorage", (box) => JSON.parse(box.getItem(PENDING)));

function started(yes) {
  document.body.classList.toggle("started", yes);
  document.body.classList.toggle("new", !yes);
  remove.hidden = !yes;
}

function show(element) {
  const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
  element.scrollIntoView({ block: "start", behavior: still ? "auto" : "smooth" });
}

function complain(sentence) {
  problem.textContent = sentence ?? "";
  problem.hidden = !sentence;
  if (sentence) question.setAttribute("aria-invalid", "true");
  else question.removeAttribute("aria-invalid");
}

// The buttons of an answer come a moment after its text, into a part that is not read aloud: a screen reader hears the
// answer once, and nothing else.

function append(message) {
  const extras = message.querySelector(".extras");
  const later = document.createDocumentFragment();
  if (extras) later.append(...extras.childNodes);
  localTimes(message);
  log.append(message);
  shown += 1;
  if (!extras) return;
  setTimeout(() => {
    extras.append(later);
    equip(extras);
  }, 150);
}

function ownMessage(text, language) {
  return make("article", { class: "message user", lang: language ?? pageLanguage }, make("p", { class: "who" }, say.you),
    make("div", { class: "bubble" }, make("div", { class: "text" }, make("p", {}, text))));
}

function send(text, language) {
  complain(null);
  news.hidden = true;
  quiet();
  for (const old of log.querySelectorAll(".message:not(.welcome) .chips")) old.remove();
  started(true);
  const asked = ownMessage(text, language);
  const turn = { text, language, key: newKey() };
  keepPending(turn);
  append(asked);
  return deliver(asked, turn);
}

async function deliver(asked, turn) {
  const typing = make("div", { class: "typing", "aria-hidden": "true" }, make("i"), make("i"), make("i"));
  const slow = setTimeout(() => announce(say.typing), 1500);
  waiting = true;
  resume = null;
  ask.setAttribute("aria-busy", "true");
  asked.querySelector(".failed")?.remove();
  log.after(typing);
  show(asked);
  try {
    const before = conversation;
    const reply = await post(turn);
    remember(reply.conversation_id);
    keepPending(null);
    if (before && before !== reply.conversation_id) announce(say.lost_conversation);
    asked.lang = reply.language;
    if (log.querySelector(`[data-message="${CSS.escape(reply.message_id)}"]`)) {
      asked.remove();
      shown -= 1;
    } else append(drawn(reply.html).firstElementChild);
    show(asked.isConnected ? asked : log.lastElementChild);
    if (reply.outcome === "language_switch" && reply.language !== pageLanguage) switchTo(reply.language);
  } catch (error) {
    fail(asked, turn, error);
  } finally {
    clearTimeout(slow);
    typing.remove();
    waiting = false;
    ask.removeAttribute("aria-busy");
  }
}

async function post({ text, language, key }) {
  for (let tries = 0; ; tries += 1) {
    try {
      return await call("/chat/turns", { text, language, key, conversation_id: conversation, framed: page.framed });
    } catch (error) {
      if (!error.passing || tries >= PAUSES.length || !navigator.onLine) throw error;
      await wait(PAUSES[tries]);
    }
  }
}

function fail(asked, turn, error) {
  const again = () => waiting || deliver(asked, turn);
  if (error.passing) resume = again;
  else if (error.sentence === "error_refused") keepPending(null);
  asked.append(make("div", { class: "failed", lang: pageLanguage, role: "alert" },
    make("p", {}, say[error.sentence] ?? say.error_server),
    make("button", { type: "button", class: "plain", onclick: retry }, say.retry)));
  function retry() {
    question.focus({ preventScroll: true });
    again();
  }
}

function switchTo(language) {
  stored("sessionStorage", (box) => box.setItem(DRAFT, question.value));
  location.assign(`${page.here}?lang=${language}`);
}

// Older messages, and the conversation of a panel.

const past = (skip) => call("/chat/past", { conversation_id: conversation, skip, language: pageLanguage, framed: page.framed });

function prepend(batch, anchor) {
  const older = drawn(batch.html);
  localTimes(older);
  equip(older);
  if (shown) for (const chips of older.querySelectorAll(".chips")) chips.remove();
  shown += batch.count;
  log.setAttribute("aria-live", "off");
  anchor.after(older);
  setTimeout(() => log.setAttribute("aria-live", "polite"), 500);
}

async function showEarlier(event) {
  event.preventDefault();
  const link = event.currentTarget, line = link.parentElement;
  try {
    const batch = await past(shown);
    const next = line.nextElementSibling;
    const top = next.getBoundingClientRect().top;
    prepend(batch, find(".welcome"));
    scrollBy(0, next.getBoundingClientRect().top - top);
    if (batch.more) return;
    log.focus({ preventScroll: true });
    line.remove();
  } catch (error) {
    complain(say[error.sentence]);
  }
}

function offerEarlier() {
  const link = make("a", { class: "plain", href: "#log", onclick: showEarlier }, say.show_earlier);
  log.prepend(make("p", { class: "earlier" }, link));
}

async function restore() {
  if (page.framed && conversation) remember(conversation);
  else if (page.framed) {
    const id = stored("localStorage", (box) => box.getItem(CONVERSATION));
    if (/^[\w-]{8,64}$/.test(id ?? "")) await recall(id);
  }
  const turn = pending();
  if (!turn?.text || !turn.key) return;
  started(true);
  const asked = ownMessage(turn.text, turn.language);
  append(asked);
  deliver(asked, turn);
}

async function recall(id) {
  conversation = id;
  try {
    const batch = await past(0);
    remember(id);
    started(true);
    prepend(batch, find(".welcome"));
    if (batch.more) offerEarlier();
    log.lastElementChild?.scrollIntoView({ block: "end" });
  } catch (error) {
    remember(null);
    if (error.status !== 404) return complain(say[error.sentence]);
    news.textContent = say.lost_conversation;
    news.hidden = false;
  }
}

async function erase() {
  confirmDelete.close();
  try {
    if (conversation) await call("/chat/delete", { conversation_id: conversation, framed: page.framed });
  } catch {
    return complain(say.delete_failed);
  }
  quiet();
  remember(null);
  keepPending(null);
  resume = null;
  for (const message of log.querySelectorAll(":scope > :not(.welcome)")) message.remove();
  shown = 0;
  complain(null);
  started(false);
  announce(say.deleted);
  question.focus();
}

// The question box.

const number = new Intl.NumberFormat(region(pageLanguage));

function fit() {
  const room = page.limit - [...question.value].length;
  left.hidden = page.limit - room < COUNT_FROM;
  left.classList.toggle("over", room < 0);
  left.textContent = room < 0 ? say.too_long.replace("{over}", number.format(-room)) : say.left.replace("{left}", number.format(room));
  if (room >= 0 && question.value) complain(null);
  question.style.height = "auto";
  question.style.height = `${Math.min(question.scrollHeight + 2, 160)}px`;
  return room >= 0;
}

ask.addEventListener("submit", (event) => {
  event.preventDefault();
  if (waiting) return;
  const chip = event.submitter?.name === "starter" ? event.submitter : null;
  const text = (chip?.value ?? question.value).trim();
  if (!text) return;
  if (!chip) {
    if (!fit()) return complain(left.textContent);
    question.value = "";
    fit();
  }
  // The chip goes away, and a focus must stand somewhere; on a phone the box would bring up its keyboard.
  if (chip) (fine.matches ? question : log).focus({ preventScroll: true });
  send(text, chip ? chip.closest("[lang]").lang : null);
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
confirmDelete.addEventListener("keydown", (event) => { if (event.key === "Escape") event.stopPropagation(); });
find("#keep").addEventListener("click", () => confirmDelete.close());
find("#erase").addEventListener("click", erase);

const help = find("header .help");
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape" || !help.open) return;
  event.preventDefault();
  help.open = false;
  help.querySelector("summary").focus();
});
document.addEventListener("click", (event) => { if (!help.contains(event.target)) help.open = false; });

// The connection.

const offline = find("#offline");

function connection() {
  const was = offline.textContent;
  offline.textContent = navigator.onLine ? "" : say.offline;
  if (!navigator.onLine || !was) return;
  announce(say.online);
  resume?.();
}

addEventListener("online", connection);
addEventListener("offline", connection);

// Start.

const draft = stored("sessionStorage", (box) => box.getItem(DRAFT));
stored("sessionStorage", (box) => box.removeItem(DRAFT));
if (draft && !question.value) question.value = draft;
localTimes(log);
equip(log);
serve(log);
for (const link of log.querySelectorAll(".earlier a")) link.addEventListener("click", showEarlier);
fit();
connection();
if (page.framed) import("./frame.js").then(({ join }) => join(() => question.focus()));
else if (fine.matches) question.focus({ preventScroll: true });
if (conversation && !location.hash) log.querySelector("#latest")?.scrollIntoView({ block: "start" });
restore();
