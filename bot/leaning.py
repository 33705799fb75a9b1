"""What a conversation adds to a message's own evidence: nodes near its topic, and of the kind that is asked for."""

import re

from bot.acts import DialogueAct
from bot.asked import asked_for
from bot.components.folding import fold
from bot.components.following import FOR_WHOM, SURE_HIT
from bot.components.misspelling import TOKEN
from bot.components.references import speaks_of_level
from bot.components.vocabulary import vocabulary
from bot.resolution import Question
from knowledge.models import Measure, Node, Plan, Resource, Strategy
from retrieval.search import Evidence

# Logits added to nodes near the conversation's topic: strong where the message leans on it, else a tie-breaker.
SAME_PRIORITY, SAME_PILLAR, UNLINKED_SHARE = 2.5, 0.8, 0.4
# Added to the topic itself where a message goes on from it.
SAME_NODE = 1.5
ASPECT_KIND = 0.8
CONTEXT_SHARE = 0.5

GRADES = re.compile(r"\bgrades? (K|\d+)|\b(elementary|middle|high)\b")
# Words up to this length say little; of longer ones the first letters are compared.
SHORT_WORD, STEM = 3, 6

KINDS_OF_ASPECT: dict[str, type] = {
    "target": Measure, "baseline": Measure, "measures": Measure, "strategies": Strategy, "resources": Resource,
}


def boosts(plan: Plan, act: DialogueAct, question: Question, leaning: bool) -> dict[str, float]:
    """Logits that the conversation and the part asked for add to nodes.

    A message that leans on the topic but names something of its own ("and for reading?") means another node of
    the same kind near it, not the one just told.
    """
    evidence, context, references = question.evidence, question.context, question.references
    boost = _topic_boost(plan, context.topic, 1.0 if leaning else UNLINKED_SHARE)
    contrasts = leaning and references.linked and references.content_words > 0 and not references.pronoun
    contrasts = contrasts and not _has_a_figure_for_each(plan, context.topic[0], question.text)
    asks_again = asked_for(question.text) == "date" == asked_for(context.question)
    contrasts = contrasts or leaning and asks_again and _means_another(evidence, context.topic[0])
    contrasts = contrasts and not _tells_of(plan, context.topic[0], question.text)
    kind = KINDS_OF_ASPECT.get(act.aspect or "")
    if contrasts and context.topic[0] in plan.nodes:
        boost[context.topic[0]] = boost.get(context.topic[0], 0.0) - SAME_NODE
        kind = kind or (Measure if isinstance(plan.nodes[context.topic[0]], Measure) else None)
    if kind is None and act.aspect is None and asked_for(question.text) in ("place", "steps"):
        kind = Resource
    if kind is not None:
        for node_id, node in plan.nodes.items():
            if isinstance(node, kind):
                boost[node_id] = boost.get(node_id, 0.0) + ASPECT_KIND
    if leaning and question.with_context is not None:
        nothing_new = references.bare and act.aspect is None and not speaks_of_level(question.text)
        share = 1.0 if nothing_new else CONTEXT_SHARE
        for number, node_id in enumerate(evidence.node_ids):
            extra = float(question.with_context.logits[number] - evidence.logits[number]) * share
            boost[node_id] = boost.get(node_id, 0.0) + extra
    if contrasts and _means_another(evidence, context.topic[0]):
        boost[context.topic[0]] = min(boost.get(context.topic[0], 0.0), 0.0) - SAME_NODE
    return boost


def _has_a_figure_for_each(plan: Plan, told: str, text: str) -> bool:
    """Whether another grade or age is asked for, and the measure `told` holds figures for several."""
    node = plan.nodes.get(told)
    return isinstance(node, Measure) and FOR_WHOM.search(fold(text)) is not None and len(GRADES.findall(node.text.en)) > 1


def _tells_of(plan: Plan, told: str, text: str) -> bool:
    """Whether every longer word of a message stands in the fact `told` ("and the targeted groups?"), in either language."""
    node = plan.nodes.get(told)
    if not isinstance(node, Measure | Strategy):
        return False
    said = fold(f"{node.text.en} {node.text.es}")
    words = [word for word in TOKEN.findall(fold(text)) if len(word) > SHORT_WORD and word not in vocabulary().empty]
    return bool(words) and all(word[:STEM] in said for word in words)


def _means_another(evidence: Evidence, told: str) -> bool:
    """Whether the message by itself surely means another fact than the one `told`."""
    hits = evidence.hits(limit=1)
    return bool(hits) and hits[0].score >= SURE_HIT and hits[0].node_id != told


def best_of_kind(plan: Plan, evidence: Evidence | None, kind: type[Node], least: float = 0.0) -> str | None:
    """The node of a kind that the evidence speaks for most, where it has at least `least` of all of them."""
    if evidence is None:
        return None
    hits = evidence.hits(limit=1, among={i for i, node in plan.nodes.items() if isinstance(node, kind)})
    return hits[0].node_id if hits and hits[0].score >= least else None


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
