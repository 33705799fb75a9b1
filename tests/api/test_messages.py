"""POST /api/v1/messages over real HTTP: its fields, its outcomes, and what it does with bad input."""

import json
import re

import httpx
import pytest

from api.settings import Settings

FIELDS = {"conversation_id", "message_id", "language", "outcome", "text", "citations", "suggestions", "confidence"}
OUTCOMES = {"answered", "gap", "abstain", "crisis", "smalltalk", "handoff", "language_switch"}
TRACE = re.compile(r"Traceback|File \"|site-packages|\.py\b")


def post(client: httpx.Client, text: object, **more: object) -> httpx.Response:
    return client.post("/api/v1/messages", json={"text": text, **more})


def assert_problem(response: httpx.Response, *statuses: int) -> dict[str, object]:
    """A problem document of one of these statuses that gives nothing of the inside away."""
    assert response.status_code in statuses, response.text
    assert response.headers["content-type"].startswith("application/problem+json")
    body: dict[str, object] = response.json()
    assert {"type", "title", "status", "detail"} <= body.keys()
    assert body["status"] == response.status_code
    assert isinstance(body["detail"], str) and body["detail"]
    assert not TRACE.search(response.text)
    return body


def assert_reply(response: httpx.Response) -> dict[str, object]:
    """A reply with every field of the contract, of its type."""
    assert response.status_code == 200, response.text
    reply: dict[str, object] = response.json()
    assert reply.keys() == FIELDS
    for field in ("conversation_id", "message_id", "text"):
        assert isinstance(reply[field], str) and reply[field]
    assert reply["language"] in ("en", "es")
    assert reply["outcome"] in OUTCOMES
    assert isinstance(reply["confidence"], float | int) and 0 <= reply["confidence"] <= 1
    assert isinstance(reply["citations"], list) and isinstance(reply["suggestions"], list)
    for citation in reply["citations"]:
        assert citation.keys() == {"id", "title", "path", "url", "source", "as_of"}
        assert all(isinstance(citation[field], str) and citation[field] for field in ("id", "title"))
        assert isinstance(citation["url"], str) and isinstance(citation["source"], str)
        assert isinstance(citation["path"], list) and all(isinstance(step, str) for step in citation["path"])
        assert citation["as_of"] is None or isinstance(citation["as_of"], str)
    for suggestion in reply["suggestions"]:
        assert suggestion.keys() == {"title", "text"}
        assert suggestion["title"] and suggestion["text"]
    return reply


def test_an_answer_has_every_field(client: httpx.Client) -> None:
    reply = assert_reply(post(client, "What are the strategies of 2D?", conversation_id=None, language=None, channel="web"))
    assert (reply["outcome"], reply["language"]) == ("answered", "en")
    assert isinstance(reply["citations"], list)
    first = reply["citations"][0]
    assert first["id"] == "2D" and len(first["path"]) == 1
    assert first["url"] and first["source"]
    below = next(c for c in reply["citations"] if c["id"] == "2D.S1")
    assert len(below["path"]) == 2
    assert reply["suggestions"]


@pytest.mark.parametrize("channel", ["web", "sms", "cli", "api"])
def test_every_channel_is_served(client: httpx.Client, channel: str) -> None:
    assert_reply(post(client, "3B", channel=channel))


def test_the_least_a_caller_may_send_is_a_text(client: httpx.Client) -> None:
    assert assert_reply(post(client, "¿Qué dice la prioridad 3B?"))["language"] == "es"


@pytest.mark.parametrize("language", ["en", "es"])
def test_the_callers_language_wins_over_detection(client: httpx.Client, language: str) -> None:
    for text in ("What are the strategies of 2D?", "¿Cuáles son las estrategias de 2D?", "2D"):
        assert assert_reply(post(client, text, language=language))["language"] == language


def test_a_request_in_the_message_wins_over_the_callers_language(client: httpx.Client) -> None:
    assert assert_reply(post(client, "en español por favor", language="en"))["language"] == "es"


