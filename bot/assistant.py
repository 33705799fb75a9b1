"""One turn: language, evidence, decision, answer, memory."""

import asyncio
import logging
import re
from collections.abc import Sequence
from dataclasses import asdict, replace
from pathlib import Path

from pydantic import BaseModel

from bot import facts
from bot.acts import DialogueAct, Outcome
from bot.answer import compose, pillars
from bot.asked import years, years_told
from bot.components.danger import hears_danger
from bot.components.elsewhere import asks_elsewhere
from bot.components.folding import fold
from bot.components.references import References, asks_for_names, find_references, names_pillars
from bot.dialogue import DialogueClient, DialogueError, DialogueEvidence
from bot.dialogue_training import names_of
from bot.fallback import decide_alone
from bot.leaning import best_of_kind
from bot.memory import recall, remember, returned_to, same_list
from bot.redaction import redact
from bot.resolution import Answer, Context, Question, Resolution
from bot.resolving import resolve
from bot.scope import in_conversation
from bot.sentences import say
from bot.sms.composing import short_text
from bot.store import Store, Turn, new_id
from bot.tracker import delete_from_tracker
from knowledge.models import Locale, Pillar, Plan, Priority, Resource
from retrieval.language import Detection, detect
from retrieval.search import Evidence, Searcher

log = logging.getLogger(__name__)
READABLE = re.compile(r"[^\W_]", re.UNICODE)
HITS_SENT = 8
QUIET_AFTER_FAILURE = 5.0
QUESTIONS = ("answer", "answer_about", "answer_about_level", "follow_up")
# A year in what somebody tells of a child of theirs ("he will finish in 2031") is not what is asked about.
OWN = re.compile(r"\b(my|our|mi|mis|nuestr\w+|i|he|she|yo)\b")


class Citation(BaseModel):
    """A node that the answer rests on, in the answer's language. `path` holds the titles above it, outermost first."""

    id: str
    title: str
    path: list[str]
    url: str
    source: str
    as_of: str | None = None


class SuggestionOut(BaseModel):
    """Something to ask next."""

    title: str
    text: str


class Reply(BaseModel):
    """The answer to one message, as every channel gets it."""

    conversation_id: str
    message_id: str
    language: Locale
    outcome: Outcome
    text: str
    citations: list[Citation]
    suggestions: list[SuggestionOut]
    confidence: float


