// The service: JSON over HTTP, with every failure turned into one of the page's sentences.

import { pageLanguage } from "./dom.js";

const TIMEOUT = 30000;

export class Trouble extends Error {
  constructor(sentence, status) {
    super(sentence);
    this.sentence = sentence;
    this.status = status;
  }

  /** Whether the same request may succeed when it is sent again. */
  get passing() {
    return this.status === 0 || this.status >= 502;
  }
}

export async function call(path, body) {
  const headers = { Accept: "application/json", "Accept-Language": pageLanguage, "Content-Type": "application/json" };
  try {
    const response = await fetch(path, { method: "POST", headers, body: JSON.stringify(body), signal: AbortSignal.timeout?.(TIMEOUT) });
    if (response.ok) return response.status === 204 ? null : await response.json();
    if (response.status === 429) throw new Trouble("error_busy", 429);
    throw new Trouble(response.status < 500 ? "error_refused" : "error_server", response.status);
  } catch (error) {
    throw error instanceof Trouble ? error : new Trouble("error_lost", 0);
  }
}

/** A random key, so that a message sent again is answered once. */
export function newKey() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