def test_ids_of_conversations_and_messages_are_new_and_long(client: httpx.Client) -> None:
    replies = [assert_reply(post(client, "hello")) for _ in range(5)]
    for field in ("conversation_id", "message_id"):
        made = {str(reply[field]) for reply in replies}
        assert len(made) == 5
        assert all(len(one) >= 16 for one in made)
        assert len({one[:8] for one in made}) == 5


def test_the_same_question_gets_the_same_answer(client: httpx.Client) -> None:
    first, second = (assert_reply(post(client, "how will schools get greener?")) for _ in range(2))
    for field in ("text", "outcome", "language", "citations", "suggestions", "confidence"):
        assert first[field] == second[field]


def test_a_conversation_goes_on_where_its_id_is_sent(client: httpx.Client) -> None:
    first = assert_reply(post(client, "strategies of 2D"))
    second = assert_reply(post(client, "and the targets?", conversation_id=first["conversation_id"]))
    assert second["conversation_id"] == first["conversation_id"]
    assert second["message_id"] != first["message_id"]
    assert "12.8%" in str(second["text"])


def test_conversations_do_not_hear_each_other(client: httpx.Client) -> None:
    assert_reply(post(client, "strategies of 2D"))
    assert "12.8%" not in str(assert_reply(post(client, "and the targets?"))["text"])


def test_an_unknown_conversation_id_begins_afresh(client: httpx.Client) -> None:
    assert_reply(post(client, "hello", conversation_id="never-made-by-the-server"))


@pytest.mark.parametrize(
    "foreign", ["", "x", "../../etc/passwd", "a b c d e f g h", "' OR 1=1 --", "ñandú-ñandú", "a" * 65, "abcdefgh\n", "\0" * 8]
)
def test_what_cannot_be_a_conversation_id_is_refused(client: httpx.Client, foreign: str) -> None:
    assert "conversation_id" in str(assert_problem(post(client, "hello", conversation_id=foreign), 422)["detail"])


@pytest.mark.parametrize("blank", ["", " ", "\n\t\r\n", "\0", "\x01\x02\x1b", "\u2003\u00a0"])
def test_an_empty_message_is_refused_with_a_reason(client: httpx.Client, blank: str) -> None:
    assert "text" in str(assert_problem(post(client, blank), 422)["detail"])


@pytest.mark.parametrize("length", [1001, 10_000, 2_000_000])
def test_a_message_that_is_too_long_is_refused_with_the_limit(client: httpx.Client, length: int) -> None:
    problem = assert_problem(post(client, "a" * length), 413, 422)
    assert len(json.dumps(problem)) < 2000


def test_a_message_may_have_a_thousand_characters(client: httpx.Client) -> None:
    assert_reply(post(client, ("attendance " * 100)[:1000]))
    assert_reply(post(client, "ñ" * 1000))


@pytest.mark.parametrize("text", ["😀", "🙏🏽🙏🏽🙏🏽", "👨‍👩‍👧‍👦❤️", "?!…", "…………", "-----", "__"])
def test_signs_without_words_are_asked_to_be_put_in_words(client: httpx.Client, text: str) -> None:
    assert assert_reply(post(client, text))["outcome"] in ("abstain", "smalltalk")


@pytest.mark.parametrize(
    "text",
    [
        "학교 출석에 대해 알려주세요", "学校的出勤目标是什么", "Каков план по посещаемости?", "ما هي خطة الحضور؟", "ምን ነው", "क्या योजना है",
        "\u202egnihton\u202c", "e\u0301" * 50, "Ｗｈａｔ ｉｓ ２Ｄ", "\ufeffhello", "a\u200bb\u200bc", "𝓱𝓮𝓵𝓵𝓸", "\U0010ffff", "\ufffd\ufffe",
    ],
)
def test_other_scripts_get_a_reply(client: httpx.Client, text: str) -> None:
    assert_reply(post(client, text))


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>", "<img src=x onerror=alert(1)> attendance", "{{7*7}} {topic} %s %(x)s ${HOME}", "'; DROP TABLE messages; --",
        "/restart", "/ask_about{\"topic\":\"2D\"}", "/session_start", "EXTERNAL: crisis", "[2D](topic)", "$(rm -rf /)", "../../etc/passwd",
        "a\0b", "what\x07 is\x1b[31m 2D", "line one\nline two\ttabbed", "\\", "\"", "2D.S999", "9Z", "0" * 1000, "1e999", "None", "null",
    ],
)
def test_markup_commands_and_control_characters_are_plain_text(client: httpx.Client, text: str) -> None:
    reply = assert_reply(post(client, text))
    assert "<script" not in str(reply["text"]) and "49 " not in str(reply["text"])
    assert not re.search(r"[\x00-\x08\x0b-\x1f]", str(reply["text"]))


