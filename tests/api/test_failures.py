"""The product in trouble: processes that stop in mid-conversation, a Rasa that is gone, and one that is too slow."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import httpx
import pytest

from api.settings import Settings

DEADLINE_S = 1.0
MARGIN_S = 10.0
Serve = Callable[[Settings], AbstractContextManager[str]]


def ask(url: str, text: str, conversation: str | None = None) -> dict[str, str]:
    reply: dict[str, str] = httpx.post(
        f"{url}/api/v1/messages", json={"text": text, "conversation_id": conversation}, timeout=60
    ).raise_for_status().json()
    return reply


def ready(url: str) -> tuple[int, str, str]:
    response = httpx.get(f"{url}/health/ready", timeout=60)
    return response.status_code, response.json()["status"], response.json()["dialogue"]


def test_a_conversation_outlives_both_processes(
    make_settings: Callable[[Path], Settings], serve: Serve, decide: Serve, tmp_path: Path
) -> None:
    settings = make_settings(tmp_path / "data").model_copy(update={"dialogue_deadline": 30.0})
    with serve(settings) as url:
        with decide(settings):
            assert ready(url) == (200, "ok", "ok")
            conversation = ask(url, "what are the strategies of 2D?")["conversation_id"]
        assert ready(url) == (200, "degraded", "down")
        alone = ask(url, "strategies of 3B", conversation)
        assert (alone["outcome"], alone["conversation_id"]) == ("answered", conversation)
        assert ask(url, "quiero quitarme la vida")["outcome"] == "crisis"
    with decide(settings), serve(settings) as url:
        assert ready(url) == (200, "ok", "ok")
        kept = httpx.get(f"{url}/api/v1/conversations/{conversation}", timeout=60).raise_for_status().json()["messages"]
        assert [message["text"] for message in kept][::2] == ["what are the strategies of 2D?", "strategies of 3B"]
        # Rasa remembers the part asked for, the application what was last talked about.
        same = ask(url, "same for 2A", conversation)
        assert "outdoor" in same["text"] and same["outcome"] == "answered"
        assert "82%" in ask(url, "and the targets?", conversation)["text"]


@pytest.fixture(scope="module")
def slow_dialogue() -> Iterator[int]:
    """The port of a real server that takes a minute to decide, though it says that it is well."""
    release = threading.Event()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def do_POST(self) -> None:
            release.wait(60)
            self.close_connection = True

        def log_message(self, *arguments: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield server.server_address[1]
    release.set()
    server.shutdown()
    thread.join()
    server.server_close()


def test_a_dialogue_server_that_is_too_slow_is_not_waited_for(
    make_settings: Callable[[Path], Settings], serve: Serve, slow_dialogue: int, tmp_path: Path
) -> None:
    settings = make_settings(tmp_path / "data").model_copy(
        update={"dialogue_port": slow_dialogue, "dialogue_deadline": DEADLINE_S}
    )
    with serve(settings) as url:
        for text, outcome in (
            ("strategies of 2D", "answered"), ("¿cuál es la meta de la prioridad 2D?", "answered"), ("priority 1B", "gap"),
            ("my daughter wants to kill herself", "crisis"), ("priority 7F", "abstain"),
        ):
            began = time.monotonic()
            assert ask(url, text)["outcome"] == outcome, text
            assert time.monotonic() - began < DEADLINE_S + MARGIN_S


def test_the_application_alone_says_so_and_keeps_what_it_can(
    make_settings: Callable[[Path], Settings], serve: Serve, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("PUENTE_DIALOGUE_TOKEN", raising=False)
    settings = make_settings(tmp_path / "data").model_copy(update={"dialogue_token": None})
    with serve(settings) as url:
        assert ready(url) == (200, "degraded", "off")
        first = ask(url, "strategies of 2D")
        assert "12.8%" in ask(url, "and the targets?", first["conversation_id"])["text"]
        assert httpx.get(f"{url}/api/v1/search", params={"q": "2D"}, timeout=60).json()["results"]
