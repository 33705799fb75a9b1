"""Messages as HTML: one drawing for the page, for answers that arrive later, and for older messages."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from fastapi.templating import Jinja2Templates
from markupsafe import Markup

from api.charts import target_chart
from api.page_text import Block, load_page_sentences, message_blocks
from bot import facts
from bot.assistant import Assistant, Citation, Reply, SuggestionOut
from bot.store import Store, StoredMessage
from knowledge.models import Locale, Measure, Plan

FIGURES = 4
templates = Jinja2Templates(directory=Path(__file__).resolve().parent / "templates")


@dataclass(frozen=True)
class Source:
    """A citation as the page lists it: the node's place in the plan, and the source's date in words."""

    id: str
    title: str
    above: str
    url: str
    name: str
    published: str


@dataclass(frozen=True)
class MessageView:
    """All that a message's HTML is made from; `sent` is in ISO 8601, UTC, or empty; `figures` stand under their line."""

    role: str
    id: str
    language: Locale
    outcome: str
    text: str
    sent: str = ""
    blocks: Sequence[Block] = ()
    sources: Sequence[Source] = ()
    figures: dict[str, Markup] = field(default_factory=dict)
    suggestions: Sequence[SuggestionOut] = ()


def view_stored(assistant: Assistant, entry: StoredMessage, page_language: str) -> MessageView:
    """A message of the history; one without a language takes the page's."""
    language: Locale = "es" if (entry.language or page_language) == "es" else "en"
    sent = datetime.fromtimestamp(entry.created_at, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    if entry.role == "user":
        return MessageView("user", entry.id, language, "", entry.text, sent)
    return _answer(assistant, entry.id, language, entry.outcome or "", entry.text, entry.citations, sent)


def view_reply(assistant: Assistant, reply: Reply) -> MessageView:
    """An answer just made, with what one may ask next."""
    cited = [citation.id for citation in reply.citations]
    sent = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    return _answer(assistant, reply.message_id, reply.language, reply.outcome, reply.text, cited, sent, reply.suggestions)


def view_history(
    assistant: Assistant, store: Store, conversation_id: str, page_language: str, limit: int, skip: int = 0
) -> list[MessageView]:
    """The newest `limit` messages before the newest `skip`, oldest first; the last answer keeps its suggestions."""
    entries = store.history(conversation_id, limit, skip)
    views = [view_stored(assistant, entry, page_language) for entry in entries]
    if views and not skip and (kept := store.reply_of(views[-1].id)):
        views[-1] = view_reply(assistant, Reply.model_validate(kept))
    return views


def render_message(view: MessageView, *, framed: bool, latest: bool = False) -> Markup:
    """The message's HTML; in a frame, links into the plan open a tab of their own."""
    module = templates.env.get_template("message.html").module
    drawn = module.message(view, load_page_sentences()[view.language], framed, latest)  # type: ignore[attr-defined]
    return Markup(drawn)


def _answer(
    assistant: Assistant, id: str, language: Locale, outcome: str, text: str, cited: Sequence[str], sent: str,
    suggestions: Sequence[SuggestionOut] = (),
) -> MessageView:
    sources = [_source(citation, language) for citation in assistant.citations(cited, language)]
    blocks = message_blocks(text, crisis=outcome == "crisis")
    figures = _figures(assistant.plan, cited, blocks, language)
    return MessageView("assistant", id, language, outcome, text, sent, blocks, sources, figures, suggestions)


def _figures(plan: Plan, cited: Sequence[str], blocks: Sequence[Block], language: Locale) -> dict[str, Markup]:
    """The pictures of the cited measures' targets, each under the line that tells the measure."""
    figures: dict[str, Markup] = {}
    lines = [line for block in blocks for line in block.plain]
    for node_id in cited:
        node = plan.nodes.get(node_id)
        if not isinstance(node, Measure) or len(figures) == FIGURES:
            continue
        told = next((line for line in lines if line.startswith(node.text[language])), None)
        if told and told not in figures and (figure := target_chart(node, language)):
            figures[told] = figure
    return figures


def _source(citation: Citation, language: Locale) -> Source:
    above = " › ".join(step for step in citation.path if step != citation.title)
    url = citation.url if not citation.url or citation.url.startswith("http") else f"https://{citation.url}"
    published = facts.when(citation.as_of, language) if citation.as_of else ""
    return Source(citation.id, citation.title, above, url, citation.source, published)
