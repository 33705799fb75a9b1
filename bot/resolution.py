"""From a dialogue act to what exactly is said: which nodes, which part of them, or which sentence.

A `Resolution` has no language: `bot.answer.compose` renders it in either, so that the last answer can be
repeated in the other language.
"""

from dataclasses import dataclass
from typing import Literal

from pydantic import BaseModel, ConfigDict

from bot.acts import DialogueAct
from bot.components.references import References
from knowledge.models import Measure, OverviewFact, Pillar, Plan, Priority, Resource, Strategy
from retrieval.search import Evidence, Hit

# Logits added to nodes near the conversation's topic: strong where the message leans on it, else a tie-breaker.
SAME_PRIORITY, SAME_PILLAR, UNLINKED_SHARE = 2.5, 0.8, 0.4
# Added to the topic itself where a message goes on from it.
SAME_NODE = 1.5
ASPECT_KIND = 0.8
CONTEXT_SHARE = 0.5
# A further fact is told when it has at least this probability, and this share of the first one's.
FURTHER_AT, FURTHER_SHARE, MOST_FACTS = 0.03, 0.08, 3

KINDS_OF_ASPECT: dict[str, type] = {
    "target": Measure, "baseline": Measure, "measures": Measure, "strategies": Strategy, "resources": Resource,
}


