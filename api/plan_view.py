"""The plan as its pages, briefs and look-ups show it: one node in one language, with its numbers, gaps and sources."""

from collections import defaultdict
from dataclasses import dataclass, field

from markupsafe import Markup

from api.charts import target_chart
from api.wording import wording
from bot import facts
from knowledge.models import (
    Kind,
    Locale,
    Measure,
    Node,
    OverviewFact,
    Pillar,
    Plan,
    Priority,
    Resource,
    Source,
    Strategy,
    is_missing,
)


@dataclass(frozen=True)
class Detail:
    """A labelled line under a node's text; `href` where it leads somewhere, `gap` where our sources say nothing."""

    label: str
    text: str
    href: str | None = None
    gap: bool = False


@dataclass(frozen=True)
class Group:
    """Nodes under one heading, in the plan's order."""

    key: str
    heading: str
    items: tuple["NodeView", ...]


@dataclass(frozen=True)
class NodeView:
    """A node in one language. `label` names it in a link ("2D Outstanding attendance"), `title` heads its page."""

    id: str
    kind: Kind
    kind_name: str
    locale: Locale
    label: str
    title: str
    text: str
    official_name: str = ""
    details: tuple[Detail, ...] = ()
    chart: Markup | None = None
    gaps: tuple[str, ...] = ()
    groups: tuple[Group, ...] = ()
    related: tuple[tuple[str, str], ...] = ()
    above: tuple[tuple[str, str], ...] = ()
    sources: tuple[Source, ...] = ()


@dataclass(frozen=True)
class PlanView:
    """The whole plan in one language: pillars with their priorities, facts by topic, resources, words, gaps, sources."""

    locale: Locale
    title: str
    official: tuple[str, ...]
    pillars: tuple[NodeView, ...]
    facts: tuple[Group, ...]
    resources: tuple[NodeView, ...]
    words: tuple[str, ...]
    gaps: tuple[str, ...]
    sources: tuple[Source, ...] = field(repr=False)


def view_plan(plan: Plan, locale: Locale) -> PlanView:
    """The plan's first page in `locale`."""
    words = wording("plan", locale)
    topics: dict[str, list[NodeView]] = defaultdict(list)
    for fact in plan.overview:
        if not is_missing(fact):
            topics[fact.topic].append(view_node(plan, fact, locale, depth=0))
    paragraphs = (line.replace("**", "").strip("# ") for line in plan.official_overview[locale].splitlines())
    return PlanView(
        locale=locale, title=plan.meta.title[locale], official=tuple(filter(None, paragraphs)),
        pillars=tuple(view_node(plan, pillar, locale) for pillar in plan.pillars),
        facts=tuple(Group(topic, words[f"topic_{topic}"], tuple(items)) for topic, items in topics.items()),
        resources=tuple(view_node(plan, resource, locale, depth=0) for resource in plan.resources),
        words=tuple(term.text[locale] for term in plan.glossary),
        gaps=(*(gap[locale] for gap in plan.meta.gaps), *(f.text[locale] for f in plan.overview if is_missing(f))),
        sources=tuple(plan.sources),
    )


def view_node(plan: Plan, node: Node, locale: Locale, depth: int = 1) -> NodeView:
    """`node` in `locale`, with the nodes below it down to `depth`."""
    words = wording("plan", locale)
    gaps = _gaps(node, words)
    if gaps and depth > 0 and isinstance(node, Pillar | Priority):
        gaps.append(words["see_official"].format(home=getattr(plan.nodes[plan.meta.home], "url", "")))
    named = node.name if isinstance(node, Pillar | Priority) else None
    unofficial = locale == "es" and named is not None and not named.official_es
    return NodeView(
        id=node.id, kind=node.kind, kind_name=words[f"kind_{node.kind}"], locale=locale,
        label=label(plan, node, locale), title=_title(node, locale, words), text=_text(node, locale),
        official_name=words["not_official"].format(name=named.en) if unofficial and named else "",
        details=tuple(_details(plan, node, locale, words)),
        chart=target_chart(node, locale) if isinstance(node, Measure) else None,
        gaps=tuple(gaps),
        groups=tuple(_groups(plan, node, locale, words, depth - 1)) if depth > 0 else (),
        related=tuple((i, label(plan, plan.nodes[i], locale)) for i in node.related) if isinstance(node, Resource) else (),
        above=tuple((above.id, label(plan, above, locale)) for above in plan.ancestors(node.id)),
        sources=tuple(plan.source(i) for i in _source_ids(node)),
    )


def label(plan: Plan, node: Node, locale: Locale) -> str:
    """A node's name in a link."""
    return facts.title(plan, node, locale)


def _title(node: Node, locale: Locale, words: dict[str, str]) -> str:
    match node:
        case Pillar() | Resource():
            return node.name[locale]
        case Priority():
            return node.name[locale] if node.name else f"{words['kind_priority']} {node.id}: {words['gap'].lower()}"
        case Strategy() | Measure() | OverviewFact():
            return node.text[locale]


