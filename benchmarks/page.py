"""What the chat page costs its first visitor: bytes and requests of the first load, and the time to an answer.

Run as `python -m benchmarks.page [URL]` beside a running product (`make run`). Bytes are what Chromium receives, with
headers, in an empty cache; answers are timed in the browser, from Enter until the answer is drawn. Prints the tables and
writes them to benchmarks/results/page.md.
"""

import argparse
import os
import platform
import statistics
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

RESULTS = Path(__file__).parent / "results" / "page.md"
CHROMIUM = os.environ.get("CHROMIUM", "/usr/bin/chromium")
LIMIT_KB = 40
QUESTIONS = (
    "What are the targets of 2D?", "¿Qué hace el plan por la asistencia?", "How does the plan help English learners?",
    "¿Cómo puedo participar en la escuela de mi hijo?", "What support is there for mental health?",
)
ROUNDS = 4
NETWORKS = {
    "this machine": None,
    "slow phone (400 ms, 50 kB/s)": {"offline": False, "latency": 400, "downloadThroughput": 50_000, "uploadThroughput": 20_000},
}
PAINT = "performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? 0"
ANSWERED = """(text) => new Promise((done) => {
  const log = document.querySelector("#log"), box = document.querySelector("#question");
  const before = log.querySelectorAll(".message.assistant").length, start = performance.now();
  new MutationObserver((_, watch) => {
    if (log.querySelectorAll(".message.assistant").length === before) return;
    watch.disconnect();
    requestAnimationFrame(() => done(performance.now() - start));
  }).observe(log, { childList: true });
  box.value = text;
  box.dispatchEvent(new KeyboardEvent("keydown", { key: "Enter", bubbles: true, cancelable: true }));
})"""


def first_load(browser: Browser, url: str, network: dict[str, object] | None) -> tuple[list[tuple[str, int]], float]:
    """Each request of a first visit with the bytes received, and the first contentful paint in milliseconds."""
    with browser.new_context(viewport={"width": 360, "height": 640}, locale="es-MX") as context:
        page = context.new_page()
        session = context.new_cdp_session(page)
        session.send("Network.enable")
        if network:
            session.send("Network.emulateNetworkConditions", network)
        names: dict[str, str] = {}
        sizes: dict[str, int] = {}
        session.on("Network.requestWillBeSent", lambda event: names.update({event["requestId"]: event["request"]["url"]}))
        session.on("Network.loadingFinished", lambda event: sizes.update({event["requestId"]: int(event["encodedDataLength"])}))
        page.goto(url, wait_until="networkidle")
        paint: float = page.evaluate(PAINT)
        return [(names[key].rsplit("/", 1)[-1], size) for key, size in sizes.items() if size], paint


def answer_times(page: Page) -> list[float]:
    """Milliseconds from Enter to the drawn answer, for each question."""
    return [page.evaluate(ANSWERED, text) for _ in range(ROUNDS) for text in QUESTIONS]


def main() -> None:
    """Measure, print and write the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("url", nargs="?", default="http://127.0.0.1:8000")
    url = parser.parse_args().url.rstrip("/")
    lines = ["# The chat page", "", f"Chromium, empty cache, phone of 360×640; {os.cpu_count()} cores, {platform.machine()}.", ""]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        for path in ("/", "/widget"):
            loaded, _ = first_load(browser, url + path, None)
            total = sum(size for _, size in loaded)
            lines += [f"First load of `{path}`: {len(loaded)} requests, {total / 1000:.1f} kB (limit: {LIMIT_KB}).", ""]
            lines += ["| request | bytes |", "|---|--:|"]
            lines += [f"| `{name or path}` | {size:,} |" for name, size in sorted(loaded)] + [""]
        script = dict(first_load(browser, f"{url}/widget.js", None)[0])["widget.js"]
        lines += [f"A school's page loads `/widget.js`, {script / 1000:.1f} kB; the panel's page only once it is opened.", ""]
        lines += ["| network | first paint, ms | answer, median ms | answer, slowest ms |", "|---|--:|--:|--:|"]
        for name, network in NETWORKS.items():
            _, paint = first_load(browser, url, network)
            with browser.new_context(locale="es-MX") as context:
                page = context.new_page()
                if network:
                    context.new_cdp_session(page).send("Network.emulateNetworkConditions", network)
                page.goto(url, wait_until="networkidle")
                times = answer_times(page)
            lines.append(f"| {name} | {paint:.0f} | {statistics.median(times):.0f} | {max(times):.0f} |")
        browser.close()
    lines += ["", f"{ROUNDS * len(QUESTIONS)} answers a row, in one conversation."]
    RESULTS.write_text("\n".join(lines) + "\n", encoding="utf-8")
    print("\n".join(lines))


if __name__ == "__main__":
    main()
