"""One node put into words."""

import re

from bot.sentences import say, say_counted
from knowledge.models import Locale, Measure, Node, OverviewFact, Pillar, Plan, Priority, Resource, Strategy


def title(plan: Plan, node: Node, locale: Locale) -> str:
    """A short name for a node, as citations and links show it."""
    match node:
        case Pillar():
            return say(locale, "pillar.title", id=node.id, name=node.name[locale])
        case Priority():
            if node.name is None:
                return say(locale, "priority.unnamed", id=node.id)
            return say(locale, "priority.title", id=node.id, name=node.name[locale])
        case Resource():
            return node.name[locale]
        case Strategy():
            return say(locale, "strategy.title", id=node.id)
        case Measure():
            return say(locale, "measure.title", id=node.id)
        case OverviewFact():
            return say(locale, "overview.title")


def path(plan: Plan, node: Node, locale: Locale) -> list[str]:
    """The titles of the nodes above, outermost first."""
    return [title(plan, above, locale) for above in plan.ancestors(node.id)]


def fact(plan: Plan, node: Node, locale: Locale) -> str:
    """A node in one to three sentences: what it says, its numbers, where to turn, and what to confirm."""
    match node:
        case Strategy():
            text = node.text[locale]
            told = say(locale, "strategy.says", text=text[0].lower() + text[1:])
            return f"{told} {_belongs(plan, node, locale)}"
        case Measure():
            return f"{node.text[locale]} {_numbers(node, locale)} {_belongs(plan, node, locale)}"
        case Resource():
            return resource(node, locale)
        case OverviewFact():
            return node.text[locale]
        case Priority():
            return priority(plan, node, locale)
        case Pillar():
            return say(locale, "pillar.says", id=node.id, name=node.name[locale], summary=node.summary[locale])


def short(node: Node, locale: Locale) -> str:
    """A node as one line of a list."""
    match node:
        case Strategy() | OverviewFact():
            return node.text[locale]
        case Measure():
            return f"{node.text[locale]} {_suffix(node, locale)}".rstrip()
        case Resource():
            parts = [f"{node.name[locale]}: {node.text[locale]}"]
            parts += [say(locale, "resource.phone", phone=node.phone)] if node.phone else []
            parts += [say(locale, "resource.url", url=node.url)] if node.url else []
            parts += [_caution(node, locale)] if _caution(node, locale) else []
            return " ".join(parts)
        case Priority():
            if node.name is None:
                return say(locale, "pillar.unknown", id=node.id)
            return f"{node.id} {named(node, locale)}"
        case Pillar():
            return f"{node.id}. {named(node, locale)}"


def named(node: Pillar | Priority, locale: Locale) -> str:
    """A name; in Spanish with the official English one where the Spanish is not official."""
    if node.name is None:
        return ""
    name = node.name[locale]
    return name if locale == "en" or node.name.official_es else f"{name} ({node.name.en})"


def priority(plan: Plan, node: Priority, locale: Locale) -> str:
    """A priority's name, focus, reason, and how much of it is known."""
    if node.name is None or node.focus is None:
        return say(locale, "priority.unnamed", id=node.id)
    parts = [say(locale, "priority.says", id=node.id, name=named(node, locale), focus=node.focus[locale])]
    if node.why is not None:
        parts.append(say(locale, "priority.why", why=node.why[locale]))
    if node.status == "name_only":
        home = plan.nodes[plan.meta.home]
        parts.append(say(locale, "priority.only_name", home=getattr(home, "url", "")))
    else:
        strategies = say_counted(locale, "count.strategies", len(node.strategies))
        measures = say_counted(locale, "count.measures", len(node.measures))
        parts.append(say(locale, "priority.more", strategies=strategies, measures=measures))
    return " ".join(parts)


def resource(node: Resource, locale: Locale) -> str:
    """A resource with its phone, address, and what to confirm before relying on it."""
    parts = [say(locale, "resource.says", name=node.name[locale], text=node.text[locale])]
    if node.phone:
        parts.append(say(locale, "resource.phone", phone=node.phone))
    if node.url:
        parts.append(say(locale, "resource.url", url=node.url))
    caution = _caution(node, locale)
    return " ".join([*parts, caution]) if caution else " ".join(parts)


def when(date: str, locale: Locale) -> str:
    """A date of the form 2021, 2021-06 or 2021-06-20 in words; school years such as 2023-24 stay as they are."""
    parts = date.split("-")
    if len(parts) < 2 or not 1 <= int(parts[1]) <= 12:
        return date
    return say(locale, "date.month", month=say(locale, f"month.{int(parts[1])}"), year=parts[0])


def _caution(node: Resource, locale: Locale) -> str:
    parts = []
    if node.as_of:
        parts.append(say(locale, "resource.as_of", date=when(node.as_of, locale)))
    if node.verify:
        parts.append(say(locale, "resource.verify", verify=node.verify[locale]))
    if node.phone and not node.as_of and not node.verify:
        parts.append(say(locale, "resource.unconfirmed_phone"))
    return " ".join(parts)


def _numbers(node: Measure, locale: Locale) -> str:
    """The target, where the text does not give it already, and the starting point."""
    parts = []
    if node.target is None:
        parts.append(say(locale, "measure.no_target"))
    elif not tells(node.target[locale], node.text[locale]):
        parts.append(say(locale, "measure.target", target=node.target[locale]))
    if node.baseline is not None:
        parts.append(say(locale, "measure.baseline", baseline=node.baseline[locale]))
    else:
        parts.append(say(locale, "measure.no_baseline"))
    if node.latest is not None:
        parts.append(say(locale, "measure.latest", latest=node.latest.value[locale]))
    return " ".join(parts)


def _suffix(node: Measure, locale: Locale) -> str:
    if node.target is None:
        return say(locale, "list.no_number_suffix")
    if node.baseline is None:
        return ""
    return say(locale, "list.baseline_suffix", baseline=node.baseline[locale])


def tells(target: str, text: str) -> bool:
    """True if every number of the target, or where it has none the target itself, stands in the text."""
    numbers = re.findall(r"\d[\d.,]*\d|\d", target)
    return all(number in text for number in numbers) if numbers else target in text


def _belongs(plan: Plan, node: Strategy | Measure, locale: Locale) -> str:
    above = plan.ancestors(node.id)
    return say(locale, f"{node.kind}.of", priority=title(plan, above[-1], locale)) if above else ""
