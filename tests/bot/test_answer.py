"""Every part of the plan, composed in both languages, held against the plan itself."""

import re
from collections import Counter

import pytest

from bot import facts
from bot.answer import CITED_OF_A_LIST, compose, pillars
from bot.resolution import Answer, Resolution
from bot.sentences import say
from knowledge import Plan, load_plan
from knowledge.models import LOCALES, Locale, Measure, OverviewFact, Pillar, Priority, Resource, Strategy, is_missing
from retrieval.language import detect

PLAN = load_plan()
NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
ID = re.compile(r"\b[1-9][A-D](?:\.[SMR]\d+)?\b")
PLACEHOLDER = re.compile(r"\{\w*\}|\bNone\b")
ASPECTS = [None, "strategies", "measures", "target", "baseline", "resources", "why", "priorities"]
PRIORITIES = [node for node in PLAN.nodes.values() if isinstance(node, Priority)]
UNNAMED = [priority.id for priority in PRIORITIES if priority.name is None]


def about(node_id: str, aspect: str | None, locale: Locale) -> Answer:
    return compose(PLAN, Resolution(mode="about", ids=(node_id,), aspect=aspect), locale)


def numbers_of_the_plan(locale: Locale) -> set[str]:
    """Every number that the plan's texts hold, with its ids' and those of the assistant's own sentences."""
    texts: list[str] = []
    for node in PLAN.nodes.values():
        texts.append(node.id)
        match node:
            case Measure():
                texts += [part[locale] for part in (node.text, node.target, node.baseline) if part]
            case Resource():
                texts += [node.name[locale], node.name.en, node.text[locale], node.phone or "", node.url or "", node.as_of or ""]
                texts += [node.verify[locale]] if node.verify else []
            case Strategy() | OverviewFact():
                texts.append(node.text[locale])
            case Pillar():
                texts += [node.name[locale], node.summary[locale], node.tagline[locale]]
            case Priority():
                texts += [part[locale] for part in (node.name, node.focus, node.why) if part]
    return {number for text in texts for number in NUMBER.findall(text)}


def test_the_plan_has_gaps_to_speak_of() -> None:
    assert sorted(UNNAMED) == ["1B", "1C", "5C", "5D"]


@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize("aspect", ASPECTS)
def test_every_node_has_an_answer_without_holes_that_cites_the_plan(aspect: str | None, locale: Locale) -> None:
    for node_id in PLAN.nodes:
        answer = about(node_id, aspect, locale)
        assert answer.text.strip(), node_id
        assert not PLACEHOLDER.search(answer.text), (node_id, answer.text)
        assert answer.outcome in ("answered", "gap"), node_id
        assert answer.citations, node_id
        assert set(answer.citations) <= PLAN.nodes.keys(), node_id
        assert set(answer.shown) <= PLAN.nodes.keys(), node_id
        assert len(set(answer.citations)) == len(answer.citations) <= CITED_OF_A_LIST + 1, node_id
        for chip in answer.suggestions:
            assert chip.title.strip() and chip.text.strip() and not PLACEHOLDER.search(chip.title + chip.text), node_id


@pytest.mark.parametrize("locale", LOCALES)
def test_answers_are_in_the_language_asked_for(locale: Locale) -> None:
    for node_id in PLAN.nodes:
        text = about(node_id, None, locale).text
        assert detect(text[:600]).language == locale, (node_id, text)


@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize("aspect", ASPECTS)
def test_every_number_told_stands_in_the_plan(aspect: str | None, locale: Locale) -> None:
    known = numbers_of_the_plan(locale)
    for priority in PRIORITIES:
        counts = {str(len(priority.strategies)), str(len(priority.measures)), str(len(priority.resources))}
        told = set(NUMBER.findall(ID.sub(" ", about(priority.id, aspect, locale).text)))
        listed = {str(count) for count in range(20)} if aspect == "resources" else counts
        assert told <= known | listed | {"2021"}, priority.id


@pytest.mark.parametrize("locale", LOCALES)
def test_a_measure_tells_target_and_baseline_as_the_source_has_them(locale: Locale) -> None:
    measures = [node for node in PLAN.nodes.values() if isinstance(node, Measure)]
    assert measures
    for measure in measures:
        for text in (about(measure.id, None, locale).text, about(str(PLAN.parents[measure.id]), "target", locale).text):
            for part in (measure.target, measure.baseline):
                wanted = set(NUMBER.findall(part[locale])) if part is not None else set()
                assert wanted <= set(NUMBER.findall(text)), measure.id
        if measure.target is None:
            assert say(locale, "measure.no_target") in about(measure.id, None, locale).text


