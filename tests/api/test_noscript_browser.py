"""The chat page without JavaScript: forms, and what they say of bad input."""

import re
from collections.abc import Iterator

import httpx
import pytest
from playwright.sync_api import expect

from .conftest import LAPTOP, PHONE, Open, Visit

SPANISH_QUESTION = "que hacen con los ninos que faltan mucho"
KEY = re.compile(r'name="key" value="([\w-]{16,64})"')


@pytest.fixture
def plain(visit: Open) -> Visit:
    """A Spanish-speaking parent whose phone runs no JavaScript."""
    return visit(PHONE, "es-MX", java_script_enabled=False)


@pytest.fixture
def form(server_url: str) -> Iterator[httpx.Client]:
    """A browser reduced to its forms and cookies."""
    with httpx.Client(base_url=server_url, timeout=60, headers={"Accept-Language": "es"}, follow_redirects=True) as client:
        yield client


def test_the_form_answers_rates_and_deletes(plain: Visit) -> None:
    page = plain.page
    plain.question.fill(SPANISH_QUESTION)
    page.get_by_role("button", name="Enviar").click()
    expect(page.locator(".message.user")).to_contain_text(SPANISH_QUESTION)
    expect(plain.answers).to_have_attribute("lang", "es")
    expect(plain.answers.locator(".chips button").first).to_be_visible()
    expect(page.get_by_role("button", name="Copiar")).to_have_count(0)
    plain.answers.locator(".sources summary").click()
    expect(plain.answers.locator(".sources li").first).to_be_visible()
    page.get_by_role("button", name="No", exact=True).click()
    expect(page.get_by_role("heading", name="Gracias por decirnos.")).to_be_visible()
    page.get_by_label("¿Quiere decirnos por qué?").fill("No dice qué escuela.")
    page.get_by_role("button", name="Enviar").click()
    expect(page.get_by_role("heading", name="Gracias por decirnos.")).to_be_visible()
    page.get_by_role("link", name="Regresar a la conversación").click()
    page.get_by_role("button", name="Borrar esta conversación").click()
    expect(plain.answers).to_have_count(0)
    expect(page.get_by_text("Se borró su conversación.")).to_be_visible()
    plain.settle()


def test_a_form_clicked_twice_asks_once(plain: Visit) -> None:
    plain.question.fill(SPANISH_QUESTION)
    plain.page.get_by_role("button", name="Enviar").dblclick()
    expect(plain.answers).to_have_count(1)
    plain.page.reload()
    expect(plain.page.locator(".message.user")).to_have_count(1)


def test_a_form_posted_twice_is_answered_once_and_another_text_is_not_lost(form: httpx.Client) -> None:
    [key] = KEY.findall(form.get("/").text)
    sent = {"text": "¿Cuáles son las metas de 2D?", "key": key, "lang": "es"}
    assert form.post("/", data=sent).text.count('class="message user') == 1
    assert form.post("/", data=sent).text.count('class="message user') == 1
    # The browser's Back shows the old form; what is written there is another question.
    assert form.post("/", data=sent | {"text": "¿Y las estrategias?"}).text.count('class="message user') == 2


@pytest.mark.parametrize(
    ("text", "status", "said"),
    [
        ("a" * 10_000, 400, "Su pregunta es muy larga."),
        (" \n ", 400, "Primero escriba una pregunta"),
        ("\x00\x07", 400, "Primero escriba una pregunta"),
        ("<script>alert(1)</script>", 200, "&lt;script&gt;alert(1)&lt;/script&gt;"),
    ],
)
def test_bad_input_gets_a_clear_page_with_the_text_kept(form: httpx.Client, text: str, status: int, said: str) -> None:
    answer = form.post("/", data={"text": text, "lang": "es"})
    assert answer.status_code == status
    assert said in answer.text and '<html lang="es"' in answer.text
    assert "<script>alert" not in answer.text
    if len(text) > 1000:
        assert text in answer.text


def test_a_form_of_another_site_is_not_sent_and_not_lost(form: httpx.Client) -> None:
    for path in ("/", "/widget"):
        answer = form.post(path, data={"text": "hola 2D"}, headers={"Sec-Fetch-Site": "cross-site"})
        assert answer.status_code == 403
        assert "hola 2D" in answer.text and "vino de otro sitio" in answer.text
        assert 'class="message user' not in answer.text
    assert form.post("/chat/delete", json={"conversation_id": "A" * 22}, headers={"Sec-Fetch-Site": "cross-site"}).status_code == 403


def test_feedback_on_an_answer_that_is_gone_is_told(form: httpx.Client) -> None:
    answer = form.post("/feedback", data={"message_id": "A" * 22, "helpful": "yes", "lang": "es"})
    assert answer.status_code == 404
    assert "Esa respuesta ya no está aquí" in answer.text


def test_the_panels_form_works_without_script_or_cookie(form: httpx.Client) -> None:
    first = form.post("/widget", data={"text": "¿Cuáles son las metas de 2D?", "lang": "es"})
    [named] = set(re.findall(r'name="conversation" value="([\w-]+)"', first.text))
    form.cookies.clear()
    second = form.post("/widget", data={"text": "¿Y las estrategias?", "conversation": named, "lang": "es"})
    assert second.text.count('class="message user') == 2


def test_older_messages_are_a_link_away(visit: Open, long_conversation: str, server_url: str) -> None:
    reader = visit(LAPTOP, "en-US", go=False, java_script_enabled=False)
    reader.context.add_cookies([{"name": "puente", "value": f"~{long_conversation}", "url": server_url}])
    reader.page.goto(server_url)
    expect(reader.page.locator(".message:not(.welcome)")).to_have_count(40)
    reader.page.get_by_role("link", name="Show earlier messages").click()
    expect(reader.page.locator(".message:not(.welcome)")).to_have_count(140)
    reader.settle()
