"""The staff's look-up: ids, words, slips, filters, over HTTP and on the plain page."""

import re
from html import unescape
from typing import Any

import pytest
from fastapi.testclient import TestClient
from hypothesis import given, settings
from hypothesis import strategies as st

from api.finder import Finder
from api.wording import wording
from knowledge import LOCALES, Locale, Plan
from knowledge.models import KINDS, Measure
from retrieval.prefix import Field, PrefixIndex


@pytest.fixture(scope="module")
def finder(plan: Plan) -> Finder:
    return Finder(plan, "https://plan.example.org")


def search(site: TestClient, **query: str) -> dict[str, Any]:
    response = site.get("/api/v1/lookup", params=query)
    assert response.status_code == 200, response.text
    body: dict[str, Any] = response.json()
    assert body["took_ms"] >= 0 and body["total"] >= len(body["results"])
    return body


def test_every_id_finds_itself_first_however_it_is_written(finder: Finder, plan: Plan) -> None:
    for node_id in plan.nodes:
        for written in (node_id, node_id.lower(), f" {node_id} ", node_id.replace(".", "")):
            assert finder.find(written).ids[0] == node_id, written


@pytest.mark.parametrize(
    ("query", "first", "count"),
    [
        ("2D", "2D", 9), ("2d.", "2D", 9), ("2D.M", "2D.M1", 1), ("2D.S", "2D.S1", 6), ("2d m1", "2D.M1", 1), ("pillar 2", "2", 53),
        ("Pilar 2", "2", 53), ("2", "2", 53),
    ],
)
def test_the_beginning_of_an_id_finds_what_is_under_it(finder: Finder, query: str, first: str, count: int) -> None:
    found = finder.find(query)
    assert found.by_id and found.ids[0] == first and len(found.ids) == count


@pytest.mark.parametrize(
    ("query", "wanted", "within"),
    [
        ("attendance", "2D", 1), ("asistencia", "2D", 1), ("asistensia", "2D", 1), ("attendence", "2D", 1), ("atten", "2D", 1),
        ("GRADUACION", "1D.M2", 3), ("graduación", "1D.M2", 3), ("gradution rate", "1D.M2", 3), ("suspensiones", "2C.M2", 3),
        ("2D target", "2D.M1", 1), ("meta de graduacion", "1D.M2", 2), ("portal padres", "3A.M2", 4), ("443-1300", "res_family_helpdesk", 1),
        ("salud mental", "2B.M4", 4), ("outstanding attendance", "2D", 1), ("asistencia sobresaliente", "2D", 1),
        ("feel safe at school", "2A.M1", 3), ("sentirse seguros vecindario", "2A.M2", 1),
    ],
)
def test_words_of_either_language_find_the_part_that_has_them(finder: Finder, query: str, wanted: str, within: int) -> None:
    assert wanted in finder.find(query).ids[:within]


@pytest.mark.parametrize("kind", KINDS)
def test_a_kind_alone_lists_all_of_that_kind(finder: Finder, plan: Plan, kind: Any) -> None:
    assert finder.find("", kind).ids == [node.id for node in plan.nodes.values() if node.kind == kind]


def test_filters_narrow_what_words_find(finder: Finder, plan: Plan) -> None:
    found = finder.find("school", "measure", "3").ids
    assert found and all(isinstance(plan.nodes[i], Measure) and i.startswith("3") for i in found)
    assert set(found) < set(finder.find("school").ids)


def test_nothing_is_found_for_nothing_and_for_nonsense(finder: Finder) -> None:
    assert finder.find("").ids == finder.find("   ").ids == finder.find("xqzwkj").ids == finder.find("9Z").ids == []


@settings(deadline=None)
@given(st.text(max_size=200), st.sampled_from([None, *KINDS]), st.sampled_from([None, "1", "9"]))
def test_any_text_can_be_looked_up(finder: Finder, plan: Plan, text: str, kind: Any, pillar: str | None) -> None:
    found = finder.find(text, kind, pillar).ids
    assert len(found) == len(set(found)) and set(found) <= set(plan.nodes)


@settings(deadline=None)
@given(st.data())
def test_typing_a_name_on_never_loses_it(finder: Finder, plan: Plan, data: st.DataObject) -> None:
    node = data.draw(st.sampled_from([n for n in plan.nodes.values() if n.kind == "priority" and n.name]))
    name = node.name[data.draw(st.sampled_from(LOCALES))]  # type: ignore[union-attr,index]
    typed = name[: data.draw(st.integers(3, len(name)))]
    assert node.id in finder.find(typed).ids


