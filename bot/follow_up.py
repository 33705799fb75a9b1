"""What is said to a message that goes on from the last answer: a part of it, a detail of it, or that no source tells."""

from bot.asked import Asked, asked_for, tells
from bot.components.folding import fold
from bot.components.following import LATEST, asks_link
from bot.leaning import best_of_kind
from bot.resolution import Question, Resolution
from knowledge.models import Measure, Pillar, Plan, Priority, Resource, Strategy

MOST_FACTS = 3
# Among so many of the likeliest facts, with at least this probability, one may tell what the last answer does not.
NEARBY, NEARBY_AT = 12, 0.005
# What the last answer may leave open without the sources being said to lack it.
NEVER_MISSED: tuple[Asked, ...] = ("often", "schools")
# Share of all resources from which one is meant.
STANDS_OUT = 0.5


def figures(plan: Plan, aspect: str | None, topic: tuple[str, ...], question: Question) -> Resolution:
    """The target or starting point of the measure that was just told; of all that were listed, where several were."""
    node = plan.nodes[topic[0]]
    listed = [i for i in question.context.shown if isinstance(plan.nodes.get(i), Measure)]
    if len(listed) > 1 and aspect == "baseline":
        return Resolution(mode="about", ids=(plan.parents[topic[0]] or topic[0],), aspect="baseline")
    if LATEST.search(fold(question.text)):
        return _with_trend(plan, topic[0], question)
    if isinstance(node, Measure) and aspect in ("baseline", "target") and getattr(node, aspect) is None:
        trend = _trend(plan, question) if aspect == "baseline" else ()
        return Resolution(mode="facts", ids=(*trend, topic[0]), missing=None if trend else aspect)
    return Resolution(mode="facts", ids=topic)


def _with_trend(plan: Plan, measure: str, question: Question) -> Resolution:
    """A measure with the fact on the years so far that goes with it; that no newer figure is known, where there is none."""
    node, trend = plan.nodes[measure], _trend(plan, question)
    if isinstance(node, Measure) and node.latest is None and not trend:
        return Resolution(mode="facts", ids=(measure,), missing="latest")
    return Resolution(mode="facts", ids=(measure, *trend))


def _trend(plan: Plan, question: Question) -> tuple[str, ...]:
    """The fact on the years so far of the measure that was just told, where the plan has one."""
    told = question.context.topic[0]
    return tuple(fact.id for fact in plan.overview if told in fact.years_of)[:1]


def contact(plan: Plan, topic: tuple[str, ...], question: Question) -> Resolution:
    """Where to turn about what was just told; the help desk too, where that has no telephone."""
    listed = [i for i in question.context.shown if isinstance(plan.nodes.get(i), Resource)]
    first = topic[0] if isinstance(plan.nodes[topic[0]], Resource) else listed[0] if listed else None
    node = plan.nodes.get(first or "")
    if first is None or not isinstance(node, Resource):
        of_a_fact = isinstance(plan.nodes[topic[0]], Strategy | Measure)
        if of_a_fact and asked_for(question.text) in ("price", "day", "date", "language", "steps"):
            return checked(plan, question, Resolution(mode="facts", ids=topic[:1]))
        owner = topic[0] if isinstance(plan.nodes[topic[0]], Priority | Pillar) else plan.parents[topic[0]]
        if owner is None:
            found = best_of_kind(plan, question.with_context, Resource, STANDS_OUT)
            return Resolution(mode="facts", ids=(found, topic[0]) if found else (topic[0], plan.meta.helpdesk))
        return Resolution(mode="about", ids=(owner,), aspect="resources")
    asked = asked_for(question.text)
    if asked is not None and asked != "place":
        told = (i for i in (*topic, *listed) if isinstance(plan.nodes[i], Resource))
        ids = tuple(dict.fromkeys((first, *told, *_twins(plan, node))))
        return checked(plan, question, Resolution(mode="facts", ids=ids))
    if not node.phone and not node.url and asks_link(question.text):
        return Resolution(mode="facts", ids=(first,), missing="contact")
    of_wellness = first.startswith("2") or any(near.startswith("2") for near in node.related)
    helps = () if node.phone else (plan.meta.crisis_line if of_wellness else plan.meta.helpdesk,)
    return Resolution(mode="facts", ids=(first, *helps))


def _twins(plan: Plan, node: Resource) -> tuple[str, ...]:
    """Other resources at the same address, or with the same telephone."""
    same = (n for n in plan.nodes.values() if isinstance(n, Resource) and n.id != node.id)
    return tuple(n.id for n in same if (n.url and n.url == node.url) or (n.phone and n.phone == node.phone))


def checked(plan: Plan, question: Question, resolution: Resolution) -> Resolution:
    """`resolution` with the facts first that tell what was asked; where none does, the first with that said of it."""
    asked = asked_for(question.text)
    if asked is None:
        return resolution.model_copy(update={"ids": resolution.ids[:MOST_FACTS]})
    another = _another_date(plan, asked, question, resolution.ids)
    if another is not None:
        return another
    telling = tuple(i for i in resolution.ids if tells(plan.nodes[i], asked))
    of_district = isinstance(plan.nodes[resolution.ids[0]], Resource) and plan.parents[resolution.ids[0]] is None
    if not telling and not of_district:
        telling = _telling_nearby(plan, question, resolution.ids[0], asked)
    if not telling and asked in NEVER_MISSED:
        return resolution.model_copy(update={"ids": resolution.ids[:MOST_FACTS]})
    if not telling:
        return Resolution(mode="facts", ids=resolution.ids[:1], missing=asked)
    others = tuple(i for i in resolution.ids if i not in telling)
    return resolution.model_copy(update={"ids": (*telling, *others)[:MOST_FACTS]})


def _telling_nearby(plan: Plan, question: Question, topic: str, asked: Asked) -> tuple[str, ...]:
    """The likeliest fact beside the topic, in its priority or related to it, that tells what was asked."""
    owner = plan.parents[topic] or topic
    hits = question.with_context.hits(limit=NEARBY) if question.with_context is not None else []
    for hit in hits:
        node = plan.nodes[hit.node_id]
        beside = plan.parents[node.id] == owner or isinstance(node, Resource) and owner in node.related
        if beside and hit.score >= NEARBY_AT and tells(node, asked):
            return (node.id,)
    return ()


def _another_date(plan: Plan, asked: str, question: Question, ids: tuple[str, ...]) -> Resolution | None:
    """Another dated fact than the one just told, where a second question asks for a date too ("and it goes until when")."""
    again = asked == "date" and asked_for(question.context.question) == "date" and ids[:1] == question.context.topic[:1]
    if not again or question.with_context is None:
        return None
    hits = question.with_context.hits(limit=MOST_FACTS + 1)
    found = tuple(h.node_id for h in hits if h.node_id not in ids[:1] and tells(plan.nodes[h.node_id], "date"))
    return Resolution(mode="facts", ids=found[:MOST_FACTS]) if found else None


def near_topic(plan: Plan, topic: tuple[str, ...], ids: tuple[str, ...]) -> tuple[str, ...]:
    """The topic, and those of `ids` in its priority or under it; where the topic is the district's own fact, all of them."""
    told = tuple(i for i in topic if i in plan.nodes)
    owner = plan.parents.get(told[0]) or told[0]
    alone = plan.parents.get(told[0]) is None and not isinstance(plan.nodes[told[0]], Pillar)
    near = (i for i in ids if i == owner or plan.parents.get(i) in (told[0], owner) or alone)
    return tuple(dict.fromkeys((*told, *near)))
