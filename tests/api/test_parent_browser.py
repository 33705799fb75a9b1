"""What parents do on the chat page: a Spanish-speaking one on a small phone, an English-speaking one on a laptop."""

import re

import httpx
import pytest
from playwright.sync_api import Page, expect

from .conftest import ANSWER, ANSWER_DEADLINE_MS, LAPTOP, PHONE, Open, Visit

SPANISH_QUESTION = "que hacen con los ninos que faltan mucho"
ENGLISH_QUESTION = "What is the plan doing about students who miss a lot of school?"


def test_a_spanish_speaking_parent_asks_on_a_phone(parent: Visit) -> None:
    page = parent.page
    expect(page.locator("html")).to_have_attribute("lang", "es")
    expect(page.get_by_role("heading", level=1)).to_be_in_viewport()
    expect(page.get_by_text("Se guarda 30 días")).to_be_in_viewport()
    answer = parent.ask(SPANISH_QUESTION)
    expect(answer).to_have_attribute("lang", "es")
    expect(page.locator(".message.user").last).to_contain_text(SPANISH_QUESTION)
    answer.locator(".sources summary").tap()
    expect(answer.locator(".sources li").first).to_be_visible()
    expect(answer.locator(".sources .node").first).to_have_attribute("href", re.compile(r"^/plan/\w+(\.\w+)?\?lang=es$"))
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
    page.get_by_role("button", name="Borrar esta conversación").tap()
    page.get_by_role("button", name="Sí, borrarla").tap()
    expect(page.get_by_text("Se borró su conversación.")).to_be_visible()
    page.reload()
    expect(page.locator(".message:not(.welcome)")).to_have_count(0)
    parent.settle()


def test_an_english_speaking_parent_looks_at_a_target_on_a_laptop(reader: Visit) -> None:
    page = reader.page
    expect(page.locator("html")).to_have_attribute("lang", "en")
    expect(reader.question).to_be_focused()
    answer = reader.ask("What are the targets of 2D?")
    expect(answer.locator(".text ul > li")).to_have_count(1)
    chart = answer.get_by_role("img")
    expect(chart).to_be_visible()
    assert "12.8" in (chart.get_attribute("aria-label") or "")
    expect(answer.locator(".who time")).to_have_text(re.compile(r"\d{1,2}:\d\d"))
    reader.ask("How do I talk with a person?")
    expect(reader.answers.last.locator("a[href^='tel:+1']").first).to_be_visible()
    chips = answer.locator(".chips button")
    expect(chips).to_have_count(0)
    reader.settle()


def test_one_cookie_holds_language_and_conversation(reader: Visit) -> None:
    assert reader.context.cookies() == []
    reader.ask(ENGLISH_QUESTION)
    [cookie] = reader.context.cookies()
    assert cookie["name"] == "puente" and cookie["httpOnly"] and cookie["sameSite"] == "Lax"


def test_a_starter_question_is_asked_with_one_tap(parent: Visit) -> None:
    parent.page.locator(".welcome .chips button").first.tap()
    expect(parent.answers).to_have_attribute("lang", "es", timeout=ANSWER_DEADLINE_MS)
    expect(parent.question).not_to_be_focused()
    parent.settle()


def test_a_crisis_answer_stands_out_and_can_be_called(parent: Visit) -> None:
    parent.ask("quiero quitarme la vida")
    answer = parent.page.locator(".message.crisis")
    expect(answer).to_have_attribute("lang", "es")
    expect(answer.get_by_role("link", name="Llamar al 911")).to_have_attribute("href", "tel:911")
    expect(answer.get_by_role("link", name="Llamar al 988")).to_have_attribute("href", "tel:988")
    parent.scan()
    parent.settle()


def test_help_is_in_the_header_of_the_page(parent: Visit) -> None:
    help = parent.page.locator("header .help")
    help.locator("summary").tap()
    expect(help.locator("a[href^='tel:+1']").first).to_be_visible()
    parent.page.keyboard.press("Escape")
    expect(help.locator(".sheet")).to_be_hidden()


