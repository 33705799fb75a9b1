"""Answers composed for text messages: the sentence that answers first, then its number, then a short link."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from bot import facts
from bot.answer import LIST_OF_ASPECT
from bot.resolution import Answer, Resolution
from bot.sentences import say
from bot.sms.segments import economical, head, measure
from bot.sms.wording import has, told
from knowledge.models import Locale, Measure, Node, OverviewFact, Pillar, Plan, Priority, Resource, Strategy

ITEM = "\n- "
MOST_CHOICES = 3
SENTENCE_END = re.compile(r"(?<=[.!?])(?<!a\.m\.)(?<!p\.m\.) (?=[A-ZÁÉÍÓÚÑ¿¡0-9])")

# Which of several sentences is nearest to the question: its place among them.
Nearest = Callable[[Sequence[str]], int]


@dataclass(frozen=True)
class Limits:
    """How long one message may be, and whether letters outside GSM-7 may be written as their base letters."""

    segments: int = 2
    transliterate: bool = True


@dataclass(frozen=True)
class Page:
    """One message to send, what is left of the answer for MORE, and whether it offers the choices."""

    text: str
    rest: str
    offers: bool = False


def in_order(sentences: Sequence[str]) -> int:
    """The first of them, for where there is no question to compare with."""
    return 0


def short_text(plan: Plan, resolution: Resolution, answer: Answer, locale: Locale, nearest: Nearest = in_order) -> str:
    """`answer`, which `resolution` led to, in as few words as a text message wants; it may still need several segments.

    Of facts in several sentences the one that is `nearest` to the question comes first, and of several facts each one's.
    """
    if resolution.mode == "say":
        return _said(plan, resolution.key or "abstain.unsure", locale)
    if answer.outcome == "gap":
        return _gap(plan, resolution, answer, locale)
    nodes = [plan.nodes[node_id] for node_id in resolution.ids if node_id in plan.nodes]
    if not nodes:
        return answer.text
    if resolution.mode == "facts":
        leads = [lead(plan, node, locale, nearest) for node in nodes]
        if len(leads) == 1:
            return " ".join(leads[0]).rstrip()
        rests = (f"{_title(node, locale)}{rest}" for node, (_, rest) in zip(nodes, leads, strict=True) if rest)
        return "\n".join(dict.fromkeys((*(first for first, _ in leads), *rests)))
    return "\n".join(_about(plan, node, resolution.aspect, locale) for node in nodes)


def lead(plan: Plan, node: Node, locale: Locale, nearest: Nearest) -> tuple[str, str]:
    """The sentence of a node that is nearest to the question, as a message of its own, and its other sentences."""
    if not isinstance(node, Resource | OverviewFact):
        return brief(plan, node, locale), ""
    sentences = SENTENCE_END.split(node.text[locale])
    first = nearest(sentences) if len(sentences) > 1 else 0
    rest = " ".join(sentence for place, sentence in enumerate(sentences) if place != first)
    if isinstance(node, OverviewFact) and node.lists == "pillars":
        return sentences[first] + "".join(f"{ITEM}{p.id} {p.name[locale]}" for p in plan.pillars), rest
    if isinstance(node, OverviewFact):
        return sentences[first], rest
    return _resource(node, sentences[first], locale), rest


def _title(node: Node, locale: Locale) -> str:
    return f"{node.name[locale]}: " if isinstance(node, Resource) else ""


def brief(plan: Plan, node: Node, locale: Locale) -> str:
    """One node in a sentence, with the number it is about."""
    match node:
        case Strategy() | OverviewFact():
            return node.text[locale]
        case Measure():
            return _measure(node, locale)
        case Resource():
            return _resource(node, node.text[locale], locale)
        case Priority():
            if node.name is None or node.focus is None:
                return say(locale, "priority.unnamed", id=node.id)
            return told(locale, "priority", id=node.id, name=node.name[locale], focus=node.focus[locale])
        case Pillar():
            said = told(locale, "pillar", id=node.id, name=node.name[locale], summary=node.summary[locale])
            return said + "".join(f"{ITEM}{p.id} {p.name[locale]}" for p in node.priorities if p.name is not None)


def _resource(node: Resource, text: str, locale: Locale) -> str:
    caution = say(locale, "resource.unconfirmed_phone") if node.phone and not node.as_of and not node.verify else ""
    dated = say(locale, "resource.as_of", date=facts.when(node.as_of, locale)) if node.as_of else caution
    values = {"name": node.name[locale], "phone": node.phone or "", "text": text}
    said = told(locale, "resource", **values) if node.phone else f"{node.name[locale]}: {text}"
    return f"{said} {dated}".rstrip()


def page(text: str, link: str | None, locale: Locale, limits: Limits, choices: Sequence[str] = ()) -> Page:
    """The first message of `text` with `link` below it: a hint at MORE where text is left, choices where they cost nothing."""
    below = f"\n{link}" if link else ""
    first, rest = head(text, limits.segments, below, limits.transliterate)
    if rest:
        below = f"\n{told(locale, 'more')}{' ' + link if link else ''}"
        first, rest = head(text, limits.segments, below, limits.transliterate)
    whole = economical(first + below, limits.transliterate)
    if rest or not choices:
        return Page(whole, rest)
    with_choices = economical(f"{first}{below}\n{_choices(choices, locale)}", limits.transliterate)
    offers = measure(with_choices).segments <= measure(whole).segments
    return Page(with_choices if offers else whole, rest, offers)


def link_to(public_url: str | None, node_id: str | None) -> str | None:
    """The address of a node's page; None where there is no public address or no node."""
    return f"{public_url.rstrip('/')}/plan/{node_id}" if public_url and node_id else None