@pytest.mark.parametrize("locale", LOCALES)
def test_lists_are_complete(locale: Locale) -> None:
    for priority in PRIORITIES:
        for aspect, items in (
            ("strategies", priority.strategies), ("measures", priority.measures), ("target", priority.measures),
            ("baseline", priority.measures), ("resources", priority.resources),
        ):
            answer = about(priority.id, aspect, locale)
            for item in items:
                assert item.text[locale] in answer.text, (priority.id, aspect, item.id)
                assert item.id in answer.shown, (priority.id, aspect, item.id)
            if items:
                assert answer.outcome == "answered"
                assert answer.citations[0] == priority.id
                assert str(len(answer.shown)) in answer.text.split("\n")[0] or aspect == "baseline"


@pytest.mark.parametrize("locale", LOCALES)
def test_a_pillar_names_its_priorities_and_those_that_are_not_known(locale: Locale) -> None:
    for pillar in PLAN.pillars:
        for aspect in (None, "priorities"):
            answer = about(pillar.id, aspect, locale)
            assert answer.shown == tuple(priority.id for priority in pillar.priorities)
            for priority in pillar.priorities:
                assert priority.id in answer.text
                if priority.name is not None:
                    assert priority.name[locale] in answer.text
                else:
                    assert say(locale, "pillar.unknown", id=priority.id) in answer.text


@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize("aspect", ["strategies", "measures", "target", "baseline", "resources"])
def test_a_part_of_a_whole_pillar_holds_all_that_is_known_and_names_the_gaps(aspect: str, locale: Locale) -> None:
    part = {"target": "measures", "baseline": "measures"}.get(aspect, aspect)
    for pillar in PLAN.pillars:
        text = about(pillar.id, aspect, locale).text
        for priority in pillar.priorities:
            assert priority.id in text
            for item in getattr(priority, part):
                assert item.text[locale] in text, item.id


@pytest.mark.parametrize("locale", LOCALES)
def test_the_list_of_pillars_names_all_five(locale: Locale) -> None:
    answer = pillars(PLAN, locale)
    assert answer.citations == ("1", "2", "3", "4", "5") == answer.shown
    assert all(pillar.name[locale] in answer.text for pillar in PLAN.pillars)
    assert "5" in answer.text.split("\n")[0]


@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize("node_id", UNNAMED)
@pytest.mark.parametrize("aspect", ASPECTS)
def test_an_unnamed_priority_is_a_gap_that_points_to_the_official_plan(node_id: str, aspect: str | None, locale: Locale) -> None:
    answer = about(node_id, aspect, locale)
    home = PLAN.nodes[PLAN.meta.home]
    assert answer.outcome == "gap"
    assert isinstance(home, Resource) and home.url and home.url in answer.text
    assert node_id in answer.text
    assert answer.citations[:2] == (node_id, PLAN.meta.home)


@pytest.mark.parametrize("locale", LOCALES)
def test_a_missing_part_of_a_known_priority_is_a_gap(locale: Locale) -> None:
    missing = Counter[str]()
    for priority in PRIORITIES:
        for aspect in ("strategies", "measures"):
            if priority.name is not None and not getattr(priority, aspect):
                assert about(priority.id, aspect, locale).outcome == "gap", (priority.id, aspect)
                missing[aspect] += 1
    assert missing["measures"]
    assert about("5A", "measures", locale).outcome == "gap"


@pytest.mark.parametrize("locale", LOCALES)
def test_measures_that_may_not_be_all_are_not_called_all(locale: Locale) -> None:
    for priority in PRIORITIES:
        if priority.measures and not priority.measures_complete:
            assert say(locale, "list.measures_known", count="X", id="X", name="X").split("X")[-1] in about(
                priority.id, "measures", locale
            ).text, priority.id


@pytest.mark.parametrize("locale", LOCALES)
def test_resources_show_phone_address_and_what_to_confirm(locale: Locale) -> None:
    resources = [node for node in PLAN.nodes.values() if isinstance(node, Resource)]
    assert any(node.as_of for node in resources) and any(node.verify for node in resources)
    for node in resources:
        text = about(node.id, None, locale).text
        assert node.name[locale] in text
        for part in (node.phone, node.url):
            assert part is None or part in text, node.id
        if node.as_of:
            assert say(locale, "resource.as_of", date=facts.when(node.as_of, locale)) in text, node.id
        if node.verify:
            assert node.verify[locale] in text, node.id
        if node.phone and not node.as_of and not node.verify:
            assert say(locale, "resource.unconfirmed_phone") in text, node.id


@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize("unknown", ["7F", "2E", "9"])
def test_an_unknown_id_is_said_to_be_unknown(unknown: str, locale: Locale) -> None:
    answer = about(unknown, None, locale)
    assert answer.outcome == "abstain"
    assert unknown in answer.text
    assert set(answer.citations) <= PLAN.nodes.keys()


