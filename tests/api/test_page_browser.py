"""What parents do on the chat page, in a real browser against a running server."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, ViewportSize, expect, sync_playwright

from api.page_text import LOCALES, PageSentencesError, message_blocks, read_page_sentences

PHONE: ViewportSize = {"width": 360, "height": 640}
LAPTOP: ViewportSize = {"width": 1280, "height": 800}
SPANISH_QUESTION = "que hacen con los ninos que faltan mucho"
ENGLISH_QUESTION = "What is the plan doing about students who miss a lot of school?"
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


class Visit:
    """One visitor's browser, with what it wrote to the console."""

    def __init__(self, context: BrowserContext, url: str) -> None:
        self.context = context
        self.complaints: list[str] = []
        self.page: Page = context.new_page()
        self.page.on("console", lambda message: self._note(message.type, message.text))
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.goto(url)

    def _note(self, kind: str, text: str) -> None:
        if kind in ("error", "warning"):
            self.complaints.append(text)

    def ask(self, text: str) -> None:
        """Write a question, press Enter and wait for the answer."""
        answers = self.page.locator(ANSWER)
        before = answers.count()
        self.page.get_by_role("textbox").fill(text)
        self.page.get_by_role("textbox").press("Enter")
        expect(answers).to_have_count(before + 1, timeout=ANSWER_DEADLINE_MS)


@pytest.fixture
def spanish_phone(browser: Browser, server_url: str) -> Iterator[Visit]:
    """A phone set to Mexican Spanish."""
    with browser.new_context(viewport=PHONE, locale="es-MX", has_touch=True, is_mobile=True) as context:
        yield Visit(context, server_url)


@pytest.fixture
def english_laptop(browser: Browser, server_url: str) -> Iterator[Visit]:
    """A laptop set to American English."""
    with browser.new_context(viewport=LAPTOP, locale="en-US") as context:
        yield Visit(context, server_url)


def test_a_spanish_speaking_parent_asks_on_a_phone(spanish_phone: Visit) -> None:
    page = spanish_phone.page
    expect(page.locator("html")).to_have_attribute("lang", "es")
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    spanish_phone.ask(SPANISH_QUESTION)
    answer = page.locator(ANSWER).last
    expect(answer).to_have_attribute("lang", "es")
    expect(page.locator(".message.user").last).to_contain_text(SPANISH_QUESTION)
    answer.locator(".sources summary").click()
    expect(answer.locator(".sources li").first).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
    assert spanish_phone.complaints == []


def test_an_english_speaking_parent_asks_on_a_laptop(english_laptop: Visit) -> None:
    page = english_laptop.page
    expect(page.locator("html")).to_have_attribute("lang", "en")
    english_laptop.ask(ENGLISH_QUESTION)
    answer = page.locator(ANSWER).last
    expect(answer).to_have_attribute("lang", "en")
    answer.get_by_role("button", name="Yes").click()
    expect(answer.get_by_role("status")).to_have_text("Thank you for telling us.")
    assert english_laptop.complaints == []


def test_a_starter_question_is_asked_with_one_tap(spanish_phone: Visit) -> None:
    spanish_phone.page.locator(".welcome .chips button").first.tap()
    expect(spanish_phone.page.locator(ANSWER)).to_have_attribute("lang", "es", timeout=ANSWER_DEADLINE_MS)
    assert spanish_phone.complaints == []


def test_a_crisis_answer_stands_out_and_can_be_called(spanish_phone: Visit) -> None:
    spanish_phone.ask("quiero quitarme la vida")
    answer = spanish_phone.page.locator(".message.crisis")
    expect(answer).to_have_attribute("lang", "es")
    expect(answer.get_by_role("link", name="Llamar al 911")).to_have_attribute("href", "tel:911")
    expect(answer.get_by_role("link", name="Llamar al 988")).to_have_attribute("href", "tel:988")
    assert spanish_phone.complaints == []


def test_the_language_switch_keeps_the_draft_and_the_choice(english_laptop: Visit, server_url: str) -> None:
    page = english_laptop.page
    page.get_by_role("textbox").fill("asistencia")
    page.get_by_role("link", name="Español").click()
    expect(page.locator("html")).to_have_attribute("lang", "es")
    expect(page.get_by_role("textbox")).to_have_value("asistencia")
    page.goto(server_url)
    expect(page.locator("html")).to_have_attribute("lang", "es")


