"""POST /sms/twilio: Twilio's messaging webhook (https://www.twilio.com/docs/messaging/guides/webhook-request)."""

import asyncio
import logging
import secrets
import time
from pathlib import Path
from typing import Annotated, cast
from urllib.parse import parse_qsl

from fastapi import APIRouter, Depends, Header, HTTPException, Request, Response
from starlette.background import BackgroundTask
from starlette.datastructures import ImmutableMultiDict
from twilio.request_validator import RequestValidator
from twilio.twiml.messaging_response import MessagingResponse

from api.metrics import MESSAGES
from api.settings import Settings
from api.state import AssistantDep, SettingsDep, StoreDep
from bot.sms.composing import Limits
from bot.sms.conversation import Incoming, OptOut, TextConversation, Texting, hashes
from bot.store import Store
from bot.store.phones import Claim

log = logging.getLogger(__name__)
router = APIRouter(tags=["sms"])

LARGEST_BODY = 65_536
WAIT_FOR_TWIN_S = 10.0
WAIT_FOR_SENDING_S = 1.5
POLL_S = 0.05
OPT_OUTS: dict[str, OptOut] = {"STOP": "STOP", "START": "START", "HELP": "HELP"}
Fields = ImmutableMultiDict[str, str]


def texting(settings: Settings) -> Texting:
    """How the settings want text messages answered. A missing key is made once and kept in the data folder."""
    keys = [settings.sms_key or _kept_key(settings.data / "sms.key"), *filter(None, settings.sms_old_keys.split(","))]
    return Texting(
        keys=tuple(key.strip().encode() for key in keys), public_url=settings.public_url,
        limits=Limits(settings.sms_segments, settings.sms_transliterate), per_hour=settings.sms_per_hour,
        per_minute=settings.sms_per_minute,
    )


def _kept_key(path: Path) -> str:
    """The key in the file; another process may be making it at the same time, and the first one's counts."""
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
    try:
        if not path.exists():
            fresh.touch(mode=0o600)
            fresh.write_text(secrets.token_urlsafe(32), encoding="ascii")
            path.hardlink_to(fresh)
    except FileExistsError:
        pass
    finally:
        fresh.unlink(missing_ok=True)
    return path.read_text(encoding="ascii").strip()


def _texting(request: Request) -> Texting:
    if not hasattr(request.app.state, "texting"):
        request.app.state.texting = texting(request.app.state.settings)
    return cast(Texting, request.app.state.texting)


async def signed_fields(
    request: Request, settings: SettingsDep, x_twilio_signature: Annotated[str, Header()] = ""
) -> Fields:
    """The form's fields, untouched, if Twilio's signature over the public address and the fields is right; else 403."""
    body = await request.body()
    if len(body) > LARGEST_BODY:
        raise HTTPException(413, "The form is too large.")
    if not settings.twilio_auth_token:
        raise HTTPException(403, "Text messages are not set up here: PUENTE_TWILIO_AUTH_TOKEN is unset.")
    try:
        fields = Fields(parse_qsl(body.decode("utf-8"), keep_blank_values=True))
    except UnicodeDecodeError:
        raise HTTPException(403, "The form is not UTF-8.") from None
    if not RequestValidator(settings.twilio_auth_token).validate(_address(request, settings), fields, x_twilio_signature):
        raise HTTPException(403, "The signature does not fit. Check PUENTE_TWILIO_AUTH_TOKEN and PUENTE_PUBLIC_URL.")
    return fields


def _address(request: Request, settings: Settings) -> str:
    """The address that Twilio called: the public one, whatever a proxy made of it."""
    path = request.url.path + (f"?{request.url.query}" if request.url.query else "")
    return settings.public_url.rstrip("/") + path if settings.public_url else str(request.url)


@router.post("/sms/twilio")
async def twilio(
    request: Request,
    fields: Annotated[Fields, Depends(signed_fields)],
    assistant: AssistantDep,
    store: StoreDep,
    how: Annotated[Texting, Depends(_texting)],
) -> Response:
    """Answer one text message with TwiML; a repeated `MessageSid` is never answered twice."""
    sid, number = fields.get("MessageSid") or fields.get("SmsSid") or "", fields.get("From") or ""
    if "MessageStatus" in fields or fields.get("SmsStatus", "received") not in ("received", "receiving"):
        return twiml(())
    if not sid or not number:
        raise HTTPException(422, "MessageSid and From are wanted: this does not look like a text message.")
    claim = await asyncio.to_thread(store.phones.claim, sid, hashes(number, how.keys)[0], int(time.time()))
    if claim.state != "mine":
        claim = await _settled(store, sid, claim)
    if claim.state != "mine":
        return await _once(request, store, sid, "" if claim.delivered else claim.reply)
    incoming = Incoming(
        number=number, text=fields.get("Body") or "", media=_count(fields.get("NumMedia")),
        opt_out=OPT_OUTS.get((fields.get("OptOutType") or "").upper()),
    )
    try:
        sent = await TextConversation(assistant, store, how).receive(incoming)
    except Exception:
        await asyncio.to_thread(store.phones.release, sid)
        raise
    if sent.reply is not None:
        MESSAGES.labels(outcome=sent.reply.outcome, language=sent.reply.language, channel="sms").inc()
    body = bytes(twiml(sent.texts).body).decode("utf-8")
    await asyncio.to_thread(store.phones.answer, sid, body)
    return await _once(request, store, sid, body)


def twiml(texts: tuple[str, ...]) -> Response:
    """A TwiML response with one message for each text; an empty one sends nothing."""
    answer = MessagingResponse()
    for text in texts:
        answer.message(text)
    return Response(str(answer), media_type="application/xml")


async def _settled(store: Store, sid: str, claim: Claim) -> Claim:
    """Wait while another request makes the answer to the same message, and a moment more for it to go out."""
    until = time.monotonic() + WAIT_FOR_TWIN_S
    grace = time.monotonic() + WAIT_FOR_SENDING_S
    while claim.state != "mine" and not claim.delivered:
        if claim.state == "pending":
            grace = time.monotonic() + WAIT_FOR_SENDING_S
        if time.monotonic() > min(until, grace):
            break
        await asyncio.sleep(POLL_S)
        claim = await asyncio.to_thread(store.phones.claim, sid, "", int(time.time()))
    return claim


async def _once(request: Request, store: Store, sid: str, body: str) -> Response:
    """The answer; it is marked once it is out, and a retry then gets an empty one. Who hung up has not got it."""
    if not body:
        return twiml(())
    gone = await request.is_disconnected()
    mark = None if gone else BackgroundTask(store.phones.delivered, sid)
    return Response(body, media_type="application/xml", background=mark)


def _count(value: str | None) -> int:
    return int(value) if value and value.isdecimal() else 0
