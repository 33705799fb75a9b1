"""The store of conversations."""

import time
from collections.abc import Callable
from contextlib import suppress
from typing import TypeVar

from sqlalchemy import Engine, delete, func, select, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from bot.redaction import redact
from bot.store.engine import build_engine, writing
from bot.store.ids import new_id
from bot.store.migrations import upgrade
from bot.store.models import ConversationRow, FeedbackRow, KeptReplyRow, MessageRow
from bot.store.phones import PhoneStore
from bot.store.records import Conversation, StoredMessage, Turn

_ATTEMPTS = 5
_DAY_SECONDS = 86_400

_T = TypeVar("_T")


class Store:
    """Conversations, messages and feedback in one database; safe to share between threads and processes.

    Texts are redacted before they are written. Every method raises `sqlalchemy.exc.SQLAlchemyError` when the
    database cannot be used.
    """

    def __init__(self, engine: Engine, keep: frozenset[str] = frozenset()) -> None:
        """Use an engine whose database already has the schema; `Store.open` is the usual way in."""
        self._engine = engine
        self._writer = writing(engine)
        self._keep = keep
        self.phones = PhoneStore(engine, self._writer)

    @classmethod
    def open(cls, url: str, keep: frozenset[str] = frozenset()) -> "Store":
        """Open the database at `url`, creating the file, its folder and the schema as needed.

        `keep` holds the public telephone numbers, as digits, that stay readable in stored texts. Raises
        `ValueError` for an in-memory SQLite URL.
        """
        upgrade(url)
        return cls(build_engine(url), keep)

    def conversation(self, id: str) -> Conversation | None:
        """Return the state of a conversation, or `None` when it is unknown."""
        with Session(self._engine) as session:
            row = session.get(ConversationRow, id)
            if row is None:
                return None
            return Conversation(row.id, row.channel, row.language, tuple(row.shown), row.last_answer)

    def record_turn(self, turn: Turn) -> None:
        """Add a turn's two messages in one transaction, creating the conversation when it is new.

        Raises `sqlalchemy.exc.IntegrityError` when the assistant's message id is already taken.
        """
        user_text = redact(turn.user_text, self._keep)
        reply_text = redact(turn.reply_text, self._keep)
        self._write(lambda session: _add_turn(session, turn, user_text, reply_text))

    def history(self, conversation_id: str, limit: int = 200, skip: int = 0) -> list[StoredMessage]:
        """Return the newest `limit` messages of a conversation before its newest `skip`, oldest first.

        Empty when the conversation is unknown.
        """
        newest = (
            select(MessageRow)
            .where(MessageRow.conversation_id == conversation_id)
            .order_by(MessageRow.position.desc())
            .limit(limit)
            .offset(skip)
        )
        with Session(self._engine) as session:
            rows = session.scalars(newest).all()
            return [
                StoredMessage(
                    row.id, row.role, row.text, row.language, row.outcome, tuple(row.citations), row.created_at
                )
                for row in reversed(rows)
            ]

    def add_feedback(self, message_id: str, helpful: bool, reason: str | None = None) -> bool:
        """Keep a verdict on a message, replacing an earlier one; `False` when the message is unknown."""
        kept = None if reason is None else redact(reason, self._keep)

        def work(session: Session) -> bool:
            if session.get(MessageRow, message_id) is None:
                return False
            session.merge(FeedbackRow(message_id=message_id, helpful=helpful, reason=kept, created_at=_now()))
            return True

        return self._write(work)

    def keep_reply(self, digest: str, message_id: str, reply: dict[str, object]) -> None:
        """Keep the reply that message `message_id` carried under the digest of its request, until the message goes.

        `reply` is kept verbatim, so it must be free of the person's own words. Nothing is kept when the message is
        already gone, or when the digest is taken.
        """
        with suppress(IntegrityError):
            self._write_once(
                lambda session: session.add(KeptReplyRow(digest=digest, message_id=message_id, reply=reply))
            )

    def kept_reply(self, digest: str) -> dict[str, object] | None:
        """Return the reply kept under a digest, or `None`."""
        with Session(self._engine) as session:
            return session.scalar(select(KeptReplyRow.reply).where(KeptReplyRow.digest == digest))

    def reply_of(self, message_id: str) -> dict[str, object] | None:
        """Return the whole reply that a message of the assistant carried, or `None` where it was not kept."""
        with Session(self._engine) as session:
            return session.scalar(select(KeptReplyRow.reply).where(KeptReplyRow.message_id == message_id))

    def delete_conversation(self, id: str) -> bool:
        """Delete a conversation with its messages and feedback; `False` when it is unknown."""
        gone = delete(ConversationRow).where(ConversationRow.id == id).returning(ConversationRow.id)
        return self._write(lambda session: session.scalar(gone) is not None)

    def purge(self, older_than_days: int, now: int | None = None) -> int:
        """Delete the conversations idle for more than `older_than_days` days, phones and texts too; return how many they were.

        Phones that opted out are kept, so that they stay left alone.

        `now` is in UTC unix seconds and defaults to the clock. Raises `ValueError` for a negative age.
        """
        if older_than_days < 0:
            raise ValueError("older_than_days must not be negative")
        cutoff = (_now() if now is None else now) - older_than_days * _DAY_SECONDS
        gone = delete(ConversationRow).where(ConversationRow.last_at < cutoff).returning(ConversationRow.id)
        self.phones.purge(cutoff)
        return self._write(lambda session: len(session.scalars(gone).all()))

    def ping(self) -> None:
        """Read from the database; raises when it or its schema is missing."""
        with Session(self._engine) as session:
            session.execute(text("SELECT 1 FROM conversations LIMIT 1"))

    def close(self) -> None:
        """Close the idle connections; call it once no other thread uses the store."""
        self._engine.dispose()

    def _write(self, work: Callable[[Session], _T]) -> _T:
        """Run `work` in a write transaction, again when another writer took its position or row first."""
        for _ in range(_ATTEMPTS - 1):
            try:
                return self._write_once(work)
            except IntegrityError:
                continue
        return self._write_once(work)

    def _write_once(self, work: Callable[[Session], _T]) -> _T:
        with Session(self._writer) as session, session.begin():
            return work(session)


def _add_turn(session: Session, turn: Turn, user_text: str, reply_text: str) -> None:
    now = _now()
    row = session.get(ConversationRow, turn.conversation_id, with_for_update=True)
    if row is None:
        row = ConversationRow(id=turn.conversation_id, channel=turn.channel, created_at=now)
        session.add(row)
    row.last_at = now
    row.shown = list(turn.shown)
    if turn.language is not None:
        row.language = turn.language
    if turn.last_answer is not None:
        row.last_answer = turn.last_answer
    session.flush()
    last = session.scalar(
        select(func.max(MessageRow.position)).where(MessageRow.conversation_id == turn.conversation_id)
    )
    position = 0 if last is None else last + 1
    asked = _message(turn, new_id(), "user", user_text, position, now)
    replied = _message(turn, turn.message_id, "assistant", reply_text, position + 1, now)
    replied.outcome = turn.outcome
    replied.citations = list(turn.citations)
    session.add_all([asked, replied])


def _message(turn: Turn, id: str, role: str, text: str, position: int, now: int) -> MessageRow:
    return MessageRow(
        id=id,
        conversation_id=turn.conversation_id,
        position=position,
        role=role,
        text=text,
        language=turn.language,
        citations=[],
        created_at=now,
    )


def _now() -> int:
    return int(time.time())
