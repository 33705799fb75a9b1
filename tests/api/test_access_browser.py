"""WCAG 2.2 AA on the chat page: axe-core in every state, the keyboard alone, reflow, large text, target size, history."""

import pytest
from playwright.sync_api import expect

from .conftest import ANSWER_DEADLINE_MS, LAPTOP, PHONE, Open, Visit

QUESTIONS = {"en-US": "What are the targets of 2D?", "es-MX": "¿cuáles son las metas de 2D?"}
SMALL_TARGETS = """() => Array.from(document.querySelectorAll("button, summary, input, textarea, nav a, .node, .calls a"))
  .filter((target) => target.checkVisibility() && target.type !== "hidden")
  .map((target) => [target.outerHTML.slice(0, 80), target.getBoundingClientRect()])
  .filter(([, box]) => box.width < 24 || box.height < 24).map(([html]) => html)"""
OVERFLOW = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("locale", ["en-US", "es-MX"])
def test_axe_finds_nothing_in_any_state(visit: Open, locale: str, scheme: str) -> None:
    someone = visit(PHONE, locale, color_scheme=scheme, reduced_motion="reduce")
    page = someone.page
    someone.scan()
    page.locator("header .help summary").click()
    someone.scan()
    page.keyboard.press("Escape")
    page.locator(".notice summary").click()
    someone.scan()
    answer = someone.ask(QUESTIONS[locale])
    answer.locator(".sources summary").click()
    answer.locator("[value=no]").click()
    expect(answer.locator(".judged textarea")).to_be_visible()
    someone.scan()
    assert page.evaluate(SMALL_TARGETS) == []
    page.locator("#delete").click()
    someone.scan()
    page.keyboard.press("Escape")
    someone.question.fill("a" * 1200)
    someone.question.press("Enter")
    expect(page.locator("#problem")).to_be_visible()
    someone.scan()
    someone.question.fill("")
    someone.ask("911 suicide, suicidio")
    someone.settle()
    someone.context.set_offline(True)
    someone.question.fill("2D")
    someone.question.press("Enter")
    expect(page.locator(".failed")).to_be_visible()
    someone.scan()


def test_axe_finds_nothing_on_a_laptop_or_on_the_feedback_page(visit: Open) -> None:
    reader = visit(LAPTOP, "en-US", java_script_enabled=True)
    reader.ask(QUESTIONS["en-US"])
    reader.scan()
    reader.page.evaluate("document.querySelector('.helpful button').form.action = '/feedback'")
    reader.page.evaluate(
        """() => { const form = document.querySelector('.helpful'); const said = document.createElement('input');
        said.type = 'hidden'; said.name = 'helpful'; said.value = 'no'; form.append(said); form.submit(); }"""
    )
    expect(reader.page.get_by_role("heading", name="Thank you for telling us.")).to_be_visible()
    reader.scan()
    reader.settle()


def test_everything_is_done_with_the_keyboard_alone(visit: Open) -> None:
    reader = visit(LAPTOP, "en-US")
    page = reader.page
    skip = page.get_by_role("link", name="Go to the question box")
    for _ in range(20):
        page.keyboard.press("Shift+Tab")
        if skip.evaluate("(link) => link === document.activeElement"):
            break
    expect(skip).to_be_in_viewport()
    page.keyboard.press("Enter")
    expect(reader.question).to_be_focused()
    page.keyboard.type(QUESTIONS["en-US"])
    page.keyboard.press("Enter")
    expect(reader.answers.locator(".chips button")).not_to_have_count(0, timeout=ANSWER_DEADLINE_MS)
    expect(reader.question).to_be_focused()
    # Backwards from the box: the chips, the thumbs, the tools, the sources.
    met: list[str] = []
    for _ in range(10):
        page.keyboard.press("Shift+Tab")
        met.append(page.evaluate("document.activeElement.innerText.trim().split('\\n')[0]"))
        if met[-1].startswith("Sources"):
            break
    assert met[-1].startswith("Sources") and {"Yes", "No", "Listen"} <= set(met), met
    outline = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
    assert outline == "solid"
    page.keyboard.press("Enter")
    expect(reader.answers.locator(".sources li").first).to_be_visible()
    reader.answers.locator(".chips button").first.focus()
    page.keyboard.press("Enter")
    expect(reader.answers).to_have_count(2, timeout=ANSWER_DEADLINE_MS)
    expect(reader.question).to_be_focused()
    page.get_by_role("button", name="Delete this conversation").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("dialog")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("button", name="Delete this conversation")).to_be_focused()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(reader.answers).to_have_count(0)
    expect(reader.question).to_be_focused()
    reader.settle()


@pytest.mark.parametrize(("width", "text"), [(320, "100%"), (360, "200%"), (1280, "200%")])
def test_nothing_is_cut_off_at_320_pixels_or_with_text_twice_as_large(visit: Open, width: int, text: str) -> None:
    parent = visit({"width": width, "height": 640}, "es-MX")
    parent.page.evaluate("(size) => { document.documentElement.style.fontSize = size; }", text)
    assert parent.page.evaluate(OVERFLOW) == 0
    parent.ask(QUESTIONS["es-MX"]).locator(".sources summary").click()
    assert parent.page.evaluate(OVERFLOW) == 0
    header = "Array.from(document.querySelectorAll('header a, header summary')).every((e) => e.getBoundingClientRect().right <= innerWidth)"
    assert parent.page.evaluate(header)
    parent.settle()


def test_reduced_motion_stops_all_movement(visit: Open) -> None:
    parent = visit(PHONE, "es-MX", reduced_motion="reduce")
    with parent.holding("**/chat/turns"):
        parent.question.fill("2D")
        parent.question.press("Enter")
        expect(parent.page.locator(".typing")).to_be_visible()
        assert parent.page.evaluate("document.getAnimations().length") == 0


def test_a_thousand_messages_stay_usable(reader: Visit, long_conversation: str) -> None:
    page = reader.page
    reader.context.add_cookies([{"name": "puente", "value": f"~{long_conversation}", "url": reader.url}])
    page.reload()
    messages = page.locator(".message:not(.welcome)")
    expect(messages).to_have_count(40)
    earlier = page.get_by_role("link", name="Show earlier messages")
    for shown in (*range(140, 1000, 100), 1000):
        earlier.click()
        expect(messages).to_have_count(shown)
    expect(earlier).to_have_count(0)
    expect(messages.first).to_contain_text("Question 0:")
    order = page.evaluate("Array.from(document.querySelectorAll('.message.user p:last-child'), (p) => parseInt(p.textContent.slice(9)))")
    assert order == list(range(500))
    reader.ask("What are the strategies of 2D?")
    expect(messages).to_have_count(1002)
    reader.settle()