@pytest.mark.parametrize("locale", LOCALES)
def test_suggestions_lead_to_parts_that_exist(locale: Locale) -> None:
    for priority in PRIORITIES:
        for aspect in ASPECTS:
            answer = about(priority.id, aspect, locale)
            assert answer.suggestions or aspect is not None or not priority.strategies, priority.id
            titles = [chip.title for chip in answer.suggestions]
            assert len(set(titles)) == len(titles)
            for part in ("strategies", "measures", "resources"):
                if say(locale, f"suggest.{part}", id=priority.id) in titles:
                    assert getattr(priority, part), (priority.id, part)


@pytest.mark.parametrize("locale", LOCALES)
def test_two_topics_are_both_told_and_both_cited(locale: Locale) -> None:
    answer = compose(PLAN, Resolution(mode="about", ids=("2D", "3B"), aspect="strategies"), locale)
    assert {"2D", "3B"} <= set(answer.citations[:2])
    for node_id in ("2D", "3B"):
        owner = PLAN.nodes[node_id]
        assert isinstance(owner, Priority)
        assert all(strategy.text[locale] in answer.text for strategy in owner.strategies)


@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize("kind", ["self_harm", "abuse", "violence", "missing"])
def test_crisis_answers_begin_with_the_numbers_to_call(kind: str, locale: Locale) -> None:
    answer = compose(PLAN, Resolution(mode="say", key=f"crisis.{kind}"), locale)
    line = PLAN.nodes[PLAN.meta.crisis_line]
    assert answer.outcome == "crisis"
    assert isinstance(line, Resource) and line.phone
    first, second, third = (answer.text.index(number) for number in ("911", "988", line.phone))
    assert first < second < third
    assert first < 80
    assert answer.citations == (line.id,)


@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize("reason", ["off_topic", "personal", "injection", "unsure", "unreadable"])
def test_refusals_name_who_to_ask(reason: str, locale: Locale) -> None:
    answer = compose(PLAN, Resolution(mode="say", key=f"abstain.{reason}"), locale)
    desk = PLAN.nodes[PLAN.meta.helpdesk]
    assert answer.outcome == "abstain"
    assert isinstance(desk, Resource) and desk.phone
    assert reason == "unreadable" or desk.phone in answer.text
    assert answer.citations == (desk.id,)
    assert answer.suggestions


def test_the_same_resolution_says_the_same_facts_in_either_language() -> None:
    for node_id in PLAN.nodes:
        for aspect in ASPECTS:
            english, spanish = about(node_id, aspect, "en"), about(node_id, aspect, "es")
            assert (english.outcome, english.citations, english.shown) == (spanish.outcome, spanish.citations, spanish.shown)
            assert english.text != spanish.text


@pytest.mark.parametrize("locale", LOCALES)
def test_facts_are_told_with_their_owner_and_all_are_cited(locale: Locale) -> None:
    answer = compose(PLAN, Resolution(mode="facts", ids=("2D.M1", "2D.S1", "3B.S1")), locale)
    assert answer.citations[:3] == ("2D.M1", "2D.S1", "3B.S1")
    assert facts.title(PLAN, PLAN.nodes["2D"], locale) in answer.text
    for node_id in ("2D.M1", "2D.S1", "3B.S1"):
        node = PLAN.nodes[node_id]
        assert isinstance(node, Measure | Strategy) and node.text[locale][1:] in answer.text


def test_another_plan_is_composed_as_well(plan: Plan) -> None:
    parts = {name: getattr(plan, name) for name in Plan.model_fields}
    smaller = Plan(**parts | {"pillars": plan.pillars[1:2]})
    assert len(pillars(smaller, "en").shown) == 1
    assert compose(smaller, Resolution(mode="about", ids=("1A",)), "en").outcome == "abstain"


@pytest.mark.parametrize(("locale", "told"), [("en", "6 strategies and 1 measure that"), ("es", "6 estrategias y 1 medida de")])
def test_one_measure_is_told_in_the_singular(locale: Locale, told: str) -> None:
    assert told in about("2D", None, locale).text


@pytest.mark.parametrize("locale", LOCALES)
def test_what_is_missing_is_a_gap_by_its_id_too(locale: Locale) -> None:
    missing = next(node.id for node in PLAN.nodes.values() if is_missing(node))
    assert compose(PLAN, Resolution(mode="about", ids=(missing,)), locale).outcome == "gap"


def test_many_ids_are_a_line_each() -> None:
    answer = compose(PLAN, Resolution(mode="about", ids=("2A", "2B", "2C", "2D", "9Z")), "en")
    assert (answer.outcome, answer.citations) == ("answered", ("2A", "2B", "2C", "2D"))
    assert answer.text.count("• ") == 4
    assert "9Z" in answer.text
