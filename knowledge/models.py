"""The plan's data model: every text in two languages, every fact with its sources, every gap marked."""

from functools import cached_property
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

Locale = Literal["en", "es"]
LOCALES: tuple[Locale, Locale] = ("en", "es")

Kind = Literal["pillar", "priority", "strategy", "measure", "resource", "overview"]
KINDS: tuple[Kind, ...] = ("pillar", "priority", "strategy", "measure", "resource", "overview")

Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
Id = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9_.-]*$")]
When = Annotated[str, StringConstraints(pattern=r"^\d{4}(-\d{2}){0,2}$")]


class Frozen(BaseModel):
    """Base of every model: immutable, strict about types, closed to unknown fields."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


class Bilingual(Frozen):
    """One text in English and Spanish; a text that lacks either does not construct.

    `official_es` is true where the district's own Spanish text uses these words, false where the Spanish
    is this project's translation, null where the question does not arise (facts restated in our own words).
    """

    en: Text
    es: Text
    official_es: bool | None = None

    def __getitem__(self, locale: Locale) -> str:
        return self.es if locale == "es" else self.en


class Source(Frozen):
    """Where facts come from. `seen` is "full" when the stored page ended naturally, else "excerpt"."""

    id: Id
    url: Text
    title: Text
    seen: Literal["full", "excerpt"]
    date: Text | None = None
    note: Text | None = None


class Term(Frozen):
    """A glossary entry."""

    text: Bilingual
    sources: list[Id]


class Strategy(Frozen):
    """An action the plan names for schools, the district or the community."""

    id: Id
    text: Bilingual
    sources: list[Id] = Field(min_length=1)
    kind: Literal["strategy"] = "strategy"


class Reported(Frozen):
    """A figure reported after the plan began, as its source gives it; `as_of` says when it was reported or for which year."""

    value: Bilingual
    as_of: When
    sources: list[Id] = Field(min_length=1)


class Measure(Frozen):
    """A measure of success; `target`, `baseline` and `latest` are null where no source gives them."""

    id: Id
    text: Bilingual
    target: Bilingual | None
    baseline: Bilingual | None
    latest: Reported | None = None
    partial: bool = False
    sources: list[Id] = Field(min_length=1)
    note: Text | None = None
    kind: Literal["measure"] = "measure"


class Resource(Frozen):
    """A program, line or place. `as_of`: when the source was published; `verify`: what to confirm first."""

    id: Id
    name: Bilingual
    text: Bilingual
    url: Text | None
    phone: Text | None
    in_plan: bool
    related: list[Id] = []
    as_of: When | None = None
    verify: Bilingual | None = None
    sources: list[Id] = Field(min_length=1)
    kind: Literal["resource"] = "resource"


class OverviewFact(Frozen):
    """A fact on the plan as a whole; of topic "missing", that no source seen shows something people ask for.

    `items` are the facts that tell more of what this one names, in its order; `years_of` the measures whose years so far it
    tells.
    """

    id: Id
    text: Bilingual
    topic: Literal["goal", "vision", "process", "structure", "adoption", "results", "call_to_action", "missing"]
    lists: Literal["pillars"] | None = None
    items: list[Id] = []
    years_of: list[Id] = []
    sources: list[Id] = Field(min_length=1)
    note: Text | None = None
    kind: Literal["overview"] = "overview"


class Priority(Frozen):
    """One of a pillar's four priorities; `status` says how much of it the sources show."""

    id: Id
    status: Literal["complete", "partial", "name_only", "not_found"]
    name: Bilingual | None
    focus: Bilingual | None
    why: Bilingual | None
    measures_complete: bool
    resources_complete: bool
    sources: list[Id]
    strategies: list[Strategy]
    measures: list[Measure]
    resources: list[Resource]
    notes: list[Text] = []
    kind: Literal["priority"] = "priority"


class Pillar(Frozen):
    """One of the plan's pillars, with the counts that the Year One report gives for it."""

    id: Id
    name: Bilingual
    tagline: Bilingual
    summary: Bilingual
    measures_total: int
    measures_improving_year_one: int
    sources: list[Id] = Field(min_length=1)
    priorities: list[Priority]
    kind: Literal["pillar"] = "pillar"

    @property
    def measures_shown(self) -> int:
        """How many of its measures the sources show."""
        return sum(len(priority.measures) for priority in self.priorities)


Node = Pillar | Priority | Strategy | Measure | Resource | OverviewFact


def is_missing(node: Node) -> bool:
    """Whether a node says that no source seen shows something."""
    return isinstance(node, OverviewFact) and node.topic == "missing"


class PlanMeta(Frozen):
    """The plan's identity. `home`, `helpdesk` and `crisis_line` name the resources that every refusal points to."""

    id: Id
    title: Bilingual
    district: Text
    years: Text
    home: Id
    helpdesk: Id
    crisis_line: Id
    note: Text | None = None
    gaps: list[Bilingual]


class Plan(Frozen):
    """A whole plan, as read from its folder."""

    meta: PlanMeta
    sources: list[Source]
    glossary: list[Term]
    overview: list[OverviewFact]
    pillars: list[Pillar]
    resources: list[Resource]
    official_overview: Bilingual

    @cached_property
    def parents(self) -> dict[str, str | None]:
        """Id of each node's parent: pillar of a priority, priority of a strategy; null for the rest."""
        roots: list[Node] = [*self.overview, *self.pillars, *self.resources]
        found: dict[str, str | None] = {node.id: None for node in roots}
        for pillar in self.pillars:
            for priority in pillar.priorities:
                found[priority.id] = pillar.id
                found |= {below.id: priority.id for below in children(priority)}
        return found

    @cached_property
    def nodes(self) -> dict[str, Node]:
        """Every node by id, in the plan's order: overview, pillars with what is under them, resources."""
        found: dict[str, Node] = {fact.id: fact for fact in self.overview}
        for pillar in self.pillars:
            found[pillar.id] = pillar
            for priority in pillar.priorities:
                found[priority.id] = priority
                found |= {n.id: n for n in children(priority)}
        return found | {resource.id: resource for resource in self.resources}

    def source(self, source_id: str) -> Source:
        """The source of that id; raises KeyError where there is none."""
        return self._sources_by_id[source_id]

    @cached_property
    def _sources_by_id(self) -> dict[str, Source]:
        return {source.id: source for source in self.sources}

    def ancestors(self, node_id: str) -> list[Node]:
        """The nodes above `node_id`, outermost first: [pillar, priority] for a strategy, [] for a pillar."""
        above: list[Node] = []
        parent = self.parents[node_id]
        while parent is not None:
            above.insert(0, self.nodes[parent])
            parent = self.parents[parent]
        return above


def children(node: Node) -> list[Node]:
    """The nodes directly below: a pillar's priorities; a priority's strategies, measures, resources; else none."""
    if isinstance(node, Pillar):
        return list(node.priorities)
    if isinstance(node, Priority):
        return [*node.strategies, *node.measures, *node.resources]
    return []
