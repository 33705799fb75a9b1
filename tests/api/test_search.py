"""GET /api/v1/search and /api/v1/plan over real HTTP."""

from urllib.parse import quote

import httpx
import pytest

from knowledge import Plan
from knowledge.models import KINDS, LOCALES, Strategy, children


def search(client: httpx.Client, **query: object) -> list[dict[str, object]]:
    response = client.get("/api/v1/search", params={name: str(value) for name, value in query.items()})
    assert response.status_code == 200, response.text
    body = response.json()
    assert body.keys() == {"language", "took_ms", "results"}
    assert body["language"] in ("en", "es") and body["took_ms"] >= 0
    for result in body["results"]:
        assert result.keys() == {"id", "kind", "language", "title", "text", "path", "score", "translation"}
        assert result["kind"] in KINDS
        assert result["language"] == body["language"]
        assert result["title"] and result["text"] and isinstance(result["path"], list)
        assert 0 <= result["score"] <= 1
        other = result["translation"]
        assert other.keys() == {"language", "title", "text"}
        assert {other["language"], result["language"]} == {"en", "es"}
        assert other["text"] and other["title"]
    results: list[dict[str, object]] = body["results"]
    assert len({result["id"] for result in results}) == len(results)
    return results


def ids(results: list[dict[str, object]]) -> list[str]:
    return [str(result["id"]) for result in results]


def assert_problem(response: httpx.Response, *statuses: int) -> None:
    assert response.status_code in statuses, response.text
    assert response.headers["content-type"].startswith("application/problem+json")
    assert response.json()["status"] == response.status_code


@pytest.mark.parametrize("query", ["2D", "2d", " 2D ", "2 d"])
def test_an_id_is_found_first_with_what_is_under_it(client: httpx.Client, plan: Plan, query: str) -> None:
    found = search(client, q=query, limit=50)
    below = [node.id for node in children(plan.nodes["2D"])]
    assert ids(found) == ["2D", *below]
    assert found[0]["score"] == 1
    assert [len(found[0]["path"]), len(found[1]["path"])] == [1, 2]  # type: ignore[arg-type]


def test_a_part_of_a_priority_is_found_by_its_id(client: httpx.Client, plan: Plan) -> None:
    for node_id in ("2D.M1", "1", "1B", *(node.id for node in (*plan.resources[:2], *plan.overview[:2]))):
        assert ids(search(client, q=node_id, limit=3))[0] == node_id


def test_every_node_is_found_by_its_id(client: httpx.Client, plan: Plan) -> None:
    assert [ids(search(client, q=node_id, limit=1)) for node_id in plan.nodes] == [[node_id] for node_id in plan.nodes]


@pytest.mark.parametrize(
    ("query", "language", "owner"),
    [("students who are absent a lot", "en", "2D"), ("alumnos que faltan mucho a la escuela", "es", "2D"), ("green spaces and shade", "en", "2A")],
)
def test_words_find_the_part_of_the_plan_that_they_are_about(client: httpx.Client, query: str, language: str, owner: str) -> None:
    found = search(client, q=query)
    assert found[0]["language"] == language
    assert any(node_id.startswith(owner) for node_id in ids(found)[:5])
    scores = [float(str(result["score"])) for result in found]
    assert scores == sorted(scores, reverse=True)


def test_the_language_of_the_results_can_be_chosen(client: httpx.Client, plan: Plan) -> None:
    node = plan.nodes["2D.S1"]
    assert isinstance(node, Strategy)
    for language in LOCALES:
        (found,) = search(client, q="2D.S1", lang=language)
        text = node.text[language]
        assert text.rstrip(".") in str(found["text"])


@pytest.mark.parametrize("query", ["", "   "])
@pytest.mark.parametrize("kind", KINDS)
def test_nothing_with_a_filter_lists_all_of_a_kind(client: httpx.Client, plan: Plan, kind: str, query: str) -> None:
    expected = [node.id for node in plan.nodes.values() if node.kind == kind]
    assert ids(search(client, q=query, kind=kind, limit=300)) == expected


@pytest.mark.parametrize("pillar", ["1", "2", "3", "4", "5"])
def test_a_pillar_narrows_the_search(client: httpx.Client, plan: Plan, pillar: str) -> None:
    everything = [node_id for node_id in plan.nodes if node_id.startswith(pillar) and node_id[:1].isdigit()]
    assert ids(search(client, pillar=pillar, limit=300)) == everything
    assert all(node_id.startswith(pillar) for node_id in ids(search(client, q="families", pillar=pillar)))
    assert ids(search(client, q="2D", pillar=pillar))[:1] == (["2D"] if pillar == "2" else [])


