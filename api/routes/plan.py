"""GET /api/v1/plan and /api/v1/plan/{id}: the plan as data, both languages, with sources."""

from fastapi import APIRouter, HTTPException
from pydantic import BaseModel, SerializeAsAny

from api.settings import Settings
from api.state import AssistantDep, SettingsDep
from bot.sms.composing import Limits, brief, link_to, page
from bot.sms.segments import Encoding, measure
from knowledge.models import (
    LOCALES,
    Bilingual,
    Frozen,
    Kind,
    Locale,
    Node,
    OverviewFact,
    Pillar,
    Plan,
    PlanMeta,
    Resource,
    Source,
    Term,
    children,
)

router = APIRouter(prefix="/api/v1", tags=["plan"])


class SmsOut(BaseModel):
    """A node as a text message: its text with the link, the encoding that it needs and its segments."""

    text: str
    encoding: Encoding
    segments: int


class NodeOut(BaseModel):
    """A node with what is directly below it (whole), the ids above it, and its sources."""

    id: str
    kind: Kind
    node: SerializeAsAny[Frozen]
    parents: list[str]
    children: list[str]
    sources: list[Source]
    sms: dict[Locale, SmsOut]


class PlanOut(BaseModel):
    """The whole plan."""

    meta: PlanMeta
    official_overview: Bilingual
    pillars: list[Pillar]
    overview: list[OverviewFact]
    resources: list[Resource]
    glossary: list[Term]
    sources: list[Source]


@router.get("/plan")
async def get_plan(assistant: AssistantDep) -> PlanOut:
    """The whole plan with its gaps, glossary and sources."""
    plan = assistant.plan
    return PlanOut(
        meta=plan.meta, official_overview=plan.official_overview, pillars=plan.pillars, overview=plan.overview,
        resources=plan.resources, glossary=plan.glossary, sources=plan.sources,
    )


@router.get("/plan/{node_id}")
async def get_node(node_id: str, assistant: AssistantDep, settings: SettingsDep) -> NodeOut:
    """One node; ids are matched without regard to case."""
    found = find_node(assistant.plan, node_id, settings)
    if found is None:
        raise HTTPException(404, f"The plan has nothing with the id {node_id[:40]!r}. GET /api/v1/plan lists every id.")
    return found


def find_node(plan: Plan, node_id: str, settings: Settings) -> NodeOut | None:
    """The node of that id with its surroundings and as a text message, or None."""
    node = next((n for i, n in plan.nodes.items() if i.lower() == node_id.lower()), None)
    if node is None:
        return None
    return NodeOut(
        id=node.id, kind=node.kind, node=node, parents=[n.id for n in plan.ancestors(node.id)],
        children=[n.id for n in children(node)], sources=[plan.source(i) for i in node.sources],
        sms={locale: _sms(plan, node, locale, settings) for locale in LOCALES},
    )


def _sms(plan: Plan, node: Node, locale: Locale, settings: Settings) -> SmsOut:
    limits = Limits(settings.sms_segments, settings.sms_transliterate)
    text = page(brief(plan, node, locale), link_to(settings.public_url, node.id), locale, limits).text
    measured = measure(text)
    return SmsOut(text=text, encoding=measured.encoding, segments=measured.segments)
