"""What exactly is said to a message: which nodes, which part of them, or which sentence.

A `Resolution` has no language: `bot.answer.compose` renders it in either, so that the last answer can be
repeated in the other language.
"""

from dataclasses import dataclass
from typing import Literal

from pydantic import BaseModel, ConfigDict

from bot.acts import Outcome
from bot.components.references import References
from knowledge.models import Locale
from retrieval.search import Evidence


class Resolution(BaseModel):
    """What to say. `about`: nodes and a part of them; `facts`: single facts, best first; `say`: a sentence.

    `missing` names what was asked of the facts ("baseline", "date", …) and none of them tells. `language` is the one that
    the message asks to go on in.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    mode: Literal["about", "facts", "say"]
    ids: tuple[str, ...] = ()
    aspect: str | None = None
    key: str | None = None
    missing: str | None = None
    language: Locale | None = None
    confidence: float = 1.0


class Earlier(BaseModel):
    """A question of the conversation before the last one, redacted, and the nodes that answered it."""

    model_config = ConfigDict(frozen=True)

    question: str
    topic: tuple[str, ...]


@dataclass(frozen=True)
class Context:
    """What the conversation remembers of its last answer: the redacted question, its nodes, and what was listed.

    `earlier` are the matters before it, newest first; `language` is the one that was last answered in.
    """

    question: str = ""
    topic: tuple[str, ...] = ()
    shown: tuple[str, ...] = ()
    resolution: Resolution | None = None
    earlier: tuple[Earlier, ...] = ()
    language: Locale | None = None


@dataclass(frozen=True)
class Question:
    """A message with all that is known of it; `with_context` is the evidence of the last question and this one together."""

    text: str
    references: References
    evidence: Evidence
    with_context: Evidence | None
    context: Context


@dataclass(frozen=True)
class Suggestion:
    """Something the reader may ask next: the chip's title and the text it sends."""

    title: str
    text: str


@dataclass(frozen=True)
class Answer:
    """A composed answer. `citations` and `shown` are node ids, citations most important first."""

    outcome: Outcome
    text: str
    citations: tuple[str, ...] = ()
    shown: tuple[str, ...] = ()
    suggestions: tuple[Suggestion, ...] = ()