def test_documents_that_hold_more_of_the_query_come_first() -> None:
    index = PrefixIndex({
        "a": [Field("green schools", 1.0)], "b": [Field("green safe schools", 1.0)], "c": [Field("buses", 1.0)],
    })
    assert [node_id for node_id, _ in index.search("safe green schools")] == ["b", "a"]
    assert [node_id for node_id, _ in index.search("bu")] == ["c"]
    assert index.search("zzz") == [] and PrefixIndex({}).search("green") == []


def test_results_stand_in_both_languages_with_an_answer_to_hand_on(site: TestClient) -> None:
    card = search(site, q="2D.M1")["results"][0]
    assert card["id"] == "2D.M1" and card["url"] == "/plan/2D.M1"
    for locale, start in (("en", "By 2026, fewer students"), ("es", "Para 2026, menos estudiantes")):
        answer = card[locale]["answer"]
        assert card[locale]["text"].startswith(start) and answer.startswith(start)
        assert "12.8%" in answer and "13.6%" in answer and "28%" in answer
        assert "stories.opengov.com" in answer and answer.endswith("\nhttps://plan.example.org/plan/2D.M1")


def test_words_that_the_plan_lacks_can_be_asked_by_meaning(site: TestClient) -> None:
    assert search(site, q="truancy")["total"] == 0
    assert [card["id"] for card in search(site, q="truancy", by="meaning")["results"]] == ["2D"]
    assert search(site, q="truancy", by="meaning", pillar="3")["results"] == []


@pytest.mark.parametrize("query", [{"q": "x" * 201}, {"kind": "planet"}, {"pillar": "22"}, {"limit": "0"}, {"by": "magic"}])
def test_what_cannot_be_looked_up_is_refused_with_a_reason(site: TestClient, query: dict[str, str]) -> None:
    response = site.get("/api/v1/lookup", params=query)
    assert response.status_code == 422 and response.headers["content-type"] == "application/problem+json"
    assert next(iter(query)) in response.json()["detail"]


def page(site: TestClient, status: int = 200, **query: str) -> str:
    response = site.get("/lookup", params=query)
    assert response.status_code == status
    return response.text


def shown(text: str) -> list[str]:
    return re.findall(r'<a class="code" href="/plan/([^"?]+)', text)


@pytest.mark.parametrize("locale", LOCALES)
def test_the_plain_form_finds_the_same(site: TestClient, finder: Finder, locale: Locale) -> None:
    text = page(site, q="asistensia", kind="measure", lang=locale)
    assert shown(text) == finder.find("asistensia", "measure").ids
    assert '<option value="measure" selected>' in text and 'value="asistensia"' in text
    assert text.index(f'<div class="side" lang="{locale}">') < text.index(f'lang="{"en" if locale == "es" else "es"}">', text.index('class="sides"'))


def test_the_plain_form_asks_by_meaning_where_words_fail(site: TestClient) -> None:
    text = page(site, q="truancy", lang="en")
    assert shown(text) == ["2D"] and wording("lookup", "en")["by_meaning"] in text


def test_a_very_long_search_gets_a_clear_answer(site: TestClient) -> None:
    text = page(site, 400, q="x" * 10_000, lang="es")
    assert "La búsqueda tiene 10,000 caracteres. Se leen 200 como máximo." in text and len(text) < 20_000


def test_markup_in_a_search_stays_text(site: TestClient) -> None:
    text = page(site, q="\"><script>alert(1)</script> attendance", kind="<b>", pillar="<i>", lang="en")
    assert "<script>alert" not in text and "<b>" not in text and "<i>" not in text
    assert "alert(1)" in unescape(text)


def test_the_language_switch_keeps_the_search(site: TestClient) -> None:
    assert 'href="/lookup?q=attendance&amp;kind=measure&amp;lang=es"' in page(site, q="attendance", kind="measure", lang="en")


@pytest.mark.parametrize("locale", LOCALES)
def test_an_empty_look_up_lists_nothing(site: TestClient, locale: Locale) -> None:
    text = page(site, lang=locale)
    assert shown(text) == [] and '<p id="status" role="status"></p>' in text
