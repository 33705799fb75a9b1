"""The plan's pages in both languages, and the one-page briefs."""

import re
from html import escape, unescape
from urllib.parse import quote

import pytest
from fastapi.testclient import TestClient

from api.brief_pdf import brief_pdf
from api.plan_view import view_node
from api.wording import wording
from knowledge import LOCALES, Locale, Plan
from knowledge.models import Measure, Priority

PUBLIC = "https://plan.example.org"


def get(site: TestClient, path: str, status: int = 200, **headers: str) -> str:
    response = site.get(path, headers=headers)
    assert response.status_code == status, response.text
    assert response.headers["content-type"].startswith("text/html")
    return response.text


def text_of(page: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", page)).split())


def links(page: str) -> set[str]:
    return {unescape(href).split("?")[0] for href in re.findall(r'href="(/plan[^"]*)"', page)}


@pytest.mark.parametrize("locale", LOCALES)
def test_the_whole_plan_can_be_reached_from_its_first_page(site: TestClient, plan: Plan, locale: Locale) -> None:
    seen: set[str] = set()
    waiting = ["/plan"]
    while waiting:
        path = waiting.pop()
        if path in seen or path.endswith(("/brief", "/brief.pdf")):
            continue
        seen.add(path)
        waiting += links(get(site, f"{path}?lang={locale}"))
    assert {f"/plan/{quote(node_id)}" for node_id in plan.nodes} <= seen


@pytest.mark.parametrize("locale", LOCALES)
def test_every_id_has_a_page_that_says_what_it_is(site: TestClient, plan: Plan, locale: Locale) -> None:
    for node in plan.nodes.values():
        page = get(site, f"/plan/{node.id}?lang={locale}")
        assert f'<html lang="{locale}">' in page
        assert escape(view_node(plan, node, locale).title, quote=True).replace("&#x27;", "&#39;").replace("&quot;", "&#34;") in page
        for source in node.sources:
            assert escape(plan.source(source).url) in page.replace("&#34;", '"')
        assert "style=" not in page and "<script" not in page


def test_the_language_follows_the_query_then_the_browser(site: TestClient) -> None:
    assert '<html lang="es">' in get(site, "/plan/2D", **{"accept-language": "es-MX,es;q=0.9"})
    assert '<html lang="en">' in get(site, "/plan/2D?lang=en", **{"accept-language": "es-MX,es;q=0.9"})
    assert '<html lang="en">' in get(site, "/plan/2D", **{"accept-language": "fr"})


def test_search_engines_see_one_address_for_each_language(site: TestClient) -> None:
    page = get(site, "/plan/2D?lang=es&view=both")
    assert f'<link rel="canonical" href="{PUBLIC}/plan/2D?lang=es">' in page
    for tag, query in (("en", "?lang=en"), ("es", "?lang=es"), ("x-default", "")):
        assert f'<link rel="alternate" hreflang="{tag}" href="{PUBLIC}/plan/2D{query}">' in page


def test_breadcrumbs_lead_up(site: TestClient, plan: Plan) -> None:
    page = get(site, "/plan/2D.M1?lang=en")
    crumbs = page[page.index('class="crumbs"') : page.index("</nav>", page.index('class="crumbs"'))]
    assert links(crumbs) == {"/plan", "/plan/2", "/plan/2D"}
    assert 'aria-current="page">2D.M1<' in crumbs


def test_both_languages_stand_side_by_side_and_stay_so(site: TestClient) -> None:
    page = get(site, "/plan/2D.M1?lang=es&view=both")
    assert page.index('<div class="node measure" lang="es">') < page.index('<div class="node measure" lang="en">')
    assert "/plan/2D?lang=es&amp;view=both" in page
    assert page.count("<h1") == 1


def test_gaps_are_marked(site: TestClient, plan: Plan) -> None:
    for node in plan.nodes.values():
        for locale in LOCALES:
            words, page = wording("plan", locale), text_of(get(site, f"/plan/{node.id}?lang={locale}"))
            if isinstance(node, Priority) and node.status == "not_found":
                assert words["priority_not_found"] in page
            if isinstance(node, Measure) and node.target is None:
                assert words["no_target"] in page
            if isinstance(node, Measure) and node.partial:
                assert words["partial"] in page
    for gap in plan.meta.gaps:
        assert gap.es in text_of(get(site, "/plan?lang=es"))


def test_a_figure_that_came_later_names_its_source(site: TestClient) -> None:
    page = text_of(get(site, "/plan/3A.M2?lang=en"))
    assert "84.3% (2023-24) · reported September 2024; source: Board Member Schmerelson" in page


def test_an_id_in_other_letters_leads_to_its_page(site: TestClient) -> None:
    response = site.get("/plan/2d.m1?lang=es")
    assert response.status_code == 308 and response.headers["location"] == "/plan/2D.M1?lang=es"


@pytest.mark.parametrize("wanted", ["9Z", "2D.M99", "<script>alert(1)</script>", "x" * 5000, "%00", "..%2f..", "🌉"])
@pytest.mark.parametrize("below", ["", "/brief", "/brief.pdf"])
def test_an_unknown_id_gets_a_page_in_the_readers_language(site: TestClient, wanted: str, below: str) -> None:
    if "/" in wanted:
        wanted = quote(wanted, safe="")
    response = site.get(f"/plan/{wanted}{below}", headers={"accept-language": "es"})
    assert response.status_code == 404
    if "html" in response.headers["content-type"]:
        assert wording("plan", "es")["not_found_title"] in response.text
        assert "<script" not in response.text and len(response.text) < 20_000


def test_a_near_id_is_offered(site: TestClient) -> None:
    assert "/plan/2D.M1" in links(get(site, "/plan/2D.M11?lang=en", 404))


def test_pages_forbid_what_they_do_not_need(site: TestClient) -> None:
    for path in ("/plan", "/plan/2D", "/plan/9Z", "/plan/2D/brief"):
        headers = site.get(path).headers
        policy = headers["content-security-policy"]
        assert "default-src 'none'" in policy and "unsafe" not in policy
        assert "set-cookie" not in headers


def test_a_brief_holds_both_languages_on_one_page(site: TestClient, plan: Plan) -> None:
    page = text_of(get(site, "/plan/2D/brief?lang=en"))
    for locale in LOCALES:
        view = view_node(plan, plan.nodes["2D"], locale)
        assert view.title in page
        assert all(item.title in page for group in view.groups for item in group.items)


def test_every_brief_is_one_page_of_pdf(plan: Plan) -> None:
    for node in plan.nodes.values():
        made = brief_pdf(plan, node, f"{PUBLIC}/plan/{node.id}")
        assert made.startswith(b"%PDF-") and len(re.findall(rb"/Type /Page\b(?!s)", made)) == 1


def test_a_brief_is_downloaded_as_pdf(site: TestClient) -> None:
    response = site.get("/plan/2D.M1/brief.pdf")
    assert response.status_code == 200 and response.headers["content-type"] == "application/pdf"
    assert 'filename="2D.M1.pdf"' in response.headers["content-disposition"]
    assert response.content == site.get("/plan/2D.M1/brief.pdf").content
