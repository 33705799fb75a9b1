"""The plan to browse: `/plan`, `/plan/{id}` and a one-page brief of any node, in both languages."""

import asyncio
from difflib import get_close_matches
from http import HTTPStatus

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse

from api.brief_pdf import brief_pdf
from api.plan_view import NodeView, label, neighbours, view_node, view_plan
from api.site import FILE_HEADERS, plan_of, public_address, reading_language, render
from knowledge.models import LOCALES, Node, Plan

router = APIRouter(include_in_schema=False)


@router.get("/plan")
async def show_plan(request: Request) -> Response:
    """The whole plan."""
    plan = plan_of(request)
    views = {locale: view_plan(plan, locale) for locale in LOCALES}
    return render(request, "plan.html", "plan", views=views)


@router.get("/plan/{node_id}")
async def show_node(request: Request, node_id: str) -> Response:
    """One node; an id in other letters leads to its own address, an unknown one to a page that says so."""
    plan, locale = plan_of(request), reading_language(request)
    node = plan.nodes.get(node_id)
    if node is None:
        return _elsewhere(request, plan, node_id, "")
    before, after = neighbours(plan, node)
    return render(
        request, "node.html", "plan", views={tag: view_node(plan, node, tag) for tag in LOCALES},
        before=(before.id, label(plan, before, locale)) if before else None,
        after=(after.id, label(plan, after, locale)) if after else None,
    )


@router.get("/plan/{node_id}/brief")
async def show_brief(request: Request, node_id: str) -> Response:
    """A node on one page in both languages, to print."""
    plan = plan_of(request)
    node = plan.nodes.get(node_id)
    if node is None:
        return _elsewhere(request, plan, node_id, "/brief")
    views = {tag: view_node(plan, node, tag) for tag in LOCALES}
    return render(request, "brief.html", "plan", views=views, density=_density(max(map(_length, views.values()))))


@router.get("/plan/{node_id}/brief.pdf")
async def download_brief(request: Request, node_id: str) -> Response:
    """The same page as PDF."""
    plan = plan_of(request)
    node = plan.nodes.get(node_id)
    if node is None:
        return _elsewhere(request, plan, node_id, "/brief.pdf")
    made = await asyncio.to_thread(brief_pdf, plan, node, f"{public_address(request)}/plan/{node.id}")
    name = f'inline; filename="{node.id}.pdf"'
    return Response(made, media_type="application/pdf", headers=FILE_HEADERS | {"Content-Disposition": name})


def _length(view: NodeView) -> int:
    """The letters of a brief's column, with some for the space that each entry takes."""
    return len(view.text) + sum(len(item.title) + len(item.text) + 30 for group in view.groups for item in group.items)


def _density(letters: int) -> str:
    """How small a column of so many letters must be printed to fit one page."""
    return "denser" if letters > 2600 else "dense" if letters > 1600 else ""


def _elsewhere(request: Request, plan: Plan, wanted: str, below: str) -> Response:
    same = next((i for i in plan.nodes if i.lower() == wanted.strip().lower()), None)
    if same is not None:
        query = f"?{request.url.query}" if request.url.query else ""
        return RedirectResponse(f"/plan/{same}{below}{query}", HTTPStatus.PERMANENT_REDIRECT)
    locale = reading_language(request)
    near = [(node.id, label(plan, node, locale)) for node in near_ids(plan, wanted)]
    return render(request, "missing.html", "plan", HTTPStatus.NOT_FOUND, wanted=wanted[:40], near=near)


def near_ids(plan: Plan, wanted: str) -> list[Node]:
    """Nodes whose ids are spelt most like `wanted`, at most five."""
    by_fold = {i.lower(): node for i, node in plan.nodes.items()}
    return [by_fold[i] for i in get_close_matches(wanted.lower()[:40], list(by_fold), n=5, cutoff=0.5)]
