// What one can do with an answer: listen, copy, share, and say whether it helped.

import { announce, make, say, sayIn } from "./dom.js";
import { call } from "./service.js";

const able = {
  listen: () => "speechSynthesis" in window && "SpeechSynthesisUtterance" in window,
  copy: () => Boolean(navigator.clipboard?.writeText),
  share: () => Boolean(navigator.share ?? navigator.clipboard?.writeText),
};
const acts = { listen, copy, share };
let speaking = null;

/** Show the tools that this browser can serve. */
export function equip(root) {
  for (const tool of root.querySelectorAll("[data-do]")) tool.hidden = !able[tool.dataset.do]();
}

function words(tool) {
  const lines = tool.closest(".message").querySelectorAll(".text > p, .text li");
  return Array.from(lines, (line) => {
    const plain = line.cloneNode(true);
    for (const aside of plain.querySelectorAll(".hidden, svg, .target-chart")) aside.remove();
    return (line.tagName === "LI" ? "• " : "") + plain.textContent.trim().replace(/\s+/g, " ");
  });
}

const link = (tool) => new URL(tool.parentElement.querySelector("[data-link]").dataset.link, location.origin).href;

async function copy(tool) {
  try {
    await navigator.clipboard.writeText(`${words(tool).join("\n")}\n\n${link(tool)}`);
    announce(sayIn(tool).copied);
  } catch {
    announce(say.copy_failed);
  }
}

async function share(tool) {
  try {
    if (navigator.share) return await navigator.share({ title: document.title, text: words(tool).join("\n"), url: link(tool) });
    await navigator.clipboard.writeText(link(tool));
    announce(sayIn(tool).link_copied);
  } catch (error) {
    if (error.name !== "AbortError") announce(say.copy_failed);
  }
}

function listen(tool) {
  const mine = speaking === tool;
  quiet();
  if (mine) return;
  const language = tool.closest("[lang]").lang;
  const utterance = new SpeechSynthesisUtterance(words(tool).join("\n").replaceAll("• ", ""));
  utterance.lang = language === "es" ? "es-US" : "en-US";
  utterance.voice = speechSynthesis.getVoices().find((voice) => voice.lang.startsWith(language)) ?? null;
  utterance.onend = utterance.onerror = () => speaking === tool && quiet();
  speaking = tool;
  mark(tool, true);
  speechSynthesis.speak(utterance);
}

/** Stop reading aloud. */
export function quiet() {
  if (!speaking) return;
  const tool = speaking;
  speaking = null;
  speechSynthesis.cancel();
  mark(tool, false);
}

function mark(tool, on) {
  tool.setAttribute("aria-pressed", String(on));
  tool.querySelector("span").textContent = sayIn(tool)[on ? "stop" : "listen"];
}

async function judge(form, button) {
  const t = sayIn(form);
  const id = form.elements.message_id.value, helpful = button.value === "yes";
  const buttons = form.querySelectorAll("button[name=helpful]");
  for (const one of buttons) one.setAttribute("aria-pressed", String(one === button));
  form.querySelector(".judged")?.remove();
  const told = make("div", { class: "judged" }, make("p", { role: "status" }));
  form.append(told);
  const status = told.firstElementChild;
  try {
    await call("/api/v1/feedback", { message_id: id, helpful });
    status.textContent = t.helpful_thanks;
    told.append(...reasonFields(told, t, id, helpful));
  } catch {
    button.setAttribute("aria-pressed", "false");
    status.textContent = t.helpful_failed;
  }
}

function reasonFields(told, t, id, helpful) {
  const field = make("textarea", { id: `reason-${id}`, rows: 2, maxlength: 1000, "aria-describedby": `hint-${id}` });
  const button = make("button", { type: "button", class: "plain", onclick: give }, t.reason_send);
  async function give() {
    if (!field.value.trim()) return field.focus();
    try {
      await call("/api/v1/feedback", { message_id: id, helpful, reason: field.value.trim() });
      const thanks = make("p", { role: "status", tabindex: -1 });
      told.replaceChildren(thanks);
      thanks.focus();
      thanks.textContent = t.reason_thanks;
    } catch {
      told.firstElementChild.textContent = t.helpful_failed;
    }
  }
  return [make("label", { for: field.id }, t.reason_label), field, make("p", { class: "hint", id: `hint-${id}` }, t.reason_hint), button];
}

/** Serve the tools of every answer in `log`, those that come later too. */
export function serve(log) {
  log.addEventListener("click", (event) => {
    const tool = event.target.closest("[data-do]");
    if (tool) acts[tool.dataset.do](tool);
  });
  log.addEventListener("submit", (event) => {
    if (!event.target.matches(".helpful")) return;
    event.preventDefault();
    if (event.submitter?.name === "helpful") judge(event.target, event.submitter);
  });
  addEventListener("pagehide", quiet);
}