class Resolution(BaseModel):
    """What to say. `about`: nodes and a part of them; `facts`: single facts, best first; `say`: a sentence."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    mode: Literal["about", "facts", "say"]
    ids: tuple[str, ...] = ()
    aspect: str | None = None
    key: str | None = None
    confidence: float = 1.0


@dataclass(frozen=True)
class Context:
    """What the conversation remembers of its last answer: the redacted question, its nodes, and what was listed."""

    question: str = ""
    topic: tuple[str, ...] = ()
    shown: tuple[str, ...] = ()
    resolution: Resolution | None = None


@dataclass(frozen=True)
class Question:
    """A message with all that is known of it; `with_context` is the evidence of the last question and this one together."""

    references: References
    evidence: Evidence
    with_context: Evidence | None
    context: Context


def resolve(plan: Plan, act: DialogueAct, question: Question) -> Resolution:
    """The resolution of `act`."""
    match act.act:
        case "answer_about" | "answer_about_level":
            return _about(plan, act, question)
        case "follow_up":
            return _follow_up(plan, act, question)
        case "answer":
            return _open(plan, act, question)
        case "refuse":
            return Resolution(mode="say", key=f"abstain.{act.detail or 'off_topic'}")
        case "crisis":
            return Resolution(mode="say", key=f"crisis.{act.detail or 'self_harm'}")
        case "handoff":
            return Resolution(mode="say", key="handoff")
        case "language_switch":
            return Resolution(mode="say", key="language_switch")
        case _:
            return Resolution(mode="say", key=f"smalltalk.{act.act}")


def _about(plan: Plan, act: DialogueAct, question: Question) -> Resolution:
    topic = act.topic
    aspect = act.aspect
    named = [plan.nodes[i] for i in topic if i in plan.nodes]
    specific = aspect in (None, "why") and question.references.content_words >= 1 and act.act == "answer_about"
    if specific and len(topic) == 1 and named and isinstance(named[0], Priority) and named[0].strategies and not act.linked:
        among = {i for i, parent in plan.parents.items() if parent == topic[0]}
        hits = question.evidence.hits(limit=3, among=among)
        if hits and hits[0].score >= 0.3 and aspect is None:
            return Resolution(mode="facts", ids=(*_worth_telling(plan, hits), topic[0]), confidence=hits[0].score)
    return Resolution(mode="about", ids=topic, aspect=aspect)


def _follow_up(plan: Plan, act: DialogueAct, question: Question) -> Resolution:
    topic = tuple(i for i in (act.topic or question.context.topic) if i in plan.nodes)
    if not topic:
        return _open(plan, act, question)
    node = plan.nodes[topic[0]]
    kind = KINDS_OF_ASPECT.get(act.aspect or "")
    if kind is not None and isinstance(node, kind) and not isinstance(node, Strategy | Resource):
        listed = [i for i in question.context.shown if i in plan.nodes and isinstance(plan.nodes[i], kind)]
        if len(listed) > 1 and act.aspect == "baseline":
            return Resolution(mode="about", ids=(plan.parents[topic[0]] or topic[0],), aspect="baseline")
        return Resolution(mode="facts", ids=topic)
    if isinstance(node, Resource) and act.aspect == "resources":
        helps = () if node.phone else (plan.meta.crisis_line if topic[0].startswith("2") else plan.meta.helpdesk,)
        return Resolution(mode="facts", ids=(topic[0], *helps))
    if isinstance(node, OverviewFact) or plan.parents[topic[0]] is None and isinstance(node, Resource):
        return _open(plan, act, question)
    if isinstance(node, Strategy | Measure | Resource):
        owner = plan.parents[topic[0]] or topic[0]
        if kind is Measure and question.with_context is not None:
            among = {i for i, n in plan.nodes.items() if plan.parents[i] == owner and isinstance(n, Measure)}
            hits = question.with_context.hits(limit=3, among=among)
            if hits:
                return Resolution(mode="facts", ids=tuple(h.node_id for h in hits), confidence=hits[0].score)
        return Resolution(mode="about", ids=(owner,), aspect=act.aspect)
    return Resolution(mode="about", ids=topic, aspect=act.aspect)


def _open(plan: Plan, act: DialogueAct, question: Question) -> Resolution:
    evidence, context = question.evidence, question.context
    leaning = bool(context.topic) and (act.linked or question.references.linked)
    boost = _topic_boost(plan, context.topic, 1.0 if leaning else UNLINKED_SHARE)
    kind = KINDS_OF_ASPECT.get(act.aspect or "")
    if kind is not None:
        for node_id, node in plan.nodes.items():
            if isinstance(node, kind):
                boost[node_id] = boost.get(node_id, 0.0) + ASPECT_KIND
    if leaning and question.with_context is not None:
        for number, node_id in enumerate(evidence.node_ids):
            extra = float(question.with_context.logits[number] - evidence.logits[number]) * CONTEXT_SHARE
            boost[node_id] = boost.get(node_id, 0.0) + extra
    hits = evidence.hits(limit=8, boost=boost)
    if not hits:
        return Resolution(mode="say", key="abstain.unsure")
    first = plan.nodes[hits[0].node_id]
    owner = plan.parents.get(first.id)
    if act.aspect == "strategies" and isinstance(first, Strategy) and owner and question.references.content_words > 0:
        return Resolution(mode="about", ids=(owner,), aspect="strategies", confidence=hits[0].score)
    if isinstance(first, Pillar | Priority) and act.aspect in (*KINDS_OF_ASPECT, "priorities"):
        return Resolution(mode="about", ids=(first.id,), aspect=act.aspect, confidence=hits[0].score)
    return Resolution(mode="facts", ids=_worth_telling(plan, hits), confidence=hits[0].score)


def _topic_boost(plan: Plan, topic: tuple[str, ...], share: float) -> dict[str, float]:
    """Logits for the nodes around `topic`; itself, its priority and what is under that most."""
    boost: dict[str, float] = {}
    for centre in topic[:1]:
        if centre not in plan.nodes:
            continue
        line = [n.id for n in plan.ancestors(centre)] + [centre]
        for node_id in plan.nodes:
            theirs = [n.id for n in plan.ancestors(node_id)] + [node_id]
            if len(line) > 1 and len(theirs) > 1 and line[1] == theirs[1]:
                boost[node_id] = SAME_PRIORITY * share
            elif line[0] == theirs[0] and line[0] in "123456789":
                boost[node_id] = SAME_PILLAR * share
            elif centre == node_id or _related(plan, node_id, line):
                boost[node_id] = SAME_PRIORITY * share
        boost[centre] = boost.get(centre, 0.0) + SAME_NODE * share * share
    return boost


def _related(plan: Plan, node_id: str, line: list[str]) -> bool:
    node = plan.nodes[node_id]
    return isinstance(node, Resource) and any(i in node.related for i in line[1:])


def _worth_telling(plan: Plan, hits: list[Hit]) -> tuple[str, ...]:
    """The first fact, and up to two more that are nearly as likely; twins of the same name are told once."""
    told: list[str] = []
    names: set[str] = set()
    for hit in hits:
        node = plan.nodes[hit.node_id]
        name = node.name.en if isinstance(node, Resource) else hit.node_id
        enough = not told or (hit.score >= FURTHER_AT and hit.score >= FURTHER_SHARE * hits[0].score)
        if enough and name not in names and len(told) < MOST_FACTS:
            told.append(hit.node_id)
            names.add(name)
    return tuple(told)
