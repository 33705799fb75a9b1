"""The shipped plan: how much it holds, that it is whole in both languages, and values known from its sources."""

import re
from collections import Counter
from collections.abc import Iterator

import pytest
from pydantic import BaseModel, ValidationError

from knowledge import LOCALES, Bilingual, Plan, load_plan
from knowledge.models import Measure, OverviewFact, Pillar, Priority, Resource, children

UNNAMED = {"1B", "1C", "5C", "5D"}
ID_FORMS = {
    "pillar": r"[1-5]",
    "priority": r"[1-5][A-D]",
    "strategy": r"[1-5][A-D]\.S[1-9]\d?",
    "measure": r"[1-5][A-D]\.M[1-9]\d?",
    "resource": r"[1-5][A-D]\.R[1-9]\d?|res_[a-z0-9_]+",
    "overview": r"ov_[a-z0-9_]+",
}


@pytest.fixture(scope="module")
def plan() -> Plan:
    return load_plan()


def texts_in(value: object) -> Iterator[Bilingual]:
    if isinstance(value, Bilingual):
        yield value
    elif isinstance(value, BaseModel):
        for name in type(value).model_fields:
            yield from texts_in(getattr(value, name))
    elif isinstance(value, list):
        for item in value:
            yield from texts_in(item)


def measure(plan: Plan, node_id: str) -> Measure:
    node = plan.nodes[node_id]
    assert isinstance(node, Measure)
    return node


def test_counts(plan: Plan) -> None:
    kinds = Counter(node.kind for node in plan.nodes.values())
    assert kinds == {"pillar": 5, "priority": 20, "strategy": 91, "measure": 58, "resource": 24 + 18, "overview": 52}
    assert len(plan.resources) == 18
    assert sum(len(priority.resources) for pillar in plan.pillars for priority in pillar.priorities) == 24
    assert len(plan.sources) == 52


def test_four_priorities_have_no_name_and_nothing_else(plan: Plan) -> None:
    unnamed = {node.id for node in plan.nodes.values() if isinstance(node, Priority) and node.name is None}
    assert unnamed == UNNAMED
    for node_id in unnamed:
        priority = plan.nodes[node_id]
        assert isinstance(priority, Priority)
        assert priority.status == "not_found"
        assert children(priority) == []


def test_each_pillar_has_priorities_a_to_d(plan: Plan) -> None:
    assert [pillar.id for pillar in plan.pillars] == ["1", "2", "3", "4", "5"]
    for pillar in plan.pillars:
        assert [priority.id for priority in pillar.priorities] == [pillar.id + letter for letter in "ABCD"]


def test_every_text_is_in_both_languages(plan: Plan) -> None:
    texts = list(texts_in(plan))
    assert len(texts) > 300
    for text in texts:
        assert text["en"] == text.en and text["es"] == text.es
        assert all(text[locale].strip() == text[locale] != "" for locale in LOCALES)


def test_spanish_of_long_texts_is_not_the_english_left_in_place(plan: Plan) -> None:
    left = [text.en for text in texts_in(plan) if text.en == text.es and len(text.en.split()) > 3 and "%" not in text.en]
    assert left == []


@pytest.mark.parametrize(
    ("node_id", "target", "baseline"),
    [
        ("2D.M1", {"12.8%", "11.6%", "21.5%"}, {"13.6%", "12.4%", "22.3%"}),
        ("1D.M1", {"70%"}, {"41.8%"}),
        ("2A.M1", {"82%"}, {"72.7%"}),
        ("2A.M2", {"78%", "75%", "68%"}, {"67%", "65%", "60%"}),
    ],
)
def test_numbers_of_the_sources(plan: Plan, node_id: str, target: set[str], baseline: set[str]) -> None:
    found = measure(plan, node_id)
    assert found.target is not None and found.baseline is not None
    for locale in LOCALES:
        assert set(re.findall(r"[\d.]+%", found.target[locale])) == target
        assert set(re.findall(r"[\d.]+%", found.baseline[locale])) == baseline


def test_measures_without_a_number_say_so(plan: Plan) -> None:
    assert measure(plan, "2A.M5").target is None
    assert measure(plan, "2A.M5").baseline is None


def test_wellness_line_has_its_number(plan: Plan) -> None:
    line = plan.nodes["2B.R1"]
    assert isinstance(line, Resource)
    assert line.phone == "(213) 241-3840"
    crisis_line = plan.nodes[plan.meta.crisis_line]
    assert isinstance(crisis_line, Resource)
    assert crisis_line.phone == line.phone


