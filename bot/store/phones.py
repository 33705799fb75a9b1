"""Telephones and incoming text messages in the store. Numbers come here only as keyed hashes. Times are UTC unix seconds."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Literal

from sqlalchemy import Engine, delete, func, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from bot.store.models import PhoneRow, TextRow

# A message whose answer never came is taken over by a retry after this long.
ABANDONED_S = 60


@dataclass(frozen=True)
class Phone:
    """What is remembered of a telephone. `rest` is what MORE continues with, `choices` what a number picks."""

    hash: str
    language: str | None = None
    conversation_id: str | None = None
    opted_out: bool = False
    warned_at: int | None = None
    last_at: int = 0
    rest: str = ""
    choices: tuple[str, ...] = ()


@dataclass(frozen=True)
class Claim:
    """Who answers a message: "mine" to do now, "pending" elsewhere, or "answered" with `reply`, maybe `delivered` too."""

    state: Literal["mine", "pending", "answered"]
    reply: str = ""
    delivered: bool = False


class PhoneStore:
    """Phones and texts; safe to share between threads and processes. Methods raise SQLAlchemyError where the database fails."""

    def __init__(self, engine: Engine, writer: Engine) -> None:
        self._engine, self._writer = engine, writer

    def claim(self, sid: str, phone: str, now: int) -> Claim:
        """Take the message `sid` for answering; of all who try, in any process, one gets it."""
        try:
            with Session(self._writer) as session, session.begin():
                session.add(TextRow(sid=sid, phone=phone, claimed_at=now, reply=None, delivered=False))
            return Claim("mine")
        except IntegrityError:
            return self._claim_again(sid, now)

    def _claim_again(self, sid: str, now: int) -> Claim:
        with Session(self._writer) as session, session.begin():
            row = session.get(TextRow, sid)
            if row is not None and row.reply is not None:
                return Claim("answered", row.reply, row.delivered)
            stale = TextRow.claimed_at < now - ABANDONED_S
            taken = update(TextRow).where(TextRow.sid == sid, TextRow.reply.is_(None), stale).values(claimed_at=now)
            return Claim("mine" if session.execute(taken.returning(TextRow.sid)).first() else "pending")

    def answer(self, sid: str, reply: str) -> None:
        """Keep what was answered to `sid`, for a retry of the same message."""
        self._set(sid, {"reply": reply})

    def release(self, sid: str) -> None:
        """Give up the claim on `sid`, whose answering failed, so that a retry of the message is answered at once."""
        with Session(self._writer) as session, session.begin():
            session.execute(delete(TextRow).where(TextRow.sid == sid, TextRow.reply.is_(None)))

    def delivered(self, sid: str) -> None:
        """The answer to `sid` went out whole, and is not wanted again."""
        self._set(sid, {"delivered": True, "reply": ""})

    def _set(self, sid: str, values: dict[str, object]) -> None:
        with Session(self._writer) as session, session.begin():
            session.execute(update(TextRow).where(TextRow.sid == sid).values(**values))

    def phone(self, hashes: Sequence[str]) -> Phone | None:
        """The phone known by the first of `hashes` (the current key's) or by a later one (older keys'), moved to the first."""
        with Session(self._writer) as session, session.begin():
            for number, value in enumerate(hashes):
                row = session.get(PhoneRow, value)
                if row is None:
                    continue
                if number:
                    session.execute(update(PhoneRow).where(PhoneRow.hash == value).values(hash=hashes[0]))
                return Phone(
                    hashes[0], row.language, row.conversation_id, row.opted_out, row.warned_at, row.last_at, row.rest,
                    tuple(row.choices),
                )
        return None

    def keep(self, phone: Phone, decided: bool = False) -> bool:
        """Write a phone, new or known, and return whether it is opted out now.

        `opted_out` of a known phone is written only where the message `decided` it: an answer that took longer than a STOP
        sent after it must not undo that.
        """
        values = asdict(phone) | {"choices": list(phone.choices)}
        with Session(self._writer) as session, session.begin():
            known = session.get(PhoneRow, phone.hash)
            if known is not None and not decided:
                values["opted_out"] = known.opted_out
            session.merge(PhoneRow(**values))
            return bool(values["opted_out"])

    def count(self, since: int, phone: str | None = None) -> int:
        """How many messages came since a time, from one phone or from all."""
        counted = select(func.count()).select_from(TextRow).where(TextRow.claimed_at >= since)
        with Session(self._engine) as session:
            return session.scalar(counted if phone is None else counted.where(TextRow.phone == phone)) or 0

    def purge(self, before: int) -> int:
        """Delete messages and phones idle since `before`, and return how many phones; those that opted out stay, left alone."""
        with Session(self._writer) as session, session.begin():
            session.execute(delete(TextRow).where(TextRow.claimed_at < before))
            idle = delete(PhoneRow).where(PhoneRow.last_at < before, PhoneRow.opted_out.is_(False))
            forget = update(PhoneRow).where(PhoneRow.last_at < before).values(rest="", choices=[], conversation_id=None)
            gone = session.scalars(idle.returning(PhoneRow.hash)).all()
            session.execute(forget)
            return len(gone)
