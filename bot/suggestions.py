"""What one may ask next: the chips under an answer."""

from bot.resolution import Suggestion
from bot.sentences import say
from knowledge.models import Locale, Node, Pillar, Plan, Priority


def next_after(plan: Plan, node: Node, locale: Locale, told: str | None = None) -> tuple[Suggestion, ...]:
    """What one may ask next about a node: the other parts of its priority."""
    line = [*plan.ancestors(node.id), node]
    owner = next((n for n in line if isinstance(n, Priority)), None)
    if owner is not None and owner.name is not None:
        parts = [("strategies", owner.strategies), ("measures", owner.measures), ("resources", owner.resources)]
        told = {"target": "measures", "baseline": "measures"}.get(told or "", told)
        return tuple(chip(f"suggest.{part}", locale, owner.id) for part, items in parts if items and part != told)
    if isinstance(node, Pillar):
        return tuple(chip("suggest.strategies", locale, p.id) for p in node.priorities if p.strategies)[:3]
    return (chip("suggest.pillars", locale), chip("suggest.person", locale))


def chip(key: str, locale: Locale, node_id: str = "") -> Suggestion:
    """The chip whose title is the sentence `key` and whose text is the sentence `key`.text."""
    return Suggestion(say(locale, key, id=node_id), say(locale, f"{key}.text", id=node_id))
