"""The web chat page: one server-rendered page that works with and without JavaScript, alone and in another site's panel."""

import asyncio
import hashlib
import logging
import re
import secrets
from functools import lru_cache
from http import HTTPStatus
from pathlib import Path
from typing import Annotated, Any

from fastapi import APIRouter, FastAPI, Form, Request, Response
from fastapi.responses import RedirectResponse
from fastapi.staticfiles import StaticFiles
from markupsafe import Markup
from pydantic import ValidationError

from api.chat import BATCH, FIRST, known_conversation, same_site
from api.message_view import render_message, templates, view_history
from api.page_text import load_page_sentences, message_blocks
from api.routes.messages import MessageIn
from api.visitor import Visitor, read_visitor, remember
from bot import facts
from knowledge.models import Locale

MAX_QUESTION = 1000
MAX_SHOWN = 2000
STATIC = Path(__file__).resolve().parent / "static"
YEAR_SECONDS = 365 * 24 * 60 * 60

# Sentences that the page's script needs, in both languages: a message keeps its own language.
SCRIPT_KEYS = (
    "you", "left", "too_long", "typing", "helpful_thanks", "helpful_failed", "reason_label", "reason_hint", "reason_send",
    "reason_thanks", "retry", "error_lost", "error_server", "error_busy", "error_refused", "deleted", "delete_failed",
    "offline", "online", "copied", "link_copied", "copy_failed", "listen", "stop", "lost_conversation", "show_earlier",
)

logger = logging.getLogger(__name__)
router = APIRouter(include_in_schema=False)


def page_headers(language: str, framing_origins: tuple[str, ...] = ()) -> dict[str, str]:
    """The headers of every page; `framing_origins` may show it in a frame, besides our own."""
    ancestors = " ".join(("'self'", *framing_origins))
    return {
        "Content-Security-Policy": (
            "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
            f"form-action 'self'; base-uri 'none'; frame-ancestors {ancestors}"
        ),
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "no-referrer",
        "Cache-Control": "no-store",
        "Vary": "Accept-Language, Cookie",
        "Content-Language": language,
    }


def choose_language(request: Request) -> str:
    """The page's language: `?lang=`, else the cookie, else Accept-Language, else English."""
    return read_visitor(request).language


@lru_cache(maxsize=1)
def static_version() -> str:
    """A hash of the static files, for their addresses."""
    contents = b"".join(path.read_bytes() for path in sorted(STATIC.iterdir()) if path.is_file())
    return hashlib.sha256(contents).hexdigest()[:12]


def page_context(request: Request, language: str, here: str, framed: bool = False) -> dict[str, Any]:
    """What every page's template needs: its sentences, its address, and the help that its header offers."""
    plan = request.app.state.assistant.plan
    locale: Locale = "es" if language == "es" else "en"
    return {
        "language": language, "t": load_page_sentences()[language], "here": here, "framed": framed, "blocks": message_blocks,
        "help": message_blocks(facts.resource(plan.nodes[plan.meta.helpdesk], locale)), "version": static_version(),
        "plan_title": plan.meta.title[locale],
    }


class _Chat:
    """One showing of the chat page, at `/` or in a frame at `/widget`."""

    def __init__(self, request: Request, visitor: Visitor, framed: bool) -> None:
        self.request, self.visitor, self.framed = request, visitor, framed
        self.here = "/widget" if framed else "/"
        self.state = request.app.state

    async def show(
        self, conversation: str | None, *, problem: str | None = None, news: str | None = None, draft: str = "",
        key: str | None = None, status: int = HTTPStatus.OK,
    ) -> Response:
        """The page with the conversation; `problem` and `news` name sentences."""
        language, settings = self.visitor.language, self.state.settings
        held = await known_conversation(self.state.store, conversation)
        if conversation and held is None:
            news = news or "lost_conversation"
        context = page_context(self.request, language, self.here, self.framed)
        words = load_page_sentences()
        drawn, earlier = await asyncio.to_thread(self._messages, held) if held else ([], 0)
        framing = settings.framing_origins if self.framed else ()
        context |= {
            "page_data": {
                "conversation": held, "framed": self.framed, "here": self.here, "limit": MAX_QUESTION, "shown": len(drawn),
                "origins": framing, "words": {tag: {key: said[key] for key in SCRIPT_KEYS} for tag, said in words.items()},
            },
            "starters": [said for key, said in words[language].items() if key.startswith("starter_")],
            "messages": drawn, "earlier": earlier, "conversation": held, "days": settings.retention_days,
            "key": key or secrets.token_urlsafe(16), "draft": draft,
            "problem": words[language][problem] if problem else None, "news": words[language][news] if news else None,
        }
        response = templates.TemplateResponse(
            self.request, "page.html", context, status_code=status, headers=page_headers(language, framing)
        )
        if self.visitor.chosen or self.visitor.known or (self.framed and held):
            self._remember(response, held)
        return response

    async def ask(self, text: str, key: str, conversation: str | None) -> Response:
        """Answer a question of the plain form, once for its key, and show the conversation."""
        question = text.replace("\r\n", "\n").strip()
        if not same_site(self.request):
            return await self.show(conversation, problem="error_foreign", draft=question, status=HTTPStatus.FORBIDDEN)
        bad = HTTPStatus.BAD_REQUEST
        if len(question) > MAX_QUESTION:
            return await self.show(conversation, problem="error_long", draft=question, status=bad)
        try:
            message = MessageIn(text=question, channel="web")
        except ValidationError:
            return await self.show(conversation, problem="error_empty", draft=question, status=bad)
        known = await known_conversation(self.state.store, conversation)
        once = key if re.fullmatch(r"[A-Za-z0-9_-]{16,64}", key) else None
        try:
            reply = await self.state.turns.answer(message.text, known, None, "web", once)
        except Exception as error:
            logger.error("the form's question could not be answered: %s", type(error).__name__)
            unavailable = HTTPStatus.SERVICE_UNAVAILABLE
            return await self.show(conversation, problem="error_server", draft=question, key=once, status=unavailable)
        if self.framed:
            # No redirect: where the browser keeps no cookie, its address would have to name the conversation.
            return await self.show(reply.conversation_id, news=None)
        response = RedirectResponse("/#latest", status_code=HTTPStatus.SEE_OTHER, headers={"Cache-Control": "no-store"})
        self._remember(response, reply.conversation_id)
        return response

    async def forget(self, conversation: str | None) -> Response:
        """Delete the conversation at once."""
        if not same_site(self.request):
            return await self.show(conversation, problem="error_foreign", status=HTTPStatus.FORBIDDEN)
        if conversation:
            await asyncio.to_thread(self.state.assistant.forget, conversation)
        response = await self.show(None, news="deleted")
        self._remember(response, None)
        return response

    def _messages(self, conversation: str) -> tuple[list[Markup], int]:
        """The messages drawn, and how many to show next where older ones are left, else 0."""
        asked = self.request.query_params.get("show", "")
        limit = min(int(asked), MAX_SHOWN) if asked.isascii() and asked.isdigit() and len(asked) < 6 and int(asked) else FIRST
        views = view_history(self.state.assistant, self.state.store, conversation, self.visitor.language, limit + 1)
        older, views = len(views) > limit, views[-limit:]
        last = max((place for place, view in enumerate(views) if view.role == "user"), default=-1)
        drawn = [render_message(view, framed=self.framed, latest=place == last) for place, view in enumerate(views)]
        return drawn, limit + BATCH if older and limit < MAX_SHOWN else 0

    def _remember(self, response: Response, conversation: str | None) -> None:
        chosen = self.visitor.language if self.visitor.chosen else None
        days = self.state.settings.retention_days
        remember(self.request, response, chosen, conversation, days, framed=self.framed)


