"""Liveness, readiness part by part, and Prometheus metrics."""

import asyncio
from typing import Literal

from fastapi import APIRouter, Response
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from pydantic import BaseModel

from api.state import AssistantDep, StoreDep

router = APIRouter(tags=["health"])


class Ready(BaseModel):
    """`ok`: all parts work; `degraded`: answers come, without dialogue context; `down`: no answers come."""

    status: Literal["ok", "degraded", "down"]
    index: Literal["ok"]
    dialogue: Literal["ok", "down", "off"]
    store: Literal["ok", "down"]


@router.get("/health/live")
async def live() -> dict[str, str]:
    """The process runs."""
    return {"status": "ok"}


@router.get("/health/ready")
async def ready(response: Response, assistant: AssistantDep, store: StoreDep) -> Ready:
    """Each part's state; 503 only where no answer can be given."""
    dialogue: Literal["ok", "down", "off"] = "off"
    if assistant.dialogue is not None:
        dialogue = "ok" if await assistant.dialogue.ready() else "down"
    try:
        await asyncio.to_thread(store.ping)
        stored: Literal["ok", "down"] = "ok"
    except Exception:
        stored = "down"
    status: Literal["ok", "degraded", "down"] = "down" if stored == "down" else "ok" if dialogue == "ok" else "degraded"
    response.status_code = 503 if status == "down" else 200
    return Ready(status=status, index="ok", dialogue=dialogue, store=stored)


@router.get("/metrics")
async def metrics() -> Response:
    """Prometheus metrics."""
    return Response(generate_latest(), media_type=CONTENT_TYPE_LATEST)
