"""The plain values that go into the store and come out of it."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Turn:
    """One exchange to record: what the person wrote and what was replied.

    `message_id` names the assistant's message. `shown` holds the ids listed to the person by this turn and replaces
    the conversation's. `last_answer` must be JSON-serialisable and free of the person's own words, since it is kept
    verbatim; `None` leaves the earlier one in place, as does a `language` of `None`.
    """

    conversation_id: str
    channel: str
    language: str | None
    user_text: str
    message_id: str
    reply_text: str
    outcome: str | None = None
    citations: tuple[str, ...] = ()
    shown: tuple[str, ...] = ()
    last_answer: dict[str, object] | None = None


@dataclass(frozen=True)
class Conversation:
    """The state of a conversation; `last_answer` is the latest that was recorded, or `None`."""

    id: str
    channel: str
    language: str | None
    shown: tuple[str, ...]
    last_answer: dict[str, object] | None


@dataclass(frozen=True)
class StoredMessage:
    """A message as kept, its text redacted; `role` is `user` or `assistant`, `created_at` is in UTC unix seconds."""

    id: str
    role: str
    text: str
    language: str | None
    outcome: str | None
    citations: tuple[str, ...]
    created_at: int
