"""Health, metrics and the description of the interface, over real HTTP."""

import re

import httpx
import pytest


def test_the_process_is_alive(client: httpx.Client) -> None:
    assert client.get("/health/live").raise_for_status().json() == {"status": "ok"}


def test_every_part_is_ready(client: httpx.Client) -> None:
    response = client.get("/health/ready")
    assert response.status_code == 200
    assert response.json() == {"status": "ok", "index": "ok", "dialogue": "ok", "store": "ok"}


def test_metrics_count_messages_and_hold_none_of_their_words(client: httpx.Client) -> None:
    def counted() -> float:
        text = client.get("/metrics").raise_for_status().text
        assert "platypus" not in text
        return sum(float(n) for n in re.findall(r"^puente_messages_total\{[^}]*\} ([\d.e+]+)$", text, re.MULTILINE))

    before = counted()
    for _ in range(2):
        client.post("/api/v1/messages", json={"text": "platypus attendance"}).raise_for_status()
    assert counted() == before + 2
    text = client.get("/metrics").text
    assert "# TYPE puente_message_seconds histogram" in text
    assert client.get("/metrics").headers["content-type"].startswith("text/plain")


def test_the_interface_is_described(client: httpx.Client) -> None:
    described = client.get("/openapi.json").raise_for_status().json()
    assert described["openapi"].startswith("3.")
    assert described["paths"].keys() >= {
        "/api/v1/messages", "/api/v1/search", "/api/v1/plan", "/api/v1/plan/{node_id}", "/api/v1/feedback",
        "/api/v1/conversations/{conversation_id}", "/health/live", "/health/ready", "/metrics",
    }
    reply = described["components"]["schemas"]["Reply"]["properties"]
    assert reply.keys() == {"conversation_id", "message_id", "language", "outcome", "text", "citations", "suggestions", "confidence"}
    assert set(reply["outcome"]["enum"]) == {"answered", "gap", "abstain", "crisis", "smalltalk", "handoff", "language_switch"}
    assert "swagger" in client.get("/docs").raise_for_status().text.lower()


@pytest.mark.parametrize("path", ["/nothing", "/api/v1/nothing", "/api/v1/plan/2D/more", "/static/../api/settings.py", "/%00", "/.git/config"])
def test_an_unknown_address_is_a_problem_document(client: httpx.Client, path: str) -> None:
    response = client.get(path)
    assert response.status_code == 404
    assert response.headers["content-type"].startswith("application/problem+json")
    assert response.json()["status"] == 404


def test_many_at_once_are_all_answered(server_url: str) -> None:
    from concurrent.futures import ThreadPoolExecutor

    def ask(number: int) -> tuple[str, str]:
        texts = ("strategies of 2D", "¿qué hacen por la asistencia?", "hello", "<b>2D</b>")
        reply = httpx.post(f"{server_url}/api/v1/messages", json={"text": texts[number % 4]}, timeout=120).raise_for_status().json()
        return reply["conversation_id"], reply["message_id"]

    with ThreadPoolExecutor(8) as pool:
        replies = list(pool.map(ask, range(24)))
    assert len({conversation for conversation, _ in replies}) == len({message for _, message in replies}) == 24


def test_turns_of_one_conversation_sent_at_once_are_all_kept(client: httpx.Client, server_url: str) -> None:
    from concurrent.futures import ThreadPoolExecutor

    conversation = client.post("/api/v1/messages", json={"text": "hello"}).raise_for_status().json()["conversation_id"]

    def ask(node: str) -> int:
        body = {"text": f"strategies of {node}", "conversation_id": conversation}
        return httpx.post(f"{server_url}/api/v1/messages", json=body, timeout=120).status_code

    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(ask, ["2D", "3B", "2A", "2B"])) == [200] * 4
    kept = client.get(f"/api/v1/conversations/{conversation}").raise_for_status().json()["messages"]
    assert [message["role"] for message in kept] == ["user", "assistant"] * 5