def test_home_and_help_desk_can_be_reached(plan: Plan) -> None:
    home, helpdesk = plan.nodes[plan.meta.home], plan.nodes[plan.meta.helpdesk]
    assert isinstance(home, Resource) and home.url == "achieve.lausd.net/StrategicPlan"
    assert isinstance(helpdesk, Resource) and helpdesk.phone


def test_names_of_the_pillars(plan: Plan) -> None:
    assert [pillar.name.en for pillar in plan.pillars] == [
        "Academic Excellence", "Joy and Wellness", "Engagement and Collaboration", "Operational Effectiveness",
        "Investing in Staff",
    ]
    assert plan.pillars[1].name.es == "Alegría y bienestar"


def test_pillar_two_lists_all_its_measures(plan: Plan) -> None:
    pillar = plan.pillars[1]
    assert sum(len(priority.measures) for priority in pillar.priorities) == pillar.measures_total == 13


def test_ids_have_the_form_of_their_kind(plan: Plan) -> None:
    for node_id, node in plan.nodes.items():
        assert node_id == node.id
        assert re.fullmatch(ID_FORMS[node.kind], node_id), node_id


def test_ids_are_numbered_without_gaps(plan: Plan) -> None:
    for pillar in plan.pillars:
        for priority in pillar.priorities:
            for letter, group in (("S", priority.strategies), ("M", priority.measures), ("R", priority.resources)):
                assert [node.id for node in group] == [f"{priority.id}.{letter}{n + 1}" for n in range(len(group))]


def test_every_fact_names_a_source_that_can_be_looked_up(plan: Plan) -> None:
    for node in plan.nodes.values():
        assert node.sources or node.id in UNNAMED
        for source in node.sources:
            assert plan.source(source).url
    with pytest.raises(KeyError):
        plan.source("no_such_source")


def test_ancestors_run_from_pillar_to_priority(plan: Plan) -> None:
    assert [node.id for node in plan.ancestors("2D.S3")] == ["2", "2D"]
    assert [node.id for node in plan.ancestors("2D")] == ["2"]
    assert plan.ancestors("2") == []
    assert plan.ancestors("ov_vision") == []
    assert plan.ancestors("res_plan_page") == []


def test_parents_and_children_agree(plan: Plan) -> None:
    assert set(plan.parents) == set(plan.nodes)
    below = {child.id: node.id for node in plan.nodes.values() for child in children(node)}
    assert {child: parent for child, parent in plan.parents.items() if parent is not None} == below
    for node_id, parent in plan.parents.items():
        assert parent is None or node_id.startswith(parent)


def test_children_in_the_order_of_the_plan(plan: Plan) -> None:
    assert [child.kind for child in children(plan.nodes["2"])] == ["priority"] * 4
    kinds = [child.kind for child in children(plan.nodes["2B"])]
    assert kinds == sorted(kinds, key=["strategy", "measure", "resource"].index)
    assert set(kinds) == {"strategy", "measure", "resource"}
    assert children(plan.nodes["2D.M1"]) == []
    assert children(plan.nodes["ov_vision"]) == []


def test_nodes_are_in_the_order_overview_pillars_resources(plan: Plan) -> None:
    ids = list(plan.nodes)
    assert isinstance(plan.nodes[ids[0]], OverviewFact)
    assert ids.index("1") < ids.index("1A") < ids.index("1A.S1") < ids.index("2") < ids.index("res_plan_page")


def test_glossary_marks_the_official_spanish(plan: Plan) -> None:
    official = {term.text.en: term.text.es for term in plan.glossary if term.text.official_es}
    assert official["Strategies"] == "Estrategias"
    assert official["Measures of Success"] == "Medidas de éxito"


def test_models_cannot_be_changed_or_extended(plan: Plan) -> None:
    with pytest.raises(ValidationError):
        plan.pillars[0].id = "9"  # type: ignore[misc]
    with pytest.raises(ValidationError):
        Bilingual(en="Hello", es="Hola", fr="Salut")  # type: ignore[call-arg]
    with pytest.raises(ValidationError):
        Bilingual(en="Hello", es="   ")


def test_pillars_report_no_more_improved_measures_than_they_have(plan: Plan) -> None:
    for pillar in plan.pillars:
        assert isinstance(pillar, Pillar)
        assert 0 <= pillar.measures_improving_year_one <= pillar.measures_total
    assert sum(pillar.measures_total for pillar in plan.pillars) == 93
