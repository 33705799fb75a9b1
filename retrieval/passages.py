"""What is indexed: each node in its context, once per language, and each question of the bank."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from knowledge.bank import Question
from knowledge.models import LOCALES, Locale, Measure, Node, OverviewFact, Pillar, Plan, Priority, Resource, Strategy


@dataclass(frozen=True)
class Passage:
    """A text that stands for a node. `source` says whether the plan or the question bank gave it."""

    node_id: str
    locale: Locale
    text: str
    source: Literal["plan", "bank"]


def passages(plan: Plan, bank: list[Question]) -> list[Passage]:
    """The plan's passages (two per node that has content), then the bank's answerable questions."""
    found = list(_plan_passages(plan))
    found += [Passage(q.node_id, q.locale, q.text, "bank") for q in bank if q.node_id is not None]
    return found


def _plan_passages(plan: Plan) -> Iterator[Passage]:
    for node in plan.nodes.values():
        for locale in LOCALES:
            text = passage_text(plan, node, locale)
            if text:
                yield Passage(node.id, locale, text, "plan")


def passage_text(plan: Plan, node: Node, locale: Locale) -> str:
    """The node's words with the name of the priority it belongs to; empty for a priority nothing is known of."""
    above = plan.ancestors(node.id)
    context = next((n.name[locale] for n in reversed(above) if isinstance(n, Priority | Pillar) and n.name), "")
    match node:
        case Pillar():
            parts = [node.name[locale], node.tagline[locale], node.summary[locale]]
        case Priority():
            parts = [text[locale] for text in (node.name, node.focus, node.why) if text is not None]
        case Resource():
            parts = [node.name[locale], node.text[locale]]
        case Strategy() | Measure():
            parts = [context, node.text[locale]]
        case OverviewFact():
            parts = [node.text[locale]]
    return ". ".join(part.rstrip(".") for part in parts if part)
