"""The chat in a panel on another origin's page, under that page's strict Content-Security-Policy."""

import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import httpx
import pytest
from playwright.sync_api import FrameLocator, Page, expect

from .conftest import ANSWER, ANSWER_DEADLINE_MS, LAPTOP, PHONE, Open, Visit

SPANISH_QUESTION = "que hacen con los ninos que faltan mucho"


def school_page(puente: str, language: str) -> str:
    return (
        f'<!doctype html><html lang="{language}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>A school</title>'
        f'<link rel="icon" href="data:,"><script src="{puente}/widget.js" defer></script></head>'
        '<body><main><h1>A school</h1><p><a href="/es">Menu</a></p></main></body></html>'
    )


def school_policy(puente: str) -> str:
    return f"default-src 'none'; script-src {puente}; frame-src {puente}; img-src data:; base-uri 'none'; form-action 'none'"


Site = Callable[[int], str]


@pytest.fixture(scope="module")
def site(server_url: str) -> Iterator[Site]:
    """Starts a website of another origin on a port (0: any); `/es` is in Spanish, every other path in English."""
    servers: list[tuple[ThreadingHTTPServer, threading.Thread]] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = school_page(server_url, "es" if self.path == "/es" else "en").encode()
            self.send_response(200)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.send_header("Content-Security-Policy", school_policy(server_url))
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *arguments: object) -> None:
            pass

    def start(port: int) -> str:
        server = ThreadingHTTPServer(("127.0.0.1", port), Handler)
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        servers.append((server, thread))
        return f"http://localhost:{server.server_address[1]}"

    yield start
    for server, thread in servers:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.fixture(scope="module")
def school(site: Site, school_port: int) -> str:
    """The website that the settings allow."""
    return site(school_port)


@pytest.fixture
def pupil(visit: Open, school: str) -> Visit:
    """A laptop on the school's English page."""
    return visit(LAPTOP, "en-US", url=school)


def chat(page: Page) -> FrameLocator:
    return page.frame_locator("puente-widget iframe")


def settle(visit: Visit, server_url: str) -> None:
    """Nothing on the console, and no request but to the school and to Puente."""
    assert visit.complaints == []
    assert [url for url in visit.strangers if not url.startswith((server_url, "data:"))] == []


def test_the_panel_opens_answers_closes_and_minds_the_focus(pupil: Visit, server_url: str) -> None:
    page = pupil.page
    launcher = page.get_by_role("button", name="Ask about the school plan")
    assert all("/widget.js" in url for url in pupil.strangers), "a closed panel asks for the script alone"
    launcher.click()
    question = chat(page).locator("#question")
    expect(question).to_be_focused()
    question.fill("What are the targets of 2D?")
    question.press("Enter")
    expect(chat(page).locator(ANSWER)).to_have_count(1, timeout=ANSWER_DEADLINE_MS)
    expect(question).to_be_focused()
    [cookie] = pupil.context.cookies()
    assert cookie["partitionKey"] == "http://localhost" and cookie["httpOnly"] and cookie["sameSite"] == "None"
    question.press("Escape")
    expect(page.get_by_role("dialog")).to_be_hidden()
    expect(launcher).to_be_focused()
    page.keyboard.press("Enter")
    expect(question).to_be_focused()
    expect(chat(page).locator(ANSWER)).to_have_count(1)
    page.get_by_role("button", name="Close").click()
    expect(launcher).to_be_focused()
    settle(pupil, server_url)


def test_an_open_panel_stays_open_with_its_conversation(pupil: Visit, school: str, server_url: str) -> None:
    page = pupil.page
    page.get_by_role("button", name="Ask about the school plan").click()
    expect(chat(page).locator("#question")).to_be_focused()
    chat(page).locator("#question").fill("What are the targets of 2D?")
    chat(page).get_by_role("button", name="Send").click()
    expect(chat(page).locator(ANSWER)).to_have_count(1, timeout=ANSWER_DEADLINE_MS)
    page.get_by_role("link", name="Menu").click()
    expect(page.get_by_role("dialog")).to_be_visible()
    expect(chat(page).locator(ANSWER)).to_have_count(1)
    assert page.evaluate("document.activeElement === document.body"), "a page that loads keeps its own focus"
    page.get_by_role("button", name="Close").click()
    page.goto(school)
    expect(page.get_by_role("dialog")).to_be_hidden()
    settle(pupil, server_url)


