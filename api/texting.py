"""Text messages from the command line: through the running server as Twilio sends them, else in this process."""

import asyncio
import secrets
from collections.abc import Iterator, Sequence
from xml.etree import ElementTree

import httpx
from twilio.request_validator import RequestValidator

from api.engine import open_searcher
from api.routes.sms import texting
from api.settings import Settings
from bot.assistant import Assistant
from bot.sms.conversation import Incoming, TextConversation
from bot.store import Store


def play(settings: Settings, texts: Sequence[str], number: str) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Each text with the messages that come back.

    With a token and a running server the webhook is called, signed; otherwise the conversation is played here, without
    dialogue context. Raises ValueError where the server refuses.
    """
    for place, text in enumerate(texts):
        answers = send(settings, text, number) if settings.twilio_auth_token else None
        if answers is None:
            yield from _play_here(settings, texts[place:], number)
            return
        yield text, answers


def send(settings: Settings, text: str, number: str, sid: str | None = None) -> tuple[str, ...] | None:
    """The messages that the running server's webhook sends back, or None where no server answers."""
    here = f"http://{settings.host}:{settings.port}"
    fields = {"MessageSid": sid or f"SM{secrets.token_hex(16)}", "From": number, "Body": text, "NumMedia": "0"}
    signed = f"{(settings.public_url or here).rstrip('/')}/sms/twilio"
    signature = RequestValidator(settings.twilio_auth_token).compute_signature(signed, fields)
    try:
        response = httpx.post(f"{here}/sms/twilio", data=fields, headers={"X-Twilio-Signature": signature}, timeout=60)
    except httpx.HTTPError:
        return None
    if response.status_code != 200:
        raise ValueError(f"The server refused the message ({response.status_code}): {response.text[:300]}")
    return tuple(element.text or "" for element in ElementTree.fromstring(response.text).iter("Message"))


def _play_here(settings: Settings, texts: Sequence[str], number: str) -> Iterator[tuple[str, tuple[str, ...]]]:
    plan, searcher = open_searcher(settings, lambda _: None)
    store = Store.open(settings.store_url)
    try:
        conversation = TextConversation(Assistant(plan, searcher, store, None), store, texting(settings))
        for text in texts:
            yield text, asyncio.run(conversation.receive(Incoming(number, text))).texts
    finally:
        store.close()
