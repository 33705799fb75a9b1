"""From a dialogue act to its resolution."""

import re

from bot.acts import DialogueAct
from bot.asked import asked_for, lacking, tells
from bot.components.decision import MOST_WORDS_OF_GRADE
from bot.components.folding import fold
from bot.components.following import EVEN_CHANCE, FOR_WHOM
from bot.components.references import speaks_of_level
from bot.follow_up import checked, contact, figures, near_topic
from bot.leaning import KINDS_OF_ASPECT, best_of_kind, boosts
from bot.placed import names_one, placed
from bot.resolution import Question, Resolution
from bot.telling import FURTHER_AT, STANDS_OUT, measure_first, not_told, worth_telling
from knowledge.models import Measure, Node, OverviewFact, Pillar, Plan, Priority, Resource, Strategy, is_missing
from retrieval.search import Evidence, Hit

# Above this a message alone says which fact it is about.
SURE_HIT = 0.6
FEW_WORDS = 2
ALL = re.compile(r"\b(all|every|list|tod[ao]s|lista)\b", re.IGNORECASE)
THE_ONE = re.compile(r"\b(the one|that one|la|el) (about|on|with|for|de|del|sobre|que habla)\b", re.IGNORECASE)
JUST = re.compile(r"^(ok |no,? )?(just|only|solo|s[oó]lo|nom[aá]s|nada m[aá]s) (the|las?|los?|el)\b", re.IGNORECASE)
MOST_WORDS_OF_ONE, MOST_WORDS_OF_SEVERAL, MOST_PICKED = 3, 6, 3
# "How did the joy and wellness pillar do", after the results of the year were told.
DID = re.compile(r"\bhow (did|has|is|was|about)\b|\bc[oó]mo (les?|sali[oó]|qued[oó]|va|est[aá])\b|\bqu[eé] tal\b", re.IGNORECASE)
# Share of all facts under a priority, and of those of the kind asked for, from which one is meant.
ONE_OF_ALL, ONE_OF_KIND = 0.3, 0.7
# Below it, and with less than an even chance of the plan, letters thrown together are no question.
STANDS_OUT_AT_ALL = 0.2


def resolve(plan: Plan, act: DialogueAct, question: Question) -> Resolution:
    """The resolution of `act`."""
    match act.act:
        case "answer_about" | "answer_about_level":
            return _about(plan, act, question)
        case "follow_up":
            return _follow_up(plan, act, question)
        case "answer":
            return _open(plan, act, question)
        case "refuse":
            return Resolution(mode="say", key=f"abstain.{act.detail or 'off_topic'}")
        case "crisis":
            return Resolution(mode="say", key=f"crisis.{act.detail or 'self_harm'}")
        case "handoff":
            return Resolution(mode="say", key="handoff")
        case "language_switch":
            return Resolution(mode="say", key="language_switch", language="es" if act.detail == "es" else "en")
        case _:
            return Resolution(mode="say", key=f"smalltalk.{act.act}")


def _about(plan: Plan, act: DialogueAct, question: Question) -> Resolution:
    topic = act.topic
    aspect = act.aspect
    by_place = placed(plan, question.references.ids or topic, aspect, question)
    if by_place is not None:
        return by_place
    named = [plan.nodes[i] for i in topic if i in plan.nodes]
    one = named[0] if len(named) == 1 else None
    missing = lacking(one, question.text, aspect) if isinstance(one, Measure) else None
    if one is not None and missing is not None:
        return Resolution(mode="facts", ids=(one.id,), missing=missing)
    again = _figures_of_pillars(plan, act, question, named)
    if again is not None:
        return again
    meant = _meant(plan, act, question, named)
    if meant is not None:
        return meant
    return Resolution(mode="about", ids=topic, aspect=aspect)


def _figures_of_pillars(plan: Plan, act: DialogueAct, question: Question, named: list[Node]) -> Resolution | None:
    """The fact with a figure for each pillar, where results were told last and a message goes on with one ("and pillar 2?")."""
    told = plan.nodes.get(question.context.topic[0]) if question.context.topic else None
    goes_on = act.linked or question.references.bare and (
        len(question.text.split()) <= FEW_WORDS or DID.search(question.text) is not None
    )
    if not goes_on or act.aspect is not None or len(named) != 1 or not isinstance(told, OverviewFact):
        return None
    if not isinstance(named[0], Pillar) or told.topic != "results":
        return None
    results = (told, *(fact for fact in plan.overview if fact.topic == "results"))
    fact = next((fact.id for fact in results if f"Pillar {named[0].id}," in fact.text.en), None)
    return Resolution(mode="facts", ids=(fact, named[0].id)) if fact is not None else None


