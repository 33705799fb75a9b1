"""Composing the answer: a resolution rendered in one language, with citations and suggestions."""

from dataclasses import replace

from bot import facts
from bot.gaps import gap_of, gap_of_several, helpdesk, home_url, not_told, resource, rest_not_told, rest_of_pillar, unknown_id
from bot.resolution import Answer, Resolution
from bot.sentences import say, say_counted
from bot.suggestions import chip, next_after
from knowledge.models import Locale, Node, OverviewFact, Pillar, Plan, Priority, is_missing

BULLET = "• "
CITED_OF_A_LIST = 12
# More nodes than these are listed, a line each.
MOST_TOLD = 3
LIST_OF_ASPECT = {
    "strategies": "strategies", "measures": "measures", "target": "measures", "baseline": "measures", "resources": "resources",
}


def compose(plan: Plan, resolution: Resolution, locale: Locale) -> Answer:
    """Render `resolution` in `locale`."""
    if resolution.mode == "say":
        return _said(plan, resolution.key or "abstain.unsure", locale)
    if resolution.mode == "facts" and resolution.missing is not None:
        return not_told(plan, resolution.ids[0], resolution.missing, locale)
    if resolution.mode == "facts":
        return _facts(plan, resolution.ids, locale)
    if len(resolution.ids) > 1 and all(_nameless(plan, node_id) for node_id in resolution.ids):
        return gap_of_several(plan, resolution.ids, locale)
    if len(resolution.ids) > MOST_TOLD and resolution.aspect is None:
        return _named(plan, resolution.ids, locale)
    parts = [_about(plan, node_id, resolution.aspect, locale) for node_id in resolution.ids[:MOST_TOLD]]
    if not parts:
        return _said(plan, "abstain.unsure", locale)
    whole = parts[0]
    for part in parts[1:]:
        whole = replace(
            whole,
            text=f"{whole.text}\n\n{part.text}",
            outcome="answered" if "answered" in (whole.outcome, part.outcome) else whole.outcome,
            citations=_interleave([p.citations for p in parts]),
            shown=(*whole.shown, *part.shown),
        )
    return whole


def _named(plan: Plan, ids: tuple[str, ...], locale: Locale) -> Answer:
    """Many nodes that a message names, a line each; those that the plan does not have are said to be unknown."""
    known = tuple(node_id for node_id in ids if node_id in plan.nodes)
    lines = [f"{BULLET}{facts.short(plan.nodes[node_id], locale)}" for node_id in known]
    lines += [unknown_id(plan, node_id, locale).text for node_id in ids if node_id not in plan.nodes]
    if not known:
        return unknown_id(plan, ids[0], locale)
    return Answer("answered", "\n".join(lines), known[:CITED_OF_A_LIST], known)


def _nameless(plan: Plan, node_id: str) -> bool:
    """Whether an id is a priority of which the sources show nothing."""
    node = plan.nodes.get(node_id)
    return isinstance(node, Priority) and node.name is None


def _said(plan: Plan, key: str, locale: Locale) -> Answer:
    phone, home = helpdesk(plan).phone, plan.meta.home
    wellness = resource(plan, plan.meta.crisis_line)
    group = key.split(".")[0]
    if group == "crisis":
        return Answer("crisis", say(locale, key, phone=wellness.phone), (wellness.id,))
    if group == "abstain":
        chips = (chip("suggest.pillars", locale), chip("suggest.attendance", locale), chip("suggest.person", locale))
        return Answer("abstain", say(locale, key, phone=phone), (plan.meta.helpdesk,), suggestions=chips)
    if key == "handoff":
        return Answer("handoff", say(locale, key, phone=phone, wellness=wellness.phone), (plan.meta.helpdesk, wellness.id))
    chips = (chip("suggest.pillars", locale), chip("suggest.attendance", locale), chip("suggest.person", locale))
    if key == "language_switch":
        return Answer("language_switch", say(locale, key), suggestions=chips[:2])
    return Answer("smalltalk", say(locale, key, home=home), suggestions=chips)


def _facts(plan: Plan, ids: tuple[str, ...], locale: Locale) -> Answer:
    nodes = [plan.nodes[node_id] for node_id in ids]
    first = nodes[0]
    if isinstance(first, OverviewFact) and is_missing(first):
        text = say(locale, "gap.fact", text=first.text[locale], home=home_url(plan), phone=helpdesk(plan).phone)
        return Answer("gap", text, (first.id, plan.meta.home, plan.meta.helpdesk), ids, next_after(plan, first, locale))
    if isinstance(first, Pillar | Priority):
        lead = _about(plan, first.id, None, locale)
    elif isinstance(first, OverviewFact) and first.lists == "pillars":
        names = (f"{BULLET}{facts.short(pillar, locale)}" for pillar in plan.pillars)
        cited = (first.id, *(pillar.id for pillar in plan.pillars))
        lead = Answer("answered", "\n".join([facts.fact(plan, first, locale), *names]), cited, cited[1:])
    else:
        shown = tuple(first.items) if isinstance(first, OverviewFact) else ()
        lead = Answer("answered", facts.fact(plan, first, locale), (first.id,), shown)
    further = [node for node in nodes[1:] if node.id not in lead.citations and not _is_above(plan, node, first)]
    lines = [lead.text]
    if further:
        lines += ["", say(locale, "also"), *(f"{BULLET}{facts.short(node, locale)}" for node in further)]
    cited = tuple(dict.fromkeys([*ids, *lead.citations]))
    return Answer("answered", "\n".join(lines), cited, lead.shown or ids, next_after(plan, first, locale))


