// The chat inside another site's panel: it speaks to the page around it only after that page has greeted from an origin
// that the settings allow, and then to that origin alone.

import { page, pageLanguage } from "./dom.js";

let around = null;

/** Listen to the page around; `focus` is called when it opens the panel. */
export function join(focus) {
  addEventListener("message", (event) => {
    if (event.source !== window.parent || ![location.origin, ...page.origins].includes(event.origin)) return;
    const what = event.data?.puente;
    if (what === "hello") {
      around = event.origin;
      tell({ puente: "ready", language: pageLanguage });
    } else if (what === "focus") focus();
  });
  addEventListener("keydown", (event) => {
    if (event.key === "Escape" && !event.defaultPrevented && !event.isComposing) tell({ puente: "close" });
  });
}

function tell(message) {
  if (around) window.parent.postMessage(message, around);
}
