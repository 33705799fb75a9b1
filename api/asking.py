"""Asking one message from the command line."""

import tempfile

import httpx

from api.engine import open_searcher
from api.settings import Settings
from bot.assistant import Assistant, Reply
from bot.store import Store
from knowledge.models import Locale


def ask_server(settings: Settings, text: str, conversation_id: str | None, locale: Locale | None) -> Reply | None:
    """The running server's reply, or None where no server answers; raises ValueError where it refuses the message."""
    body = {"text": text, "conversation_id": conversation_id, "language": locale, "channel": "cli"}
    try:
        response = httpx.post(f"http://{settings.host}:{settings.port}/api/v1/messages", json=body, timeout=30)
    except httpx.HTTPError:
        return None
    if response.status_code in (400, 422):
        raise ValueError(response.json().get("detail", "the server refused the message"))
    return Reply.model_validate_json(response.content) if response.status_code == 200 else None


async def ask_here(settings: Settings, text: str, conversation_id: str | None, locale: Locale | None) -> Reply:
    """A reply made in this process, without Rasa; the conversation is not kept."""
    plan, searcher = open_searcher(settings, lambda _: None)
    with tempfile.TemporaryDirectory(prefix="puente-") as folder:
        store = Store.open(f"sqlite:///{folder}/puente.db")
        try:
            return await Assistant(plan, searcher, store, None).reply(text, conversation_id, locale, "cli")
        finally:
            store.close()
