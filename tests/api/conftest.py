"""A real browser for the pages: visitors with their complaints, and helpers of what parents do."""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Error,
    Locator,
    Page,
    Route,
    ViewportSize,
    expect,
    sync_playwright,
)

from api.settings import Settings
from bot.store import Store, Turn, new_id

PHONE: ViewportSize = {"width": 360, "height": 640}
LAPTOP: ViewportSize = {"width": 1280, "height": 800}
ANSWER = ".message.assistant:not(.welcome)"
ANSWER_DEADLINE_MS = 30_000
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


class Visit:
    """One visitor's browser, with what it wrote to the console and the requests that left our origin."""

    def __init__(self, context: BrowserContext, url: str, *, go: bool = True) -> None:
        self.context = context
        self.url = url
        self.complaints: list[str] = []
        self.strangers: list[str] = []
        context.on("console", self._note)
        context.on("weberror", lambda error: self.complaints.append(str(error.error)))
        context.on("request", lambda request: None if request.url.startswith(url) else self.strangers.append(request.url))
        self.page: Page = context.new_page()
        if go:
            self.page.goto(url)

    def _note(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            self.complaints.append(message.text)

    @property
    def question(self) -> Locator:
        """The question box."""
        return self.page.locator("#question")

    @property
    def answers(self) -> Locator:
        """The answers so far."""
        return self.page.locator(ANSWER)

    def ask(self, text: str) -> Locator:
        """Write a question, press Enter, wait for the answer with its buttons, and return it."""
        before = self.answers.count()
        self.question.fill(text)
        self.question.press("Enter")
        expect(self.answers).to_have_count(before + 1, timeout=ANSWER_DEADLINE_MS)
        expect(self.answers.last.locator(".extras:not(:empty)")).to_have_count(1)
        return self.answers.last

    @contextmanager
    def holding(self, pattern: str, *, answered: bool = False) -> Iterator[None]:
        """Requests to `pattern` stay without a reply while in here, though `answered` lets the server answer them."""
        held: list[Route] = []

        def hold(route: Route) -> None:
            held.append(route)
            if answered:
                route.fetch()

        self.page.route(pattern, hold)
        yield
        for route in held:
            with suppress(Error):
                route.abort()
        self.page.unroute(pattern)

    def scan(self) -> None:
        """Fail where axe-core finds a violation in what is shown now."""
        found = Axe().run(self.page)
        assert found.violations_count == 0, found.generate_report()

    def settle(self) -> None:
        """Fail where the console has complained or a request has gone elsewhere."""
        assert self.complaints == []
        assert self.strangers == []


# Not for the session: Playwright's event loop must not be running while tests of other modules run theirs.
@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Chromium, from $CHROMIUM or its usual place."""
    executable = os.environ.get("CHROMIUM", "/usr/bin/chromium")
    if not Path(executable).exists():
        pytest.fail(f"{executable} does not exist: install chromium, or set CHROMIUM to its path")
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=executable, args=ARGUMENTS)
        yield launched
        launched.close()


Open = Callable[..., Visit]


@pytest.fixture
def visit(browser: Browser, server_url: str) -> Iterator[Open]:
    """Opens a visitor's browser: `visit(PHONE, "es-MX", color_scheme="dark")`; what they meet is judged at the end."""
    visits: list[Visit] = []

    def open(
        viewport: ViewportSize = LAPTOP, locale: str = "en-US", *, url: str = server_url, go: bool = True, **more: object
    ) -> Visit:
        context = browser.new_context(viewport=viewport, locale=locale, **more)  # type: ignore[arg-type]
        visits.append(Visit(context, url, go=go))
        return visits[-1]

    yield open
    for one in visits:
        one.context.close()


@pytest.fixture
def parent(visit: Open) -> Visit:
    """A Spanish-speaking parent on a small phone."""
    return visit(PHONE, "es-MX", has_touch=True, is_mobile=True)


@pytest.fixture
def reader(visit: Open) -> Visit:
    """An English-speaking parent on a laptop."""
    return visit(LAPTOP, "en-US")


@pytest.fixture(scope="session")
def long_conversation(server_url: str, settings: Settings) -> Iterator[str]:
    """The id of a conversation of 1,000 messages."""
    store = Store.open(settings.store_url)
    id = new_id()
    for number in range(500):
        store.record_turn(
            Turn(
                conversation_id=id, channel="web", language="en", user_text=f"Question {number}: and the targets of 2D?",
                message_id=new_id(), reply_text=f"Answer {number}.\n• One thing\n• Call (213) 241-3840", outcome="answered",
                citations=("2D", "2D.M1"),
            )
        )
    yield id
    store.close()