class Assistant:
    """Answers messages from a plan. One instance serves all conversations; it is safe within one event loop."""

    def __init__(
        self, plan: Plan, searcher: Searcher, store: Store, dialogue: DialogueClient | None, tracker: Path | None = None
    ) -> None:
        """`tracker` is Rasa's tracker database, for deleting from it too."""
        self.plan, self.searcher, self.store, self.dialogue, self._tracker = plan, searcher, store, dialogue, tracker
        self._names = {fold(name): node_id for name, node_id in names_of(plan).items()}
        self._known = frozenset(plan.nodes)
        self._years = years_told(plan)
        self._quiet_until = 0.0
        self._public = frozenset(re.sub(r"\D", "", n.phone) for n in plan.nodes.values() if isinstance(n, Resource) and n.phone)

    async def reply(self, text: str, conversation_id: str | None, language: Locale | None, channel: str) -> Reply:
        """Answer `text` (1 to 1000 characters) in its conversation; a null id begins one.

        `language` set by the caller wins over detection, except where the message itself asks for a language.
        """
        conversation_id = conversation_id or new_id()
        context = await asyncio.to_thread(self._remember, conversation_id)
        context = returned_to(text, context, self._nearest)
        detection = detect(text, context.language)
        locale = detection.requested or language or detection.language
        resolution = await self._resolve(conversation_id, text, locale, detection, context)
        locale = resolution.language or locale
        answer = self._compose(resolution, locale, context)
        if channel == "sms":
            short = await asyncio.to_thread(self._short, text, resolution, answer, locale, context)
            answer = replace(answer, text=short)
        reply = self._reply(conversation_id, answer, resolution, locale)
        await asyncio.to_thread(self._record, text, channel, reply, answer, resolution, context)
        return reply

    async def _resolve(
        self, conversation_id: str, text: str, locale: Locale, detection: Detection, context: Context
    ) -> Resolution:
        if not READABLE.search(text):
            return Resolution(mode="say", key="abstain.unreadable")
        references = find_references(text, self._names, self._known)
        if references.ordinal is not None and context.question:
            before = find_references(context.question, self._names, self._known)
            context = replace(context, shown=same_list(self.plan, references, before, context))
        evidence, with_context = await asyncio.to_thread(self._evidence, text, context)
        question = Question(text, references, evidence, with_context, context)
        act = await self._decide(conversation_id, text, references, self._told(question, locale, detection))
        if self._asks_for_pillars(text, act, references, context):
            return Resolution(mode="say", key="pillars")
        if act.act in QUESTIONS and asks_elsewhere(text):
            return Resolution(mode="say", key="abstain.elsewhere")
        asked_years = years(text)
        if act.act in QUESTIONS and asked_years and not asked_years & self._years and not OWN.search(fold(text)):
            return Resolution(mode="say", key="abstain.years")
        return resolve(self.plan, act, question)

    def _nearest(self, text: str, sentences: Sequence[str]) -> int:
        return self.searcher.nearest(text, sentences)

    def _evidence(self, text: str, context: Context) -> tuple[Evidence, Evidence | None]:
        if not context.question:
            return self.searcher.evidence(text), None
        alone, with_context = self.searcher.evidences([text, f"{context.question} {text}"])
        return alone, with_context

    def _told(self, question: Question, locale: Locale, detection: Detection) -> DialogueEvidence:
        """What Rasa is told; the message's own hits, never its text in another form."""
        references, evidence, with_context = question.references, question.evidence, question.with_context
        context = question.context

        hits = tuple((h.node_id, round(h.score, 4)) for h in evidence.hits(limit=HITS_SENT))
        read = in_conversation(question.text, references, evidence.scope, with_context.scope if with_context else None)
        scope = {name: round(chance, 4) for name, chance in read.items()}
        return DialogueEvidence(
            locale, detection.requested, hits, best_of_kind(self.plan, evidence, Pillar),
            best_of_kind(self.plan, evidence, Priority), scope, context.shown, context.topic,
            round(evidence.danger, 4), evidence.danger_kind, detection.asks_only_that, context.language,
        )

    async def _decide(self, conversation_id: str, text: str, references: References, evidence: DialogueEvidence) -> DialogueAct:
        now = asyncio.get_running_loop().time()
        if self.dialogue is not None and now >= self._quiet_until:
            try:
                return await self.dialogue.decide(conversation_id, redact(text, self._public), evidence)
            except DialogueError as error:
                log.warning("answering without dialogue context: %s", error)
                if error.unreachable:
                    self._quiet_until = now + QUIET_AFTER_FAILURE
        return decide_alone(text, references, evidence)

    @staticmethod
    def _asks_for_pillars(text: str, act: DialogueAct, references: References, context: Context) -> bool:
        """ "What are the pillars?": the level is named, and nothing else; "name them" after it."""
        told = context.resolution is not None and context.resolution.key == "pillars"
        if told and references.bare and references.ordinal is None and not references.ids and asks_for_names(text):
            return act.act in ("answer", "follow_up") and {*references.aspects} <= {"about"}
        return act.act in ("answer", "follow_up", "answer_about_level") and references.level == "pillar" and references.bare and (
            references.ordinal is None and (not references.linked or names_pillars(text))
        )

    def _compose(self, resolution: Resolution, locale: Locale, context: Context) -> Answer:
        if resolution.key == "pillars":
            return pillars(self.plan, locale)
        if resolution.key == "language_switch" and context.resolution is not None:
            again = self._compose(context.resolution, locale, Context())
            opening = say(locale, "language_switch.repeat")
            return Answer("language_switch", f"{opening}\n\n{again.text}", again.citations, again.shown, again.suggestions)
        return compose(self.plan, resolution, locale)

    def _short(self, text: str, resolution: Resolution, answer: Answer, locale: Locale, context: Context) -> str:
        """The answer's text as text messages want it; of long facts the sentence nearest to `text` first."""
        asked = text
        if resolution.key == "language_switch" and context.resolution is not None:
            answer, asked, resolution = self._compose(context.resolution, locale, Context()), context.question, context.resolution
        return short_text(self.plan, resolution, answer, locale, lambda sentences: self.searcher.nearest(asked, sentences))

    async def in_danger(self, text: str) -> bool:
        """Whether `text` by itself speaks of someone in danger; quicker than an answer, and nothing is kept."""
        if not READABLE.search(text):
            return False
        evidence = await asyncio.to_thread(self.searcher.evidence, text)
        return hears_danger(text, evidence.danger, evidence.danger_kind) is not None

    def _reply(self, conversation_id: str, answer: Answer, resolution: Resolution, locale: Locale) -> Reply:
        return Reply(
            conversation_id=conversation_id, message_id=new_id(), language=locale, outcome=answer.outcome, text=answer.text,
            citations=[self.citation(node_id, locale) for node_id in answer.citations],
            suggestions=[SuggestionOut(**asdict(s)) for s in answer.suggestions], confidence=round(resolution.confidence, 4),
        )

    def citation(self, node_id: str, locale: Locale) -> Citation:
        """The citation of a node; its first source's title and address, and the source's date."""
        node = self.plan.nodes[node_id]
        source = self.plan.source(node.sources[0]) if node.sources else None
        as_of = node.as_of if isinstance(node, Resource) else None
        return Citation(
            id=node_id, title=facts.title(self.plan, node, locale), path=facts.path(self.plan, node, locale),
            url=source.url if source else "", source=source.title if source else "",
            as_of=as_of or (source.date if source else None),
        )

    def forget(self, conversation_id: str) -> bool:
        """Delete a conversation here and in Rasa's tracker, at once; False where there is none."""
        if self._tracker is not None:
            delete_from_tracker(self._tracker, conversation_id)
        return self.store.delete_conversation(conversation_id)

    def citations(self, ids: Sequence[str], language: str) -> list[Citation]:
        """The citations of `ids` that the plan still has, in `language`."""
        locale: Locale = "es" if language == "es" else "en"
        return [self.citation(node_id, locale) for node_id in ids if node_id in self.plan.nodes]

    def _remember(self, conversation_id: str) -> Context:
        conversation = self.store.conversation(conversation_id)
        if conversation is None:
            return Context()
        language: Locale | None = "es" if conversation.language == "es" else "en" if conversation.language == "en" else None
        return recall(conversation.last_answer, conversation.shown, language)

    def _record(
        self, text: str, channel: str, reply: Reply, answer: Answer, resolution: Resolution, context: Context
    ) -> None:
        """Keep the turn, and what the conversation remembers of it."""
        on_plan = answer.outcome in ("answered", "gap")
        last = remember(redact(text, self._public), answer, resolution, context)
        chosen = len(answer.shown) <= 1 and set(answer.shown) <= set(context.shown)
        shown = answer.shown if on_plan and not chosen else context.shown
        self.store.record_turn(
            Turn(
                conversation_id=reply.conversation_id, channel=channel, language=reply.language, user_text=text,
                message_id=reply.message_id, reply_text=reply.text, outcome=reply.outcome,
                citations=tuple(c.id for c in reply.citations), shown=shown, last_answer=last,
            )
        )