def _text(node: Node, locale: Locale) -> str:
    match node:
        case Pillar():
            return node.summary[locale]
        case Priority():
            return node.focus[locale] if node.focus else ""
        case Resource():
            return node.text[locale]
        case Strategy() | Measure() | OverviewFact():
            return ""


def _source_ids(node: Node) -> list[str]:
    ids = list(node.sources)
    if isinstance(node, Measure) and node.latest is not None:
        ids += node.latest.sources
    return list(dict.fromkeys(ids))


def _details(plan: Plan, node: Node, locale: Locale, words: dict[str, str]) -> list[Detail]:
    match node:
        case Pillar():
            count, total = node.measures_improving_year_one, node.measures_total
            return [Detail(words["measures"], words["improving"].format(count=count, total=total))]
        case Priority():
            return [Detail(words["why"], node.why[locale])] if node.why else []
        case Measure():
            return [*measure_details(plan, node, locale, words), *_belonging(plan, node, locale, words)]
        case Strategy():
            return _belonging(plan, node, locale, words)
        case Resource():
            return _resource_details(node, locale, words)
        case OverviewFact():
            return [Detail(words["facts"], words[f"topic_{node.topic}"])]


def measure_details(plan: Plan, node: Measure, locale: Locale, words: dict[str, str]) -> list[Detail]:
    """The goal, the starting point and the latest figure, each said or marked as a gap."""
    goal = words["target"] if "2026" in node.text.en else words["target_year"]
    told = [
        Detail(goal, node.target[locale]) if node.target else Detail(goal, words["no_target"], gap=True),
        Detail(words["baseline"], node.baseline[locale]) if node.baseline
        else Detail(words["baseline"], words["no_baseline"], gap=True),
    ]
    if node.latest is not None:
        source = plan.source(node.latest.sources[0])
        said = words["latest_source"].format(date=facts.when(node.latest.as_of, locale), source=source.title)
        told.append(Detail(words["latest"], f"{node.latest.value[locale]} · {said}"))
    else:
        told.append(Detail(words["latest"], words["no_latest"], gap=True))
    return told


def _belonging(plan: Plan, node: Node, locale: Locale, words: dict[str, str]) -> list[Detail]:
    above = plan.ancestors(node.id)
    return [Detail(words["belongs"], label(plan, above[-1], locale), f"/plan/{above[-1].id}")] if above else []


def _resource_details(node: Resource, locale: Locale, words: dict[str, str]) -> list[Detail]:
    told = []
    if node.phone:
        digits = "".join(c for c in node.phone if c.isdigit())[-10:]
        told.append(Detail(words["phone"], node.phone, f"tel:+1{digits}"))
    if node.url:
        told.append(Detail(words["web"], node.url, node.url if node.url.startswith("http") else f"https://{node.url}"))
    if node.as_of:
        told.append(Detail(words["as_of"], facts.when(node.as_of, locale)))
    if node.verify:
        told.append(Detail(words["verify"], node.verify[locale]))
    elif node.phone and not node.as_of:
        told.append(Detail(words["verify"], words["unconfirmed_phone"]))
    told.append(Detail(words["in_plan"], words["in_plan_yes" if node.in_plan else "in_plan_no"]))
    return told


def _gaps(node: Node, words: dict[str, str]) -> list[str]:
    match node:
        case Pillar():
            known = sum(len(priority.measures) for priority in node.priorities)
            return [words["measures_known"].format(total=node.measures_total, known=known)] if known < node.measures_total else []
        case Priority(status="not_found"):
            return [words["priority_not_found"]]
        case Priority(status="name_only"):
            return [words["priority_name_only"]]
        case Priority():
            told = [] if node.measures_complete else [words["measures_missing"]]
            return told if node.resources_complete else [*told, words["resources_missing"]]
        case Measure(partial=True):
            return [words["partial"]]
        case _:
            return []


def _groups(plan: Plan, node: Node, locale: Locale, words: dict[str, str], depth: int) -> list[Group]:
    below: list[tuple[str, list[Node]]] = []
    if isinstance(node, Pillar):
        below = [("priorities", list(node.priorities))]
    if isinstance(node, Priority):
        own = {resource.name.en for resource in node.resources}
        wide = [r for r in plan.resources if node.id in r.related and r.name.en not in own]
        below = [("strategies", list(node.strategies)), ("measures", list(node.measures))]
        below.append(("resources", [*node.resources, *wide]))
    return [Group(key, words[key], tuple(view_node(plan, n, locale, depth) for n in nodes)) for key, nodes in below if nodes]


def neighbours(plan: Plan, node: Node) -> tuple[Node | None, Node | None]:
    """The nodes of the same kind before and after `node` in the plan's order."""
    same = [n for n in plan.nodes.values() if n.kind == node.kind]
    place = same.index(node)
    return (same[place - 1] if place else None), (same[place + 1] if place + 1 < len(same) else None)
