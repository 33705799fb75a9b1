"""GET /api/v1/search: staff look-ups."""

import asyncio
import time
from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import BaseModel

from api.lookup import Result, look_up
from api.state import AssistantDep
from knowledge.models import Kind, Locale
from retrieval.language import detect

router = APIRouter(prefix="/api/v1", tags=["search"])


class SearchOut(BaseModel):
    """Results, best first; `took_ms` is the server's time in milliseconds."""

    language: Locale
    took_ms: float
    results: list[Result]


@router.get("/search")
async def search(
    assistant: AssistantDep,
    q: Annotated[str, Query(max_length=1000, description="An id, words, or nothing with a filter.")] = "",
    lang: Annotated[Locale | None, Query(description="Language of the results; detected where absent.")] = None,
    kind: Annotated[Kind | None, Query()] = None,
    pillar: Annotated[str | None, Query(pattern=r"^[0-9]$")] = None,
    limit: Annotated[int, Query(ge=1, le=300)] = 10,
) -> SearchOut:
    """Search the plan."""
    started = time.perf_counter()
    locale = lang or detect(q).language
    results = await asyncio.to_thread(look_up, assistant.plan, assistant.searcher, q, locale, kind, pillar, limit)
    return SearchOut(language=locale, took_ms=round((time.perf_counter() - started) * 1000, 2), results=results)