def _meant(plan: Plan, act: DialogueAct, question: Question, named: list[Node]) -> Resolution | None:
    """The facts under the one node that a message names, where its own words say which ("4A dashboard strategy")."""
    if len(named) != 1 or question.references.content_words < 1 or act.act != "answer_about" or act.linked:
        return None
    node, aspect = named[0], act.aspect
    best = question.evidence.hits(limit=1)
    listed = aspect in ("priorities", "strategies", "resources", "why") or isinstance(node, Priority) and node.name is None
    if best and best[0].score >= SURE_HIT and is_missing(plan.nodes[best[0].node_id]) and not listed:
        return Resolution(mode="facts", ids=(best[0].node_id,), confidence=best[0].score)
    if isinstance(node, Pillar):
        # Its name is in the message anyhow.
        hits = question.evidence.hits(limit=1, among=set(plan.nodes) - {node.id})
        fact = plan.nodes[hits[0].node_id] if hits else None
        of_plan = isinstance(fact, OverviewFact) and not is_missing(fact) and hits[0].score >= SURE_HIT
        return Resolution(mode="facts", ids=(hits[0].node_id, node.id), confidence=hits[0].score) if of_plan else None
    if not isinstance(node, Priority) or not node.strategies or aspect in ("why", "priorities") or ALL.search(question.text):
        return None
    kind = KINDS_OF_ASPECT.get(aspect or "")
    among = {i for i, parent in plan.parents.items() if parent == node.id and (kind is None or isinstance(plan.nodes[i], kind))}
    hits = question.evidence.hits(limit=3, among=among)
    least = ONE_OF_ALL if aspect is None else ONE_OF_KIND
    if not hits or hits[0].score < least:
        return None
    first = plan.nodes[hits[0].node_id]
    missing = lacking(first, question.text, aspect) if isinstance(first, Measure) else None
    if missing is not None:
        return not_told(plan, question.text, missing, hits)
    return Resolution(mode="facts", ids=(*worth_telling(plan, hits), node.id), confidence=hits[0].score)


def _follow_up(plan: Plan, act: DialogueAct, question: Question) -> Resolution:
    topic = tuple(i for i in (question.context.topic or act.topic) if i in plan.nodes)
    if not topic:
        return _open(plan, act, question)
    by_place = placed(plan, topic[:1], act.aspect, question)
    if by_place is not None:
        return by_place
    kind = KINDS_OF_ASPECT.get(act.aspect or "")
    if kind in (Measure, Strategy, Priority):
        # A telephone has no targets: they are those of what was spoken of before it.
        topic = tuple(i for i in topic if plan.parents[i] is not None or not isinstance(plan.nodes[i], Resource)) or topic
    node = plan.nodes[topic[0]]
    if isinstance(node, Measure) and kind is Measure:
        return figures(plan, act.aspect, topic, question)
    if kind is Resource:
        return contact(plan, topic, question)
    if isinstance(node, OverviewFact) or plan.parents[topic[0]] is None and isinstance(node, Resource):
        of_it = question.references.bare and not speaks_of_level(question.text)
        if of_it and act.aspect in (None, "about", "why"):
            return checked(plan, question, Resolution(mode="facts", ids=topic))
        of_grade = question.references.content_words <= MOST_WORDS_OF_GRADE and FOR_WHOM.search(fold(question.text)) is not None
        asks_part = kind is not None and (question.references.bare or of_grade)
        if asks_part and kind is Measure and isinstance(node, OverviewFact) and node.years_of:
            return Resolution(mode="facts", ids=tuple(node.years_of))
        priority = best_of_kind(plan, question.with_context, Priority, SURE_HIT) if asks_part else None
        if priority is not None:
            return Resolution(mode="about", ids=(priority,), aspect=act.aspect)
        return _open(plan, act, question)
    if isinstance(node, Strategy | Measure | Resource):
        owner = plan.parents[topic[0]] or topic[0]
        if kind is Measure and question.with_context is not None:
            owners = {plan.parents[i] for i in topic if plan.parents[i] is not None}
            among = {i for i, n in plan.nodes.items() if plan.parents[i] in owners and isinstance(n, Measure)}
            hits = question.with_context.hits(limit=3, among=among)
            if hits:
                return Resolution(mode="facts", ids=tuple(h.node_id for h in hits), confidence=hits[0].score)
        named = isinstance(node, Resource) and act.aspect == "about"
        if act.aspect is None or named:
            return checked(plan, question, Resolution(mode="facts", ids=topic))
        return Resolution(mode="about", ids=(owner,), aspect=act.aspect)
    return Resolution(mode="about", ids=topic, aspect=act.aspect)


