"""POST /api/v1/feedback: was an answer helpful?"""

import asyncio
from typing import Annotated

from fastapi import APIRouter, HTTPException, Response
from pydantic import BaseModel, ConfigDict, StringConstraints

from api.state import StoreDep

router = APIRouter(prefix="/api/v1", tags=["feedback"])


class FeedbackIn(BaseModel):
    """A judgement on one answer; a second one replaces the first."""

    model_config = ConfigDict(extra="forbid")

    message_id: Annotated[str, StringConstraints(min_length=1, max_length=64)]
    helpful: bool
    reason: Annotated[str, StringConstraints(max_length=1000)] | None = None


@router.post("/feedback", status_code=204)
async def post_feedback(feedback: FeedbackIn, store: StoreDep) -> Response:
    """Keep the judgement; its reason is stored with identifiers redacted."""
    known = await asyncio.to_thread(store.add_feedback, feedback.message_id, feedback.helpful, feedback.reason)
    if not known:
        raise HTTPException(404, "There is no such message; it may have been deleted.")
    return Response(status_code=204)