def test_the_language_switch_keeps_the_draft_and_the_choice(reader: Visit) -> None:
    page = reader.page
    reader.question.fill("asistencia")
    page.get_by_role("link", name="Español").click()
    expect(page.locator("html")).to_have_attribute("lang", "es")
    expect(reader.question).to_have_value("asistencia")
    page.goto(reader.url)
    expect(page.locator("html")).to_have_attribute("lang", "es")


def test_each_message_keeps_its_own_language(reader: Visit) -> None:
    reader.ask(ENGLISH_QUESTION)
    reader.ask("¿cuáles son las metas de 2D?")
    expect(reader.answers.first).to_have_attribute("lang", "en")
    expect(reader.answers.last).to_have_attribute("lang", "es")
    expect(reader.page.locator(".message.user").last).to_have_attribute("lang", "es")


def test_a_thumb_and_its_reason_are_kept(reader: Visit) -> None:
    answer = reader.ask(ENGLISH_QUESTION)
    answer.get_by_role("button", name="No", exact=True).click()
    expect(answer.get_by_role("status")).to_have_text("Thank you for telling us.")
    answer.get_by_label("Would you like to say why?").fill("It does not say which school. Call me at 213-555-0123.")
    answer.get_by_role("button", name="Send").click()
    expect(answer.get_by_role("status")).to_have_text("Thank you. We read every note.")
    expect(answer.get_by_role("button", name="No", exact=True)).to_have_attribute("aria-pressed", "true")
    reader.settle()


def test_an_answer_is_copied_shared_and_read_aloud(visit: Open, server_url: str) -> None:
    reader = visit(LAPTOP, "en-US", go=False, permissions=["clipboard-read", "clipboard-write"])
    reader.page.add_init_script(
        "window.spoken = []; speechSynthesis.speak = (said) => spoken.push([said.lang, said.text]);"
    )
    reader.page.goto(server_url)
    answer = reader.ask("What are the targets of 2D?")
    answer.get_by_role("button", name="Copy").click()
    expect(reader.page.get_by_text("The answer was copied.")).to_be_visible()
    copied = reader.page.evaluate("navigator.clipboard.readText()")
    assert "12.8%" in copied and copied.endswith(f"{server_url}/plan/2D?lang=en")
    answer.get_by_role("button", name="Share").click()
    expect(reader.page.get_by_text("The link was copied.")).to_be_visible()
    assert reader.page.evaluate("navigator.clipboard.readText()") == f"{server_url}/plan/2D?lang=en"
    answer.get_by_role("button", name="Listen").click()
    expect(answer.get_by_role("button", name="Stop")).to_have_attribute("aria-pressed", "true")
    [[language, text]] = reader.page.evaluate("spoken")
    assert language == "en-US" and "12.8%" in text and "Copy" not in text
    answer.get_by_role("button", name="Stop").click()
    expect(answer.get_by_role("button", name="Listen")).to_be_visible()
    reader.settle()


def test_a_phone_that_can_share_is_asked_to(visit: Open, server_url: str) -> None:
    parent = visit(PHONE, "es-MX", go=False)
    parent.page.add_init_script("window.shared = []; navigator.share = async (what) => { shared.push(what.url); };")
    parent.page.goto(server_url)
    parent.ask("¿cuáles son las metas de 2D?").get_by_role("button", name="Compartir").click()
    assert parent.page.evaluate("shared") == [f"{server_url}/plan/2D?lang=es"]


def test_a_reload_keeps_the_conversation(reader: Visit) -> None:
    said = reader.ask(ENGLISH_QUESTION).locator(".text").inner_text()
    reader.page.reload()
    expect(reader.page.locator(".message.user")).to_contain_text(ENGLISH_QUESTION)
    expect(reader.answers.locator(".text")).to_have_text(said, use_inner_text=True)
    expect(reader.answers.locator(".chips button").first).to_be_visible()
    reader.settle()