def test_the_plain_form_answers_without_javascript(browser: Browser, server_url: str) -> None:
    with browser.new_context(viewport=PHONE, locale="es-MX", java_script_enabled=False) as context:
        visit = Visit(context, server_url)
        page = visit.page
        page.get_by_role("textbox").fill(SPANISH_QUESTION)
        page.get_by_role("button", name="Enviar").click()
        expect(page.locator(".message.user")).to_contain_text(SPANISH_QUESTION)
        expect(page.locator(ANSWER)).to_have_attribute("lang", "es")
        page.get_by_role("button", name="Borrar esta conversación").click()
        expect(page.locator(ANSWER)).to_have_count(0)
        assert visit.complaints == []


def test_a_reload_keeps_the_conversation_until_it_is_deleted(english_laptop: Visit) -> None:
    page = english_laptop.page
    english_laptop.ask(ENGLISH_QUESTION)
    said = page.locator(ANSWER).locator(".text").inner_text()
    page.reload()
    expect(page.locator(".message.user")).to_contain_text(ENGLISH_QUESTION)
    expect(page.locator(ANSWER).locator(".text")).to_have_text(said, use_inner_text=True)
    page.get_by_role("button", name="Delete this conversation").click()
    page.get_by_role("button", name="Yes, delete it").click()
    expect(page.get_by_text("Your conversation was deleted.")).to_be_visible()
    page.reload()
    expect(page.locator(".message:not(.welcome)")).to_have_count(0)
    assert english_laptop.complaints == []


def test_markup_is_shown_as_text(english_laptop: Visit) -> None:
    page = english_laptop.page
    typed = "<img src=x onerror=\"document.title='taken'\"><script>document.title='taken'</script> attendance"
    english_laptop.ask(typed)
    for _ in ("as sent", "as stored"):
        expect(page.locator(".message.user")).to_contain_text("<img src=x")
        assert page.locator("#log img, #log script").count() == 0
        assert "taken" not in page.title()
        page.reload()
    assert english_laptop.complaints == []


def test_a_lost_connection_offers_to_try_again(english_laptop: Visit) -> None:
    page = english_laptop.page
    english_laptop.context.set_offline(True)
    page.get_by_role("textbox").fill(ENGLISH_QUESTION)
    page.get_by_role("textbox").press("Enter")
    expect(page.get_by_text("Check your internet connection.")).to_be_visible()
    english_laptop.context.set_offline(False)
    page.get_by_role("button", name="Try again").click()
    expect(page.locator(ANSWER)).to_have_count(1, timeout=ANSWER_DEADLINE_MS)
    expect(page.locator(".message.user")).to_have_count(1)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing(browser: Browser, server_url: str, scheme: str) -> None:
    dark = scheme == "dark"
    with browser.new_context(
        viewport=PHONE, locale="es-MX", color_scheme="dark" if dark else "light", reduced_motion="reduce"
    ) as context:
        visit = Visit(context, server_url)
        axe = Axe()
        first = axe.run(visit.page)
        assert first.violations_count == 0, first.generate_report()
        visit.ask(SPANISH_QUESTION)
        visit.page.locator(".sources summary").last.click()
        second = axe.run(visit.page)
        assert second.violations_count == 0, second.generate_report()


def test_both_languages_hold_every_sentence() -> None:
    sentences = read_page_sentences(LOCALES)
    assert sentences["en"].keys() == sentences["es"].keys()


def test_a_missing_sentence_is_named(tmp_path: Path) -> None:
    (tmp_path / "page.en.yml").write_text("send: Send\nretry: Try again\n", encoding="utf-8")
    (tmp_path / "page.es.yml").write_text("send: Enviar\n", encoding="utf-8")
    with pytest.raises(PageSentencesError, match=r"page\.es\.yml lacks: retry"):
        read_page_sentences(tmp_path)


def test_answers_are_split_into_lists_and_links() -> None:
    text = "Call (213) 443-1300 or see achieve.lausd.net/StrategicPlan.\n• One\n• Two, 988 students\nDone"
    first, listed, last = message_blocks(text)
    links = {span.text: span.href for span in first.lines[0] if span.href}
    assert links == {
        "(213) 443-1300": "tel:+12134431300",
        "achieve.lausd.net/StrategicPlan": "https://achieve.lausd.net/StrategicPlan",
    }
    assert listed.is_list and len(listed.lines) == 2
    assert all(span.href is None for line in (*listed.lines, *last.lines) for span in line)
    assert [span.href for span in message_blocks("Call 911.", crisis=True)[0].lines[0]] == [None, "tel:911", None]
