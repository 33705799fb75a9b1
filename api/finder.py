"""Look-ups while one types: ids first, then words of either language; the cards that results show are made beforehand."""

import re
from dataclasses import dataclass

from pydantic import BaseModel

from api.plan_view import NodeView, view_node
from api.wording import wording
from knowledge.models import LOCALES, Kind, Locale, Node, Plan
from retrieval.normalization import fold
from retrieval.prefix import Field, PrefixIndex

# "2D", "2D.M1", "2d m1", "2D.", and a digit alone only after "pillar" or "pilar", or as the whole query.
ID = re.compile(r"(?<![\w.])(?P<part>\d[a-z](?:[ .]?[smr]\d*)?)\.?(?![\w.])|\b(?:pillar|pilar) *(?P<pillar>\d)\b|^(?P<digit>\d)$")


# A name counts more than a sentence, a part of the plan more than what is said about it.
TITLE_WEIGHTS = {"pillar": 3.0, "priority": 3.0, "resource": 2.5, "strategy": 2.0, "measure": 2.0, "overview": 1.5}


class Side(BaseModel):
    """A card in one language. `answer` is the text to hand on, with its citation and address."""

    kind: str
    label: str
    text: str
    numbers: list[tuple[str, str]]
    above: list[str]
    answer: str


class Card(BaseModel):
    """A result of a look-up, both languages side by side."""

    id: str
    kind: Kind
    url: str
    en: Side
    es: Side


@dataclass(frozen=True)
class Found:
    """The ids that a query finds, best first, and whether they were found by their id."""

    ids: list[str]
    by_id: bool


class Finder:
    """The plan prepared for look-ups. `base` begins the addresses that are handed on."""

    def __init__(self, plan: Plan, base: str = "") -> None:
        self._plan = plan
        self._by_fold = {node_id.lower().replace(".", ""): node_id for node_id in plan.nodes}
        self._pillars = {i: (plan.ancestors(i) or [node])[0].id for i, node in plan.nodes.items()}
        self.cards = {node.id: _card(plan, node, base) for node in plan.nodes.values()}
        self._encoded = {node_id: card.model_dump_json().encode() for node_id, card in self.cards.items()}
        self._index = PrefixIndex({node.id: _fields(plan, node) for node in plan.nodes.values()})

    def find(self, query: str, kind: Kind | None = None, pillar: str | None = None) -> Found:
        """The nodes for `query` that pass the filters; an empty query finds all that pass, where there is a filter."""
        folded = fold(query)
        if not folded:
            return Found(self.passing(list(self._plan.nodes), kind, pillar) if kind or pillar else [], False)
        if (exact := self._by_fold.get(folded.replace(".", ""))) and not folded.isdigit():
            return Found(self.passing(self._from(exact), kind, pillar), True)
        named = ID.search(folded)
        if named is None:
            return Found(self.passing([i for i, _ in self._index.search(folded)], kind, pillar), False)
        beginning = re.sub(r"[ .]", "", named["part"] or named["pillar"] or named["digit"])
        under = [i for short, i in self._by_fold.items() if short.startswith(beginning)]
        rest = f"{folded[: named.start()]} {folded[named.end() :]}".strip()
        if rest:
            scored = [i for i, _ in self._index.search(rest)]
            if both := [i for i in scored if i in under]:
                return Found(self.passing(both, kind, pillar), False)
            if not under:
                return Found(self.passing([i for i, _ in self._index.search(folded)], kind, pillar), False)
        return Found(self.passing(under, kind, pillar), bool(under))

    def encoded(self, node_id: str) -> bytes:
        """The card of a node as JSON."""
        return self._encoded[node_id]

    def _from(self, node_id: str) -> list[str]:
        return [node_id, *(i for i in self._plan.nodes if node_id in [n.id for n in self._plan.ancestors(i)])]

    def passing(self, ids: list[str], kind: Kind | None, pillar: str | None) -> list[str]:
        """Those of `ids` that are of that kind and under that pillar, in their order."""
        nodes = self._plan.nodes
        return [i for i in ids if kind in (None, nodes[i].kind) and pillar in (None, self._pillars[i])]


def _fields(plan: Plan, node: Node) -> list[Field]:
    """What a node is found by: its own name and text most, then its numbers, what it is part of, and what it is called."""
    fields = []
    for locale in LOCALES:
        view = view_node(plan, node, locale, depth=0)
        fields += [Field(view.title, TITLE_WEIGHTS[node.kind]), Field(view.text, 2.0), Field(view.label, 1.5)]
        fields += [Field(detail.text, 1.0) for detail in view.details if not detail.gap]
        fields += [Field(label, 0.7) for _, label in view.above]
        fields.append(Field(f"{view.kind_name} {wording('lookup', locale)[f'words_{node.kind}']}", 0.6))
    return fields


def _card(plan: Plan, node: Node, base: str) -> Card:
    sides = {locale: _side(plan, node, locale, base) for locale in LOCALES}
    return Card(id=node.id, kind=node.kind, url=f"/plan/{node.id}", en=sides["en"], es=sides["es"])


def _side(plan: Plan, node: Node, locale: Locale, base: str) -> Side:
    view = view_node(plan, node, locale, depth=0)
    own = view.kind in ("pillar", "priority", "resource")
    numbers = [(d.label, d.text) for d in view.details if not d.gap and not (d.href or "").startswith("/")]
    return Side(
        kind=view.kind_name, label=view.label, text=view.text if own else view.title,
        numbers=numbers, above=[label for _, label in view.above], answer=answer_text(plan, view, base),
    )


def answer_text(plan: Plan, view: NodeView, base: str) -> str:
    """What a node says, with its numbers, gaps, citation and address, as plain text to paste elsewhere."""
    words = wording("lookup", view.locale)
    lines = [view.title, view.text] if view.text else [view.title]
    lines += [f"{detail.label}: {detail.text}" for detail in view.details if not (detail.href or "").startswith("/")]
    lines += view.gaps
    lines.append(words["cite"].format(label=view.label, plan=plan.meta.title[view.locale]))
    lines += [words["cite_source"].format(title=source.title, url=source.url) for source in view.sources[:1]]
    return "\n".join([*lines, f"{base}/plan/{view.id}"])
