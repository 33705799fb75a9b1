"""The tables of the store. Times are UTC unix seconds."""

from sqlalchemy import JSON, BigInteger, CheckConstraint, ForeignKey, Text, UniqueConstraint
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class Base(DeclarativeBase):
    """Common base; its metadata describes the schema that the migrations build."""


class ConversationRow(Base):
    """A conversation on one channel, with what the next turn needs to know."""

    __tablename__ = "conversations"

    id: Mapped[str] = mapped_column(Text, primary_key=True)
    channel: Mapped[str] = mapped_column(Text)
    language: Mapped[str | None] = mapped_column(Text)
    created_at: Mapped[int] = mapped_column(BigInteger)
    last_at: Mapped[int] = mapped_column(BigInteger, index=True)
    shown: Mapped[list[str]] = mapped_column(JSON)
    last_answer: Mapped[dict[str, object] | None] = mapped_column(JSON(none_as_null=True))


class MessageRow(Base):
    """One message; `position` counts from zero inside its conversation."""

    __tablename__ = "messages"
    __table_args__ = (
        UniqueConstraint("conversation_id", "position", name="uq_messages_position"),
        CheckConstraint("role IN ('user', 'assistant')", name="ck_messages_role"),
    )

    id: Mapped[str] = mapped_column(Text, primary_key=True)
    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversations.id", ondelete="CASCADE"))
    position: Mapped[int]
    role: Mapped[str] = mapped_column(Text)
    text: Mapped[str] = mapped_column(Text)
    language: Mapped[str | None] = mapped_column(Text)
    outcome: Mapped[str | None] = mapped_column(Text)
    citations: Mapped[list[str]] = mapped_column(JSON)
    created_at: Mapped[int] = mapped_column(BigInteger)


class FeedbackRow(Base):
    """A person's verdict on one message."""

    __tablename__ = "feedback"

    message_id: Mapped[str] = mapped_column(ForeignKey("messages.id", ondelete="CASCADE"), primary_key=True)
    helpful: Mapped[bool]
    reason: Mapped[str | None] = mapped_column(Text)
    created_at: Mapped[int] = mapped_column(BigInteger)


class PhoneRow(Base):
    """A telephone that texts, known only by a keyed hash of its number."""

    __tablename__ = "phones"

    hash: Mapped[str] = mapped_column(Text, primary_key=True)
    language: Mapped[str | None] = mapped_column(Text)
    conversation_id: Mapped[str | None] = mapped_column(Text)
    opted_out: Mapped[bool]
    warned_at: Mapped[int | None] = mapped_column(BigInteger)
    last_at: Mapped[int] = mapped_column(BigInteger, index=True)
    rest: Mapped[str] = mapped_column(Text)
    choices: Mapped[list[str]] = mapped_column(JSON)


class TextRow(Base):
    """A text message that came in, by the carrier's id, and what was answered; no text of the sender is kept here."""

    __tablename__ = "texts"

    sid: Mapped[str] = mapped_column(Text, primary_key=True)
    phone: Mapped[str] = mapped_column(Text, index=True)
    claimed_at: Mapped[int] = mapped_column(BigInteger, index=True)
    reply: Mapped[str | None] = mapped_column(Text)
    delivered: Mapped[bool]


class KeptReplyRow(Base):
    """A reply under the digest of the request it answers; it goes when its message goes."""

    __tablename__ = "kept_replies"

    digest: Mapped[str] = mapped_column(Text, primary_key=True)
    message_id: Mapped[str] = mapped_column(ForeignKey("messages.id", ondelete="CASCADE"), unique=True)
    reply: Mapped[dict[str, object]] = mapped_column(JSON)
