"""GET /api/v1/lookup: results while one types."""

import asyncio
import time
from typing import Annotated, Literal

from fastapi import APIRouter, Query, Request, Response
from pydantic import BaseModel

from api.finder import Card, Finder
from knowledge.models import Kind

router = APIRouter(prefix="/api/v1", tags=["search"])
MAX_QUERY = 200
NEAR = 5  # results by meaning; further ones are seldom near


class LookupOut(BaseModel):
    """The first results of `total`, both languages side by side; `took_ms` is the server's time in milliseconds."""

    took_ms: float
    total: int
    results: list[Card]


@router.get("/lookup", response_model=LookupOut)
async def lookup(
    request: Request,
    q: Annotated[str, Query(max_length=MAX_QUERY, description="An id, the beginning of words, or nothing with a filter.")] = "",
    kind: Annotated[Kind | None, Query()] = None,
    pillar: Annotated[str | None, Query(pattern=r"^[0-9]$")] = None,
    by: Annotated[Literal["words", "meaning"], Query(description="`meaning` asks the encoder.")] = "words",
    limit: Annotated[int, Query(ge=1, le=300)] = 12,
) -> Response:
    """Look parts of the plan up by id or by words, without the encoder: fast enough for every key press."""
    started = time.perf_counter()
    finder: Finder = request.app.state.finder
    if by == "meaning":
        found = await asyncio.to_thread(near_in_meaning, request, q, kind, pillar)
    else:
        found = finder.find(q, kind, pillar).ids
    results = b",".join(finder.encoded(node_id) for node_id in found[:limit])
    took = round((time.perf_counter() - started) * 1000, 3)
    body = b'{"took_ms":%s,"total":%d,"results":[%s]}' % (str(took).encode(), len(found), results)
    return Response(body, media_type="application/json", headers={"Cache-Control": "no-store"})


def near_in_meaning(request: Request, query: str, kind: Kind | None, pillar: str | None) -> list[str]:
    """The parts of the plan that the encoder finds nearest, best first."""
    assistant, finder = request.app.state.assistant, request.app.state.finder
    among = set(finder.passing(list(assistant.plan.nodes), kind, pillar))
    return [hit.node_id for hit in assistant.searcher.evidence(query).hits(limit=NEAR, among=among)] if query.strip() else []