def _one_listed(plan: Plan, question: Question) -> Resolution | None:
    """ "The one about bills", "just the web site ones": what of the things just listed the message's own words mean."""
    shown = {i for i in question.context.shown if i in plan.nodes}
    kinds = {plan.nodes[i].kind for i in shown}
    several = JUST.search(question.text) is not None
    brief = question.references.content_words <= (MOST_WORDS_OF_SEVERAL if several else MOST_WORDS_OF_ONE)
    if len(shown) < 2 or len(kinds) > 1 or not brief or not several and not THE_ONE.search(question.text):
        return None
    hits = question.evidence.hits(limit=MOST_PICKED, among=shown)
    if several:
        meant = [hit for hit in hits if hit.score >= ONE_OF_ALL]
        return Resolution(mode="facts", ids=tuple(hit.node_id for hit in meant), confidence=hits[0].score) if meant else None
    stands_out = bool(hits) and hits[0].score >= STANDS_OUT
    return Resolution(mode="facts", ids=(hits[0].node_id,), confidence=hits[0].score) if stands_out else None


def _of_the_pillar_on(plan: Plan, act: DialogueAct, question: Question) -> Resolution | None:
    """ "And in the one on staff?", where a figure of a pillar was told last."""
    brief = question.references.content_words <= MOST_WORDS_OF_ONE
    pillar = best_of_kind(plan, question.evidence, Pillar) if brief and THE_ONE.search(question.text) else None
    return _figures_of_pillars(plan, act, question, [plan.nodes[pillar]]) if pillar is not None else None


def _open(plan: Plan, act: DialogueAct, question: Question) -> Resolution:
    evidence, context, references = question.evidence, question.context, question.references
    leaning = bool(context.topic) and (act.linked or references.linked)
    if not leaning and _means_nothing(evidence):
        if not context.topic or question.with_context is None or question.with_context.scope["plan"] < EVEN_CHANCE:
            return Resolution(mode="say", key="abstain.unsure")
        # What says little by itself, and is for the plan after the question before it, goes on from that.
        leaning = True
    hits = evidence.hits(limit=8, boost=boosts(plan, act, question, leaning))
    if context.topic and references.bare:
        # "And the third?" asks for none of the things that the sources are known to lack.
        hits = [hit for hit in hits if not is_missing(plan.nodes[hit.node_id])]
    if not hits:
        return Resolution(mode="say", key="abstain.unsure")
    listed = _one_listed(plan, question) or _of_the_pillar_on(plan, act, question)
    if listed is not None:
        return listed
    first = plan.nodes[hits[0].node_id]
    owner = plan.parents.get(first.id)
    of_all = hits[0].score < SURE_HIT or not names_one(question.text, "strategies")
    if act.aspect == "strategies" and isinstance(first, Strategy) and owner and references.content_words > 0 and of_all:
        return Resolution(mode="about", ids=(owner,), aspect="strategies", confidence=hits[0].score)
    if isinstance(first, Pillar | Priority) and act.aspect in (*KINDS_OF_ASPECT, "priorities"):
        return Resolution(mode="about", ids=(first.id,), aspect=act.aspect, confidence=hits[0].score)
    missing = lacking(first, question.text, act.aspect) if isinstance(first, Measure) else None
    if missing is not None:
        return not_told(plan, question.text, missing, hits)
    return _facts(plan, act, question, hits, leaning)


def _means_nothing(evidence: Evidence) -> bool:
    """Whether a message is more likely for something else than the plan, and none of its facts stands out for it."""
    return evidence.scope["plan"] < EVEN_CHANCE and evidence.hits(limit=1)[0].score < STANDS_OUT_AT_ALL


def _facts(plan: Plan, act: DialogueAct, question: Question, hits: list[Hit], leaning: bool) -> Resolution:
    """The facts worth telling, those first that tell what was asked; near the topic where the message leans on it."""
    first, topic = plan.nodes[hits[0].node_id], question.context.topic
    ids = worth_telling(plan, hits)
    if isinstance(first, Strategy) and KINDS_OF_ASPECT.get(act.aspect or "") is Measure:
        ids = measure_first(plan, question.evidence, first.id, ids)
    asked = asked_for(question.text)
    if asked in ("day", "date", "price"):
        ids = tuple(sorted(ids, key=lambda i: not tells(plan.nodes[i], asked)))
    resolution = Resolution(mode="facts", ids=ids, confidence=hits[0].score)
    unsure = question.evidence.hits(limit=1)[0].score < SURE_HIT and question.references.content_words <= 1
    if asked is None or not unsure or not leaning or topic[0] not in plan.nodes:
        return resolution
    found = question.with_context.hits(limit=5) if question.with_context is not None else []
    ids = (*ids, *(hit.node_id for hit in found if hit.score >= FURTHER_AT))
    return checked(plan, question, resolution.model_copy(update={"ids": near_topic(plan, topic, ids)}))
