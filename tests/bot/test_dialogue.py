"""The client of Rasa, against Rasa itself and against real servers that misbehave."""

import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import httpx
import pytest

from api.settings import Settings
from bot.acts import DialogueAct
from bot.dialogue import DialogueClient, DialogueError, DialogueEvidence, parse_act

MARGIN_S = 8.0


def evidence(**known: object) -> DialogueEvidence:
    base: dict[str, object] = {
        "language": "en", "requested_language": None, "hits": (("2D.M1", 0.6),), "best_pillar": "2", "best_priority": "2D",
        "scope": {"plan": 0.97, "off_topic": 0.01, "personal": 0.01, "injection": 0.01}, "shown": (), "topic": (),
    }
    return DialogueEvidence(**(base | known))  # type: ignore[arg-type]


@contextmanager
def stub(respond: Callable[[BaseHTTPRequestHandler], None]) -> Iterator[str]:
    """A real HTTP server in Rasa's place whose every answer is `respond`."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.rfile.read(int(self.headers.get("Content-Length", 0)))
            respond(self)

        do_GET = do_POST

        def log_message(self, *arguments: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def saying(body: bytes, status: int = 200) -> Callable[[BaseHTTPRequestHandler], None]:
    def respond(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(status)
        handler.send_header("Content-Type", "application/json")
        handler.send_header("Content-Length", str(len(body)))
        handler.end_headers()
        handler.wfile.write(body)

    return respond


async def ask(url: str, token: str = "token", deadline: float = 20.0) -> DialogueAct:
    client = DialogueClient(url, token, deadline)
    try:
        return await client.decide("a-conversation", "what is the target?", evidence())
    finally:
        await client.close()


@pytest.fixture(scope="module")
def rasa(server_url: str, settings: Settings) -> str:
    return f"http://127.0.0.1:{settings.dialogue_port}"


async def test_rasa_keeps_topic_and_aspect_from_turn_to_turn(rasa: str, settings: Settings) -> None:
    client = DialogueClient(rasa, str(settings.dialogue_token), 60)
    try:
        assert await client.ready()
        first = await client.decide("slots-kept", "strategies of 2D", evidence())
        assert (first.act, first.topic, first.aspect) == ("answer_about", ("2D",), "strategies")
        second = await client.decide("slots-kept", "and the targets?", evidence(topic=("2D",)))
        assert (second.act, second.topic, second.aspect) == ("follow_up", ("2D",), "target")
        elsewhere = await client.decide("another-conversation", "and the targets?", evidence())
        assert elsewhere.topic == ()
    finally:
        await client.close()


async def test_rasa_refuses_a_wrong_token(rasa: str) -> None:
    with pytest.raises(DialogueError):
        await ask(rasa, token="guessed")


def test_rasa_offers_nothing_but_its_channel(rasa: str, settings: Settings) -> None:
    for path in ("/model/parse", "/conversations/slots-kept/tracker", "/domain", "/webhooks/rest/webhook"):
        for query in ("", f"?token={settings.dialogue_token}"):
            assert httpx.post(rasa + path + query, json={"text": "hello", "message": "hello"}).status_code in (401, 404, 405)


async def test_nobody_listening_is_an_error_and_not_ready() -> None:
    with stub(saying(b"{}")) as url:
        pass
    with pytest.raises(DialogueError):
        await ask(url)
    client = DialogueClient(url, "token", 5)
    assert not await client.ready()
    await client.close()


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"", 200),
        (b"<html>not rasa</html>", 200),
        (b"{}", 200),
        (b'{"acts": []}', 200),
        (b'{"acts": [{"act": "dance"}]}', 200),
        (b'{"acts": [{}]}', 200),
        (b"\xff\xfe", 200),
        (b'{"acts": [{"act": "greet"}]}', 500),
        (b'{"error": "wrong token"}', 401),
    ],
)
async def test_nonsense_is_an_error(body: bytes, status: int) -> None:
    with stub(saying(body, status)) as url, pytest.raises(DialogueError):
        await ask(url)


async def test_a_server_that_is_too_slow_is_given_up_at_the_deadline() -> None:
    release = threading.Event()

    def stall(handler: BaseHTTPRequestHandler) -> None:
        release.wait(60)
        handler.close_connection = True

    with stub(stall) as url:
        began = time.monotonic()
        try:
            with pytest.raises(DialogueError):
                await ask(url, deadline=0.5)
            assert time.monotonic() - began < 0.5 + MARGIN_S
        finally:
            release.set()


def test_an_act_is_read_from_what_rasa_sends() -> None:
    sent = json.loads('{"act": "answer_about", "topic": "2D,3B", "aspect": "strategies", "detail": "none", "linked": "yes"}')
    assert parse_act(sent) == DialogueAct("answer_about", ("2D", "3B"), "strategies", None, True)


@pytest.mark.parametrize("empty", ["None", "none", "", "{topic}"])
def test_slots_that_are_not_set_are_empty(empty: str) -> None:
    assert parse_act({"act": "answer", "topic": empty, "aspect": empty, "detail": empty}) == DialogueAct("answer")
