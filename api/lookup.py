"""Looking things up in the plan: by id, by words, or by filter alone."""

import re

from pydantic import BaseModel

from bot import facts
from knowledge.models import Kind, Locale, Node, Plan
from retrieval.passages import passage_text
from retrieval.search import Searcher


class Translation(BaseModel):
    """The same node in the other language."""

    language: Locale
    title: str
    text: str


class Result(BaseModel):
    """A node found. `score` is a probability over all nodes, 1 where the query is the node's id."""

    id: str
    kind: Kind
    language: Locale
    title: str
    text: str
    path: list[str]
    score: float
    translation: Translation


def look_up(
    plan: Plan, searcher: Searcher, query: str, locale: Locale, kind: Kind | None, pillar: str | None, limit: int
) -> list[Result]:
    """The best `limit` nodes for `query`; an id comes first with what is under it, an empty query lists all that pass."""
    among = {i for i in plan.nodes if _passes(plan, i, kind, pillar)}
    wanted = re.sub(r"\s+", "", query)
    exact = next((i for i in plan.nodes if i.lower() == wanted.lower()), None) if wanted else None
    if exact is not None:
        under = [i for i in plan.nodes if exact in [n.id for n in plan.ancestors(i)]]
        found = [(i, 1.0) for i in (exact, *under) if i in among]
    elif not query.strip():
        found = [(i, 0.0) for i in plan.nodes if i in among]
    else:
        found = [(hit.node_id, hit.score) for hit in searcher.evidence(query).hits(limit=limit, among=among)]
    return [result(plan, plan.nodes[i], locale, round(score, 4)) for i, score in found[:limit]]


def result(plan: Plan, node: Node, locale: Locale, score: float) -> Result:
    """A node as a search result."""
    other: Locale = "en" if locale == "es" else "es"
    return Result(
        id=node.id, kind=node.kind, language=locale, title=facts.title(plan, node, locale),
        text=_text(plan, node, locale), path=facts.path(plan, node, locale), score=score,
        translation=Translation(language=other, title=facts.title(plan, node, other), text=_text(plan, node, other)),
    )


def _text(plan: Plan, node: Node, locale: Locale) -> str:
    """What is searched in a node; where its source gives nothing, that it does not."""
    return passage_text(plan, node, locale) or facts.fact(plan, node, locale)


def _passes(plan: Plan, node_id: str, kind: Kind | None, pillar: str | None) -> bool:
    node = plan.nodes[node_id]
    line = [n.id for n in plan.ancestors(node_id)] + [node_id]
    return (kind is None or node.kind == kind) and (pillar is None or line[0] == pillar)