def test_markup_is_shown_as_text(reader: Visit) -> None:
    typed = "<img src=x onerror=\"document.title='taken'\"><script>document.title='taken'</script> attendance"
    reader.ask(typed)
    for _ in ("as sent", "as stored"):
        expect(reader.page.locator(".message.user")).to_contain_text("<img src=x")
        assert reader.page.locator("#log img, #log script").count() == 0
        assert "taken" not in reader.page.title()
        reader.page.reload()
    reader.settle()


def test_a_text_of_ten_thousand_characters_is_kept_and_explained(parent: Visit) -> None:
    long = "¿Y la asistencia? " * 600
    parent.question.fill(long)
    parent.question.press("Enter")
    expect(parent.page.get_by_role("alert")).to_contain_text("Sobran 9,800 letras")
    expect(parent.question).to_have_value(long)
    expect(parent.answers).to_have_count(0)
    parent.ask("¿Y la asistencia?")
    expect(parent.page.locator("#problem")).to_be_hidden()
    parent.settle()


@pytest.mark.parametrize("cookie", ["es~AAAAAAAAAAAAAAAAAAAAAA", "<script>", "es~../../etc"])
def test_a_lost_or_foreign_cookie_begins_a_new_conversation(visit: Open, server_url: str, cookie: str) -> None:
    parent = visit(PHONE, "es-MX", go=False)
    parent.context.add_cookies([{"name": "puente", "value": cookie, "url": server_url}])
    parent.page.goto(server_url)
    told = parent.page.get_by_text("Su conversación anterior ya no está aquí.")
    expect(told).to_be_visible(visible="AAAA" in cookie)
    parent.ask(SPANISH_QUESTION)
    [held] = parent.context.cookies()
    assert re.fullmatch(r"(es)?~[\w-]{22}", held["value"]) and "AAAA" not in held["value"]
    parent.settle()


def test_a_conversation_of_another_channel_is_not_shown(reader: Visit, client: httpx.Client) -> None:
    made = client.post("/api/v1/messages", json={"text": ENGLISH_QUESTION, "channel": "sms"}).json()
    reader.context.add_cookies([{"name": "puente", "value": f"~{made['conversation_id']}", "url": reader.url}])
    reader.page.reload()
    expect(reader.page.locator(ANSWER)).to_have_count(0)
    expect(reader.page.get_by_text("Your earlier conversation is no longer here.")).to_be_visible()


def reads_of(page: Page) -> list[str]:
    """What a screen reader hears of the log: each text added to the live region outside of `aria-live=off`."""
    heard: list[str] = page.evaluate("window.heard")
    return heard


def test_a_screen_reader_hears_each_message_once(reader: Visit) -> None:
    page = reader.page
    expect(page.get_by_role("log")).to_have_attribute("aria-live", "polite")
    page.evaluate(
        """() => {
          window.heard = [];
          new MutationObserver((changes) => {
            for (const change of changes) for (const node of change.addedNodes) {
              const nearest = (node.nodeType === 1 ? node : node.parentElement)?.closest("[aria-live]");
              if (nearest?.getAttribute("aria-live") === "polite") heard.push(node.textContent.replace(/\\s+/g, " ").trim());
            }
          }).observe(document.querySelector("#log"), { childList: true, subtree: true });
        }"""
    )
    answer = reader.ask("What are the targets of 2D?")
    opening = answer.locator(".text p").first.inner_text()
    page.wait_for_timeout(300)
    heard = reads_of(page)
    assert len(heard) == 2
    assert re.fullmatch(r"You ?What are the targets of 2D\?", heard[0])
    assert heard[1].startswith("Puente") and heard[1].count(opening) == 1
    assert "Copy" not in heard[1] and "Sources" not in heard[1]
    expect(reader.question).to_be_focused()