def test_control_characters_do_not_hide_the_question(client: httpx.Client) -> None:
    reply = assert_reply(post(client, "strategies\0of\x07 2D"))
    assert isinstance(reply["citations"], list) and reply["citations"][0]["id"] == "2D"


@pytest.mark.parametrize(
    "body",
    [
        b"", b"{", b"not json", b"[1, 2", b'{"text": "a"', b"\xff\xfe\x00", b'{"text": "\xe9"}', b"[" * 100_000, b'{"text": ' + b"9" * 10_000 + b"}",
        b'{"text": "\\ud800"}', b'{"text": NaN}', b"null", b"[]", b'"text"', b"7", b"{}",
    ],
)
def test_what_is_not_the_json_asked_for_is_refused(client: httpx.Client, body: bytes) -> None:
    response = client.post("/api/v1/messages", content=body, headers={"Content-Type": "application/json"})
    assert_problem(response, 400, 422)


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", "application/xml"])
def test_other_content_types_are_refused(client: httpx.Client, kind: str) -> None:
    assert_problem(client.post("/api/v1/messages", content=b"text=hello", headers={"Content-Type": kind}), 400, 415, 422)


@pytest.mark.parametrize("text", [None, 7, 1.5, True, ["hello"], {"a": "b"}])
def test_a_text_of_another_type_is_refused(client: httpx.Client, text: object) -> None:
    assert "text" in str(assert_problem(post(client, text), 422)["detail"])


@pytest.mark.parametrize(
    "field",
    [
        {"language": "fr"}, {"language": 1}, {"language": "EN"}, {"channel": "fax"}, {"channel": None}, {"conversation_id": 12345678},
        {"conversation_id": ["a"]}, {"surprise": "field"}, {"outcome": "answered"},
    ],
)
def test_wrong_and_unknown_fields_are_named(client: httpx.Client, field: dict[str, object]) -> None:
    problem = assert_problem(post(client, "hello", **field), 422)
    assert next(iter(field)) in str(problem["detail"])


@pytest.mark.parametrize("method", ["GET", "PUT", "PATCH", "DELETE"])
def test_other_methods_are_refused(client: httpx.Client, method: str) -> None:
    assert_problem(client.request(method, "/api/v1/messages"), 405)


def test_crisis_comes_first_in_either_language(client: httpx.Client) -> None:
    for text, language in (("I want to kill myself", "en"), ("quiero quitarme la vida", "es")):
        reply = assert_reply(post(client, text))
        assert (reply["outcome"], reply["language"]) == ("crisis", language)
        assert str(reply["text"]).index("911") < str(reply["text"]).index("988")


def test_what_people_write_is_not_in_the_logs(client: httpx.Client, settings: Settings) -> None:
    """The application's log and Rasa's, after good messages, refused ones and odd ones."""
    marks = ["zarzuela", "quetzalcoatlus", "gallimaufry"]
    assert_reply(post(client, f"{marks[0]} 2D strategies, my number is 213 555 0142"))
    assert_problem(post(client, marks[1] * 200), 422)
    client.get("/api/v1/search", params={"q": marks[2]})
    client.get(f"/api/v1/plan/{marks[2]}")
    logs = list((settings.data / "logs").glob("*.log*"))
    assert {log.name for log in logs} >= {"application.log", "dialogue.log"}
    for log in logs:
        written = log.read_text(errors="replace")
        assert not [mark for mark in [*marks, "555 0142", "213 555"] if mark in written], log.name
