"""The web chat page: one server-rendered page that works with and without JavaScript."""

import hashlib
import logging
import re
from collections.abc import Sequence
from functools import lru_cache
from http import HTTPStatus
from pathlib import Path
from typing import Annotated, Any, Protocol

from fastapi import APIRouter, FastAPI, Form, Request, Response
from fastapi.responses import RedirectResponse
from fastapi.staticfiles import StaticFiles
from fastapi.templating import Jinja2Templates
from starlette.concurrency import run_in_threadpool

from api.page_text import LANGUAGES, load_page_sentences, message_blocks

LANGUAGE_COOKIE = "puente_lang"
CONVERSATION_COOKIE = "puente_conversation"
MAX_QUESTION = 1000
STATIC = Path(__file__).resolve().parent / "static"
YEAR_SECONDS = 365 * 24 * 60 * 60

PAGE_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
        "form-action 'self'; base-uri 'none'; frame-ancestors 'self'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
    "Vary": "Accept-Language, Cookie",
}

# Sentences that the page's script needs, in both languages: a message keeps its own language.
SCRIPT_KEYS = (
    "you",
    "puente",
    "left",
    "typing",
    "sources",
    "as_of",
    "opens_new",
    "helpful_question",
    "helpful_yes",
    "helpful_no",
    "helpful_thanks",
    "helpful_failed",
    "suggestions_label",
    "call_911",
    "call_988",
    "retry",
    "error_lost",
    "error_server",
    "error_busy",
    "error_refused",
    "deleted",
    "delete_failed",
)

logger = logging.getLogger(__name__)
router = APIRouter(include_in_schema=False)
templates = Jinja2Templates(directory=Path(__file__).resolve().parent / "templates")


class StoredMessage(Protocol):
    """What the page reads of one stored message."""

    role: str
    text: str
    language: str | None
    id: str
    outcome: str | None
    citations: Sequence[str]


def choose_language(request: Request) -> str:
    """Return the page's language: `?lang=`, else the cookie, else Accept-Language, else English."""
    accepted: list[tuple[float, str]] = []
    for part in request.headers.get("accept-language", "").split(","):
        tag, _, quality = part.strip().partition(";q=")
        try:
            accepted.append((float(quality or 1), tag[:2].lower()))
        except ValueError:
            continue
    ranked = [tag for _, tag in sorted(accepted, key=lambda entry: -entry[0])]
    wanted = [request.query_params.get("lang"), request.cookies.get(LANGUAGE_COOKIE), *ranked]
    return next((tag for tag in wanted if tag in LANGUAGES), "en")


def _conversation_id(request: Request) -> str | None:
    found = request.cookies.get(CONVERSATION_COOKIE, "")
    return found if re.fullmatch(r"[A-Za-z0-9_-]{8,64}", found) else None


@lru_cache(maxsize=1)
def _static_version() -> str:
    contents = b"".join(path.read_bytes() for path in sorted(STATIC.iterdir()) if path.is_file())
    return hashlib.sha256(contents).hexdigest()[:12]


async def _page(
    request: Request, language: str, *, problem: str | None = None, draft: str = "", status: int = HTTPStatus.OK
) -> Response:
    sentences = load_page_sentences()
    conversation = _conversation_id(request)
    stored: Sequence[StoredMessage] = []
    if conversation:
        stored = await run_in_threadpool(request.app.state.store.history, conversation)
    assistant = request.app.state.assistant

    def cite(entry: StoredMessage) -> list[Any]:
        named = entry.language if entry.language in LANGUAGES else language
        return [assistant.citation(id, named) for id in entry.citations if id in assistant.plan.nodes]

    context: dict[str, Any] = {
        "language": language,
        "sentences": sentences,
        "t": sentences[language],
        "script_words": {tag: {key: held[key] for key in SCRIPT_KEYS} for tag, held in sentences.items()},
        "starters": [held for key, held in sentences[language].items() if key.startswith("starter_")],
        "messages": stored,
        "blocks": message_blocks,
        "cite": cite,
        "days": request.app.state.settings.retention_days,
        "limit": MAX_QUESTION,
        "problem": sentences[language][problem] if problem else None,
        "draft": draft,
        "version": _static_version(),
    }
    headers = PAGE_HEADERS | {"Content-Language": language}
    response = templates.TemplateResponse(request, "page.html", context, status_code=status, headers=headers)
    if request.query_params.get("lang") == language:
        _remember(request, response, LANGUAGE_COOKIE, language, YEAR_SECONDS)
    return response


def _remember(request: Request, response: Response, name: str, value: str, seconds: int) -> None:
    response.set_cookie(name, value, max_age=seconds, samesite="lax", secure=request.url.scheme == "https")


@router.get("/")
async def show_page(request: Request) -> Response:
    """Show the chat page with the conversation that the visitor's cookie names."""
    return await _page(request, choose_language(request))


@router.post("/")
async def ask_by_form(
    request: Request,
    text: Annotated[str, Form()] = "",
    starter: Annotated[str, Form()] = "",
    lang: Annotated[str, Form()] = "",
    delete: Annotated[str, Form()] = "",
) -> Response:
    """Answer a question sent by the plain form, then show the page with the stored conversation.

    With `delete`, delete that conversation instead.
    """
    language = lang if lang in LANGUAGES else choose_language(request)
    question = (starter or text).replace("\r\n", "\n").strip()
    if request.headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none"):
        return await _page(request, language, draft=question, status=HTTPStatus.FORBIDDEN)
    if delete:
        return await _forget(request)
    if not question or len(question) > MAX_QUESTION:
        problem = "error_long" if question else "error_empty"
        return await _page(request, language, problem=problem, draft=question, status=HTTPStatus.BAD_REQUEST)
    try:
        reply = await request.app.state.assistant.reply(
            text=question, conversation_id=_conversation_id(request), language=None, channel="web"
        )
    except Exception:
        logger.exception("the form's question could not be answered")
        unavailable = HTTPStatus.SERVICE_UNAVAILABLE
        return await _page(request, language, problem="error_server", draft=question, status=unavailable)
    response = RedirectResponse("/#latest", status_code=HTTPStatus.SEE_OTHER, headers={"Cache-Control": "no-store"})
    days = int(request.app.state.settings.retention_days)
    _remember(request, response, CONVERSATION_COOKIE, reply.conversation_id, days * 24 * 60 * 60)
    return response


async def _forget(request: Request) -> Response:
    if conversation := _conversation_id(request):
        await run_in_threadpool(request.app.state.assistant.forget, conversation)
    response = RedirectResponse("/", status_code=HTTPStatus.SEE_OTHER, headers={"Cache-Control": "no-store"})
    response.delete_cookie(CONVERSATION_COOKIE, samesite="lax")
    return response


class _PageFiles(StaticFiles):
    """Static files whose addresses carry a version, so that browsers may keep them."""

    def file_response(self, *args: Any, **kwargs: Any) -> Response:
        response = super().file_response(*args, **kwargs)
        response.headers["Cache-Control"] = f"public, max-age={YEAR_SECONDS}, immutable"
        response.headers["X-Content-Type-Options"] = "nosniff"
        return response


def mount_static(app: FastAPI) -> None:
    """Serve the page's script, style and icon under /static."""
    app.mount("/static", _PageFiles(directory=STATIC), name="static")
