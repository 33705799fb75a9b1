"""/widget.js: one script tag on a school's page opens the chat in a panel."""

import json
from functools import lru_cache
from pathlib import Path

from fastapi import APIRouter, Response

from api.page_text import load_page_sentences

SOURCE = Path(__file__).resolve().parent / "widget.js"
WORDS = "/* words */ {}"
KEYS = ("widget_open", "widget_title", "widget_close", "widget_failed", "widget_failed_link", "opens_new")

router = APIRouter(include_in_schema=False)


@router.get("/widget.js")
async def widget_script() -> Response:
    """The script. Any site may load it; which sites may show the chat is decided by `frame-ancestors`."""
    headers = {
        "Access-Control-Allow-Origin": "*",
        "Cache-Control": "public, max-age=3600",
        "Cross-Origin-Resource-Policy": "cross-origin",
        "X-Content-Type-Options": "nosniff",
    }
    return Response(_script(), media_type="text/javascript", headers=headers)


@lru_cache(maxsize=1)
def _script() -> str:
    words = {tag: {key: held[key] for key in KEYS} for tag, held in load_page_sentences().items()}
    return SOURCE.read_text(encoding="utf-8").replace(WORDS, json.dumps(words, ensure_ascii=False), 1)
