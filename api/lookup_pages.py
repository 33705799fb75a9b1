"""The staff's look-up and the table of all measures, as pages that work without JavaScript, and the table's downloads."""

import asyncio
from typing import Annotated, Any, cast, get_args
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Query, Request, Response

from api.charts import target_chart
from api.finder import Finder
from api.measures_table import NUMBERS, ORDERS, Choice, cells, measure_rows, write_csv, write_xlsx
from api.routes.lookup import MAX_QUERY, near_in_meaning
from api.site import FILE_HEADERS, plan_of, public_address, reading_language, render
from api.wording import wording
from knowledge.models import KINDS, Kind, Locale

router = APIRouter(include_in_schema=False)
SHOWN = 60
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
# Sentences that the page's script says.
SCRIPT_KEYS = ("count_none", "count_one", "count_many", "count_shown", "by_meaning", "failed", "open", "copy_answer",
               "copy_link", "copied_answer", "copied_link", "copy_failed", "brief", "selected", "results")


@router.get("/lookup")
async def show_lookup(request: Request, q: str = "", kind: str = "", pillar: str = "") -> Response:
    """Results of the plain form, both languages side by side; the page's script finds them as one types."""
    plan, locale = plan_of(request), reading_language(request)
    said = wording("lookup", locale)
    finder: Finder = request.app.state.finder
    query, chosen = q.strip(), cast(Kind | None, kind if kind in get_args(Kind) else None)
    of_pillar = pillar if pillar in {p.id for p in plan.pillars} else None
    too_long = len(query) > MAX_QUERY
    found = [] if too_long else finder.find(query, chosen, of_pillar).ids
    near = not found and bool(query) and not too_long
    if near:
        found = await asyncio.to_thread(near_in_meaning, request, query, chosen, of_pillar)
    context: dict[str, Any] = {
        "l": said, "query": query[:MAX_QUERY], "kind": chosen or "", "pillar": of_pillar or "", "kinds": KINDS,
        "pillars": [(p.id, p.name[locale]) for p in plan.pillars], "cards": [finder.cards[i] for i in found[:SHOWN]],
        "asked": bool(query or chosen or of_pillar), "near": near and bool(found), "limit": MAX_QUERY,
        "count": _count(said, len(found)), "script_words": {key: said[key] for key in SCRIPT_KEYS},
        "problem": said["too_long"].format(length=f"{len(query):,}", limit=MAX_QUERY) if too_long else "",
        "language_links": _language_links("/lookup", {"q": query[:MAX_QUERY], "kind": chosen, "pillar": of_pillar}),
    }
    return render(request, "lookup.html", "lookup", 400 if too_long else 200, **context)


def _count(said: dict[str, str], count: int) -> str:
    if count == 1:
        return said["count_one"]
    if count > SHOWN:
        return said["count_shown"].format(count=count, shown=SHOWN)
    return said["count_many"].format(count=count) if count else said["count_none"]


def _language_links(path: str, query: dict[str, Any]) -> dict[str, str]:
    kept = {key: value for key, value in query.items() if value}
    return {tag: f"{path}?{urlencode(kept | {'lang': tag})}" for tag in ("en", "es")}


def read_choice(
    q: str = "", pillar: str = "", numbers: str = "any", sort: str = "id",
    descending: Annotated[str, Query(alias="desc")] = "",
) -> Choice:
    """The choice that a page's query makes; unknown values are as good as none."""
    return Choice(
        q=q.strip()[:MAX_QUERY], pillar=pillar if len(pillar) == 1 else "", descending=descending == "1",
        numbers=next((known for known in NUMBERS if known == numbers), "any"),
        sort=next((known for known in ORDERS if known == sort), "id"),
    )


ChoiceDep = Annotated[Choice, Depends(read_choice)]


@router.get("/lookup/measures")
async def show_measures(request: Request, choice: ChoiceDep) -> Response:
    """All measures in a table, filtered and ordered by the query."""
    plan, locale = plan_of(request), reading_language(request)
    said = wording("lookup", locale)
    rows = measure_rows(plan, locale, choice)
    every = sum(len(priority.measures) for pillar in plan.pillars for priority in pillar.priorities)
    kept = _query(choice)
    return render(
        request, "measures.html", "measures", l=said, rows=rows, choice=choice, orders=ORDERS, numbers=NUMBERS,
        charts={row.measure.id: target_chart(row.measure, locale, compact=True) for row in rows},
        pillars=[(p.id, p.name[locale]) for p in plan.pillars], changed=bool(kept),
        count=said["shown_of"].format(shown=len(rows), count=every),
        missing=said["missing_measures"].format(total=sum(p.measures_total for p in plan.pillars), count=every),
        file_query=urlencode(kept | {"lang": locale}), language_links=_language_links("/lookup/measures", kept),
        sort_links={order: _sort_link(choice, order, locale) for order in ORDERS},
    )


def _query(choice: Choice) -> dict[str, Any]:
    """The query that makes `choice`, without what is the default."""
    asked = {"q": choice.q, "pillar": choice.pillar, "desc": "1" if choice.descending else ""}
    asked |= {"numbers": "" if choice.numbers == "any" else choice.numbers, "sort": "" if choice.sort == "id" else choice.sort}
    return {key: value for key, value in asked.items() if value}


def _sort_link(choice: Choice, order: str, locale: Locale) -> str:
    """The address that orders by `order`; a second time, the other way round."""
    turned = choice.sort == order and not choice.descending
    changed = choice.model_copy(update={"sort": order, "descending": turned})
    return f"/lookup/measures?{urlencode(_query(changed) | {'lang': locale})}"


@router.get("/lookup/measures.csv")
async def download_csv(request: Request, choice: ChoiceDep) -> Response:
    """The table as CSV."""
    return _file(request, write_csv(_cells(request, choice)), "text/csv; charset=utf-8", "csv")


@router.get("/lookup/measures.xlsx")
async def download_xlsx(request: Request, choice: ChoiceDep) -> Response:
    """The table as an Excel workbook."""
    title = wording("lookup", reading_language(request))["table_label"]
    made = await asyncio.to_thread(write_xlsx, _cells(request, choice), title)
    return _file(request, made, XLSX, "xlsx")


def _cells(request: Request, choice: Choice) -> list[list[str]]:
    locale = reading_language(request)
    return cells(measure_rows(plan_of(request), locale, choice), locale, public_address(request))


def _file(request: Request, made: bytes, media_type: str, suffix: str) -> Response:
    name = wording("lookup", reading_language(request))["file_name"]
    headers = FILE_HEADERS | {"Content-Disposition": f'attachment; filename="{name}.{suffix}"', "Vary": "Accept-Language, Cookie"}
    return Response(made, media_type=media_type, headers=headers)
