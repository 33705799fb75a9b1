"""A conversation by text message: keywords, opt-outs, rates, language, and the answer cut to size."""

import asyncio
import hashlib
import hmac
import re
import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Literal

from bot.assistant import Assistant, Reply
from bot.sms.composing import MOST_CHOICES, Limits, Page, link_to, page
from bot.sms.keywords import Keyword, chosen, keyword
from bot.sms.segments import economical
from bot.sms.wording import told
from bot.store import Store, new_id
from bot.store.phones import Phone
from knowledge.models import Locale
from retrieval.language import detect

HOUR, MINUTE = 3600, 60
# The assistant reads this many characters of a message; Twilio sends at most 1,600.
READ = 1000

OptOut = Literal["STOP", "START", "HELP"]


@dataclass(frozen=True)
class Texting:
    """How text messages are answered.

    `keys` are the secrets that numbers are hashed with, the current one first; `per_hour` and `per_minute` how many
    messages one phone, and all phones together, may send before they are asked to wait.
    """

    keys: tuple[bytes, ...]
    public_url: str | None = None
    limits: Limits = field(default_factory=Limits)
    per_hour: int = 30
    per_minute: int = 600
    clock: Callable[[], float] = time.time


@dataclass(frozen=True)
class Incoming:
    """One message: the sender's number, the text, how many pictures came with it, and what the carrier did on its own."""

    number: str
    text: str
    media: int = 0
    opt_out: OptOut | None = None


@dataclass(frozen=True)
class Sent:
    """What goes back: messages in order (none is silence), and the reply of the assistant where it was asked."""

    texts: tuple[str, ...] = ()
    reply: Reply | None = None


SILENCE = Sent()


def hashes(number: str, keys: tuple[bytes, ...]) -> list[str]:
    """The number's keyed hash (HMAC-SHA-256, RFC 2104) under each key."""
    digits = "".join(char for char in number if char.isdigit() or char == "+").encode()
    return [hmac.new(key, digits, hashlib.sha256).hexdigest() for key in keys]


