"""Conversations and feedback over real HTTP: kept, redacted, judged, deleted."""

import sqlite3

import httpx
import pytest

from api.settings import Settings


def ask(client: httpx.Client, text: str, conversation: str | None = None) -> dict[str, str]:
    reply: dict[str, str] = client.post("/api/v1/messages", json={"text": text, "conversation_id": conversation}).raise_for_status().json()
    return reply


def history(client: httpx.Client, conversation: str) -> list[dict[str, object]]:
    body = client.get(f"/api/v1/conversations/{conversation}").raise_for_status().json()
    assert body["conversation_id"] == conversation
    messages: list[dict[str, object]] = body["messages"]
    return messages


def assert_problem(response: httpx.Response, status: int) -> None:
    assert response.status_code == status, response.text
    assert response.headers["content-type"].startswith("application/problem+json")
    assert response.json()["status"] == status


def test_a_conversation_is_kept_in_order(client: httpx.Client) -> None:
    first = ask(client, "strategies of 2D")
    second = ask(client, "¿y la meta?", first["conversation_id"])
    kept = history(client, first["conversation_id"])
    assert [message["role"] for message in kept] == ["user", "assistant", "user", "assistant"]
    assert [message["text"] for message in kept][::2] == ["strategies of 2D", "¿y la meta?"]
    assert [kept[1]["message_id"], kept[3]["message_id"]] == [first["message_id"], second["message_id"]]
    assert kept[1]["outcome"] == "answered" and kept[0]["outcome"] is None
    assert kept[1]["citations"] == first["citations"]
    assert kept[3]["language"] == second["language"]
    assert kept[1]["text"] == first["text"]


@pytest.mark.parametrize("text", ["I want to talk with a person", "quiero hablar con una persona", "my son wants to kill himself"])
def test_public_telephone_numbers_stay_readable_in_the_history(client: httpx.Client, text: str) -> None:
    reply = ask(client, text)
    assert "(213)" in reply["text"]
    assert history(client, reply["conversation_id"])[1]["text"] == reply["text"]


@pytest.mark.parametrize(
    ("text", "secret"),
    [
        ("call me at (310) 555-0123 about the strategies of 2D", "555-0123"),
        ("mi correo es rosa.p@example.org, ¿qué dice 2D?", "rosa.p@example.org"),
        ("student number 0123456789, attendance in 2D", "0123456789"),
        ("mi teléfono es 310.555.0199", "555.0199"),
    ],
)
def test_personal_numbers_and_addresses_are_not_kept(client: httpx.Client, settings: Settings, text: str, secret: str) -> None:
    reply = ask(client, text)
    assert secret not in str(history(client, reply["conversation_id"]))
    for name in ("puente.db", "puente.db-wal", "tracker.db", "tracker.db-wal"):
        path = settings.data / name
        assert not path.exists() or secret.encode() not in path.read_bytes(), name


def test_a_deleted_conversation_is_gone_everywhere(client: httpx.Client, settings: Settings) -> None:
    reply = ask(client, "strategies of 3B, wombats included")
    conversation = reply["conversation_id"]
    deleted = client.delete(f"/api/v1/conversations/{conversation}")
    assert (deleted.status_code, deleted.content) == (204, b"")
    assert_problem(client.get(f"/api/v1/conversations/{conversation}"), 404)
    assert_problem(client.delete(f"/api/v1/conversations/{conversation}"), 404)
    assert_problem(client.post("/api/v1/feedback", json={"message_id": reply["message_id"], "helpful": True}), 404)
    with sqlite3.connect(settings.data / "tracker.db") as tracker:
        kept = tracker.execute("SELECT COUNT(*) FROM trackers WHERE sender_id = ?", (conversation,)).fetchone()
    tracker.close()
    assert kept == (0,)


def test_a_deleted_conversation_is_not_remembered(client: httpx.Client) -> None:
    conversation = ask(client, "strategies of 2D")["conversation_id"]
    client.delete(f"/api/v1/conversations/{conversation}").raise_for_status()
    assert "12.8%" not in ask(client, "and the targets?", conversation)["text"]


@pytest.mark.parametrize("conversation", ["never-made-by-anyone", "00000000"])
def test_unknown_conversations_are_not_found(client: httpx.Client, conversation: str) -> None:
    assert_problem(client.get(f"/api/v1/conversations/{conversation}"), 404)
    assert_problem(client.delete(f"/api/v1/conversations/{conversation}"), 404)


@pytest.mark.parametrize("conversation", ["x", "a" * 65, "%00%00%00%00%00%00%00%00", "%27%20OR%201%3D1", "%C3%B1%C3%B1%C3%B1%C3%B1%C3%B1%C3%B1%C3%B1%C3%B1"])
def test_what_cannot_be_an_id_is_refused(client: httpx.Client, conversation: str) -> None:
    assert_problem(client.get(f"/api/v1/conversations/{conversation}"), 422)


def test_an_answer_is_judged_and_judged_again(client: httpx.Client, settings: Settings) -> None:
    message = ask(client, "strategies of 2D")["message_id"]
    for body in (
        {"message_id": message, "helpful": True},
        {"message_id": message, "helpful": False, "reason": "not what I asked, call 310 555 0177"},
        {"message_id": message, "helpful": False, "reason": "not what I asked, call 310 555 0177"},
    ):
        response = client.post("/api/v1/feedback", json=body)
        assert (response.status_code, response.content) == (204, b"")
    with sqlite3.connect(settings.data / "puente.db") as store:
        rows = store.execute("SELECT helpful, reason FROM feedback WHERE message_id = ?", (message,)).fetchall()
    store.close()
    assert len(rows) == 1
    assert not rows[0][0]
    assert "not what I asked" in rows[0][1] and "0177" not in rows[0][1]


@pytest.mark.parametrize("message", ["unknown", "a" * 64, "\0", "ñ", "' OR 1=1 --"])
def test_feedback_on_an_unknown_message_is_not_found(client: httpx.Client, message: str) -> None:
    assert_problem(client.post("/api/v1/feedback", json={"message_id": message, "helpful": True, "reason": None}), 404)


@pytest.mark.parametrize(
    "body",
    [
        {}, {"message_id": "a"}, {"helpful": True}, {"message_id": "", "helpful": True}, {"message_id": "a" * 65, "helpful": True},
        {"message_id": 1, "helpful": True}, {"message_id": "a", "helpful": "perhaps"}, {"message_id": "a", "helpful": None},
        {"message_id": "a", "helpful": True, "reason": "x" * 1001}, {"message_id": "a", "helpful": True, "reason": 1},
        {"message_id": "a", "helpful": True, "stars": 5},
    ],
)
def test_feedback_that_is_not_whole_is_refused(client: httpx.Client, body: dict[str, object]) -> None:
    assert_problem(client.post("/api/v1/feedback", json=body), 422)