@router.get("/")
async def show_page(request: Request) -> Response:
    """The chat page with the conversation that the visitor's cookie names."""
    visitor = read_visitor(request)
    return await _Chat(request, visitor, False).show(visitor.conversation)


@router.get("/widget")
async def show_frame(request: Request) -> Response:
    """The chat page for a panel in another site."""
    visitor = read_visitor(request, framed=True)
    return await _Chat(request, visitor, True).show(visitor.conversation)


@router.post("/")
async def ask_by_form(
    request: Request, text: Annotated[str, Form()] = "", starter: Annotated[str, Form()] = "",
    lang: Annotated[str, Form()] = "", key: Annotated[str, Form()] = "", delete: Annotated[str, Form()] = "",
) -> Response:
    """Answer a question sent by the plain form, or with `delete` delete the conversation."""
    visitor = read_visitor(request, lang)
    chat = _Chat(request, visitor, False)
    return await (chat.forget(visitor.conversation) if delete else chat.ask(starter or text, key, visitor.conversation))


@router.post("/widget")
async def ask_in_frame(
    request: Request, text: Annotated[str, Form()] = "", starter: Annotated[str, Form()] = "",
    lang: Annotated[str, Form()] = "", key: Annotated[str, Form()] = "", delete: Annotated[str, Form()] = "",
    conversation: Annotated[str, Form()] = "",
) -> Response:
    """The same for the panel; its form names the conversation, for browsers that keep no cookie there."""
    visitor = read_visitor(request, lang, framed=True)
    chat = _Chat(request, visitor, True)
    named = conversation if re.fullmatch(r"[A-Za-z0-9_-]{8,64}", conversation) else visitor.conversation
    return await (chat.forget(named) if delete else chat.ask(starter or text, key, named))


@router.post("/feedback")
async def feedback_by_form(
    request: Request, message_id: Annotated[str, Form()] = "", helpful: Annotated[str, Form()] = "",
    reason: Annotated[str, Form()] = "", lang: Annotated[str, Form()] = "",
) -> Response:
    """Keep a judgement sent by the plain form, thank for it, and offer to say why."""
    visitor = read_visitor(request, lang)
    valid = same_site(request) and helpful in ("yes", "no") and len(reason) <= MAX_QUESTION and len(message_id) <= 64
    store = request.app.state.store
    kept = valid and await asyncio.to_thread(store.add_feedback, message_id, helpful == "yes", reason.strip() or None)
    context = page_context(request, visitor.language, "/")
    context |= {
        "heading": context["t"]["helpful_thanks" if kept else "helpful_gone"], "message_id": message_id, "helpful": helpful,
        "asks_reason": kept and not reason,
    }
    status = HTTPStatus.OK if kept else HTTPStatus.NOT_FOUND
    headers = page_headers(visitor.language)
    return templates.TemplateResponse(request, "feedback.html", context, status_code=status, headers=headers)


class _PageFiles(StaticFiles):
    """Static files whose addresses carry a version, so that browsers may keep them."""

    def file_response(self, *args: Any, **kwargs: Any) -> Response:
        response = super().file_response(*args, **kwargs)
        response.headers["Cache-Control"] = f"public, max-age={YEAR_SECONDS}, immutable"
        response.headers["X-Content-Type-Options"] = "nosniff"
        return response


def mount_static(app: FastAPI) -> None:
    """Serve the pages' scripts, styles and drawings: under an address with their version, which modules that import one
    another keep, and under /static."""
    app.mount(f"/static/{static_version()}", _PageFiles(directory=STATIC))
    app.mount("/static", _PageFiles(directory=STATIC), name="static")