def test_the_panel_speaks_the_schools_language_and_then_the_readers(visit: Open, school: str, server_url: str) -> None:
    parent = visit(PHONE, "es-MX", url=f"{school}/es", has_touch=True, is_mobile=True)
    page = parent.page
    page.get_by_role("button", name="Pregunte sobre el plan escolar").tap()
    expect(chat(page).locator("html")).to_have_attribute("lang", "es")
    expect(chat(page).locator("#question")).to_be_focused()
    chat(page).locator("#question").fill(SPANISH_QUESTION)
    # Emulated touches do not reach a frame of another process; clicks do.
    chat(page).get_by_role("button", name="Enviar").click()
    expect(chat(page).locator(ANSWER)).to_have_attribute("lang", "es", timeout=ANSWER_DEADLINE_MS)
    chat(page).get_by_role("link", name="English").click()
    expect(page.get_by_role("dialog", name="Questions about the school plan")).to_be_visible()
    expect(chat(page).locator("html")).to_have_attribute("lang", "en")
    expect(chat(page).locator(ANSWER)).to_have_attribute("lang", "es")
    page.reload()
    expect(page.get_by_role("dialog", name="Questions about the school plan")).to_be_visible()
    settle(parent, server_url)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("path", ["", "/es"])
def test_axe_finds_nothing_around_or_inside_the_panel(visit: Open, school: str, scheme: str, path: str) -> None:
    pupil = visit(LAPTOP, "en-US", url=f"{school}{path}", color_scheme=scheme, reduced_motion="reduce", bypass_csp=True)
    pupil.scan()
    pupil.page.locator("puente-widget .launcher").click()
    expect(chat(pupil.page).locator("#question")).to_be_focused()
    pupil.scan()


def test_messages_of_a_wrong_origin_change_nothing(pupil: Visit, server_url: str) -> None:
    page = pupil.page
    page.get_by_role("button", name="Ask about the school plan").click()
    expect(chat(page).locator("#question")).to_be_focused()
    # The school's own scripts are not Puente: what they post to their window closes nothing.
    page.evaluate("window.postMessage({puente: 'close'}, '*')")
    page.evaluate("window.postMessage({puente: 'ready', language: 'es'}, '*')")
    page.wait_for_timeout(200)
    expect(page.get_by_role("dialog", name="Questions about the school plan")).to_be_visible()
    # A stranger around the frame is not answered: its window is not the parent, and its origin not among the allowed.
    frame = next(frame for frame in page.frames if frame.url.startswith(server_url))
    page.evaluate("document.body.focus(), document.querySelector('a').focus()")
    frame.evaluate("window.postMessage({puente: 'focus'}, '*')")
    page.wait_for_timeout(200)
    expect(page.get_by_role("link", name="Menu")).to_be_focused()
    settle(pupil, server_url)


def test_a_site_that_is_not_allowed_is_told_so(visit: Open, site: Site, server_url: str) -> None:
    stranger = visit(LAPTOP, "es-MX", url=f"{site(0)}/es")
    page = stranger.page
    page.clock.install()
    page.reload()
    page.get_by_role("button", name="Pregunte sobre el plan escolar").click()
    page.wait_for_timeout(500)
    page.clock.run_for(25_000)
    alert = page.get_by_role("alert")
    expect(alert).to_contain_text("El chat no se pudo abrir dentro de esta página.")
    expect(alert.get_by_role("link")).to_have_attribute("href", f"{server_url}/?lang=es")
    assert any("frame-ancestors" in complaint for complaint in stranger.complaints)
    page.keyboard.press("Escape")
    expect(page.get_by_role("button", name="Pregunte sobre el plan escolar")).to_be_focused()


def test_only_the_panels_page_may_be_framed_and_only_where_allowed(client: httpx.Client, school: str) -> None:
    def ancestors(path: str) -> str:
        policy = client.get(path).headers["content-security-policy"]
        return policy.split("frame-ancestors ")[1]

    assert ancestors("/widget") == f"'self' {school}"
    assert ancestors("/") == "'self'"
    assert client.get("/widget").headers.get("set-cookie") is None
