"""What is said where the sources lack what was asked, and whom to ask instead."""

from bot import facts
from bot.resolution import Answer
from bot.sentences import say
from bot.suggestions import chip, next_after
from knowledge.models import Locale, Pillar, Plan, Priority, Resource


def not_told(plan: Plan, node_id: str, missing: str, locale: Locale) -> Answer:
    """That the sources lack what was asked of a fact, and what they do say; for a place or program, to ask there."""
    node = plan.nodes[node_id]
    if isinstance(node, Resource) and missing != "contact":
        key = "missing.ask_there" if node.phone or node.url else "missing.ask_helpdesk"
        text = f"{say(locale, key, phone=helpdesk(plan).phone)}\n\n{facts.fact(plan, node, locale)}"
        return Answer("answered", text, (node_id,), (node_id,), next_after(plan, node, locale))
    told = facts.short(node, locale) if node.kind in ("pillar", "priority") else facts.fact(plan, node, locale)
    opening = say(locale, f"missing.{missing}", home=home_url(plan), phone=helpdesk(plan).phone)
    cited = tuple(dict.fromkeys((node_id, plan.meta.home, plan.meta.helpdesk)))
    return Answer("gap", f"{opening}\n\n{say(locale, 'missing.known')} {told}", cited, (node_id,), next_after(plan, node, locale))


def unknown_id(plan: Plan, node_id: str, locale: Locale) -> Answer:
    """That an id names nothing that the sources show; a gap where the plan must have more than they do."""
    owner = plan.nodes.get(node_id.split(".")[0])
    if isinstance(owner, Priority) and owner.name is None:
        return gap_of(plan, owner, None, locale)
    if isinstance(owner, Priority) and not owner.measures_complete:
        return Answer("gap", say(locale, "gap.item", id=node_id, home=home_url(plan)), (owner.id, plan.meta.home))
    chips = (chip("suggest.pillars", locale),)
    return Answer("abstain", say(locale, "unknown.id", id=node_id), (plan.meta.home,), suggestions=chips)


def rest_not_told(plan: Plan, priority: Priority, locale: Locale) -> Answer:
    """That a priority has more measures than the sources tell."""
    text = say(
        locale, "gap.rest", count=len(priority.measures), id=priority.id, name=facts.named(priority, locale), home=home_url(plan),
        phone=helpdesk(plan).phone,
    )
    chips = next_after(plan, priority, locale, "measures")
    return Answer("gap", text, (priority.id, plan.meta.home, plan.meta.helpdesk), (), chips)


def rest_of_pillar(plan: Plan, pillar: Pillar, locale: Locale) -> Answer:
    """That a pillar has more measures than the sources tell."""
    text = say(
        locale, "gap.rest_of_pillar", count=pillar.measures_shown, total=pillar.measures_total, id=pillar.id,
        name=facts.named(pillar, locale), home=home_url(plan), phone=helpdesk(plan).phone,
    )
    return Answer("gap", text, (pillar.id, plan.meta.home, plan.meta.helpdesk), (), next_after(plan, pillar, locale))


def gap_of(plan: Plan, priority: Priority, aspect: str | None, locale: Locale) -> Answer:
    """That the sources show nothing of a priority, or not the part `aspect` of it."""
    phone = helpdesk(plan).phone
    if priority.name is None or aspect is None:
        text = say(locale, "gap.priority", id=priority.id, home=home_url(plan), phone=phone)
    else:
        part, name = say(locale, f"part.{aspect}"), facts.named(priority, locale)
        text = say(locale, "gap.part", part=part, id=priority.id, name=name, home=home_url(plan), phone=phone)
    chips = (chip("suggest.priorities", locale, priority.id[0]), chip("suggest.person", locale))
    return Answer("gap", text, (priority.id, plan.meta.home, plan.meta.helpdesk), (), chips)


def gap_of_several(plan: Plan, ids: tuple[str, ...], locale: Locale) -> Answer:
    """That the sources show nothing of several priorities."""
    listed = ", ".join(ids)
    text = say(locale, "gap.priorities", ids=listed, home=home_url(plan), phone=helpdesk(plan).phone)
    chips = (chip("suggest.priorities", locale, ids[0][0]), chip("suggest.person", locale))
    return Answer("gap", text, (*ids, plan.meta.home, plan.meta.helpdesk), (), chips)


def resource(plan: Plan, node_id: str) -> Resource:
    """The resource with this id. Raises TypeError where it is another kind of node."""
    node = plan.nodes[node_id]
    if not isinstance(node, Resource):
        raise TypeError(f"{node_id} must be a resource")
    return node


def helpdesk(plan: Plan) -> Resource:
    """Whom to ask about anything else."""
    return resource(plan, plan.meta.helpdesk)


def home_url(plan: Plan) -> str:
    """The address of the official plan."""
    return resource(plan, plan.meta.home).url or ""
