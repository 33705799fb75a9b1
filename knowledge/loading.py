"""Reading a plan folder into a `Plan`, with every fault found on the way."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel, TypeAdapter, ValidationError

from knowledge.document import Document, Fault, Loc, read_document
from knowledge.models import Bilingual, OverviewFact, Pillar, Plan, PlanMeta, Resource, Source, Term

M = TypeVar("M", bound=BaseModel)


class PlanError(Exception):
    """A plan that cannot be used; `faults` lists all that is wrong with it."""

    def __init__(self, faults: list[Fault]) -> None:
        super().__init__("\n".join(str(fault) for fault in faults))
        self.faults = faults


@dataclass(frozen=True)
class Located:
    """A model with the document and place it was read from."""

    model: BaseModel
    document: Document
    loc: Loc


@dataclass(frozen=True)
class Reading:
    """What came out of a plan folder: the located models, the plan when it is whole, and the faults.

    `named` holds the ids written in each file, those of entries with faults too; `unread` the files that could not
    be read at all.
    """

    plan: Plan | None
    located: list[Located]
    faults: list[Fault]
    named: Mapping[str, frozenset[str]] = field(default_factory=dict)
    unread: frozenset[str] = frozenset()


def default_plan_folder() -> Path:
    """The folder of the plan that ships with the project."""
    return Path(__file__).parent / "plans" / "lausd-2022-26"


def load_plan(folder: Path | None = None) -> Plan:
    """Read and check the plan in `folder` (the shipped one by default).

    Raises PlanError, with every fault, where any file is missing, broken or contradicts another.
    """
    from knowledge.check import check_plan

    reading = read_plan(folder or default_plan_folder())
    faults = check_plan(reading)
    if faults or reading.plan is None:
        raise PlanError(faults)
    return reading.plan


def read_plan(folder: Path) -> Reading:
    """Parse and validate every file of `folder`, going on past faults."""
    if not folder.is_dir():
        missing = Fault(str(folder), 1, "there is no such plan folder", "Name a folder that holds plan.yml.")
        return Reading(None, [], [missing])
    documents: dict[str, Document] = {}
    faults: list[Fault] = []
    pillar_files = sorted(path.name for path in folder.glob("pillar-*.yml"))
    for name in ("plan.yml", "sources.yml", "glossary.yml", "overview.yml", *pillar_files, "resources.yml"):
        documents[name], found = read_document(folder / name)
        faults += found
    if not pillar_files:
        faults.append(Fault("pillar-1.yml", 1, "the plan has no pillar file", "Add pillar-1.yml, pillar-2.yml and so on."))
    located: list[Located] = []
    named: dict[str, frozenset[str]] = {}

    def take(name: str, key: str | None, model: type[M]) -> list[M]:
        models = list(_validated(documents[name], key, model, faults))
        content = documents[name].data
        if isinstance(content, dict) and (key is None or isinstance(content.get(key), list)):
            named[name] = frozenset(_ids_in(content))
        located.extend(Located(m, documents[name], loc) for m, loc in models)
        return [m for m, _ in models]

    metas = take("plan.yml", None, PlanMeta)
    sources = take("sources.yml", "sources", Source)
    glossary = take("glossary.yml", "terms", Term)
    overview = take("overview.yml", "facts", OverviewFact)
    pillars = [pillar for name in pillar_files for pillar in take(name, None, Pillar)]
    resources = take("resources.yml", "resources", Resource)
    official = _official_overview(folder, faults)
    if faults or official is None or len(metas) != 1:
        return Reading(None, located, faults, named, frozenset(documents) - frozenset(named))
    plan = Plan(
        meta=metas[0], sources=sources, glossary=glossary, overview=overview,
        pillars=pillars, resources=resources, official_overview=official,
    )
    return Reading(plan, located, [], named)


def _ids_in(value: object) -> Iterator[str]:
    """Every text under a key `id`, at any depth."""
    if isinstance(value, dict):
        if isinstance(value.get("id"), str):
            yield value["id"]
        for below in value.values():
            yield from _ids_in(below)
    elif isinstance(value, list):
        for below in value:
            yield from _ids_in(below)


def _validated(document: Document, key: str | None, model: type[M], faults: list[Fault]) -> Iterator[tuple[M, Loc]]:
    """Each item of the list under `key` (the whole file where null), validated on its own."""
    if document.data is None:
        if not any(fault.file == document.path.name for fault in faults):
            faults.append(Fault(document.path.name, 1, "the file is empty", "Put its content back."))
        return
    items: list[tuple[object, Loc]] = [(document.data, ())]
    if key is not None:
        listed = document.data.get(key) if isinstance(document.data, dict) else None
        if not isinstance(listed, list):
            message = f"the file must hold a list under {key!r}"
            faults.append(Fault(document.path.name, 1, message, f"Begin it with `{key}:` and list the entries below."))
            return
        items = [(item, (key, number)) for number, item in enumerate(listed)]
    adapter = TypeAdapter(model)
    for item, loc in items:
        try:
            yield adapter.validate_python(item), loc
        except ValidationError as error:
            faults.extend(_faults_of(document, loc, error))


REMEDIES = {
    "missing": "Add the field.",
    "extra_forbidden": "Remove the field, or correct its name.",
    "string_type": "Write a text; put quotes around numbers, dates, yes and no.",
    "string_too_short": "Write the text in this language too.",
    "string_pattern_mismatch": "Use the form of the neighbouring entries.",
    "bool_type": "Write true or false.",
    "int_type": "Write a whole number without quotes.",
    "list_type": "Write a list, as in [a, b], or with a dash before each entry.",
    "literal_error": "Use one of the allowed words.",
    "too_short": "Name at least one.",
    "model_type": "Write a block with the fields of the neighbouring entries.",
}


def _faults_of(document: Document, base: Loc, error: ValidationError) -> Iterator[Fault]:
    for detail in error.errors(include_url=False):
        loc = (*base, *detail["loc"])
        field = str(detail["loc"][-1]) if detail["loc"] else "entry"
        kind = detail["type"]
        if field in ("en", "es") and kind in ("missing", "string_too_short", "string_type"):
            language = "English" if field == "en" else "Spanish"
            message, remedy = f"{_place(document, loc)} lacks its {language} text", "Write the text in both languages."
        else:
            message = f"{_place(document, loc)}: {detail['msg'][0].lower()}{detail['msg'][1:]}"
            remedy = REMEDIES.get(kind, "Use the form of the neighbouring entries.")
        yield Fault(document.path.name, document.line(loc), message, remedy)


def _place(document: Document, loc: Loc) -> str:
    """Words for a place in the file: the nearest enclosing id and the field, such as `2D.M1 target.es`."""
    value, owner, since = document.data, "", 0
    for depth, step in enumerate(loc):
        if isinstance(value, dict) and isinstance(value.get("id"), str):
            owner, since = value["id"], depth
        try:
            value = value[step]  # type: ignore[index]
        except (KeyError, IndexError, TypeError):
            break
    field = ".".join(str(step) for step in loc[since:])
    return f"{owner} {field}".strip() or "the entry"


def _official_overview(folder: Path, faults: list[Fault]) -> Bilingual | None:
    texts: dict[str, str] = {}
    for locale in ("en", "es"):
        path = folder / f"overview.{locale}.md"
        try:
            texts[locale] = path.read_text(encoding="utf-8").strip()
        except (FileNotFoundError, UnicodeDecodeError) as error:
            what = "is missing" if isinstance(error, FileNotFoundError) else "is not UTF-8"
            faults.append(Fault(path.name, 1, f"the official overview {what}", "Put it back from version control."))
            continue
        if not texts[locale]:
            faults.append(Fault(path.name, 1, "the official overview is empty", "Put its text back."))
            texts.pop(locale)
    if len(texts) != 2:
        return None
    return Bilingual(en=texts["en"], es=texts["es"], official_es=True)
