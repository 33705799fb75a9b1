"""What the pages beside the chat share: their language, headers, templates and frame of header and footer."""

from http import HTTPStatus
from pathlib import Path
from typing import Any, cast

from fastapi import Request, Response
from fastapi.templating import Jinja2Templates

from api.page_text import message_blocks
from api.pages import choose_language, page_headers, static_version
from api.wording import wording
from bot import facts
from knowledge.models import Locale, Plan

HERE = Path(__file__).resolve().parent
FILE_HEADERS = {"X-Content-Type-Options": "nosniff", "Cache-Control": "no-cache"}
templates = Jinja2Templates(directory=HERE / "templates")


def reading_language(request: Request) -> Locale:
    """The language of the page; every link of these pages carries it on as `?lang=`, so no cookie is set."""
    return cast(Locale, choose_language(request))


def plan_of(request: Request) -> Plan:
    """The plan in force."""
    return cast(Plan, request.app.state.assistant.plan)


def public_address(request: Request) -> str:
    """The address that links for others begin with: `PUENTE_PUBLIC_URL`, else "" (links stay relative)."""
    return str(request.app.state.settings.public_url or "").rstrip("/")


def render(request: Request, template: str, section: str, status: int = HTTPStatus.OK, **context: Any) -> Response:
    """A page in the reader's language. `section` is the part of the site it belongs to."""
    locale = reading_language(request)
    plan = plan_of(request)
    shared = {
        "language": locale, "other": "en" if locale == "es" else "es", "t": wording("plan", locale), "section": section,
        "version": static_version(), "path": request.url.path, "base": public_address(request), "both": wants_both(request),
        "help": message_blocks(facts.resource(helpdesk(plan), locale)), "blocks": message_blocks,
        "words": {tag: wording("plan", tag) for tag in ("en", "es")}, "plan_title": plan.meta.title[locale],
    }
    headers = page_headers(locale) | {"Cache-Control": "no-cache"}
    response: Response = templates.TemplateResponse(request, template, shared | context, status_code=status, headers=headers)
    return response


def helpdesk(plan: Plan) -> Any:
    """The resource that every page's help names."""
    return plan.nodes[plan.meta.helpdesk]


def wants_both(request: Request) -> bool:
    """True where the reader asked for both languages side by side."""
    return request.query_params.get("view") == "both"
