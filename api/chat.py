"""What the chat page's script asks of the server: answers, older messages, deletion. Answers come drawn as HTML."""

import asyncio
from http import HTTPStatus

from fastapi import APIRouter, Depends, HTTPException, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from api.message_view import render_message, view_history, view_reply
from api.routes.messages import ConversationId, Key, Text
from api.state import AssistantDep, SettingsDep, StoreDep, TurnsDep
from api.visitor import read_visitor, remember
from bot.store import Store
from knowledge.models import Locale

FIRST = 40  # messages that the page shows at once
BATCH = 100  # older ones that it fetches at a time


def same_site(request: Request) -> bool:
    """Whether a page of ours, or the visitor, sent this; browsers say so in Sec-Fetch-Site (W3C Fetch Metadata)."""
    return request.headers.get("sec-fetch-site", "same-origin") in ("same-origin", "none")


def _own_pages_only(request: Request) -> None:
    if not same_site(request):
        raise HTTPException(HTTPStatus.FORBIDDEN, "Only Puente's own pages may ask this.")


router = APIRouter(prefix="/chat", include_in_schema=False, dependencies=[Depends(_own_pages_only)])


class TurnIn(BaseModel):
    """One message from the page; `framed` where the page stands in another site's panel."""

    model_config = ConfigDict(extra="forbid")

    text: Text
    key: Key
    conversation_id: ConversationId | None = None
    language: Locale | None = None
    framed: bool = False


class TurnOut(BaseModel):
    """The answer, drawn."""

    conversation_id: str
    message_id: str
    language: Locale
    outcome: str
    html: str


class PastIn(BaseModel):
    """Which messages: the newest before the `skip` newest."""

    model_config = ConfigDict(extra="forbid")

    conversation_id: ConversationId
    skip: int = Field(0, ge=0)
    language: Locale = "en"
    framed: bool = False


class PastOut(BaseModel):
    """Messages, drawn, oldest first; `more` where older ones are left."""

    html: str
    count: int
    more: bool


async def known_conversation(store: Store, id: str | None) -> str | None:
    """`id` where it names a conversation held on the web; an invented, deleted or foreign one begins anew."""
    held = await asyncio.to_thread(store.conversation, id) if id else None
    return id if held is not None and held.channel == "web" else None


@router.post("/turns")
async def post_turn(
    turn: TurnIn, request: Request, response: Response, assistant: AssistantDep, store: StoreDep, turns: TurnsDep,
    settings: SettingsDep,
) -> TurnOut:
    """Answer one message; the same key answers it once."""
    visitor = read_visitor(request, framed=turn.framed)
    wanted = turn.conversation_id or visitor.conversation
    reply = await turns.answer(turn.text, await known_conversation(store, wanted), turn.language, "web", turn.key)
    response.headers["Cache-Control"] = "no-store"
    chosen = visitor.language if visitor.chosen else None
    remember(request, response, chosen, reply.conversation_id, settings.retention_days, framed=turn.framed)
    html = render_message(view_reply(assistant, reply), framed=turn.framed)
    return TurnOut(
        conversation_id=reply.conversation_id, message_id=reply.message_id, language=reply.language, outcome=reply.outcome,
        html=html,
    )


@router.post("/past")
async def post_past(past: PastIn, response: Response, assistant: AssistantDep, store: StoreDep) -> PastOut:
    """Older messages of a conversation. A POST, so that no address or log holds the conversation's id."""
    response.headers["Cache-Control"] = "no-store"
    if await known_conversation(store, past.conversation_id) is None:
        raise HTTPException(404, "There is no such conversation; it may have been deleted.")
    views = await asyncio.to_thread(
        view_history, assistant, store, past.conversation_id, past.language, BATCH + 1, past.skip
    )
    more, views = len(views) > BATCH, views[-BATCH:]
    html = "".join(render_message(view, framed=past.framed) for view in views)
    return PastOut(html=html, count=len(views), more=more)


@router.post("/delete", status_code=204)
async def delete(
    past: PastIn, request: Request, assistant: AssistantDep, settings: SettingsDep
) -> Response:
    """Delete the conversation at once, and forget it in the cookie."""
    await asyncio.to_thread(assistant.forget, past.conversation_id)
    response = Response(status_code=204)
    visitor = read_visitor(request, framed=past.framed)
    chosen = visitor.language if visitor.chosen else None
    remember(request, response, chosen, None, settings.retention_days, framed=past.framed)
    return response
