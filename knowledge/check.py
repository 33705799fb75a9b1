"""What no single entry can show: doubled ids, unknown sources, references that lead nowhere, numbers that differ."""

import re
from collections.abc import Iterator, Mapping

from knowledge.document import Fault, Loc
from knowledge.loading import Located, Reading
from knowledge.models import Bilingual, Measure, OverviewFact, Pillar, PlanMeta, Priority, Resource, Source, Strategy, Term

Item = Source | Term | OverviewFact | Pillar | Priority | Strategy | Measure | Resource


def check_plan(reading: Reading) -> list[Fault]:
    """Every fault of a reading, those of single entries first, then by file and line."""
    items = list(_items(reading.located))
    across = [*_doubled_ids(items), *_misplaced_ids(items), *_numbers_differ(items), *_priority_gaps(items)]
    across += [*_unknown_sources(items, reading.named), *_dangling(items, reading)]
    return [*reading.faults, *sorted(across, key=lambda fault: (fault.file, fault.line))]


def _items(located: list[Located]) -> Iterator[tuple[Item, Located, Loc]]:
    """Every checked entry with its place; pillars are opened down to their strategies, measures and resources."""
    for at in located:
        model = at.model
        if isinstance(model, Source | Term | OverviewFact | Resource):
            yield model, at, at.loc
        elif isinstance(model, Pillar):
            yield model, at, at.loc
            for p, priority in enumerate(model.priorities):
                here: Loc = (*at.loc, "priorities", p)
                yield priority, at, here
                for n, strategy in enumerate(priority.strategies):
                    yield strategy, at, (*here, "strategies", n)
                for n, measure in enumerate(priority.measures):
                    yield measure, at, (*here, "measures", n)
                for n, resource in enumerate(priority.resources):
                    yield resource, at, (*here, "resources", n)


def _fault(at: Located, loc: Loc, message: str, remedy: str) -> Fault:
    return Fault(at.document.path.name, at.document.line(loc), message, remedy)


def _doubled_ids(items: list[tuple[Item, Located, Loc]]) -> Iterator[Fault]:
    seen: dict[tuple[bool, str], str] = {}
    for item, at, loc in items:
        if isinstance(item, Term):
            continue
        key = (isinstance(item, Source), item.id)
        where = f"{at.document.path.name}:{at.document.line((*loc, 'id'))}"
        if key in seen:
            message = f"the id {item.id!r} is already used at {seen[key]}"
            yield _fault(at, (*loc, "id"), message, "Give the newer entry an id of its own.")
        else:
            seen[key] = where


def _misplaced_ids(items: list[tuple[Item, Located, Loc]]) -> Iterator[Fault]:
    """A priority's id is its pillar's and a letter; ids below it begin with its id and their letter, as in 2D.S3."""
    letters = {"strategy": "S", "measure": "M", "resource": "R"}
    owner, pillar = "", ""
    for item, at, loc in items:
        if isinstance(item, Pillar):
            pillar = item.id
        if isinstance(item, Priority):
            owner = item.id
            if not re.fullmatch(rf"{re.escape(pillar)}[A-Z]", owner):
                message = f"the id {owner!r} does not fit its place under pillar {pillar}"
                yield _fault(at, (*loc, "id"), message, f"Name it {pillar}A, {pillar}B and so on.")
            continue
        if isinstance(item, Strategy | Measure | Resource) and "priorities" in loc:
            wanted = rf"{re.escape(owner)}\.{letters[item.kind]}\d+"
            if not re.fullmatch(wanted, item.id):
                message = f"the id {item.id!r} does not fit its place under {owner}"
                yield _fault(at, (*loc, "id"), message, f"Number it as {owner}.{letters[item.kind]}1, 2 and so on.")


def _unknown_sources(items: list[tuple[Item, Located, Loc]], named: Mapping[str, frozenset[str]]) -> Iterator[Fault]:
    """Sources that sources.yml does not list; nothing is said while that file itself cannot be read."""
    if "sources.yml" not in named:
        return
    known = named["sources.yml"]
    for item, at, loc in items:
        if isinstance(item, Source):
            continue
        for number, source in enumerate(item.sources):
            if source not in known:
                message = f"the source {source!r} is not in sources.yml"
                yield _fault(at, (*loc, "sources", number), message, "Add it there, or correct its id.")
        if isinstance(item, Measure) and item.latest is not None:
            for number, source in enumerate(item.latest.sources):
                if source not in known:
                    message = f"the source {source!r} is not in sources.yml"
                    yield _fault(at, (*loc, "latest", "sources", number), message, "Add it there, or correct its id.")


def _dangling(items: list[tuple[Item, Located, Loc]], reading: Reading) -> Iterator[Fault]:
    """Ids that lead nowhere; an id in an entry with faults counts, and a file that cannot be read might hold any."""
    if reading.unread:
        return
    known = {i for name, ids in reading.named.items() if name not in ("plan.yml", "sources.yml") for i in ids}
    for item, at, loc in items:
        if not isinstance(item, Resource | OverviewFact):
            continue
        fields = ("related",) if isinstance(item, Resource) else ("items", "years_of")
        for field in fields:
            for number, other in enumerate(getattr(item, field)):
                if other not in known:
                    message = f"{item.id} is related to {other!r}, which the plan does not have"
                    yield _fault(at, (*loc, field, number), message, "Correct the id.")
    for at in reading.located:
        if isinstance(at.model, PlanMeta):
            for field in ("home", "helpdesk", "crisis_line"):
                named = getattr(at.model, field)
                if named not in known:
                    yield _fault(at, (field,), f"{field} names {named!r}, which the plan does not have", "Name a resource's id.")


NUMBER = re.compile(r"\d[\d.,]*\d|\d")


def _numbers_differ(items: list[tuple[Item, Located, Loc]]) -> Iterator[Fault]:
    """Targets, baselines and latest figures must give the same numbers, each as often, in both languages."""
    for item, at, loc in items:
        if not isinstance(item, Measure):
            continue
        latest = item.latest.value if item.latest is not None else None
        for field, text in (("target", item.target), ("baseline", item.baseline), ("latest", latest)):
            if text is not None and not _same_numbers(text):
                message = f"{item.id} {field}: the two languages give different numbers"
                yield _fault(at, (*loc, field), message, "Make the numbers the source's in both.")


def _same_numbers(text: Bilingual) -> bool:
    return sorted(NUMBER.findall(text.en)) == sorted(NUMBER.findall(text.es))


def _priority_gaps(items: list[tuple[Item, Located, Loc]]) -> Iterator[Fault]:
    """A priority marked not_found holds nothing; any other has a name and a focus."""
    for item, at, loc in items:
        if not isinstance(item, Priority):
            continue
        empty = item.name is None and not (item.strategies or item.measures or item.resources)
        if (item.status == "not_found") != empty:
            message = f"{item.id} is marked {item.status!r} but {'holds nothing' if empty else 'has content'}"
            yield _fault(at, (*loc, "status"), message, "Correct the status or the content.")
        elif not empty and item.focus is None:
            yield _fault(at, (*loc, "focus"), f"{item.id} has a name but no focus", "Write what the priority is about.")