class TextConversation:
    """Answers text messages. One instance serves all phones of a process; what it remembers is in the store."""

    def __init__(self, assistant: Assistant, store: Store, texting: Texting) -> None:
        self._assistant, self._store, self._texting = assistant, store, texting

    async def receive(self, incoming: Incoming) -> Sent:
        """The messages to send back; an empty tuple where nothing may be said."""
        now = int(self._texting.clock())
        known_by = hashes(incoming.number, self._texting.keys)
        known = await asyncio.to_thread(self._store.phones.phone, known_by)
        phone = known or Phone(known_by[0])
        locale = self._locale(incoming.text, phone)
        phone = replace(phone, last_at=now, language=phone.language or locale)
        if incoming.opt_out is not None:
            opted_out = {"STOP": True, "START": False}.get(incoming.opt_out, phone.opted_out)
            return await self._keep(replace(phone, opted_out=opted_out), SILENCE, incoming.opt_out != "HELP")
        word, of = keyword(incoming.text) or (None, None)
        locale = of or locale
        if word == "stop" or phone.opted_out:
            return await self._opted(phone, word, locale)
        phone, sent = await self._answer(phone, incoming, word, locale, now)
        if known is None and sent.texts and not (sent.reply and sent.reply.outcome == "crisis"):
            sent = replace(sent, texts=(*sent.texts, self._short(self._language(phone), "intro")))
        return await self._keep(phone, sent)

    async def _opted(self, phone: Phone, word: Keyword | None, locale: Locale) -> Sent:
        """STOP is confirmed once; then nothing is said until START."""
        if phone.opted_out and word == "start":
            return await self._keep(replace(phone, opted_out=False), Sent((self._short(locale, "start"),)), True)
        confirmed = SILENCE if phone.opted_out else Sent((self._short(locale, "stop"),))
        return await self._keep(replace(phone, opted_out=True, rest="", choices=()), confirmed, True)

    async def _answer(
        self, phone: Phone, incoming: Incoming, word: Keyword | None, locale: Locale, now: int
    ) -> tuple[Phone, Sent]:
        text = await self._read(incoming.text)
        if await self._too_many(phone, now) and not await self._assistant.in_danger(text):
            if phone.warned_at is not None and phone.warned_at > now - HOUR:
                return phone, SILENCE
            return replace(phone, warned_at=now), Sent((self._short(locale, "busy"),))
        number = chosen(text)
        if word == "help":
            helpdesk = self._assistant.plan.nodes[self._assistant.plan.meta.helpdesk]
            return phone, Sent((self._short(locale, "help", phone=getattr(helpdesk, "phone", "")),))
        if word == "start" and text.casefold() != "yes":
            return phone, Sent((self._short(locale, "start"),))
        if word == "more":
            return self._more(phone, locale)
        if not text:
            return phone, Sent((self._short(locale, "media" if incoming.media else "abstain.unreadable"),))
        if number is not None:
            if number > len(phone.choices):
                return phone, Sent((self._short(locale, "choose.nothing", number=number),))
            text = phone.choices[number - 1]
        asked: Locale | None = "en" if word == "english" else "es" if word == "spanish" else self._language(phone)
        return await self._ask(phone, text, asked if word or number is not None else None)

    async def _ask(self, phone: Phone, text: str, locale: Locale | None) -> tuple[Phone, Sent]:
        conversation = phone.conversation_id or new_id()
        reply = await self._assistant.reply(text, conversation, locale, "sms")
        made = self._page(reply.text, reply, [s.title for s in reply.suggestions])
        phone = replace(
            phone, language=reply.language, conversation_id=conversation, rest=made.rest,
            choices=tuple(s.text for s in reply.suggestions[:MOST_CHOICES]) if made.offers else (),
        )
        return phone, Sent((made.text,), reply)

    def _page(self, text: str, reply: Reply, titles: list[str]) -> Page:
        linked = reply.outcome in ("answered", "language_switch") and bool(reply.citations)
        link = link_to(self._texting.public_url, reply.citations[0].id) if linked else None
        limits = replace(self._texting.limits, segments=1) if reply.outcome == "crisis" else self._texting.limits
        return page(text, link, reply.language, limits, titles if linked else ())

    def _more(self, phone: Phone, locale: Locale) -> tuple[Phone, Sent]:
        if not phone.rest:
            return phone, Sent((self._short(locale, "more.nothing"),))
        made = page(phone.rest, None, self._language(phone), self._texting.limits)
        return replace(phone, rest=made.rest), Sent((made.text,))

    async def _too_many(self, phone: Phone, now: int) -> bool:
        count = self._store.phones.count
        mine = await asyncio.to_thread(count, now - HOUR, phone.hash)
        return mine > self._texting.per_hour or await asyncio.to_thread(count, now - MINUTE) > self._texting.per_minute

    async def _keep(self, phone: Phone, sent: Sent, decided: bool = False) -> Sent:
        """Remember the phone; where it opted out while its answer was made, the answer is dropped."""
        silent = await asyncio.to_thread(self._store.phones.keep, phone, decided)
        return SILENCE if silent and not decided else sent

    async def _read(self, text: str) -> str:
        """The part of a message that is answered: its beginning, or, where it is longer than is read, a sentence of danger."""
        text = text.strip()
        if len(text) > READ:
            # In a long text one sentence weighs too little to be heard among the others.
            for sentence in dict.fromkeys(re.split(r"(?<=[.!?])\s+|\n+", text)):
                if await self._assistant.in_danger(sentence[-READ:]):
                    return sentence[-READ:]
        return text[:READ]

    def _short(self, locale: Locale, key: str, **values: object) -> str:
        return economical(told(locale, key, **values), self._texting.limits.transliterate)

    def _locale(self, text: str, phone: Phone) -> Locale:
        return detect(text, self._language(phone) if phone.language else None).language

    @staticmethod
    def _language(phone: Phone) -> Locale:
        return "es" if phone.language == "es" else "en"
