"""The client of the Rasa server: one message in, one dialogue act out, within a deadline."""

import asyncio
import re
from dataclasses import dataclass
from typing import cast

import httpx

from bot.acts import ACTS, Act, DialogueAct


class DialogueError(Exception):
    """Rasa did not decide; the message says why. `unreachable` is true where it is down or too slow."""

    def __init__(self, message: str, unreachable: bool) -> None:
        super().__init__(message)
        self.unreachable = unreachable


@dataclass(frozen=True)
class DialogueEvidence:
    """What Rasa is told of a message beside its text (see `bot.components.decision.Evidence`)."""

    language: str
    requested_language: str | None
    hits: tuple[tuple[str, float], ...]
    best_pillar: str | None
    best_priority: str | None
    scope: dict[str, float]
    shown: tuple[str, ...]
    topic: tuple[str, ...]
    danger: float | None = None
    danger_kind: str | None = None
    asks_only_language: bool = False
    answered_in: str | None = None


class DialogueClient:
    """Speaks to Rasa's puente channel at `url` (no trailing slash); `deadline` in seconds covers the whole exchange."""

    def __init__(self, url: str, token: str, deadline: float) -> None:
        self._deadline = deadline
        self._http = httpx.AsyncClient(base_url=url, timeout=deadline, headers={"Authorization": f"Bearer {token}"})

    async def decide(self, conversation_id: str, text: str, evidence: DialogueEvidence) -> DialogueAct:
        """The act for `text`. Raises DialogueError where none comes in time."""
        # A leading slash would be read by Rasa as a command, not as a message.
        body = {"sender": conversation_id, "message": text.lstrip("/ \n\t") or "?", "metadata": evidence.__dict__}
        try:
            async with asyncio.timeout(self._deadline):
                response = await self._http.post("/webhooks/puente/messages", json=body)
        except (httpx.HTTPError, TimeoutError) as error:
            raise DialogueError(f"the dialogue server did not answer ({type(error).__name__})", True) from None
        try:
            acts = response.raise_for_status().json()["acts"]
            if acts[0]["act"] not in ACTS:
                raise ValueError
        except (httpx.HTTPError, ValueError, LookupError, TypeError):
            raise DialogueError("the dialogue server gave no act", False) from None
        return parse_act(acts[0])

    async def ready(self) -> bool:
        """True if the server answers."""
        try:
            return (await self._http.get("/")).status_code == 200
        except httpx.HTTPError:
            return False

    async def close(self) -> None:
        """Close the connections."""
        await self._http.aclose()


def parse_act(payload: dict[str, str]) -> DialogueAct:
    """The act in a response's custom payload; slots that are not set arrive as "None" or "none"."""

    def value(name: str) -> str | None:
        found = payload.get(name)
        return None if found in (None, "", "none", "None") or re.fullmatch(r"\{\w+\}", str(found)) else str(found)

    topic = tuple((value("topic") or "").split(",")) if value("topic") else ()
    return DialogueAct(cast(Act, payload["act"]), topic, value("aspect"), value("detail"), value("linked") == "yes")
