"""Makes the pictures in docs/ again: `python scripts/screenshots.py [URL]` beside a running product.

The product must allow the invented school: PUENTE_WIDGET_ORIGINS=http://localhost:8099.
"""

import io
import os
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

DOCS = Path(__file__).parent.parent / "docs"
SCHOOL_PORT = 8099
PHONE = {"width": 360, "height": 640}
LAPTOP = {"width": 1280, "height": 800}
TARGETS = {"en": "What are the targets of 2D?", "es": "¿Cuáles son las metas de 2D?"}
SCHOOL_PAGE = """<!doctype html><html lang="{language}"><head><meta charset="utf-8"><title>School</title>
<meta name="viewport" content="width=device-width"><style>
body {{ font: 17px/1.6 system-ui, sans-serif; margin: 0; color: #23303f; background: #fff }}
header {{ background: #23395b; color: #fff; font-weight: 700; padding: 18px 32px }} main {{ max-width: 640px; padding: 8px 32px }}
</style><script src="{url}/widget.js" defer></script></head><body><header>Jacaranda Elementary</header><main><h1>{title}</h1>
<p>{text}</p><p>{text}</p></main></body></html>"""
SCHOOL_WORDS = {
    "en": ("News for families", "The library is open after school on Tuesdays and Thursdays. Bring a book."),
    "es": ("Noticias para las familias", "La biblioteca abre después de clases los martes y jueves. Traiga un libro."),
}


def visitor(browser: Browser, size: dict[str, int], language: str, scheme: str = "light") -> BrowserContext:
    """A visitor whose browser speaks `language`."""
    locale = {"en": "en-US", "es": "es-MX"}[language]
    return browser.new_context(viewport=size, locale=locale, color_scheme=scheme, reduced_motion="reduce")  # type: ignore[arg-type]


def ask(page: Page, language: str) -> None:
    """Ask for targets and wait for the whole answer."""
    page.locator("#question").fill(TARGETS[language])
    page.locator("#question").press("Enter")
    page.locator(".message.assistant .chips button").last.wait_for()
    page.wait_for_timeout(400)


def keep(page: Page, name: str) -> None:
    """Write one picture, in 128 colours to keep it small."""
    Image.open(io.BytesIO(page.screenshot())).convert("RGB").quantize(128).save(DOCS / f"{name}.png", optimize=True)


def chat(browser: Browser, url: str) -> None:
    """The chat page: first visit, an answer, its sources."""
    for language in ("en", "es"):
        for device, size in (("phone", PHONE), ("laptop", LAPTOP)):
            with visitor(browser, size, language) as context:
                page = context.new_page()
                page.goto(url)
                page.wait_for_timeout(300)
                keep(page, f"chat-{device}-{language}-first")
                ask(page, language)
                keep(page, f"chat-{device}-{language}")
    with visitor(browser, PHONE, "es", "dark") as context:
        page = context.new_page()
        page.goto(url)
        ask(page, "es")
        page.locator(".sources summary").last.click()
        page.locator(".sources").last.scroll_into_view_if_needed()
        page.locator(".tools").last.scroll_into_view_if_needed()
        page.evaluate("scrollBy(0, 120)")
        keep(page, "chat-phone-es-dark-sources")


def panel(browser: Browser, url: str) -> None:
    """The panel in a school's page."""
    for language, size, device in (("en", LAPTOP, "laptop"), ("es", PHONE, "phone")):
        with visitor(browser, size, language) as context:
            page = context.new_page()
            page.goto(f"http://localhost:{SCHOOL_PORT}/{language}")
            page.wait_for_timeout(300)
            keep(page, f"panel-{device}-{language}-closed")
            page.locator("puente-widget .launcher").click()
            frame = page.frame_locator("puente-widget iframe")
            frame.locator("#question:focus").wait_for()
            frame.locator("#question").fill(TARGETS[language])
            frame.locator("#question").press("Enter")
            frame.locator(".message.assistant .chips button").last.wait_for()
            page.wait_for_timeout(500)
            keep(page, f"panel-{device}-{language}")


@contextmanager
def school(url: str) -> Iterator[None]:
    """The website of an invented school."""

    class Pages(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            language = self.path.strip("/")
            title, text = SCHOOL_WORDS.get(language, SCHOOL_WORDS["en"])
            self.send_response(200)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.end_headers()
            self.wfile.write(SCHOOL_PAGE.format(language=language, url=url, title=title, text=text).encode())

        def log_message(self, *arguments: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", SCHOOL_PORT), Pages)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield
    server.shutdown()
    server.server_close()


def main() -> None:
    """Make every picture."""
    url = (sys.argv[1] if len(sys.argv) > 1 else "http://127.0.0.1:8000").rstrip("/")
    with sync_playwright() as playwright:
        executable = os.environ.get("CHROMIUM", "/usr/bin/chromium")
        browser = playwright.chromium.launch(executable_path=executable, args=["--no-sandbox", "--disable-gpu"])
        chat(browser, url)
        with school(url):
            panel(browser, url)
        browser.close()


if __name__ == "__main__":
    main()
