"""Who visits a page: the language they read, and the conversation their cookie names."""

import re
from dataclasses import dataclass

from fastapi import Request, Response

LANGUAGES = ("en", "es")
COOKIE = "puente"
FRAME_COOKIE = "puente_panel"
_VALUE = re.compile(r"(?P<language>en|es)?~(?P<conversation>[A-Za-z0-9_-]{8,64})?")
_DAY_SECONDS = 24 * 60 * 60


@dataclass(frozen=True)
class Visitor:
    """A visitor's language, whether they chose it, and their conversation; `known` is false where no cookie came."""

    language: str
    chosen: bool
    conversation: str | None
    known: bool


def read_visitor(request: Request, asked: str = "", *, framed: bool = False) -> Visitor:
    """The visitor of a request, of a panel in another site where `framed`.

    `asked` or `?lang=` decides the language, else the cookie, else Accept-Language, else English. One cookie holds both the
    language and the conversation. A cookie that does not read is as good as none.
    """
    raw = request.cookies.get(FRAME_COOKIE if framed else COOKIE)
    held = _VALUE.fullmatch(raw or "")
    remembered, conversation = held.group("language", "conversation") if held else (None, None)
    wanted = [asked, request.query_params.get("lang"), remembered]
    chosen = next((tag for tag in wanted if tag in LANGUAGES), None)
    return Visitor(chosen or accepted_language(request), chosen is not None, conversation, raw is not None)


def accepted_language(request: Request) -> str:
    """The first of our languages in Accept-Language (RFC 9110, section 12.5.4), else English."""
    accepted: list[tuple[float, str]] = []
    for part in request.headers.get("accept-language", "").split(","):
        tag, _, quality = part.strip().partition(";q=")
        try:
            accepted.append((float(quality or 1), tag[:2].lower()))
        except ValueError:
            continue
    ranked = [tag for _, tag in sorted(accepted, key=lambda entry: -entry[0])]
    return next((tag for tag in ranked if tag in LANGUAGES), "en")


def remember(
    request: Request, response: Response, language: str | None, conversation: str | None, days: int, *, framed: bool = False
) -> None:
    """Set the visitor's cookie, or remove it where there is nothing to remember. No script reads it: HttpOnly.

    On our own page it is SameSite=Lax: a form of another site must not speak in the visitor's conversation. A panel in another
    site has a cookie of its own, SameSite=None, Secure and Partitioned (CHIPS): browsers that block the cookies of frames keep
    that one, apart for each site around it, so it works there and follows nobody from site to site. Over plain http it is not
    kept, and the panel's conversation lasts as long as its page.
    """
    secure = framed or request.url.scheme == "https"
    name = FRAME_COOKIE if framed else COOKIE
    held = f"{language or ''}~{conversation or ''}" if language or conversation else ""
    parts = [f"{name}={held}", "Path=/", f"Max-Age={days * _DAY_SECONDS if held else 0}", "HttpOnly"]
    parts += ["SameSite=None", "Partitioned"] if framed else ["SameSite=Lax"]
    parts += ["Secure"] if secure else []
    # By hand: the standard library writes Partitioned from Python 3.14 on.
    response.headers.append("Set-Cookie", "; ".join(parts))