def _is_above(plan: Plan, node: Node, below: Node) -> bool:
    return node.id in [above.id for above in plan.ancestors(below.id)]


def _about(plan: Plan, node_id: str, aspect: str | None, locale: Locale) -> Answer:
    node = plan.nodes.get(node_id)
    if node is None:
        return unknown_id(plan, node_id, locale)
    if isinstance(node, Pillar):
        return _pillar(plan, node, aspect, locale)
    if isinstance(node, Priority):
        return _priority(plan, node, aspect, locale)
    if isinstance(node, OverviewFact):
        return _facts(plan, (node_id,), locale)
    above = plan.ancestors(node_id)
    if aspect in ("strategies", "resources") and above and node.kind not in ("strategy", "resource"):
        return _about(plan, above[-1].id, aspect, locale)
    return Answer("answered", facts.fact(plan, node, locale), (node_id,), (node_id,), next_after(plan, node, locale))


def _pillar(plan: Plan, pillar: Pillar, aspect: str | None, locale: Locale) -> Answer:
    if aspect == "rest":
        return rest_of_pillar(plan, pillar, locale)
    name = facts.named(pillar, locale)
    if aspect in LIST_OF_ASPECT:
        key = "list.pillar_measures" if LIST_OF_ASPECT[aspect] == "measures" else "list.pillar_part"
        counts = {"total": pillar.measures_total, "improving": pillar.measures_improving_year_one}
        lines = [say(locale, key, id=pillar.id, name=name, **counts)]
        cited = [pillar.id]
        missing: list[str] = []
        for priority in pillar.priorities:
            items: list[Node] = list(getattr(priority, LIST_OF_ASPECT[aspect]))
            if not items:
                missing.append(priority.id)
                continue
            lines += [f"{priority.id} {facts.named(priority, locale)}"]
            lines += [f"{BULLET}{facts.short(item, locale)}" for item in items]
            cited += [item.id for item in items]
        if missing:
            lines.append(say(locale, "gap.item", id=", ".join(missing), home=home_url(plan)))
        chips = next_after(plan, pillar, locale)
        return Answer("answered", "\n".join(lines), tuple(cited[:CITED_OF_A_LIST]), tuple(cited[1:]), chips)
    if aspect == "priorities":
        lines = [say(locale, "list.priorities", id=pillar.id, name=name, count=len(pillar.priorities))]
    else:
        lines = [facts.fact(plan, pillar, locale), say(locale, "pillar.priorities")]
    lines += [f"{BULLET}{facts.short(priority, locale)}" for priority in pillar.priorities]
    if any(priority.name is None for priority in pillar.priorities):
        lines.append(say(locale, "pillar.unknown_note", home=home_url(plan)))
    ids = tuple(priority.id for priority in pillar.priorities)
    return Answer("answered", "\n".join(lines), (pillar.id, *ids), ids, next_after(plan, pillar, locale))


def pillars(plan: Plan, locale: Locale) -> Answer:
    """The list of the plan's pillars."""
    ids = tuple(pillar.id for pillar in plan.pillars)
    lines = [say(locale, "list.pillars", count=len(ids))]
    lines += [f"{BULLET}{facts.short(pillar, locale)}" for pillar in plan.pillars]
    chips = tuple(chip("suggest.priorities", locale, pillar.id) for pillar in plan.pillars[:3])
    return Answer("answered", "\n".join(lines), ids, ids, chips)


def _priority(plan: Plan, priority: Priority, aspect: str | None, locale: Locale) -> Answer:
    if priority.name is None:
        return gap_of(plan, priority, None, locale)
    if aspect == "rest":
        return rest_not_told(plan, priority, locale)
    values = {"id": priority.id, "name": facts.named(priority, locale)}
    items: list[Node]
    if aspect == "strategies":
        items, key = list(priority.strategies), "list.strategies"
    elif aspect in ("measures", "target"):
        items, key = list(priority.measures), "list.measures" if priority.measures_complete else "list.measures_known"
    elif aspect == "baseline":
        items, key = list(priority.measures), "list.baselines"
    elif aspect == "resources":
        items, key = _resources(plan, priority), "list.resources"
    elif aspect == "why" and priority.why is None:
        return gap_of(plan, priority, aspect, locale)
    else:
        text = facts.priority(plan, priority, locale)
        if aspect == "why" and priority.why is not None:
            text = f"{say(locale, 'priority.why', why=priority.why[locale])} ({facts.title(plan, priority, locale)})"
        return Answer("answered", text, (priority.id,), (priority.id,), next_after(plan, priority, locale))
    if not items:
        return gap_of(plan, priority, aspect, locale)
    opening = say_counted(locale, key, len(items), **values)
    lines = [opening, *(f"{BULLET}{facts.short(item, locale)}" for item in items)]
    ids = tuple(item.id for item in items)
    cited = (priority.id, *ids)[:CITED_OF_A_LIST]
    return Answer("answered", "\n".join(lines), cited, ids, next_after(plan, priority, locale, aspect))


def _resources(plan: Plan, priority: Priority) -> list[Node]:
    """The priority's own resources, then the district-wide ones related to it that add something."""
    own: list[Node] = list(priority.resources)
    names = {node.name.en for node in priority.resources}
    return own + [node for node in plan.resources if priority.id in node.related and node.name.en not in names]


def _interleave(groups: list[tuple[str, ...]]) -> tuple[str, ...]:
    """Citations of several parts, the first of each first."""
    longest = max(len(group) for group in groups)
    mixed = [group[place] for place in range(longest) for group in groups if place < len(group)]
    return tuple(dict.fromkeys(mixed))