def test_kind_and_pillar_narrow_together(client: httpx.Client) -> None:
    found = search(client, q="attendance", kind="measure", pillar=2, limit=20)
    assert found and all(r["kind"] == "measure" and str(r["id"]).startswith("2") for r in found)
    assert search(client, pillar=9) == []


def test_the_limit_holds(client: httpx.Client, plan: Plan) -> None:
    assert len(search(client, q="school")) == 10
    assert len(search(client, q="school", limit=1)) == 1
    assert len(search(client, limit=300)) == min(300, len(plan.nodes))


@pytest.mark.parametrize(
    "query",
    [
        {"limit": 0}, {"limit": -1}, {"limit": 10**9}, {"limit": 10**400}, {"limit": "many"}, {"kind": "budget"}, {"kind": ""}, {"pillar": "two"},
        {"pillar": 12}, {"lang": "fr"}, {"q": "a" * 1001}, {"q": "a" * 10_000},
    ],
)
def test_a_wrong_query_is_refused(client: httpx.Client, query: dict[str, object]) -> None:
    assert_problem(client.get("/api/v1/search", params={name: str(value) for name, value in query.items()}), 422)


@pytest.mark.parametrize("query", ["😀", "학교 출석", "<script>alert(1)</script>", "\0", "%", "' OR 1=1 --", "***", "\u202e", "7F", "2D.S999", "0" * 1000])
def test_an_odd_query_gets_a_list(client: httpx.Client, query: str) -> None:
    assert "<script>" not in str(search(client, q=query))


def test_bytes_that_are_no_text_get_a_list_or_a_refusal(client: httpx.Client) -> None:
    assert client.get("/api/v1/search?q=%ff%fe").status_code in (200, 400, 422)


def test_the_whole_plan_is_served(client: httpx.Client, plan: Plan) -> None:
    body = client.get("/api/v1/plan").raise_for_status().json()
    assert body.keys() >= {"meta", "pillars", "overview", "resources", "glossary", "sources"}
    assert [pillar["id"] for pillar in body["pillars"]] == ["1", "2", "3", "4", "5"]
    assert sum(len(pillar["priorities"]) for pillar in body["pillars"]) == 20
    assert len(body["overview"]) == len(plan.overview) and len(body["sources"]) == len(plan.sources)
    assert body["meta"]["gaps"]


def test_every_node_is_served_with_both_languages_and_its_sources(client: httpx.Client, plan: Plan) -> None:
    for node in plan.nodes.values():
        body = client.get(f"/api/v1/plan/{node.id}").raise_for_status().json()
        assert (body["id"], body["kind"]) == (node.id, node.kind)
        assert body["parents"] == [above.id for above in plan.ancestors(node.id)]
        assert body["children"] == [below.id for below in children(node)]
        assert [source["id"] for source in body["sources"]] == node.sources
        assert body["node"] == node.model_dump(mode="json")


def test_ids_are_read_in_either_case(client: httpx.Client) -> None:
    for written in ("2d.m1", "2D.M1", "2d.M1"):
        assert client.get(f"/api/v1/plan/{written}").raise_for_status().json()["id"] == "2D.M1"


@pytest.mark.parametrize("unknown", ["7F", "2D.S999", "0", "x" * 5000, "<script>", "ñ", "\0", "' OR 1=1 --", "2D "])
def test_an_unknown_id_is_not_found(client: httpx.Client, unknown: str) -> None:
    response = client.get(f"/api/v1/plan/{quote(unknown, safe='%')}")
    assert_problem(response, 404)
    assert len(response.text) < 1000


def test_the_running_product_looks_up_while_one_types_and_by_meaning(client: httpx.Client) -> None:
    typed = client.get("/api/v1/lookup", params={"q": "asistensia", "kind": "measure"}).json()
    assert [card["id"] for card in typed["results"]] == ["2D.M1"]
    near = client.get("/api/v1/lookup", params={"q": "my kid skips class", "by": "meaning"}).json()
    assert any(card["id"].startswith("2D") for card in near["results"])
    for path in ("/plan", "/plan/2D", "/lookup", "/lookup/measures", "/lookup/measures.csv", "/plan/2D/brief.pdf"):
        assert client.get(path).status_code == 200
