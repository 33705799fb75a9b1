"""What the chat page's script asks over HTTP, and messages that are sent twice."""

from concurrent.futures import ThreadPoolExecutor
from secrets import token_urlsafe

import httpx
import pytest

TARGETS = "What are the targets of 2D?"


def turn(client: httpx.Client, text: str = TARGETS, **more: object) -> httpx.Response:
    return client.post("/chat/turns", json={"text": text, "key": token_urlsafe(16), **more})


def held(client: httpx.Client, conversation: str) -> list[dict[str, object]]:
    messages: list[dict[str, object]] = client.get(f"/api/v1/conversations/{conversation}").json()["messages"]
    return messages


def test_an_answer_comes_drawn_with_its_target_sources_and_telephones(client: httpx.Client) -> None:
    html = turn(client).json()["html"]
    assert '<article class="message assistant answered" lang="en"' in html
    assert html.count('class="target-chart"') == 1 and "<li>" in html
    assert 'href="/plan/2D.M1?lang=en"' in html
    assert 'href="tel:+1' in turn(client, "I want to talk with a person").json()["html"]
    assert 'target="_blank"' in turn(client, framed=True).json()["html"].split('class="node"')[1].split(">")[0]


def test_a_key_answers_a_message_once_even_at_the_same_moment(client: httpx.Client) -> None:
    sent = {"json": {"text": TARGETS}, "headers": {"Idempotency-Key": token_urlsafe(16)}}
    with ThreadPoolExecutor(4) as pool:
        replies = list(pool.map(lambda _: client.post("/api/v1/messages", **sent).json(), range(4)))  # type: ignore[arg-type]
    assert all(reply == replies[0] for reply in replies)
    assert len(held(client, replies[0]["conversation_id"])) == 2
    other = client.post("/api/v1/messages", json={"text": "strategies of 2D"}, headers=sent["headers"]).json()
    assert other["message_id"] != replies[0]["message_id"]


@pytest.mark.parametrize("key", ["short", "k" * 65, "spaces are not good"])
def test_a_key_that_is_none_is_refused(client: httpx.Client, key: str) -> None:
    response = client.post("/api/v1/messages", json={"text": TARGETS}, headers={"Idempotency-Key": key})
    assert response.status_code == 422 and "key" in response.json()["detail"].lower()


def test_deleting_takes_the_kept_reply_too(client: httpx.Client) -> None:
    key = token_urlsafe(16)
    first = turn(client, key=key).json()
    assert client.post("/chat/delete", json={"conversation_id": first["conversation_id"]}).status_code == 204
    assert client.post("/chat/delete", json={"conversation_id": first["conversation_id"]}).status_code == 204
    again = turn(client, key=key).json()
    assert again["message_id"] != first["message_id"] and again["conversation_id"] != first["conversation_id"]


def test_an_invented_conversation_is_not_taken_over(client: httpx.Client) -> None:
    invented = "I" * 22
    assert turn(client, conversation_id=invented).json()["conversation_id"] != invented
    missing = client.post("/chat/past", json={"conversation_id": invented})
    assert missing.status_code == 404
    assert missing.headers["content-type"].startswith("application/problem+json")


def test_the_panels_cookie_is_partitioned_and_the_pages_is_lax(client: httpx.Client) -> None:
    framed, own = turn(client, framed=True).headers["set-cookie"], turn(client).headers["set-cookie"]
    assert framed.startswith("puente_panel=") and own.startswith("puente=")
    assert {"HttpOnly", "Secure", "SameSite=None", "Partitioned"} <= set(framed.split("; "))
    assert {"HttpOnly", "SameSite=Lax"} <= set(own.split("; ")) and "Partitioned" not in own
    client.cookies.clear()


def test_pages_travel_compressed(client: httpx.Client) -> None:
    page = client.get("/", headers={"Accept-Encoding": "gzip"})
    assert page.headers["content-encoding"] == "gzip" and "Accept-Encoding" in page.headers["vary"]
    assert "content-encoding" not in client.get("/", headers={"Accept-Encoding": "identity"}).headers
