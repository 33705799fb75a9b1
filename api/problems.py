"""Errors as RFC 9457 problem details; no stack trace and no message text leaves the application."""

import logging
from typing import cast

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

log = logging.getLogger(__name__)


def problem(status: int, title: str, detail: str, **more: object) -> JSONResponse:
    """A problem+json response."""
    body = {"type": "about:blank", "title": title, "status": status, "detail": detail, **more}
    return JSONResponse(body, status, media_type="application/problem+json")


def install(app: FastAPI) -> None:
    """Make every error of `app` a problem document."""
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(Exception, _unexpected)


async def _invalid(request: Request, error: Exception) -> JSONResponse:
    details = cast(RequestValidationError, error).errors()
    if any(detail["type"] == "json_invalid" for detail in details):
        return problem(400, "Not JSON", "The body is not valid JSON. Send one JSON object.")
    faults = [
        {"field": ".".join(str(step) for step in detail["loc"][1:]) or str(detail["loc"][0]), "message": detail["msg"]}
        for detail in details
    ]
    said = "; ".join(f"{fault['field']}: {fault['message']}" for fault in faults)
    return problem(422, "Invalid request", said, errors=faults)


async def _http(request: Request, error: Exception) -> JSONResponse:
    known = cast(HTTPException, error)
    titles = {404: "Not found", 405: "Method not allowed", 413: "Too large"}
    return problem(known.status_code, titles.get(known.status_code, "Error"), str(known.detail))


async def _unexpected(request: Request, error: Exception) -> JSONResponse:
    log.error("%s on %s", type(error).__name__, request.url.path)
    return problem(500, "Internal error", "Something went wrong on our side. Please try again.")
