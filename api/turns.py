"""Turns that are answered once, however often their request arrives."""

import asyncio
import hashlib

from api.metrics import MESSAGES, SECONDS
from bot.assistant import Assistant, Reply
from bot.store import Store
from knowledge.models import Locale


class Turns:
    """Answers messages; a request that comes again with its key gets the reply that it got before.

    One instance serves one event loop. The key is the `Idempotency-Key` of draft-ietf-httpapi-idempotency-key-header.
    Only a digest of key and text is kept: a key used for another text is another request, so no message is lost to it.
    """

    def __init__(self, assistant: Assistant, store: Store) -> None:
        self._assistant, self._store = assistant, store
        self._running: dict[str, asyncio.Task[Reply]] = {}

    async def answer(
        self, text: str, conversation_id: str | None, language: Locale | None, channel: str, key: str | None = None
    ) -> Reply:
        """The reply to `text`; raises what the assistant raises."""
        if key is None:
            return await self._ask(text, conversation_id, language, channel)
        digest = hashlib.sha256(f"{key}\0{text}".encode()).hexdigest()
        task = self._running.get(digest)
        if task is None:
            task = asyncio.create_task(self._once(digest, text, conversation_id, language, channel))
            self._running[digest] = task
            task.add_done_callback(lambda _: self._running.pop(digest, None))
        # A caller that goes away must not take the answer from the one that asks again.
        return await asyncio.shield(task)

    async def _once(self, digest: str, text: str, conversation_id: str | None, language: Locale | None, channel: str) -> Reply:
        kept = await asyncio.to_thread(self._store.kept_reply, digest)
        if kept is not None:
            return Reply.model_validate(kept)
        reply = await self._ask(text, conversation_id, language, channel)
        await asyncio.to_thread(self._store.keep_reply, digest, reply.message_id, reply.model_dump(mode="json"))
        return reply

    async def _ask(self, text: str, conversation_id: str | None, language: Locale | None, channel: str) -> Reply:
        with SECONDS.time():
            reply = await self._assistant.reply(text, conversation_id, language, channel)
        MESSAGES.labels(outcome=reply.outcome, language=reply.language, channel=channel).inc()
        return reply
