"""POST /api/v1/messages, and the conversations that messages make."""

import asyncio
from typing import Annotated, Literal

from fastapi import APIRouter, Header, HTTPException, Response
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints

from api.state import AssistantDep, StoreDep, TurnsDep
from bot.assistant import Citation, Reply
from knowledge.models import Locale

router = APIRouter(prefix="/api/v1", tags=["messages"])

CONTROL = {chr(code) for code in range(32)} - {"\n", "\t", "\r"}


def _no_controls(text: str) -> str:
    """Control characters carry no meaning in a message; they are dropped, and a message of nothing else refused."""
    clean = "".join(" " if char in CONTROL else char for char in text).strip()
    if not clean:
        raise ValueError("write a message")
    return clean


Text = Annotated[str, StringConstraints(min_length=1, max_length=1000), AfterValidator(_no_controls)]
ConversationId = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{8,64}$")]

Key = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{16,64}$")]


class MessageIn(BaseModel):
    """One message; `conversation_id` null begins a conversation, `language` null has it detected."""

    model_config = ConfigDict(extra="forbid")

    text: Text
    conversation_id: ConversationId | None = None
    language: Locale | None = None
    channel: Literal["web", "sms", "cli", "api"] = "api"


class MessageOut(BaseModel):
    """A stored message."""

    role: Literal["user", "assistant"]
    text: str
    language: Locale | None
    message_id: str
    outcome: str | None
    citations: list[Citation]
    suggestions: list[str] = Field(default_factory=list)


class ConversationOut(BaseModel):
    """A conversation with its messages in order."""

    conversation_id: str
    messages: list[MessageOut]


@router.post("/messages")
async def post_message(
    message: MessageIn,
    turns: TurnsDep,
    idempotency_key: Annotated[Key | None, Header(description="Random; a message sent again with it is asked once.")] = None,
) -> Reply:
    """Answer one message."""
    return await turns.answer(message.text, message.conversation_id, message.language, message.channel, idempotency_key)


@router.get("/conversations/{conversation_id}")
async def get_conversation(conversation_id: ConversationId, assistant: AssistantDep, store: StoreDep) -> ConversationOut:
    """The stored messages of a conversation, redacted as they are kept."""
    if await asyncio.to_thread(store.conversation, conversation_id) is None:
        raise HTTPException(404, "There is no such conversation; it may have been deleted.")
    history = await asyncio.to_thread(store.history, conversation_id)
    messages = [
        MessageOut(
            role="user" if m.role == "user" else "assistant", text=m.text, language="es" if m.language == "es" else "en",
            message_id=m.id, outcome=m.outcome,
            citations=[
                assistant.citation(i, "es" if m.language == "es" else "en") for i in m.citations if i in assistant.plan.nodes
            ],
        )
        for m in history
    ]
    return ConversationOut(conversation_id=conversation_id, messages=messages)


@router.delete("/conversations/{conversation_id}", status_code=204)
async def delete_conversation(conversation_id: ConversationId, assistant: AssistantDep) -> Response:
    """Delete a conversation with all its messages and feedback, at once."""
    if not await asyncio.to_thread(assistant.forget, conversation_id):
        raise HTTPException(404, "There is no such conversation; it may already have been deleted.")
    return Response(status_code=204)
