"""The FastAPI application: routes, lifetime, and the retention of conversations."""

import asyncio
import contextlib
import logging
import os
import re
from collections.abc import AsyncIterator

from fastapi import FastAPI
from fastapi.middleware.gzip import GZipMiddleware

from api import chat, lookup_pages, pages, plan_pages, problems, widget
from api.engine import open_searcher
from api.finder import Finder
from api.metrics import PURGED
from api.routes import feedback, health, lookup, messages, plan, search, sms
from api.settings import Settings
from api.turns import Turns
from bot.assistant import Assistant
from bot.dialogue import DialogueClient
from bot.store import Store
from bot.tracker import purge_tracker
from knowledge.models import Plan, Resource

log = logging.getLogger(__name__)
PURGE_EVERY = 3600.0


def create_app(settings: Settings | None = None) -> FastAPI:
    """The application; everything it opens, it opens when it starts."""
    settings = settings or Settings()

    @contextlib.asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        found, searcher = await asyncio.to_thread(open_searcher, settings, log.warning)
        store = await asyncio.to_thread(Store.open, settings.store_url, _public_numbers(found))
        dialogue = _dialogue(settings)
        app.state.settings, app.state.store = settings, store
        app.state.assistant = Assistant(found, searcher, store, dialogue, settings.data / "tracker.db")
        app.state.finder = await asyncio.to_thread(Finder, found, str(settings.public_url or "").rstrip("/"))
        app.state.turns = Turns(app.state.assistant, store)
        await asyncio.to_thread(searcher.evidence, "plan")
        purging = asyncio.create_task(_purge(store, settings))
        yield
        purging.cancel()
        if dialogue is not None:
            await dialogue.close()
        store.close()

    app = FastAPI(title="Puente", version="0.1.0", lifespan=lifespan, summary="Answers on a school district's strategic plan.")
    problems.install(app)
    app.add_middleware(GZipMiddleware, minimum_size=800)
    for module in (messages, feedback, search, plan, sms, health, pages, chat, widget, plan_pages, lookup, lookup_pages):
        app.include_router(module.router)
    pages.mount_static(app)
    return app


def _public_numbers(plan: Plan) -> frozenset[str]:
    """The plan's own telephone numbers, as digits: they stay readable in stored answers."""
    return frozenset(re.sub(r"\D", "", n.phone) for n in plan.nodes.values() if isinstance(n, Resource) and n.phone)


def _dialogue(settings: Settings) -> DialogueClient | None:
    token = settings.dialogue_token or os.environ.get("PUENTE_DIALOGUE_TOKEN")
    if not token:
        return None
    return DialogueClient(f"http://127.0.0.1:{settings.dialogue_port}", token, settings.dialogue_deadline)


async def _purge(store: Store, settings: Settings) -> None:
    """Delete conversations past their retention, here and in Rasa's tracker, once at start and then every hour."""
    while True:
        try:
            PURGED.inc(await asyncio.to_thread(store.purge, settings.retention_days))
            await asyncio.to_thread(purge_tracker, settings.data / "tracker.db", settings.retention_days)
        except Exception as error:
            log.error("purging conversations failed: %s", type(error).__name__)
        await asyncio.sleep(PURGE_EVERY)
