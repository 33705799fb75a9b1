"""Time of a look-up for each key press: on the server, over all prefixes of realistic look-ups, and in a browser.

`python -m benchmarks.lookup` writes benchmarks/results/lookup.md. The browser part needs Chromium ($CHROMIUM, or Debian's).
"""

import os
import statistics
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Thread
from types import SimpleNamespace

import numpy as np
import uvicorn
from fastapi import FastAPI
from fastapi.testclient import TestClient
from playwright.sync_api import sync_playwright

from api import lookup_pages, pages, plan_pages
from api.finder import Finder
from api.routes import lookup
from api.settings import Settings
from knowledge import load_plan
from knowledge.models import Plan
from retrieval.search import Evidence

RESULTS = Path(__file__).parent / "results" / "lookup.md"
PORT = 8977
REPEATS = 5
TYPED = [
    "2D.M1", "3a.s4", "pillar 2", "pilar 4", "attendance", "asistensia", "chronic absence target", "meta de graduacion",
    "graduation rate", "suspension", "salud mental", "mental health services", "parent portal", "voluntarios",
    "family helpdesk phone", "telefono de ayuda", "micro-credential", "zero-based budgeting", "clima escolar seguro", "xqzwkj",
]


class NoEncoder:
    """Finds nothing near in meaning: only words are measured."""

    def evidence(self, text: str) -> Evidence:
        """No evidence."""
        return Evidence([], np.zeros(0, np.float32), {}, 0.0)


def site(plan: Plan) -> FastAPI:
    """The look-up alone: it needs no encoder."""
    app = FastAPI()
    app.state.settings = Settings()
    app.state.assistant = SimpleNamespace(plan=plan, searcher=NoEncoder())
    app.state.finder = Finder(plan)
    for module in (plan_pages, lookup, lookup_pages):
        app.include_router(module.router)
    pages.mount_static(app)
    return app


def prefixes(texts: Iterable[str]) -> list[str]:
    """What the box holds after each key press."""
    return [text[:end] for text in texts for end in range(1, len(text) + 1)]


def line(name: str, times: list[float]) -> str:
    """One row of the table; times in milliseconds."""
    cuts = statistics.quantiles(times, n=100)
    return f"| {name} | {len(times):,} | {cuts[49]:.2f} | {cuts[94]:.2f} | {cuts[98]:.2f} | {max(times):.2f} |"


def time_finder(finder: Finder) -> list[float]:
    """Milliseconds of each search, without HTTP."""
    times = []
    for query in prefixes(TYPED) * REPEATS:
        started = time.perf_counter()
        finder.find(query)
        times.append((time.perf_counter() - started) * 1000)
    return times


def time_http(app: FastAPI) -> tuple[list[float], list[float]]:
    """Milliseconds that the server reports for each request, and of the whole request in this process."""
    own, whole = [], []
    with TestClient(app) as client:
        for query in prefixes(TYPED) * REPEATS:
            started = time.perf_counter()
            response = client.get("/api/v1/lookup", params={"q": query})
            whole.append((time.perf_counter() - started) * 1000)
            own.append(response.json()["took_ms"])
    return own, whole


@contextmanager
def serving(app: FastAPI) -> Iterator[str]:
    """The app on a port of this machine."""
    server = uvicorn.Server(uvicorn.Config(app, port=PORT, log_level="warning"))
    thread = Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.05)
    yield f"http://127.0.0.1:{PORT}"
    server.should_exit = True
    thread.join()


# From the key's event until the results are in the page and laid out.
WATCH = """() => {
  const found = document.getElementById('found');
  window.times = [];
  document.getElementById('q').addEventListener('input', () => {
    const started = performance.now();
    const watcher = new MutationObserver(() => {
      watcher.disconnect();
      void found.offsetHeight;
      window.times.push(performance.now() - started);
    });
    watcher.observe(found, { attributes: true, attributeFilter: ['data-query'] });
  }, true);
}"""


def time_browser(app: FastAPI) -> list[float]:
    """Milliseconds from each key press to its results in Chromium."""
    with serving(app) as url, sync_playwright() as playwright:
        chromium = os.environ.get("CHROMIUM", "/usr/bin/chromium")
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": 1280, "height": 800})
        page.goto(f"{url}/lookup?lang=en")
        page.wait_for_selector("#look[data-ready]")
        page.evaluate(WATCH)
        times: list[float] = []
        for text in TYPED:
            page.locator("#q").fill("")
            page.wait_for_timeout(100)
            page.evaluate("window.times = []")
            page.locator("#q").press_sequentially(text, delay=120)
            page.wait_for_timeout(300)
            times += page.evaluate("window.times")
        browser.close()
    return times


def main() -> None:
    """Measure and write the table."""
    plan = load_plan()
    app = site(plan)
    finder: Finder = app.state.finder
    own, whole = time_http(app)
    rows = [
        line("search alone", time_finder(finder)), line("server, as it reports (`took_ms`)", own),
        line("server, whole request in one process", whole), line("browser, key to results laid out", time_browser(app)),
    ]
    asked = f"All {len(prefixes(TYPED))} prefixes of {len(TYPED)} look-ups (ids, words, slips, both languages)"
    text = "\n".join([
        "# Look-up for each key press", "",
        f"{asked} over {len(plan.nodes)} nodes; server figures {REPEATS} times each. Milliseconds; {os.cpu_count()} cores.", "",
        "`python -m benchmarks.lookup`", "",
        "| | presses | median | 95% | 99% | most |", "|---|---|---|---|---|---|", *rows, "",
    ])
    RESULTS.write_text(text, encoding="utf-8")
    print(text)


if __name__ == "__main__":
    main()