def _choices(choices: Sequence[str], locale: Locale) -> str:
    listed = (told(locale, "choose.one", number=n, title=title) for n, title in enumerate(choices[:MOST_CHOICES], 1))
    return f"{told(locale, 'choose')} {', '.join(listed)}"


def _said(plan: Plan, key: str, locale: Locale) -> str:
    helpdesk, wellness = plan.nodes[plan.meta.helpdesk], plan.nodes[plan.meta.crisis_line]
    values = {"phone": getattr(helpdesk, "phone", ""), "wellness": getattr(wellness, "phone", "")}
    if key == "pillars":
        names = "".join(f"{ITEM}{pillar.id}. {pillar.name[locale]}" for pillar in plan.pillars)
        return told(locale, "list.pillars", count=len(plan.pillars)) + names
    if key.startswith("crisis."):
        values["phone"] = values["wellness"]
        return told(locale, key if has(key) else "crisis", **values)
    return told(locale, key if has(key) else "abstain.unsure", **values)


def _gap(plan: Plan, resolution: Resolution, answer: Answer, locale: Locale) -> str:
    node_id = next((i for i in (*resolution.ids, *answer.citations) if i in plan.nodes), "")
    home, helpdesk = plan.nodes[plan.meta.home], plan.nodes[plan.meta.helpdesk]
    values = {"home": getattr(home, "url", ""), "phone": getattr(helpdesk, "phone", ""), "id": node_id}
    node = plan.nodes.get(node_id)
    if resolution.missing is not None and node is not None:
        return told(locale, "missing", said=brief(plan, node, locale), **values)
    if len(resolution.ids) > 1 and resolution.mode == "about":
        return told(locale, "gap.priorities", ids=", ".join(resolution.ids), **values)
    if isinstance(node, Pillar):
        return told(locale, "gap.rest_of_pillar", count=node.measures_shown, total=node.measures_total, **values)
    if isinstance(node, OverviewFact):
        return told(locale, "gap.fact", text=node.text[locale], **values)
    if resolution.aspect and isinstance(node, Priority) and node.name is not None:
        if resolution.aspect == "rest":
            return told(locale, "gap.rest", count=len(node.measures), **values)
        return told(locale, "gap.part", part=say(locale, f"part.{resolution.aspect}"), **values)
    return told(locale, "gap.priority", **values)


def _measure(node: Measure, locale: Locale) -> str:
    parts = [node.text[locale]]
    if node.target is not None and not facts.tells(node.target[locale], node.text[locale]):
        parts.append(say(locale, "measure.target", target=node.target[locale]))
    if node.baseline is not None:
        parts.append(told(locale, "measure.start", baseline=node.baseline[locale]))
    if node.latest is not None:
        parts.append(told(locale, "measure.latest", latest=node.latest.value[locale]))
    return " ".join(parts)


def _about(plan: Plan, node: Node, aspect: str | None, locale: Locale) -> str:
    if isinstance(node, Pillar) and aspect == "priorities":
        opening = told(locale, "list.priorities", id=node.id, name=node.name[locale])
        return opening + "".join(f"{ITEM}{_named(p, locale)}" for p in node.priorities)
    if isinstance(node, Priority) and node.name is not None and aspect in LIST_OF_ASPECT:
        part = LIST_OF_ASPECT[aspect]
        return _list(plan, node, part, list(getattr(node, part)), locale)
    if isinstance(node, Pillar) and aspect in LIST_OF_ASPECT:
        part = LIST_OF_ASPECT[aspect]
        lists = [_list(plan, p, part, list(getattr(p, part)), locale) for p in node.priorities if p.name and getattr(p, part)]
        return "\n".join(lists)
    if isinstance(node, Priority) and aspect == "why" and node.why is not None:
        return say(locale, "priority.why", why=node.why[locale])
    return brief(plan, node, locale)


def _named(priority: Priority, locale: Locale) -> str:
    """A priority in a list; the official English name, which a Spanish list on the web has too, costs a segment."""
    return f"{priority.id} {priority.name[locale]}" if priority.name else facts.short(priority, locale)


def _list(plan: Plan, priority: Priority, part: str, items: list[Node], locale: Locale) -> str:
    if part == "resources":
        names = {item.name.en for item in items if isinstance(item, Resource)}
        items += [r for r in plan.resources if priority.id in r.related and r.name.en not in names]
    name = priority.name[locale] if priority.name else ""
    key = f"list.{part}.one" if len(items) == 1 else f"list.{part}"
    opening = told(locale, key, id=priority.id, name=name, count=len(items))
    return opening + "".join(f"{ITEM}{brief(plan, item, locale)}" for item in items)
